package io.sepiola.store;

import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;

/**
 * Memory outside the heap that the stores of one process share: a cache of what was read from their
 * indexes, and buffers for long reads. Close it after them.
 */
public final class StoreMemory implements AutoCloseable {
    private static final int READ_BUFFER_COUNT_MAX = 64;

    private final LRUCache indexCache;
    private final ReadBuffers readBuffers = new ReadBuffers(READ_BUFFER_COUNT_MAX);

    /** With an index cache of this many bytes; all of it is taken only as needed. */
    public StoreMemory(long indexCacheBytes) {
        RocksDB.loadLibrary();
        this.indexCache = new LRUCache(indexCacheBytes);
    }

    LRUCache indexCache() {
        return indexCache;
    }

    ReadBuffers readBuffers() {
        return readBuffers;
    }

    @Override
    public void close() {
        indexCache.close();
    }
}
