package io.sepiola.messenger;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sepiola.base.Clock;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** One of Netty's event loops. */
final class EventLoopShard implements Shard, Timers {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoopShard.class);

    private final String name;
    private final EventLoop loop;
    private final BiConsumer<Shard, Throwable> onFailure;

    EventLoopShard(String name, EventLoop loop, BiConsumer<Shard, Throwable> onFailure) {
        this.name = name;
        this.loop = loop;
        this.onFailure = onFailure;
    }

    EventLoop loop() {
        return loop;
    }

    void failed(Throwable failure) {
        onFailure.accept(this, failure);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void execute(Runnable task) {
        try {
            loop.execute(() -> run(task));
        } catch (RejectedExecutionException closed) {
            LOG.debug("{}: a task came after the loop was closed", name);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public boolean isCurrent() {
        return loop.inEventLoop();
    }

    @Override
    public Timers timers() {
        return this;
    }

    @Override
    public Clock clock() {
        return Clock.system();
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> future =
                    loop.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }
}
