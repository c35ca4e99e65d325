package io.sepiola.store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The directory of a store, held against a second opener. */
final class StoreFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreFiles.class);

    static final String BLOCK = "block";
    static final String INDEX = "index";

    private static final List<String> OWN = List.of(BLOCK, INDEX, "log");

    private final Path directory;
    private final FileChannel lock;
    private StoreLabel label;

    private StoreFiles(Path directory, FileChannel lock, StoreLabel label) {
        this.directory = directory;
        this.lock = lock;
        this.label = label;
    }

    StoreLabel label() {
        return label;
    }

    /** Makes the files of an empty store. */
    static void format(Path directory, UUID owner, int whoami, long blockBytes) {
        if (BlockStore.isThere(directory)) {
            throw StoreLabel.unusable(
                    directory, "there is a store in it; open it, or remove it", null);
        }
        try {
            DirectoryDisk.makeDirectories(directory);
            try (FileChannel _ = lock(directory)) {
                makeFiles(
                        directory,
                        new StoreLabel(
                                StoreLabel.FORMAT, UUID.randomUUID(), owner, whoami, blockBytes));
            }
        } catch (IOException failure) {
            throw StoreLabel.unusable(directory, "cannot make a store: " + failure, failure);
        }
    }

    private static void makeFiles(Path directory, StoreLabel label) throws IOException {
        Path unfinished = directory.resolve(StoreLabel.FILE_NEW);
        boolean ours = Files.exists(unfinished);
        for (String name : OWN) {
            Path path = directory.resolve(name);
            if (Files.exists(path) && !ours) {
                throw StoreLabel.unusable(
                        directory,
                        "there is a '" + name + "' in it that is no store's; remove it",
                        null);
            }
        }
        if (!ours) {
            Files.createFile(unfinished);
        }
        for (String name : OWN) {
            removeAll(directory.resolve(name));
        }
        Files.createDirectory(directory.resolve(INDEX));
        Files.createDirectory(directory.resolve("log"));
        Disk.File block = new DirectoryDisk(directory).open(BLOCK);
        block.extend(label.blockBytes());
        block.close();
        label.write(directory);
    }

    private static void removeAll(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (Stream<Path> inside = Files.list(path)) {
                for (Path each : inside.toList()) {
                    removeAll(each);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    /** Takes the store for its owner. */
    static StoreFiles open(Path directory, UUID owner, int whoami) {
        StoreLabel label = StoreLabel.read(directory);
        label.checkOwner(directory, owner, whoami);
        try {
            return new StoreFiles(directory, lock(directory), label);
        } catch (IOException failure) {
            throw StoreLabel.unusable(directory, "cannot lock it: " + failure, failure);
        }
    }

    /**
     * Notes, durably, that the store is of this program's format: before anything is written that
     * older ones would not understand. What older ones wrote stays as it is and is read for ever,
     * so nothing else has to be done, and a crash leaves one format or the other.
     */
    void upgrade() throws IOException {
        if (label.format() < StoreLabel.FORMAT) {
            StoreLabel upgraded =
                    new StoreLabel(
                            StoreLabel.FORMAT,
                            label.store(),
                            label.owner(),
                            label.whoami(),
                            label.blockBytes());
            upgraded.write(directory);
            LOG.info(
                    "the store in {} had format {} and has {} now; older releases refuse it",
                    directory,
                    label.format(),
                    upgraded.format());
            label = upgraded;
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        FileLock held = null;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException byThisProcess) {
            // Answered below, as if by another.
        }
        if (held == null) {
            channel.close();
            throw StoreLabel.unusable(
                    directory, "it is in use; stop the daemon that has it open", null);
        }
        return channel;
    }

    Path index() {
        return directory.resolve(INDEX);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException failure) {
            throw new StoreException(StoreException.Kind.IO, "cannot unlock " + directory, failure);
        }
    }
}
