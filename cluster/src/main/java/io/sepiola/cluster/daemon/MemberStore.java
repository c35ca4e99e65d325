package io.sepiola.cluster.daemon;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.client.Keyring;
import io.sepiola.cluster.Refusal;
import io.sepiola.monitor.Genesis;
import io.sepiola.monitor.LocalLog;
import io.sepiola.monitor.MemberHome;
import io.sepiola.monitor.MonitorBackup;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.map.MonMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The directory of a monitor that is one of several: {@code monmap}, all of them as this one last
 * heard; {@code keyring}, the key that they share and what else a new cluster begins with; {@code
 * raft/}, this one's copy of the log; {@code joined}, once the agreed map has this monitor; {@code
 * removed}, once it has it no more; {@code restored} or {@code handed}, until then, what the
 * cluster goes on from: a backup, or what this monitor agreed with itself while it stood alone.
 *
 * @param hasJoined whether the agreed map has ever had this monitor
 */
record MemberStore(Path directory, MonMap map, Keyring keyring, boolean hasJoined) {
    private static final Logger LOG = LoggerFactory.getLogger(MemberStore.class);
    private static final AuthName SHARED = AuthName.parse("mon.");
    private static final String MAP = "monmap";
    private static final String KEYRING = "keyring";
    private static final String JOINED = "joined";
    private static final String REMOVED = "removed";
    private static final String RESTORED = "restored";
    private static final String HANDED = "handed";

    static boolean isThere(Path directory) {
        return Files.exists(directory.resolve(MAP));
    }

    /** Makes one. The map is written last: without it there is no store. */
    static void make(Path directory, MonMap map, Keyring keyring) {
        make(directory, map, keyring, Map.of());
    }

    /** Makes one of several that go on from a backup. */
    static void restore(Path directory, MonMap map, Keyring keyring, Bytes backup) {
        make(directory, map, keyring, Map.of(RESTORED, backup));
    }

    /**
     * Makes one in the directory of a monitor that stood alone, and goes on with what it had.
     *
     * @param map of that monitor, without those that are to come
     */
    static void takeOver(Path directory, MonMap map, Keyring keyring, MonitorBackup state) {
        make(directory, map, keyring, Map.of(HANDED, state.toBytes()));
    }

    private static void make(
            Path directory, MonMap map, Keyring keyring, Map<String, Bytes> before) {
        if (keyring.get(SHARED).isEmpty()) {
            throw new Refusal(
                    "the keyring has no key of 'mon.', which all monitors share; make it once with"
                            + " ceph-authtool --create-keyring FILE --gen-key -n mon. --cap mon"
                            + " 'allow *' and give every monitor the same file");
        }
        try {
            Files.createDirectories(directory);
            for (Map.Entry<String, Bytes> file : before.entrySet()) {
                write(directory.resolve(file.getKey()), file.getValue().toArray());
            }
            write(directory.resolve(KEYRING), Bytes.utf8(keyring.toText()).toArray());
            write(directory.resolve(MAP), MonMap.CODEC.toBytes(map).toArray());
        } catch (IOException failure) {
            throw new Refusal(directory + " could not be written (" + failure.getMessage() + ")");
        }
    }

    /** Writes a file that its owner alone may read, whole or not at all. */
    static void write(Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(
                temporary,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(temporary, content);
        try (FileChannel written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
            folder.force(true);
        }
    }

    /** Opens one; a monitor that was removed has none any more. */
    static MemberStore open(Path directory) {
        if (Files.exists(directory.resolve(REMOVED))) {
            throw new Refusal(
                    "the monitor of "
                            + directory
                            + " was removed from the cluster; to bring it back, remove the"
                            + " directory and make it again with --mkfs and the cluster's present"
                            + " map ('ceph mon getmap -o FILE')");
        }
        try {
            MonMap map =
                    MonMap.CODEC.fromBytes(Bytes.of(Files.readAllBytes(directory.resolve(MAP))));
            return new MemberStore(
                    directory,
                    map,
                    Keyring.load(directory.resolve(KEYRING)),
                    Files.exists(directory.resolve(JOINED)));
        } catch (IOException | Malformed unreadable) {
            throw new Refusal(
                    "the monitor's store in "
                            + directory
                            + " cannot be read ("
                            + unreadable.getMessage()
                            + ")");
        }
    }

    /**
     * This directory as the monitor's home.
     *
     * @param left hears that the monitor was removed and is at its end
     */
    MemberHome home(Consumer<Throwable> left) {
        return new MemberHome() {
            private MonMap kept = map;
            private boolean joined = hasJoined;

            @Override
            public MonMap map() {
                return map;
            }

            @Override
            public boolean hasJoined() {
                return hasJoined;
            }

            @Override
            public void keep(MonMap agreed) {
                if (joined && agreed.equals(kept)) {
                    return;
                }
                writeOrWarn(MAP, MonMap.CODEC.toBytes(agreed).toArray());
                writeOrWarn(JOINED, new byte[0]);
                kept = agreed;
                joined = true;
                deleteOrWarn(RESTORED);
                deleteOrWarn(HANDED);
                deleteLogOfBefore();
            }

            @Override
            public void removed(MonMap agreed) {
                writeOrWarn(REMOVED, MonMap.CODEC.toBytes(agreed).toArray());
                left.accept(new RemovedException());
            }
        };
    }

    private void deleteOrWarn(String file) {
        try {
            Files.deleteIfExists(directory.resolve(file));
        } catch (IOException failure) {
            LOG.warn("{} could not be deleted", directory.resolve(file), failure);
        }
    }

    /** The monitor stood alone once. */
    private void deleteLogOfBefore() {
        try {
            LocalLog.remove(directory);
        } catch (IOException failure) {
            LOG.warn("the log of before in {} could not be deleted", directory, failure);
        }
    }

    /** What an empty log begins with, if the cluster goes on from something. */
    Optional<Genesis> goesOn() {
        return backup(HANDED)
                .map(MonitorBackup::continued)
                .or(() -> backup(RESTORED).map(backup -> backup.genesis(MonVerb.infos(map))));
    }

    private Optional<MonitorBackup> backup(String name) {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MonitorBackup.fromBytes(Bytes.of(Files.readAllBytes(file))));
        } catch (IOException | Malformed bad) {
            throw new Refusal(file + " cannot be read (" + bad.getMessage() + ")");
        }
    }

    /** What is not kept is heard again at the next start; the log has it anyway. */
    private void writeOrWarn(String file, byte[] content) {
        try {
            write(directory.resolve(file), content);
        } catch (IOException failure) {
            LOG.warn("{} could not be written", directory.resolve(file), failure);
        }
    }

    Path raft() {
        return directory.resolve("raft");
    }
}
