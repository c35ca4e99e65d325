package io.sepiola.monitor;

import io.sepiola.base.Clock;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.ChangeCodec;
import io.sepiola.monitor.state.Draft;
import io.sepiola.monitor.state.MonitorState;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns drafted changes into committed ones, one record at a time: everything drafted while a
 * commit is under way goes into the next one. Owned by the monitor's shard.
 */
final class Committer {
    /** After how many records the log is cut short by a snapshot. */
    private static final int SNAPSHOT_RECORDS = 1000;

    /** So long what OSDs tell may wait for each of those that will hear of it, at most a second. */
    private static final long PATIENCE_NANOS = 200_000;

    private static final long PATIENCE_MIN_NANOS = 10_000_000; // less is not worth a timer
    private static final long PATIENCE_MAX_NANOS = 1_000_000_000;

    private final Shard shard;
    private final ReplicatedLog log;
    private final Observer observer;
    private final Draft draft;
    private volatile MonitorState state; // read by the event loops
    private List<Runnable> waiting = new ArrayList<>();
    private boolean flushDue;
    private boolean committing;
    private Timers.@Nullable Timer patient;
    private long committedNanos;
    private long snapshotVersion;
    private long version; // of the last record

    /** Told of each commit, before those that wait for it. */
    interface Observer {
        /**
         * These changes are agreed.
         *
         * @param version of their record; each commit's is one more than the one before
         */
        void committed(long version, List<Change> changes);
    }

    /**
     * Goes on after {@code recovered}.
     *
     * @param observer told of each commit
     */
    Committer(
            Shard shard,
            Clock clock,
            ReplicatedLog log,
            ReplicatedLog.Recovered recovered,
            MonitorState blank,
            Observer observer) {
        this.shard = shard;
        this.log = log;
        this.observer = observer;
        this.version = recovered.version();
        this.committedNanos = shard.clock().nanos() - PATIENCE_MAX_NANOS; // long ago
        this.state = replay(recovered, blank);
        this.snapshotVersion = recovered.version() - recovered.records().size();
        this.draft = new Draft(state, clock);
    }

    static MonitorState replay(ReplicatedLog.Recovered recovered, MonitorState blank) {
        MonitorState state =
                recovered.snapshot().isEmpty()
                        ? blank
                        : MonitorState.CODEC.fromBytes(recovered.snapshot());
        for (var record : recovered.records()) {
            state = state.apply(ChangeCodec.changes(record));
        }
        return state;
    }

    /** What is agreed. Any thread may ask. */
    MonitorState state() {
        return state;
    }

    /** The version of the last record. */
    long version() {
        return version;
    }

    /** Where changes are proposed. */
    Draft draft() {
        return draft;
    }

    /** Runs {@code task} once everything drafted so far is committed; never within this call. */
    void whenCommitted(Runnable task) {
        waiting.add(task);
        flushSoon();
    }

    /** How many tasks wait for the next commit. */
    int waitingCount() {
        return waiting.size();
    }

    /** Commits what is drafted, after the task that runs now. */
    void flushSoon() {
        if (!flushDue) {
            flushDue = true;
            shard.execute(this::flush);
        }
    }

    private void flush() {
        flushDue = false;
        if (committing) {
            return; // goes into the next record
        }
        if (patient != null) {
            patient.cancel();
            patient = null;
        }
        long left = committedNanos + patienceNanos() - shard.clock().nanos();
        if (left > 0) {
            patient = shard.timers().after(Duration.ofNanos(left), this::flush);
            return;
        }
        List<Change> changes = draft.take();
        List<Runnable> tasks = waiting;
        waiting = new ArrayList<>();
        if (changes.isEmpty()) {
            tasks.forEach(Runnable::run);
            return;
        }
        committing = true;
        MonitorState after = draft.state();
        log.append(ChangeCodec.record(changes), record -> committed(record, changes, after, tasks));
    }

    /**
     * How far apart epochs are in which nothing is but what OSDs tell of themselves and of each
     * other: the more will be told of them, the farther, so that many OSDs that start or fail at
     * once share few.
     */
    private long patienceNanos() {
        if (!draft.isPatient()) {
            return 0;
        }
        long nanos = Math.min(PATIENCE_MAX_NANOS, draft.osdMap().osdCount() * PATIENCE_NANOS);
        return nanos < PATIENCE_MIN_NANOS ? 0 : nanos;
    }

    private void committed(
            long recordVersion, List<Change> changes, MonitorState after, List<Runnable> tasks) {
        committing = false;
        committedNanos = shard.clock().nanos();
        version = recordVersion;
        state = after;
        if (version - snapshotVersion >= SNAPSHOT_RECORDS) {
            snapshotVersion = version;
            log.snapshot(version, MonitorState.CODEC.toBytes(after));
        }
        observer.committed(version, changes);
        tasks.forEach(Runnable::run);
        if (!draft.isEmpty() || !waiting.isEmpty()) {
            flushSoon();
        }
    }
}
