package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Shard;
import io.sepiola.protocol.osd.Transaction;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Puts a {@link BlockStore} together and keeps it going: opening, taking transactions, the threads
 * of the committer and the checkpointer, failing and closing.
 */
final class BlockEngine {
    private static final Logger LOG = LoggerFactory.getLogger(BlockEngine.class);

    private static final int READER_COUNT = 4;
    private static final int READER_IDLE_SECONDS = 10;

    /**
     * Sizes that tests make small.
     *
     * @param segmentSize of the log
     * @param segmentCountMax of the log; at least 2
     * @param checkpointBytes of log, or of deferred data, that make a checkpoint due
     * @param freedBlocks that make one due
     * @param indexRemovals that make one due when room for the index is short
     * @param directSizeMin of a write from which it goes past the log
     */
    record Limits(
            int segmentSize,
            int segmentCountMax,
            long checkpointBytes,
            int freedBlocks,
            int indexRemovals,
            int directSizeMin) {
        static final Limits DEFAULT = new Limits(8 << 20, 8, 16 << 20, 16_384, 256, 64 << 10);
    }

    /** The parts of a store that are opened before it. */
    record Parts(
            Disk disk,
            Index index,
            int logSeed,
            long blockBytes,
            long diskReserveBytes,
            ReadBuffers readBuffers,
            Limits limits,
            Consumer<StoreException> onFailure,
            Runnable closed) {}

    private final Parts parts;
    private final Disk.File file;
    private final TransactionLog log;
    private final Index index;
    private final BlockState state;
    private final BlockReader reader;
    private final ExecutorService readers;
    private final Committer committer;
    private final Checkpointer checkpointer;
    private final Room room;
    private final @Nullable Thread commitThreadOrNull;
    private final @Nullable Thread checkpointThreadOrNull;
    private long indexRemovals; // since a checkpoint was last wanted; of the commit thread
    private boolean closed;

    static BlockStore open(BlockStore.Options options) {
        StoreFiles files = StoreFiles.open(options.directory(), options.owner(), options.whoami());
        Index index = null;
        try {
            index = new RocksIndex(files.index(), options.memory());
            Parts parts =
                    new Parts(
                            new DirectoryDisk(options.directory()),
                            index,
                            files.label().logSeed(),
                            files.label().blockBytes(),
                            options.diskReserveBytes(),
                            options.memory().readBuffers(),
                            Limits.DEFAULT,
                            options.onFailure(),
                            files::close);
            files.upgrade(); // before anything is written
            return new BlockStore(new BlockEngine(parts, "store." + options.whoami()));
        } catch (IOException | RuntimeException failure) {
            if (index != null) {
                index.close();
            }
            files.close();
            throw failure instanceof StoreException known
                    ? known
                    : StoreLabel.unusable(
                            options.directory(), "it does not open: " + failure, failure);
        }
    }

    /** Opens; with a name for its threads, or none to be driven step by step. */
    BlockEngine(Parts parts, @Nullable String threadNameOrNull) throws IOException {
        this.parts = parts;
        this.index = parts.index;
        this.file = parts.disk.open(StoreFiles.BLOCK);
        this.log =
                new TransactionLog(
                        parts.disk,
                        parts.logSeed,
                        parts.limits.segmentSize,
                        parts.limits.segmentCountMax);
        int blockCount = Math.toIntExact(parts.blockBytes / Extent.BLOCK_SIZE);
        boolean opened = false;
        try {
            long highest = recover();
            this.state = new BlockState(index, new Space(blockCount));
            state.load(index, highest);
            opened = true;
        } finally {
            if (!opened) {
                closeFiles();
            }
        }
        this.reader = new BlockReader(file);
        this.readers = readers(threadNameOrNull);
        this.committer = new Committer(state, log, file, index);
        this.checkpointer = new Checkpointer(state, log, file, index);
        this.room = new Room(parts.disk, state, committer, parts.diskReserveBytes);
        this.commitThreadOrNull = thread(threadNameOrNull, "-commit", this::commitLoop);
        this.checkpointThreadOrNull = thread(threadNameOrNull, "-checkpoint", this::checkpointLoop);
    }

    private static @Nullable Thread thread(@Nullable String name, String suffix, Runnable body) {
        return name == null ? null : Thread.ofPlatform().daemon().name(name + suffix).start(body);
    }

    /** Several, so that the disk has more than one request; there while they are needed. */
    private static ExecutorService readers(@Nullable String threadNameOrNull) {
        String name = threadNameOrNull == null ? "store" : threadNameOrNull;
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(
                        READER_COUNT,
                        READER_COUNT,
                        READER_IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name(name + "-read-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private long recover() throws IOException {
        long checkpoint = Checkpointer.marked(index);
        BlockWriter writer = new BlockWriter(file);
        long highest = log.recover(checkpoint, batch -> replay(batch, writer));
        if (highest != checkpoint) {
            LOG.info("replayed transactions {} to {} of the log", checkpoint + 1, highest);
            file.sync();
            Checkpointer.mark(index, highest);
        }
        return highest;
    }

    private void replay(Bytes batch, BlockWriter writer) throws IOException {
        Decoder in = new Decoder(batch);
        while (in.hasMore()) {
            LogRecord record = LogRecord.decode(in);
            writer.write(new TreeMap<>(record.blocks()));
            index.write(record.changes());
        }
    }

    BlockState state() {
        return state;
    }

    BlockReader reader() {
        return reader;
    }

    /** Changes the index past the log: for repair, of what is in no transaction. */
    void writeIndex(List<Index.Change> changes) {
        state.lock.lock();
        try {
            state.check();
            index.write(changes);
        } finally {
            state.lock.unlock();
        }
    }

    /** Where long reads go. */
    ReadBuffers readBuffers() {
        return parts.readBuffers;
    }

    /** Where what blocks for a long read is run. */
    Executor readers() {
        return readers;
    }

    void submit(Transaction transaction, Shard owner, Runnable committed) {
        state.lock.lock();
        try {
            while (true) {
                state.check();
                try {
                    submitLocked(transaction, owner, committed);
                    break;
                } catch (StoreException refused) {
                    if (refused.kind() != StoreException.Kind.FULL
                            || state.space.freedCount() == 0) {
                        throw refused;
                    }
                }
                awaitCheckpoint(); // freed blocks may be what is missing
            }
            while (committer.isFull()
                    && commitThreadOrNull != null
                    && state.failureOrNull == null) {
                state.changed.awaitUninterruptibly();
            }
        } finally {
            state.lock.unlock();
        }
    }

    private void submitLocked(Transaction transaction, Shard owner, Runnable committed) {
        DataDraft data =
                new DataDraft(
                        new Packer(state::compression),
                        state.space,
                        reader,
                        state.pending::blockOrNull,
                        parts.limits.directSizeMin);
        BlockTransaction applying = new BlockTransaction(state, data);
        int reachBefore = state.space.reach();
        boolean taken = false;
        try {
            applying.apply(transaction);
            room.check(data, reachBefore);
            taken = true;
        } finally {
            if (!taken) {
                data.cancel();
                state.space.reach(reachBefore);
            }
        }
        List<Index.Change> changes = applying.changes();
        Bytes record = new LogRecord(changes, data.deferred).encode();
        long sequence = state.add(applying, changes, data);
        committer.add(
                new Committer.Submitted(sequence, changes, data.direct, record, owner, committed));
    }

    /** Returns after the next checkpoint of all that was submitted before; needs the lock. */
    private void awaitCheckpoint() {
        long target = state.submitted;
        while (state.checkpoint < target) {
            state.check();
            if (commitThreadOrNull == null) {
                step();
            } else {
                state.checkpointWanted = true;
                state.changed.signalAll();
                state.changed.awaitUninterruptibly();
            }
        }
    }

    /** Commits everything that waits and makes a checkpoint, on the caller's thread. */
    private void step() {
        try {
            while (commitStep()) {
                // until nothing waits
            }
            checkpointer.checkpoint();
        } catch (IOException | RuntimeException failure) {
            fail(failure);
            state.check();
        }
    }

    /** For tests that drive the store: commits one batch; false when nothing waited. */
    boolean commitStep() throws IOException {
        List<Committer.Submitted> batch = committer.take();
        if (batch.isEmpty()) {
            return false;
        }
        committer.commit(batch, this::checkpointStep);
        return true;
    }

    /** For tests that drive the store. */
    void checkpointStep() {
        try {
            checkpointer.checkpoint();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private void commitLoop() {
        try {
            for (List<Committer.Submitted> batch = next(); !batch.isEmpty(); batch = next()) {
                committer.commit(batch, this::makeRoom);
                indexRemovals += Committer.removals(batch);
            }
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    private List<Committer.Submitted> next() {
        state.lock.lock();
        try {
            if (isCheckpointDue() && !state.checkpointWanted) {
                state.checkpointWanted = true;
                indexRemovals = 0;
                state.changed.signalAll();
            }
            while (committer.isIdle() && !state.closing && state.failureOrNull == null) {
                state.changed.awaitUninterruptibly();
            }
            boolean wasFull = committer.isFull();
            List<Committer.Submitted> batch =
                    state.failureOrNull == null ? committer.take() : List.of();
            if (wasFull) {
                state.changed.signalAll();
            }
            return batch;
        } finally {
            state.lock.unlock();
        }
    }

    private boolean isCheckpointDue() {
        // What was removed from the index gives room back only once it is in files of its own.
        if (indexRemovals >= parts.limits.indexRemovals && room.isIndexShort()) {
            return true;
        }
        return log.appendedBytes() >= parts.limits.checkpointBytes
                || state.pending.deferredBytes() >= parts.limits.checkpointBytes
                || state.space.freedCount() >= parts.limits.freedBlocks;
    }

    /**
     * The log is full: everything before the batch in hand is applied, a checkpoint frees all of
     * it.
     */
    private void makeRoom() {
        state.lock.lock();
        try {
            long target = state.applied;
            long count = state.checkpointCount;
            while (state.checkpoint < target || state.checkpointCount == count) {
                state.checkFailure();
                state.checkpointWanted = true;
                state.changed.signalAll();
                state.changed.awaitUninterruptibly();
            }
        } finally {
            state.lock.unlock();
        }
    }

    private void checkpointLoop() {
        try {
            while (awaitWanted()) {
                checkpointer.checkpoint();
            }
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    private boolean awaitWanted() {
        state.lock.lock();
        try {
            while (!state.checkpointWanted && !state.drained && state.failureOrNull == null) {
                state.changed.awaitUninterruptibly();
            }
            boolean wanted = state.checkpointWanted && state.failureOrNull == null;
            state.checkpointWanted = false;
            return wanted;
        } finally {
            state.lock.unlock();
        }
    }

    /** Something could not be read: if nothing of the disk can, the store fails. */
    void examine(StoreException unreadable) {
        if (unreadable.kind() != StoreException.Kind.IO) {
            return;
        }
        try {
            parts.disk.probe();
        } catch (IOException gone) {
            fail(gone);
            state.checkFailure();
        }
    }

    private void fail(Throwable failure) {
        StoreException known =
                failure instanceof StoreException store
                        ? store
                        : new StoreException(
                                StoreException.Kind.IO,
                                "the disk failed: " + failure + "; check it",
                                failure);
        boolean first;
        state.lock.lock();
        try {
            first = state.failureOrNull == null;
            if (first) {
                state.failureOrNull = known;
            }
            state.changed.signalAll();
        } finally {
            state.lock.unlock();
        }
        if (first) {
            LOG.error("the store fails for good", known);
            parts.onFailure.accept(known);
        }
    }

    /** Needs the lock. */
    long availableBytes() {
        return room.availableBytes();
    }

    long indexAvailableBytes() {
        return room.indexAvailableBytes();
    }

    /** Needs the lock. */
    ObjectStore.Usage usage() {
        long used = Extent.bytes(state.space.usedCount());
        long available = room.availableBytes();
        return new ObjectStore.Usage(
                used + available,
                available,
                used,
                index.approximateBytes(IndexKeys.OMAPS, IndexKeys.OMAPS_END),
                index.approximateBytes(IndexKeys.OBJECTS, IndexKeys.OBJECTS_END));
    }

    void close() {
        if (!beginClosing()) {
            return;
        }
        try {
            if (commitThreadOrNull != null && checkpointThreadOrNull != null) {
                join(commitThreadOrNull);
                endCheckpoints();
                join(checkpointThreadOrNull);
            }
            if (state.failureOrNull == null) {
                while (commitStep()) {
                    // only where no thread did it
                }
                checkpointer.checkpoint();
            }
        } catch (IOException failure) {
            throw new StoreException(
                    StoreException.Kind.IO, "cannot close the store: " + failure, failure);
        } finally {
            release();
        }
    }

    private boolean beginClosing() {
        state.lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            state.closing = true;
            state.changed.signalAll();
            return true;
        } finally {
            state.lock.unlock();
        }
    }

    private void endCheckpoints() {
        state.lock.lock();
        try {
            state.drained = true;
            state.changed.signalAll();
        } finally {
            state.lock.unlock();
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread != Thread.currentThread()) { // which closes when it told of its failure
            try {
                thread.join();
                break;
            } catch (InterruptedException early) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void release() {
        readers.close(); // when those that began have ended
        index.close();
        closeFiles();
        parts.closed.run();
    }

    private void closeFiles() {
        try {
            log.close();
            file.close();
        } catch (IOException failure) {
            LOG.warn("cannot close the files of the store", failure);
        }
    }
}
