package io.sepiola.store;

import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.rocksdb.TablePropertiesCollectorFactory;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The index in RocksDB, without its write-ahead log: what its memtable holds is lost in a crash and
 * done again from ours. Its memtables may reach the disk at any time, which does no harm, because
 * only durable transactions are written here.
 *
 * <p>A call after {@link #close} would take down the process: the store keeps calls away.
 */
final class RocksIndex implements Index {
    private static final long MEMTABLE_BYTES = 8 << 20;
    // Of the keys of a new file: trimmed logs of placement groups remove as many as they add, and
    // must not make every file be merged at once; removed omaps add nothing.
    private static final long REMOVALS_WINDOW = 8192;
    private static final long REMOVALS_MANY = 6144;
    private static final double REMOVALS_PART = 0.6;
    private static final double MEMTABLE_FILTER_PART = 0.05;
    private static final SizeApproximationFlag[] SIZES = {
        SizeApproximationFlag.INCLUDE_FILES, SizeApproximationFlag.INCLUDE_MEMTABLES
    };

    // In the order in which they were made; closed in the opposite order.
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final RocksDB db;
    private final WriteOptions writing;
    private final ReadOptions reading;

    RocksIndex(Path directory, StoreMemory memory) {
        RocksDB.loadLibrary();
        BlockBasedTableConfig table =
                new BlockBasedTableConfig()
                        .setBlockCache(memory.indexCache())
                        .setFilterPolicy(own(new BloomFilter(10, false)))
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setBlockSize(8 << 10);
        Options options =
                own(new Options())
                        .setCreateIfMissing(true)
                        .setWriteBufferSize(MEMTABLE_BYTES)
                        .setArenaBlockSize(256 << 10)
                        .setMaxWriteBufferNumber(3)
                        .setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER_PART)
                        .setMemtableWholeKeyFiltering(true)
                        .setTargetFileSizeBase(16 << 20)
                        .setMaxBytesForLevelBase(64 << 20)
                        .setCompressionType(CompressionType.LZ4_COMPRESSION)
                        .setTableFormatConfig(table)
                        .setMaxOpenFiles(256)
                        .setMaxBackgroundJobs(2)
                        .setAvoidFlushDuringShutdown(true)
                        .setStatsDumpPeriodSec(0)
                        .setStatsPersistPeriodSec(0)
                        .setKeepLogFileNum(2)
                        .setMaxLogFileSize(1 << 20)
                        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
        // A file with so many removals among its keys is merged soon, so that the room comes back.
        options.setTablePropertiesCollectorFactory(
                List.of(
                        own(
                                TablePropertiesCollectorFactory
                                        .NewCompactOnDeletionCollectorFactory(
                                                REMOVALS_WINDOW, REMOVALS_MANY, REMOVALS_PART))));
        try {
            this.db = own(RocksDB.open(options, directory.toString()));
        } catch (RocksDBException failure) {
            closeOwned();
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "cannot open the index in " + directory + ": " + failure.getMessage(),
                    failure);
        }
        this.writing = own(new WriteOptions()).setDisableWAL(true);
        this.reading = own(new ReadOptions());
    }

    private <T extends AutoCloseable> T own(T made) {
        owned.push(made);
        return made;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        try {
            return db.get(reading, key);
        } catch (RocksDBException failure) {
            throw failed(failure);
        }
    }

    @Override
    public boolean scan(byte[] first, byte[] end, Visitor visitor) {
        try (Slice upper = new Slice(end);
                ReadOptions options = new ReadOptions().setIterateUpperBound(upper);
                RocksIterator at = db.newIterator(options)) {
            for (at.seek(first); at.isValid(); at.next()) {
                if (!visitor.visit(at.key(), at.value())) {
                    return false;
                }
            }
            at.status();
            return true;
        } catch (RocksDBException failure) {
            throw failed(failure);
        }
    }

    @Override
    public void write(List<Change> changes) {
        try (WriteBatch batch = new WriteBatch()) {
            for (Change change : changes) {
                byte @Nullable [] value = change.value();
                if (value == null) {
                    batch.delete(change.key());
                } else {
                    batch.put(change.key(), value);
                }
            }
            db.write(writing, batch);
        } catch (RocksDBException failure) {
            throw failed(failure);
        }
    }

    @Override
    public void flush() {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options);
        } catch (RocksDBException failure) {
            throw failed(failure);
        }
    }

    @Override
    public long approximateBytes(byte[] first, byte[] end) {
        try (Slice from = new Slice(first);
                Slice to = new Slice(end)) {
            return db.getApproximateSizes(List.of(new Range(from, to)), SIZES)[0];
        }
    }

    private static StoreException failed(RocksDBException failure) {
        return new StoreException(
                StoreException.Kind.IO,
                "the index failed: " + failure.getMessage() + "; check the disk",
                failure);
    }

    @Override
    public void close() {
        closeOwned();
    }

    private void closeOwned() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception failure) {
                throw new StoreException(StoreException.Kind.IO, "cannot close the index", failure);
            }
        }
    }
}
