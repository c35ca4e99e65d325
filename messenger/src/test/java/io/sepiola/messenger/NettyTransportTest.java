package io.sepiola.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Shard;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

class NettyTransportTest extends TransportContract {
    final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    final NettyTransport netty = new NettyTransport(2, (shard, failure) -> failures.add(failure));

    @AfterEach
    void close() {
        netty.close();
        assertThat(failures).isEmpty();
    }

    @Override
    Transport transport() {
        return netty;
    }

    @Override
    Shard near() {
        return netty.shards().get(0);
    }

    @Override
    Shard far() {
        return netty.shards().get(1);
    }

    @Override
    void await(BooleanSupplier done) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void loopsAreShards() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Shard shard = near();
        on(
                shard,
                () -> {
                    shard.execute(() -> order.add("second"));
                    order.add("first");
                    assertThat(shard.isCurrent()).isTrue();
                    assertThat(far().isCurrent()).isFalse();
                });
        shard.timers().after(Duration.ofMillis(1), () -> order.add("third"));
        shard.timers().after(Duration.ofSeconds(30), () -> order.add("never")).cancel();
        await(() -> order.size() == 3);
        assertThat(order).containsExactly("first", "second", "third");
    }
}
