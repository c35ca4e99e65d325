package io.sepiola.cluster.daemon;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.client.Keyring;
import io.sepiola.cluster.Refusal;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.map.MonMap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory of a monitor that is one of several: {@code monmap}, all of them as they were at
 * first; {@code keyring}, the key that they share and what else the cluster begins with; {@code
 * raft/}, this one's copy of the log.
 */
record MemberStore(Path directory, MonMap map, Keyring keyring) {
    private static final AuthName SHARED = AuthName.parse("mon.");
    private static final String MAP = "monmap";
    private static final String KEYRING = "keyring";

    static boolean isThere(Path directory) {
        return Files.exists(directory.resolve(MAP));
    }

    /** Makes one. The map is written last: without it there is no store. */
    static void make(Path directory, MonMap map, Keyring keyring) {
        if (keyring.get(SHARED).isEmpty()) {
            throw new Refusal(
                    "the keyring has no key of 'mon.', which all monitors share; make it once with"
                            + " ceph-authtool --create-keyring FILE --gen-key -n mon. --cap mon"
                            + " 'allow *' and give every monitor the same file");
        }
        try {
            Files.createDirectories(directory);
            write(directory.resolve(KEYRING), Bytes.utf8(keyring.toText()).toArray());
            write(directory.resolve(MAP), MonMap.CODEC.toBytes(map).toArray());
        } catch (IOException failure) {
            throw new Refusal(directory + " could not be written (" + failure.getMessage() + ")");
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, content);
    }

    static MemberStore open(Path directory) {
        try {
            MonMap map =
                    MonMap.CODEC.fromBytes(Bytes.of(Files.readAllBytes(directory.resolve(MAP))));
            return new MemberStore(directory, map, Keyring.load(directory.resolve(KEYRING)));
        } catch (IOException | Malformed unreadable) {
            throw new Refusal(
                    "the monitor's store in "
                            + directory
                            + " cannot be read ("
                            + unreadable.getMessage()
                            + ")");
        }
    }

    Path raft() {
        return directory.resolve("raft");
    }
}
