package io.sepiola.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A directory of the operating system. */
final class DirectoryDisk implements Disk {
    private final Path directory;
    private final FileStore fileStore;

    DirectoryDisk(Path directory) throws IOException {
        this.directory = directory;
        this.fileStore = Files.getFileStore(directory);
    }

    @Override
    public File open(String name) throws IOException {
        return open(name, false);
    }

    @Override
    public File openLog(String name) throws IOException {
        return open(name, fileStore.getBlockSize() <= TransactionLog.ALIGNMENT);
    }

    private File open(String name, boolean direct) throws IOException {
        Path path = directory.resolve(name);
        Path parent = java.util.Objects.requireNonNull(path.getParent());
        Files.createDirectories(parent);
        boolean made = !Files.exists(path);
        ChannelFile file = new ChannelFile(path, direct);
        if (made) {
            syncDirectory(parent);
        }
        return file;
    }

    /** Makes the names in a directory durable. */
    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        try (Stream<Path> all = Files.walk(directory, 2)) {
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
    public long freeBytes() throws IOException {
        return fileStore.getUsableSpace();
    }

    /**
     * A file behind two channels. An interrupt closes the channel on which a thread reads, so
     * readers, whose threads are not ours, have one of their own, which is opened again.
     */
    private static final class ChannelFile implements File {
        // The JDK copies through a direct buffer of the thread's own, as large as the largest read.
        private static final int READ_SIZE_MAX = 256 << 10;

        private final Path path;
        private final FileChannel writer;
        private final boolean durable; // every write is, without a sync
        private volatile FileChannel reader;
        private volatile boolean closed;

        ChannelFile(Path path, boolean direct) throws IOException {
            this.path = path;
            FileChannel durableOrNull = direct ? openDirectOrNull(path) : null;
            this.durable = durableOrNull != null;
            this.writer = durableOrNull != null ? durableOrNull : openBuffered(path);
            this.reader = FileChannel.open(path, StandardOpenOption.READ);
        }

        private static FileChannel openBuffered(Path path) throws IOException {
            return FileChannel.open(
                    path,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
        }

        // Past the page cache and durable in one call: twice the small commits of write and sync
        // with
        // 16 in flight. Not every file system can.
        private static @Nullable FileChannel openDirectOrNull(Path path) {
            try {
                return FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DSYNC,
                        directOption());
            } catch (IOException | UnsupportedOperationException | ClassNotFoundException cannot) {
                return null;
            }
        }

        // Found by its name, because javac warns of every mention of a class outside of java.base's
        // own packages, and here warnings are errors.
        private static OpenOption directOption() throws ClassNotFoundException {
            for (Object each :
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (each instanceof OpenOption option && each.toString().equals("DIRECT")) {
                    return option;
                }
            }
            throw new UnsupportedOperationException("no direct files in this Java");
        }

        @Override
        public void write(long offset, ByteBuffer source) throws IOException {
            long at = offset;
            while (source.hasRemaining()) {
                at += writer.write(source, at);
            }
        }

        @Override
        public void read(long offset, ByteBuffer target) throws IOException {
            long at = offset;
            int end = target.limit();
            boolean interrupted = false;
            while (target.position() < end) {
                int start = target.position();
                target.limit(Math.min(end, start + READ_SIZE_MAX));
                FileChannel channel = reader;
                try {
                    int count = channel.read(target, at);
                    if (count < 0) {
                        target.limit(end);
                        zero(target);
                        break;
                    }
                    at += count;
                } catch (ClosedByInterruptException interrupt) {
                    interrupted |= Thread.interrupted();
                    target.position(start);
                    reopen(channel);
                } catch (ClosedChannelException byAnother) {
                    target.position(start);
                    reopen(channel);
                }
            }
            target.limit(end);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private static void zero(ByteBuffer target) {
            while (target.hasRemaining()) {
                target.put((byte) 0);
            }
        }

        private synchronized void reopen(FileChannel seen) throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (reader == seen) {
                reader = FileChannel.open(path, StandardOpenOption.READ);
            }
        }

        @Override
        public void sync() throws IOException {
            if (!durable) {
                writer.force(false);
            }
        }

        @Override
        public long size() throws IOException {
            return writer.size();
        }

        @Override
        public void extend(long size) throws IOException {
            if (writer.size() < size) {
                writer.write(ByteBuffer.allocate(1), size - 1);
                writer.force(true);
            }
        }

        @Override
        public synchronized void close() throws IOException {
            closed = true;
            reader.close();
            writer.close();
        }
    }
}
