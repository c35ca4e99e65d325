package io.sepiola.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A directory of the operating system. */
final class DirectoryDisk implements Disk {
    private final Path directory;
    private final FileStore fileStore;
    private final boolean direct; // whether our pages are whole sectors

    DirectoryDisk(Path directory) throws IOException {
        this.directory = directory;
        this.fileStore = Files.getFileStore(directory);
        this.direct = fileStore.getBlockSize() <= TransactionLog.ALIGNMENT;
    }

    @Override
    public File open(String name) throws IOException {
        return opened(name, ChannelFile::blocks);
    }

    @Override
    public File openLog(String name) throws IOException {
        return opened(name, ChannelFile::log);
    }

    private interface Opening {
        File open(Path path, boolean direct) throws IOException;
    }

    private File opened(String name, Opening opening) throws IOException {
        Path path = directory.resolve(name);
        Path parent = java.util.Objects.requireNonNull(path.getParent());
        Files.createDirectories(parent);
        boolean made = !Files.exists(path);
        File file = opening.open(path, direct);
        if (made) {
            syncDirectory(parent);
        }
        return file;
    }

    /** Makes a directory and those above it that are missing, durably. */
    static void makeDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            makeDirectories(parent);
        }
        Files.createDirectories(directory); // another may have made it meanwhile
        if (parent != null) {
            syncDirectory(parent);
        }
    }

    /** Makes the names in a directory durable. */
    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        // Only the folder asked for: in others the index makes and removes files meanwhile.
        Path folder = directory.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(path -> directory.relativize(path).toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void probe() throws IOException {
        Files.readAllBytes(directory.resolve(StoreLabel.FILE)); // opened anew: that may fail, too
    }

    @Override
    public long freeBytes() throws IOException {
        return fileStore.getUsableSpace();
    }
}
