package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Crc32c;
import io.sepiola.base.Mark;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The write-ahead log: batches of transactions in files that are written full once and then used
 * again and again, so that a sync moves data only.
 *
 * <p>Batch := header body, padded to {@link #ALIGNMENT}; header := magic:u64 first:u64 last:u64
 * bodySize:u32 bodyCrc:u32 headerCrc:u32, in {@link #HEADER_SIZE} bytes. Both checksums begin from
 * the store's own seed, so that no bytes from elsewhere pass for a batch. {@code first} and {@code
 * last} are the sequence numbers of the batch's transactions; the next batch begins with {@code
 * last} + 1.
 *
 * <p>A batch is written only after the one before it is durable. So of all batches after the last
 * checkpoint only the very last may be damaged by a crash, and is cut; any other damage is a fault
 * of the disk that took acknowledged transactions, and the log refuses to open.
 *
 * <p>The committer appends; the checkpointer trims; the monitor of this object guards the segments.
 */
final class TransactionLog {
    static final int ALIGNMENT = 4096;
    private static final int HEADER_SIZE = 64;
    private static final long MAGIC = 0x31676f4c61696573L; // "seiaLog1"
    private static final int BUFFER_SIZE_MAX = 4 << 20;
    private static final String PREFIX = "log/";

    /** Is shown the batches after the last checkpoint, in order. */
    @FunctionalInterface
    interface Replay {
        void batch(Bytes body) throws IOException;
    }

    private static final class Segment {
        final String name;
        final Disk.File file;
        final long size;
        long last; // the sequence up to which it is needed; 0 when it is free

        Segment(String name, Disk.File file, long size) {
            this.name = name;
            this.file = file;
            this.size = size;
        }
    }

    private record Found(
            Segment segment, long offset, long first, long last, int bodySize, boolean whole) {}

    private final Disk disk;
    private final int seed;
    private final int segmentSize;
    private final int segmentCountMax;
    private final List<Segment> segments = new ArrayList<>();
    private @Nullable Segment currentOrNull;
    private long currentOffset;
    private long appendedBytes;
    private int nextName;
    private ByteBuffer buffer = direct(256 << 10);

    TransactionLog(Disk disk, int seed, int segmentSize, int segmentCountMax) {
        this.disk = disk;
        this.seed = seed;
        this.segmentSize = segmentSize;
        this.segmentCountMax = segmentCountMax;
    }

    /** A buffer that begins on a page, as files that pass by the page cache want it. */
    static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size + ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Shows every batch after the transaction {@code checkpoint}.
     *
     * @return the highest sequence number that was ever written; the next must be above it
     */
    long recover(long checkpoint, Replay replay) throws IOException {
        List<Found> found = new ArrayList<>();
        for (String name : disk.list(PREFIX)) {
            Disk.File file = disk.openLog(name);
            Segment segment = new Segment(name, file, file.size());
            segments.add(segment);
            nextName = Math.max(nextName, Integer.parseInt(name.substring(PREFIX.length())) + 1);
            find(segment, found);
        }
        long highest = Math.max(checkpoint, found.stream().mapToLong(Found::last).max().orElse(0));
        List<Found> after =
                found.stream()
                        .filter(each -> each.last > checkpoint)
                        .sorted(Comparator.comparingLong(Found::first))
                        .toList();
        long expected = checkpoint + 1;
        for (int i = 0; i < after.size(); i++) {
            Found next = after.get(i);
            if (next.last < expected) {
                continue; // an object holds a copy of a batch that was shown already
            }
            if (next.first <= expected && next.whole) {
                replay.batch(read(next));
                expected = next.last + 1;
            } else if (i == after.size() - 1 && next.first <= expected) {
                Mark.hit("the last batch of the log was torn");
            } else {
                throw new StoreException(
                        StoreException.Kind.UNUSABLE,
                        "the log is damaged: transactions from "
                                + expected
                                + " on are unreadable, later ones are there ("
                                + next.segment.name
                                + " at "
                                + next.offset
                                + "); remove this store and let its objects be copied from others");
            }
        }
        return highest;
    }

    private void find(Segment segment, List<Found> found) throws IOException {
        byte[] content = new byte[Math.toIntExact(segment.size)];
        segment.file.read(0, ByteBuffer.wrap(content));
        ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + HEADER_SIZE <= content.length; at += ALIGNMENT) {
            if (in.getLong(at) != MAGIC || in.getInt(at + 32) != Crc32c.of(seed, content, at, 32)) {
                continue;
            }
            int bodySize = in.getInt(at + 24);
            boolean whole =
                    bodySize >= 0
                            && bodySize <= content.length - at - HEADER_SIZE
                            && in.getInt(at + 28)
                                    == Crc32c.of(seed, content, at + HEADER_SIZE, bodySize);
            found.add(
                    new Found(
                            segment, at, in.getLong(at + 8), in.getLong(at + 16), bodySize, whole));
        }
    }

    private static Bytes read(Found found) throws IOException {
        byte[] body = new byte[found.bodySize];
        found.segment.file.read(found.offset + HEADER_SIZE, ByteBuffer.wrap(body));
        return Bytes.of(body);
    }

    /**
     * Makes a batch durable.
     *
     * @return false, and nothing is written, when every segment is in use: trim first
     */
    boolean append(long first, long last, List<Bytes> records) throws IOException {
        int bodySize = 0;
        for (Bytes each : records) {
            bodySize = Math.addExact(bodySize, each.size());
        }
        int size = Math.addExact(HEADER_SIZE + bodySize, ALIGNMENT - 1) & -ALIGNMENT;
        Segment segment = segmentOrNull(size, last);
        if (segment == null) {
            return false;
        }
        ByteBuffer out = fill(first, last, records, bodySize, size);
        segment.file.write(currentOffset, out);
        segment.file.sync();
        currentOffset += size;
        if (buffer.capacity() > BUFFER_SIZE_MAX) {
            buffer = direct(BUFFER_SIZE_MAX);
        }
        return true;
    }

    private ByteBuffer fill(long first, long last, List<Bytes> records, int bodySize, int size) {
        if (buffer.capacity() < size) {
            buffer = direct(Math.max(size, Math.min(BUFFER_SIZE_MAX, 2 * buffer.capacity())));
        }
        ByteBuffer out = buffer.clear().limit(size).position(HEADER_SIZE);
        for (Bytes each : records) {
            each.forEachPiece((array, offset, length) -> out.put(array, offset, length));
        }
        while (out.hasRemaining()) {
            out.put((byte) 0);
        }
        int bodyCrc = Crc32c.of(seed, out.slice(HEADER_SIZE, bodySize));
        out.putLong(0, MAGIC)
                .putLong(8, first)
                .putLong(16, last)
                .putInt(24, bodySize)
                .putInt(28, bodyCrc);
        out.putInt(32, Crc32c.of(seed, out.slice(0, 32)));
        for (int at = 36; at < HEADER_SIZE; at++) {
            out.put(at, (byte) 0);
        }
        return out.flip();
    }

    /** The segment in which {@code size} bytes go at {@link #currentOffset}. */
    private synchronized @Nullable Segment segmentOrNull(int size, long last) throws IOException {
        Segment segment = currentOrNull;
        if (segment == null || segment.size - currentOffset < size) {
            segment = freeOrNull(size);
            if (segment == null) {
                return null;
            }
            currentOrNull = segment;
            currentOffset = 0;
        }
        segment.last = last;
        appendedBytes += size;
        return segment;
    }

    private @Nullable Segment freeOrNull(int size) throws IOException {
        for (Segment each : segments) {
            if (each.last == 0 && each.size >= size) {
                return each;
            }
        }
        if (segments.size() >= segmentCountMax && size <= segmentSize) {
            return null;
        }
        Segment made = make(Math.max(size, segmentSize));
        segments.add(made);
        return made;
    }

    private Segment make(long size) throws IOException {
        String name = PREFIX + nextName++;
        Disk.File file = disk.openLog(name);
        ByteBuffer zeros = direct((int) Math.min(1 << 20, size));
        for (long at = 0; at < size; at += zeros.capacity()) {
            file.write(at, zeros.clear().limit((int) Math.min(zeros.capacity(), size - at)));
        }
        file.sync();
        return new Segment(name, file, size);
    }

    /** Transactions up to {@code sequence} are not needed any more. */
    synchronized void trim(long sequence) throws IOException {
        appendedBytes = 0;
        for (Segment each : List.copyOf(segments)) {
            if (each.last <= sequence && each != currentOrNull) {
                each.last = 0;
                if (each.size != segmentSize) {
                    segments.remove(each);
                    each.file.close();
                    disk.delete(each.name);
                }
            }
        }
    }

    /** Written since the last {@link #trim}. */
    synchronized long appendedBytes() {
        return appendedBytes;
    }

    void close() throws IOException {
        for (Segment each : segments) {
            each.file.close();
        }
    }
}
