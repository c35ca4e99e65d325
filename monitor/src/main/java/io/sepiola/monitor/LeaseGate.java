package io.sepiola.monitor;

import io.sepiola.base.Shard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Holds back what may be done only while the log's lease is not in doubt, in order. */
final class LeaseGate implements AutoCloseable {
    private static final Duration LEASE_CHECK = Duration.ofMillis(20);

    private final Shard shard;
    private final ReplicatedLog log;
    private final Deque<Runnable> held = new ArrayDeque<>();
    private boolean closed;

    LeaseGate(Shard shard, ReplicatedLog log) {
        this.shard = shard;
        this.log = log;
    }

    /** Runs it now, or as soon as the lease is certain again. */
    void whenLeased(Runnable task) {
        if (held.isEmpty() && log.isLeased()) {
            task.run();
            return;
        }
        held.addLast(task);
        if (held.size() == 1) {
            shard.timers().after(LEASE_CHECK, this::letGo);
        }
    }

    private void letGo() {
        while (!closed && !held.isEmpty() && log.isLeased()) {
            held.removeFirst().run();
        }
        if (!closed && !held.isEmpty()) {
            shard.timers().after(LEASE_CHECK, this::letGo);
        }
    }

    /** What is held is never done. */
    @Override
    public void close() {
        closed = true;
    }
}
