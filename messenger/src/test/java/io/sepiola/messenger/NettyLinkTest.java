package io.sepiola.messenger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Invariant;
import io.sepiola.base.Shard;
import io.sepiola.messenger.TransportContract.Collector;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Memory that is lent to a socket comes back. */
class NettyLinkTest {
    private static final int MEBIBYTE = 1 << 20;

    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private final NettyTransport netty =
            new NettyTransport(1, (shard, failure) -> failed.completeExceptionally(failure));
    private final Shard shard = netty.shards().getFirst();
    private final AtomicInteger back = new AtomicInteger();
    private final Collector here = new Collector(1);
    private final Collector there = new Collector(1);

    @BeforeEach
    void connect() {
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        Transport.Listener listener = netty.listen(any, shard, from -> there);
        netty.connect(listener.address(), shard, here);
        await(() -> here.isOpen() && there.isOpen());
    }

    @AfterEach
    void close() {
        netty.close();
        assertThat(failed).isNotCompletedExceptionally();
    }

    private static void await(BooleanSupplier done) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(100_000);
        }
    }

    private void on(Runnable task) {
        CompletableFuture.runAsync(task, shard::execute).orTimeout(20, TimeUnit.SECONDS).join();
    }

    private Bytes lend() {
        return TransportContract.lend(new byte[MEBIBYTE], back::incrementAndGet);
    }

    @Test
    void whenTheSocketHasTakenIt() {
        Bytes lent = lend();
        on(() -> here.link().write(Bytes.concat(lent.slice(3), lent, Bytes.zeros(9))));
        await(() -> back.get() == 1);
        assertThatThrownBy(() -> lent.at(0)).isInstanceOf(Invariant.Broken.class);
        await(() -> there.size() == 2 * MEBIBYTE + 6);
    }

    @Test
    void whenTheLinkBreaks() {
        int count = 30;
        on(() -> there.link().readable(false));
        on(() -> {
            for (int i = 0; i < count; i++) {
                here.link().write(lend());
            }
        });
        await(() -> back.get() > 0);
        on(() -> assertThat(here.link().queuedBytes()).isPositive());
        on(() -> there.link().close());
        await(() -> here.cause() != null);
        await(() -> back.get() == count);
    }
}
