package io.sepiola.base;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Runs any number of shards in one thread, in simulated time, from one seed. The same seed and the
 * same program give the same order of tasks, and therefore the same trace.
 *
 * <p>A task that one shard gives to another arrives after a short random delay; what one shard
 * gives to the same other stays in order. Owned by the thread that calls {@link #run}.
 */
public final class Simulation {
    /** Simulated time starts here. */
    public static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private static final int HANDOVER_NANOS_MAX = 20_000;

    private static final long HASH_PRIME = 0x100000001b3L; // FNV-1a

    private record Task(
            long dueNanos, long order, SimulatedShard shard, Runnable body, boolean[] live)
            implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final long seed;
    private final SplittableRandom random;
    private final PriorityQueue<Task> queue = new PriorityQueue<>();
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private final Clock clock = new TrueClock();
    private @org.jspecify.annotations.Nullable SimulatedShard currentOrNull;
    private long nowNanos;
    private long order;
    private long taskCount;
    private long traceHash = 0xcbf29ce484222325L; // FNV-1a

    /** A simulation of which everything follows from {@code seed}. */
    public Simulation(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** What the simulation was made from. */
    public long seed() {
        return seed;
    }

    /** Simulated time as it is; a shard's own clock may show another. */
    public Clock clock() {
        return clock;
    }

    /** A generator that depends on the seed and on when it was asked for. */
    public RandomGenerator random() {
        return random.split();
    }

    /** A new shard that goes by the true time. */
    public SimulatedShard shard(String name) {
        return new SimulatedShard(name, new SimulatedClock(clock));
    }

    /** A new shard on a host with that clock. */
    public SimulatedShard shard(String name, SimulatedClock hostClock) {
        return new SimulatedShard(name, hostClock);
    }

    /** A host's clock, for the shards of that host. */
    public SimulatedClock hostClock() {
        return new SimulatedClock(clock);
    }

    /** Tasks and timers that are still to come, of shards that live. */
    public long waitingCount() {
        return queue.stream().filter(task -> task.live[0] && task.shard.alive).count();
    }

    /** Tasks run so far. */
    public long taskCount() {
        return taskCount;
    }

    /** Adds a line to the trace. */
    public void trace(String line) {
        String stamped = nowNanos + " " + line;
        for (int i = 0; i < stamped.length(); i++) {
            traceHash = (traceHash ^ stamped.charAt(i)) * HASH_PRIME;
        }
        for (Consumer<String> listener : listeners) {
            listener.accept(stamped);
        }
    }

    /** Adds what happens often to the trace: two numbers, and words only for who looks on. */
    public void trace(long one, long other, Supplier<String> line) {
        traceHash = (traceHash ^ nowNanos) * HASH_PRIME;
        traceHash = (traceHash ^ one) * HASH_PRIME;
        traceHash = (traceHash ^ other) * HASH_PRIME;
        if (!listeners.isEmpty()) {
            String stamped = nowNanos + " " + line.get();
            listeners.forEach(listener -> listener.accept(stamped));
        }
    }

    /** Shows every further line of the trace. */
    public void onTrace(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** A digest of the trace so far: equal for equal runs. */
    public long traceHash() {
        return traceHash;
    }

    /** Runs what is due within {@code span}; simulated time then stands at its end. */
    public void run(Duration span) {
        long end = nowNanos + span.toNanos();
        while (runOne(end)) {
            // until nothing is due
        }
        nowNanos = end;
    }

    /**
     * Runs until {@code done} holds.
     *
     * @return false when it did not hold within {@code spanMax} of simulated time
     */
    public boolean runUntil(java.util.function.BooleanSupplier done, Duration spanMax) {
        long end = nowNanos + spanMax.toNanos();
        while (!done.getAsBoolean()) {
            if (!runOne(end)) {
                nowNanos = end;
                return done.getAsBoolean();
            }
        }
        return true;
    }

    private boolean runOne(long endNanos) {
        Task task = queue.peek();
        if (task == null || task.dueNanos > endNanos) {
            return false;
        }
        queue.poll();
        nowNanos = Math.max(nowNanos, task.dueNanos);
        if (task.live[0] && task.shard.alive && task.shard.stoppedUntilNanos > nowNanos) {
            queue.add(
                    new Task(
                            task.shard.stoppedUntilNanos,
                            task.order,
                            task.shard,
                            task.body,
                            task.live));
        } else if (task.live[0] && task.shard.alive) {
            taskCount++;
            currentOrNull = task.shard;
            try {
                task.body.run();
            } finally {
                currentOrNull = null;
            }
        }
        return true;
    }

    private final class TrueClock implements Clock {
        @Override
        public long nanos() {
            return nowNanos;
        }

        @Override
        public Instant now() {
            return START.plusNanos(nowNanos);
        }
    }

    /** A shard of the simulation. */
    public final class SimulatedShard implements Shard, Timers {
        private final String name;
        private final SimulatedClock hostClock;
        private boolean alive = true;
        private long lastDueNanos;
        private long stoppedUntilNanos;

        private SimulatedShard(String name, SimulatedClock hostClock) {
            this.name = name;
            this.hostClock = hostClock;
        }

        /** Nothing runs here for so long, as after SIGSTOP; what falls due runs afterwards. */
        public void stop(Duration span) {
            stoppedUntilNanos = nowNanos + span.toNanos();
        }

        /** Whether it stands still. */
        public boolean isStopped() {
            return stoppedUntilNanos > nowNanos;
        }

        /** Whether it was not killed. */
        public boolean isAlive() {
            return alive;
        }

        /** From now on nothing given to this shard runs, as after kill -9 of its process. */
        public void kill() {
            alive = false;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void execute(Runnable task) {
            long delay = currentOrNull == this ? 0 : random.nextInt(HANDOVER_NANOS_MAX);
            lastDueNanos = Math.max(lastDueNanos, nowNanos + delay); // keeps the mailbox in order
            add(lastDueNanos, task);
        }

        @Override
        public boolean isCurrent() {
            return currentOrNull == this;
        }

        @Override
        public Timers timers() {
            return this;
        }

        @Override
        public Clock clock() {
            return hostClock;
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            return at(hostClock.trueNanos(delay.toNanos()), task);
        }

        /** As {@link #after}, by the true time: for what happens outside of the host. */
        public Timer at(long delayNanos, Runnable task) {
            boolean[] live = add(nowNanos + Math.max(0, delayNanos), task);
            return () -> live[0] = false;
        }

        private boolean[] add(long dueNanos, Runnable task) {
            boolean[] live = {true};
            queue.add(new Task(dueNanos, order++, this, task, live));
            return live;
        }
    }
}
