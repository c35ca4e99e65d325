package io.sepiola.cluster.local;

import io.sepiola.cluster.Refusal;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The directory of one local cluster.
 *
 * <pre>
 * sepiola.cluster   what it was made as (properties); its presence makes the directory ours
 * ceph.conf         for Ceph's programs and our own
 * keyring           client.admin's key (0600)
 * s3.credentials    access and secret key of the first S3 user (0600, properties)
 * mon.a/ osd.N/ mgr.x/   the daemons' data
 * *.asok            the daemons' admin sockets
 * lock              held by the running process
 * pid               of the running process
 * boot              one line per step of the last start; the last one is "ready" or "failed: ..."
 * sepiola.log       what the process logs
 * </pre>
 */
final class ClusterDirectory {
    private final Path path;

    ClusterDirectory(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    Path path() {
        return path;
    }

    Path file(String name) {
        return path.resolve(name);
    }

    Path cephConf() {
        return file("ceph.conf");
    }

    Path keyring() {
        return file("keyring");
    }

    Path log() {
        return file("sepiola.log");
    }

    /** By the daemon's name. */
    Path adminSocket(String name) {
        return file(name + ".asok");
    }

    Path boot() {
        return file("boot");
    }

    boolean isCluster() {
        return Files.isRegularFile(file("sepiola.cluster"));
    }

    ClusterSpec spec() {
        Path marker = file("sepiola.cluster");
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(marker)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new Refusal(
                    "cannot read "
                            + marker
                            + " ("
                            + unreadable.getMessage()
                            + "); check its owner and mode");
        }
        return ClusterSpec.of(properties, marker.toString());
    }

    /** Takes an absent or empty directory for a new cluster. */
    void create(ClusterSpec spec) {
        try {
            Files.createDirectories(path);
            try (Stream<Path> inside = Files.list(path)) {
                List<Path> found = inside.limit(1).toList();
                if (!found.isEmpty()) {
                    throw new Refusal(
                            path
                                    + " holds something else ("
                                    + found.getFirst().getFileName()
                                    + "); choose an empty directory with --data-dir");
                }
            }
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            writeProperties("sepiola.cluster", spec.toProperties(), "a local cluster of Sepiola");
        } catch (IOException failed) {
            throw new Refusal(
                    "cannot write to "
                            + path
                            + " ("
                            + cause(failed)
                            + "); choose another with --data-dir");
        }
    }

    /** Why a file could not be had, in words. */
    static String cause(IOException failed) {
        return switch (failed) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException none -> none.getFile() + " cannot be made there";
            case FileAlreadyExistsException other -> other.getFile() + " is no directory";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> String.valueOf(failed.getMessage());
        };
    }

    void writeProperties(String name, Properties properties, String comment) {
        write(
                name,
                out -> {
                    properties.store(out, comment);
                });
    }

    /** Something that writes a file's content. */
    interface Body {
        void write(Writer out) throws IOException;
    }

    /** Replaces a file whole, readable by its owner only. */
    void write(String name, Body body) {
        Path target = file(name);
        Path fresh = file(name + ".new");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(
                    fresh,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            try (Writer out = Files.newBufferedWriter(fresh)) {
                body.write(out);
            }
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(
                    fresh,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + target, failed);
        }
    }

    Properties readProperties(String name) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file(name))) {
            properties.load(in);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + file(name), failed);
        }
        return properties;
    }

    /** The lock that only one process of the cluster can hold; empty when another has it. */
    Optional<FileLock> lock() {
        try {
            FileChannel channel =
                    FileChannel.open(
                            file("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
            }
            return Optional.ofNullable(lock);
        } catch (OverlappingFileLockException held) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new Refusal("cannot lock " + file("lock") + " (" + failed.getMessage() + ")");
        }
    }

    /**
     * The running process. A pid that now is another program's does not count, nor does a process
     * that {@linkplain #isEnding ends}.
     */
    Optional<ProcessHandle> process() {
        return lastProcess().filter(this::isOurs);
    }

    /**
     * Whether the last process was killed and still holds what the system has not yet taken from it
     * (ports, the lock), or waits as a zombie for a parent that never asks. The system takes its
     * command line away first.
     */
    boolean isEnding() {
        return lastProcess().filter(ClusterDirectory::hasNoCommandLine).isPresent();
    }

    private Optional<ProcessHandle> lastProcess() {
        try {
            long pid = Long.parseLong(Files.readString(file("pid")).trim());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private boolean isOurs(ProcessHandle handle) {
        return handle.info()
                .commandLine()
                .filter(line -> line.contains(path.toString()))
                .isPresent();
    }

    private static boolean hasNoCommandLine(ProcessHandle handle) {
        return handle.info().commandLine().isEmpty();
    }

    /** Removes everything in it, and the directory. */
    void remove() {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException failed) {
            throw new Refusal("cannot remove " + path + " (" + failed.getMessage() + ")");
        }
    }
}
