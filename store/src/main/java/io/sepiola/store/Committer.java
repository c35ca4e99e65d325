package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes transactions durable in batches: a batch is all that was submitted while the one before was
 * written. Its long data go to the block file and are synced; then the log takes the whole batch
 * with one sync; then the owners are told; then the index learns it. So the index never holds what
 * the log does not, and the log never speaks of data that are not on the disk.
 *
 * <p>Runs on one thread, or step by step in tests.
 */
final class Committer {
    private static final long BATCH_LOG_BYTES_MAX = 4 << 20;
    private static final long BATCH_DIRECT_BYTES_MAX = 16 << 20;
    private static final long QUEUE_BYTES_MAX = 64 << 20;

    /** A transaction that waits. */
    record Submitted(
            long sequence,
            List<Index.Change> changes,
            SortedMap<Long, Bytes> direct,
            Bytes record,
            Shard owner,
            Runnable committed) {
        private long directBytes() {
            return direct.values().stream().mapToLong(Bytes::size).sum();
        }
    }

    private final BlockState state;
    private final TransactionLog log;
    private final Disk.File file;
    private final BlockWriter writer;
    private final Index index;
    private final Deque<Submitted> queue = new ArrayDeque<>(); // under the state's lock
    private long queueBytes;

    Committer(BlockState state, TransactionLog log, Disk.File file, Index index) {
        this.state = state;
        this.log = log;
        this.file = file;
        this.writer = new BlockWriter(file);
        this.index = index;
    }

    /** Adds a transaction; needs the lock. */
    void add(Submitted submitted) {
        queue.add(submitted);
        queueBytes += submitted.record.size() + submitted.directBytes();
        if (queue.size() == 1) {
            state.changed.signalAll();
        }
    }

    /** What waits, in bytes; needs the lock. */
    long queueBytes() {
        return queueBytes;
    }

    /** Whether as much waits as may; needs the lock. */
    boolean isFull() {
        return queueBytes > QUEUE_BYTES_MAX;
    }

    /** Whether nothing waits; needs the lock. */
    boolean isIdle() {
        return queue.isEmpty();
    }

    /** The next batch; needs the lock. Empty when nothing waits. */
    List<Submitted> take() {
        List<Submitted> batch = new ArrayList<>();
        long logBytes = 0;
        long directBytes = 0;
        while (!queue.isEmpty()
                && (batch.isEmpty()
                        || (logBytes + queue.element().record.size() <= BATCH_LOG_BYTES_MAX
                                && directBytes + queue.element().directBytes()
                                        <= BATCH_DIRECT_BYTES_MAX))) {
            Submitted next = queue.remove();
            batch.add(next);
            logBytes += next.record.size();
            directBytes += next.directBytes();
        }
        queueBytes -= logBytes + directBytes;
        return batch;
    }

    /** Commits a batch. {@code room} makes a checkpoint happen when the log is full. */
    void commit(List<Submitted> batch, Runnable room) throws IOException {
        writeDirect(batch);
        long last = batch.getLast().sequence;
        List<Bytes> records = batch.stream().map(Submitted::record).toList();
        while (!log.append(batch.getFirst().sequence, last, records)) {
            room.run();
        }
        tellOwners(batch);
        List<Index.Change> changes = new ArrayList<>();
        batch.forEach(each -> changes.addAll(each.changes));
        index.write(changes);
        state.lock.lock();
        try {
            state.applied(last);
        } finally {
            state.lock.unlock();
        }
    }

    /** How many keys a batch takes out of the index. */
    static long removals(List<Submitted> batch) {
        return batch.stream()
                .flatMap(each -> each.changes.stream())
                .filter(change -> change.value() == null)
                .count();
    }

    private void writeDirect(List<Submitted> batch) throws IOException {
        SortedMap<Long, Bytes> direct = new TreeMap<>();
        batch.forEach(each -> direct.putAll(each.direct));
        if (direct.isEmpty()) {
            return;
        }
        writer.write(direct);
        file.sync();
        state.lock.lock();
        try {
            direct.keySet().forEach(state.pending::written);
        } finally {
            state.lock.unlock();
        }
    }

    private static void tellOwners(List<Submitted> batch) {
        Map<Shard, List<Runnable>> byOwner = new LinkedHashMap<>();
        for (Submitted each : batch) {
            byOwner.computeIfAbsent(each.owner, owner -> new ArrayList<>()).add(each.committed);
        }
        byOwner.forEach((owner, committed) -> owner.execute(() -> runAll(committed, 0)));
    }

    // One that throws must not keep the others from running.
    private static void runAll(List<Runnable> tasks, int from) {
        int next = from;
        try {
            while (next < tasks.size()) {
                tasks.get(next++).run();
            }
        } finally {
            if (next < tasks.size()) {
                runAll(tasks, next);
            }
        }
    }
}
