package io.sepiola.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A file of the operating system. Short pieces go through the page cache, which keeps them for the
 * next reader; long ones pass by it, where the file system can: filling the cache costs several
 * times what the disk does, and large objects would push everything else out of it.
 */
final class ChannelFile implements Disk.File {
    private static final int DIRECT_WRITE_MIN = 64 << 10;
    private static final int DIRECT_READ_MIN = 256 << 10;
    private static final int DIRECT_READ_PIECE = 256 << 10;
    // The JDK copies through a direct buffer of the thread's own, as large as the largest read.
    private static final int CACHED_READ_PIECE = 256 << 10;
    private static final int BUFFER_COUNT_MAX = 8;

    private final FileChannel writer;
    private final boolean durable; // every write is, without a sync
    private final @Nullable FileChannel longWriterOrNull;
    private final PageChannel reader;
    private final @Nullable PageChannel longReaderOrNull;
    private final BlockingQueue<ByteBuffer> buffers = new ArrayBlockingQueue<>(BUFFER_COUNT_MAX);

    private ChannelFile(
            FileChannel writer,
            boolean durable,
            @Nullable FileChannel longWriterOrNull,
            PageChannel reader,
            @Nullable PageChannel longReaderOrNull) {
        this.writer = writer;
        this.durable = durable;
        this.longWriterOrNull = longWriterOrNull;
        this.reader = reader;
        this.longReaderOrNull = longReaderOrNull;
    }

    /** A file of short and long pieces. */
    static ChannelFile blocks(Path path, boolean direct) throws IOException {
        return new ChannelFile(
                openCached(path),
                false,
                direct ? openDirectOrNull(path, false) : null,
                PageChannel.cached(path),
                direct ? PageChannel.directOrNull(path) : null);
    }

    /**
     * A file of whole pages that are synced one by one: past the page cache and durable in one
     * call, which makes twice the small commits of write and sync with 16 in flight.
     */
    static ChannelFile log(Path path, boolean direct) throws IOException {
        FileChannel durableOrNull = direct ? openDirectOrNull(path, true) : null;
        FileChannel writer = durableOrNull != null ? durableOrNull : openCached(path);
        return new ChannelFile(writer, durableOrNull != null, null, PageChannel.cached(path), null);
    }

    private static FileChannel openCached(Path path) throws IOException {
        return FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static @Nullable FileChannel openDirectOrNull(Path path, boolean durable) {
        try {
            return durable
                    ? FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DSYNC,
                            PageChannel.direct())
                    : FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            PageChannel.direct());
        } catch (IOException | UnsupportedOperationException cannot) {
            return null;
        }
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
        FileChannel channel = writer;
        if (longWriterOrNull != null
                && isDirect(source)
                && source.remaining() >= DIRECT_WRITE_MIN
                && isAligned(offset, source.remaining())) {
            channel = longWriterOrNull;
        }
        long at = offset;
        while (source.hasRemaining()) {
            int count = channel.write(source, at);
            at += count;
            if (count % TransactionLog.ALIGNMENT != 0) {
                channel = writer; // the disk took a part that ends within a page
            }
        }
    }

    private static boolean isDirect(ByteBuffer buffer) {
        return buffer.isDirect()
                && buffer.alignmentOffset(buffer.position(), TransactionLog.ALIGNMENT) == 0;
    }

    private static boolean isAligned(long offset, int size) {
        return ((offset | size) & (TransactionLog.ALIGNMENT - 1)) == 0;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        if (longReaderOrNull != null
                && target.remaining() >= DIRECT_READ_MIN
                && isAligned(offset, target.remaining())) {
            if (isDirect(target)) {
                longReaderOrNull.read(offset, target);
            } else {
                readLong(longReaderOrNull, offset, target);
            }
        } else {
            readCached(offset, target);
        }
        while (target.hasRemaining()) {
            target.put((byte) 0);
        }
    }

    private void readCached(long offset, ByteBuffer target) throws IOException {
        int first = target.position();
        int end = target.limit();
        while (target.position() < end) {
            int start = target.position();
            target.limit(Math.min(end, start + CACHED_READ_PIECE));
            reader.read(offset + (start - first), target);
            boolean ended = target.hasRemaining();
            target.limit(end);
            if (ended) {
                return;
            }
        }
    }

    private void readLong(PageChannel channel, long offset, ByteBuffer target) throws IOException {
        ByteBuffer pages = buffers.poll();
        if (pages == null) {
            pages = TransactionLog.direct(DIRECT_READ_PIECE);
        }
        long at = offset;
        boolean ended = false;
        while (target.hasRemaining() && !ended) {
            pages.clear().limit(Math.min(DIRECT_READ_PIECE, target.remaining()));
            channel.read(at, pages);
            ended = pages.hasRemaining();
            at += pages.position();
            target.put(pages.flip());
        }
        buffers.offer(pages);
    }

    @Override
    public void sync() throws IOException {
        if (!durable) {
            writer.force(false); // of the file: what came past the page cache is meant as well
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
    public void close() throws IOException {
        reader.close();
        if (longReaderOrNull != null) {
            longReaderOrNull.close();
        }
        if (longWriterOrNull != null) {
            longWriterOrNull.close();
        }
        writer.close();
    }
}
