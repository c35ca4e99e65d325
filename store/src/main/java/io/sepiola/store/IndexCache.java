package io.sepiola.store;

import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;

/**
 * Memory for what was read from the indexes of several stores of one process. Close it after them.
 */
public final class IndexCache implements AutoCloseable {
    private final LRUCache cache;

    /** Of this many bytes, taken as needed. */
    public IndexCache(long bytesMax) {
        RocksDB.loadLibrary();
        this.cache = new LRUCache(bytesMax);
    }

    LRUCache cache() {
        return cache;
    }

    @Override
    public void close() {
        cache.close();
    }
}
