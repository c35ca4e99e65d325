package io.sepiola.store;

import io.sepiola.base.Bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;

/**
 * Takes from the log what it need not keep: brings deferred blocks to the block file and the index
 * to the disk, in this order, and then lets log segments and freed blocks be used again. Depends on
 * nothing that waits for it: it works up to what is applied now.
 *
 * <p>Runs on one thread, or step by step in tests.
 */
final class Checkpointer {
    private final BlockState state;
    private final TransactionLog log;
    private final Disk.File file;
    private final BlockWriter writer;
    private final Index index;

    Checkpointer(BlockState state, TransactionLog log, Disk.File file, Index index) {
        this.state = state;
        this.log = log;
        this.file = file;
        this.writer = new BlockWriter(file);
        this.index = index;
    }

    /** Makes a checkpoint of all that is applied. */
    void checkpoint() throws IOException {
        long sequence;
        int reach;
        SortedMap<Long, Bytes> deferred;
        state.lock.lock();
        try {
            sequence = state.applied;
            reach = state.space.reach();
            deferred = state.pending.deferred(sequence);
        } finally {
            state.lock.unlock();
        }
        if (sequence != state.checkpoint) {
            writer.write(deferred);
            if (!deferred.isEmpty()) {
                file.sync();
            }
            index.write(List.of(new Index.Change(IndexKeys.REACH, u32(reach))));
            mark(index, sequence);
            log.trim(sequence);
        }
        state.lock.lock();
        try {
            state.pending.checkpoint(sequence);
            state.space.checkpoint(sequence);
            state.checkpoint = sequence;
            state.checkpointCount++;
            state.changed.signalAll();
        } finally {
            state.lock.unlock();
        }
    }

    /** Notes, durably, that the log is needed only after {@code sequence}. */
    static void mark(Index index, long sequence) {
        byte[] value = ByteBuffer.allocate(8).putLong(sequence).array();
        index.write(List.of(new Index.Change(IndexKeys.CHECKPOINT, value)));
        index.flush();
    }

    private static byte[] u32(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** The end of all blocks that were ever given, as last noted. */
    static int reach(Index index) {
        byte[] value = index.get(IndexKeys.REACH);
        return value == null ? 0 : ByteBuffer.wrap(value).getInt();
    }

    /** What was last noted. */
    static long marked(Index index) {
        byte[] value = index.get(IndexKeys.CHECKPOINT);
        return value == null ? 0 : ByteBuffer.wrap(value).getLong();
    }
}
