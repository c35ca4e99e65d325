package io.sepiola.base;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A shard on a platform thread of its own. */
public final class ThreadShard implements Shard, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadShard.class);

    private final String name;
    private final BiConsumer<Shard, Throwable> onFailure;
    private final ScheduledThreadPoolExecutor executor;
    private volatile Thread thread;

    /**
     * Starts the thread.
     *
     * @param onFailure told of every exception that a task lets through; the shard goes on
     */
    public ThreadShard(String name, BiConsumer<Shard, Throwable> onFailure) {
        this.name = name;
        this.onFailure = onFailure;
        this.thread = Thread.currentThread(); // replaced before the first task runs
        this.executor =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            Thread made = Executors.defaultThreadFactory().newThread(task);
                            made.setName(name);
                            made.setDaemon(true);
                            thread = made;
                            return made;
                        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.prestartCoreThread();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(() -> run(task));
        } catch (RejectedExecutionException closed) {
            LOG.debug("{}: a task came after the shard was closed", name);
        }
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public Timers timers() {
        return this::after;
    }

    @Override
    public Clock clock() {
        return Clock.system();
    }

    /** Drops what waits and ends the thread after the running task. */
    @Override
    public void close() {
        executor.shutdownNow();
    }

    private Timers.Timer after(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> future =
                    executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            onFailure.accept(this, failure);
        }
    }
}
