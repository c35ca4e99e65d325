package io.sepiola.base;

import java.time.Duration;

/** Runs tasks later, on the shard that owns these timers. */
public interface Timers {
    /** A task that has been asked for. */
    interface Timer {
        /** The task will not run, unless it has begun. Call it on the owning shard. */
        void cancel();
    }

    /** Runs {@code task} on the owning shard once {@code delay} has passed. Any thread may call. */
    Timer after(Duration delay, Runnable task);
}
