package io.sepiola.store;

import io.sepiola.base.Lent;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Buffers outside the heap, each of {@link #SIZE} bytes and beginning on a page, for what long
 * reads bring from the disk and a socket then takes. There are so many and no more: who finds none
 * uses the heap. The one that was used last is used next. Any thread may use it.
 */
final class ReadBuffers {
    static final int SIZE = 1 << 20;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private int makeable;

    ReadBuffers(int countMax) {
        this.makeable = countMax;
    }

    /** An empty buffer, which belongs to the caller until it is given back or lent. */
    synchronized @Nullable ByteBuffer takeOrNull() {
        ByteBuffer buffer = free.pollLast();
        if (buffer == null && makeable > 0) {
            makeable--;
            buffer = TransactionLog.direct(SIZE);
        }
        return buffer == null ? null : buffer.clear();
    }

    synchronized void giveBack(ByteBuffer buffer) {
        free.addLast(buffer);
    }

    /** Lends a buffer that was taken; it comes back by itself. */
    Lent lend(ByteBuffer buffer) {
        return new Lent(buffer, () -> giveBack(buffer));
    }
}
