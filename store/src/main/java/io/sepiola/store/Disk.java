package io.sepiola.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The files of a store, as far as it writes them itself. A write is seen by every later read, and
 * durable after the next {@link File#sync}; until then a crash may keep any part of it.
 */
interface Disk {
    /**
     * Opens the file of blocks, and makes it, durably, when there is none. What is long, aligned to
     * {@link TransactionLog#ALIGNMENT} and in a direct buffer may pass by the page cache.
     */
    File open(String name) throws IOException;

    /** As {@link #open}, for a file of which whole, aligned pages are written and soon synced. */
    File openLog(String name) throws IOException;

    /** The files whose names begin with {@code prefix}, sorted. */
    List<String> list(String prefix) throws IOException;

    /** Removes a file; after a crash it may be there again. */
    void delete(String name) throws IOException;

    /**
     * Reads what is always there.
     *
     * @throws IOException when the disk is gone, and not just some of what it holds
     */
    void probe() throws IOException;

    /** What the disk has left for us, in bytes. */
    long freeBytes() throws IOException;

    /** An open file. Any thread may read; writers write to places that nobody else touches. */
    interface File {
        /** Writes all that remains of {@code source}. */
        void write(long offset, ByteBuffer source) throws IOException;

        /** Fills {@code target}; what lies beyond the end reads as zeros. */
        void read(long offset, ByteBuffer target) throws IOException;

        /** Returns when all earlier writes are durable. */
        void sync() throws IOException;

        /** In bytes. */
        long size() throws IOException;

        /** Makes the file longer; what is added reads as zeros. */
        void extend(long size) throws IOException;

        /** Releases the file. */
        void close() throws IOException;
    }
}
