package io.sepiola.store;

import io.sepiola.base.Lent;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.IntFunction;

/**
 * Buffers outside the heap, each of {@link #SIZE} bytes and beginning on a page, for what long
 * reads bring from the disk and a socket then takes. There are so many and no more, and fewer when
 * the process has no more memory outside the heap: who finds none uses the heap. The one that was
 * used last is used next. Any thread may use it.
 */
final class ReadBuffers {
    static final int SIZE = 1 << 20;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private final IntFunction<ByteBuffer> maker;
    private int makeable;

    ReadBuffers(int countMax) {
        this(countMax, TransactionLog::direct);
    }

    ReadBuffers(int countMax, IntFunction<ByteBuffer> maker) {
        this.makeable = countMax;
        this.maker = maker;
    }

    /** An empty buffer, which belongs to the caller until it is given back or lent. */
    synchronized @Nullable ByteBuffer takeOrNull() {
        ByteBuffer buffer = free.pollLast();
        if (buffer == null && makeable > 0) {
            buffer = makeOrNull();
        }
        return buffer == null ? null : buffer.clear();
    }

    private @Nullable ByteBuffer makeOrNull() {
        try {
            ByteBuffer made = maker.apply(SIZE);
            makeable--;
            return made;
        } catch (OutOfMemoryError noneLeft) { // of what -XX:MaxDirectMemorySize allows
            makeable = 0;
            return null;
        }
    }

    synchronized void giveBack(ByteBuffer buffer) {
        free.addLast(buffer);
    }

    /**
     * Lends a buffer that was taken; it comes back by itself.
     *
     * @param size how many bytes were read into it
     * @param sum their crc32c from ffffffff
     */
    Lent lend(ByteBuffer buffer, int size, int sum) {
        return new Lent(buffer, () -> giveBack(buffer), size, sum);
    }
}
