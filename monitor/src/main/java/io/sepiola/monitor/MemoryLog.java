package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Invariant;
import io.sepiola.base.Shard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A log without a disk, for the simulator and for throw-away clusters. What was committed lives in
 * its {@link Disk}, from which a later log, after a simulated crash, goes on.
 */
public final class MemoryLog implements ReplicatedLog {
    /** What survives a crash. Owned by one log at a time. */
    public static final class Disk {
        private long version;
        private Bytes snapshot = Bytes.EMPTY;
        private long snapshotVersion;
        private final List<Bytes> records = new ArrayList<>();

        /** Empty. */
        public Disk() {}
    }

    private final Disk disk;
    private final Shard owner;
    private final Duration latency;
    private boolean closed;

    /**
     * A log over {@code disk}.
     *
     * @param latency from an append to its commit
     */
    public MemoryLog(Disk disk, Shard owner, Duration latency) {
        this.disk = disk;
        this.owner = owner;
        this.latency = latency;
    }

    @Override
    public Recovered recover() {
        return new Recovered(disk.version, disk.snapshot, disk.records);
    }

    @Override
    public void append(Bytes record, LongConsumer committed) {
        Bytes kept = record.detach();
        owner.timers().after(latency, () -> commit(kept, committed));
    }

    private void commit(Bytes record, LongConsumer committed) {
        if (closed) {
            return;
        }
        disk.records.add(record);
        disk.version++;
        committed.accept(disk.version);
    }

    @Override
    public void snapshot(long version, Bytes state) {
        Invariant.that(
                version <= disk.version && version >= disk.snapshotVersion,
                "snapshot of %s, committed %s, last snapshot %s",
                version,
                disk.version,
                disk.snapshotVersion);
        disk.records.subList(0, (int) (version - disk.snapshotVersion)).clear();
        disk.snapshotVersion = version;
        disk.snapshot = state.detach();
    }

    @Override
    public void close() {
        closed = true;
    }
}
