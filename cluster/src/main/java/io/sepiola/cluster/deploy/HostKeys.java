package io.sepiola.cluster.deploy;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.UserInfo;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The keys by which hosts are known, as {@code known_hosts} has them. A host that is not in it is
 * taken over where the operator allows that; one that shows another key than the known one never
 * is, of whatever type either is.
 */
final class HostKeys implements HostKeyRepository {
    private final HostKeyRepository known;
    private final Path file;
    private final boolean acceptsNew;
    private @Nullable HostKey shown;

    HostKeys(HostKeyRepository known, Path file, boolean acceptsNew) {
        this.known = known;
        this.file = file;
        this.acceptsNew = acceptsNew;
    }

    /** What the host has shown last, if anything. */
    @Nullable HostKey shownOrNull() {
        return shown;
    }

    Path file() {
        return file;
    }

    @Override
    public int check(String host, byte[] key) {
        int result = known.check(host, key);
        try {
            shown = new HostKey(host, key);
        } catch (JSchException noKey) {
            return CHANGED; // of a type that nobody knows: not to be taken over
        }
        if (result != NOT_INCLUDED) {
            return result;
        }
        HostKey[] others = known.getHostKey(host, null);
        if (others != null && others.length > 0) {
            return CHANGED;
        }
        if (!acceptsNew) {
            return NOT_INCLUDED;
        }
        append(shown);
        return OK;
    }

    private void append(HostKey key) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(
                    file,
                    key.getHost() + " " + key.getType() + " " + key.getKey() + "\n",
                    StandardOpenOption.APPEND);
        } catch (IOException unwritable) {
            throw new DeployFailure(
                    "cannot add the key of "
                            + key.getHost()
                            + " to "
                            + file
                            + " ("
                            + unwritable
                            + ")",
                    unwritable);
        }
    }

    @Override
    public void add(HostKey key, UserInfo asks) {
        append(key);
    }

    @Override
    public void remove(String host, String type) {
        throw new UnsupportedOperationException("known keys are the operator's to remove");
    }

    @Override
    public void remove(String host, String type, byte[] key) {
        throw new UnsupportedOperationException("known keys are the operator's to remove");
    }

    @Override
    public String getKnownHostsRepositoryID() {
        return file.toString();
    }

    @Override
    public HostKey[] getHostKey() {
        return known.getHostKey();
    }

    @Override
    public HostKey[] getHostKey(String host, String type) {
        return known.getHostKey(host, type);
    }
}
