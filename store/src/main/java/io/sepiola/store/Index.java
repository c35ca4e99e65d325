package io.sepiola.store;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Where a store keeps everything but data. What is written is seen at once and durable, at the
 * latest, after the next {@link #flush}; a crash leaves the result of some prefix of the writes,
 * each whole. Any thread may read; one writes.
 */
interface Index extends IndexView, AutoCloseable {
    /**
     * A key with its new value.
     *
     * @param value null removes the key
     */
    record Change(byte[] key, byte @Nullable [] value) {}

    /** Applies all changes, in order, as one. */
    void write(List<Change> changes);

    /** Returns when every earlier write is durable. */
    void flush();

    /** About how much is stored from {@code first} up to {@code end}. */
    long approximateBytes(byte[] first, byte[] end);

    /** Releases everything; nobody may call any more. */
    @Override
    void close();
}
