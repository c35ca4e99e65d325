package io.sepiola.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.base.Lent;
import io.sepiola.base.Shard;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** What every transport promises. */
abstract class TransportContract {
    abstract Transport transport();

    abstract Shard near();

    abstract Shard far();

    /** Lets the world go on until it is so; fails when it does not come about. */
    abstract void await(BooleanSupplier done);

    /** Runs a task on a shard and waits for it. */
    final void on(Shard shard, Runnable task) {
        boolean[] done = new boolean[1];
        shard.execute(() -> {
            task.run();
            synchronized (done) {
                done[0] = true;
            }
        });
        await(() -> {
            synchronized (done) {
                return done[0];
            }
        });
    }

    /** Collects what comes; every field is read and written under its lock. */
    static final class Collector implements Transport.Handler {
        private Transport.@Nullable Link link;
        private Transport.@Nullable Cause cause;
        private final Encoder all = new Encoder();
        private final int grain;
        private boolean wrongShard;

        /** Takes nothing but whole grains, as a reader of frames does. */
        Collector(int grain) {
            this.grain = grain;
        }

        @Override
        public synchronized void opened(Transport.Link opened) {
            link = opened;
            wrongShard |= !opened.shard().isCurrent();
        }

        @Override
        public synchronized void received(Transport.Source source) {
            wrongShard |= !link().shard().isCurrent();
            while (source.available() >= grain) {
                all.raw(source.take(grain));
            }
        }

        @Override
        public synchronized void closed(Transport.Cause why) {
            assertThat(cause).isNull();
            cause = why;
        }

        synchronized Transport.Link link() {
            return java.util.Objects.requireNonNull(link);
        }

        synchronized boolean isOpen() {
            return link != null;
        }

        synchronized Transport.@Nullable Cause cause() {
            return cause;
        }

        synchronized Bytes bytes() {
            return all.toBytes();
        }

        synchronized int size() {
            return all.size();
        }

        synchronized boolean sawWrongShard() {
            return wrongShard;
        }
    }

    private final List<Collector> accepted = new ArrayList<>();

    final Transport.Listener listen(int grain) {
        return transport()
                .listen(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                        far(),
                        from -> {
                            Collector collector = new Collector(grain);
                            synchronized (accepted) {
                                accepted.add(collector);
                            }
                            return collector;
                        });
    }

    final Collector accepted() {
        await(() -> {
            synchronized (accepted) {
                return accepted.size() == 1 && accepted.getFirst().isOpen();
            }
        });
        synchronized (accepted) {
            return accepted.getFirst();
        }
    }

    final Collector connect(InetSocketAddress to) {
        Collector collector = new Collector(1);
        transport().connect(to, near(), collector);
        return collector;
    }

    @Test
    void bytesArriveInOrderBothWays() {
        try (Transport.Listener listener = listen(7)) {
            assertThat(listener.address().getPort()).isPositive();
            Collector here = connect(listener.address());
            Collector there = accepted();
            await(here::isOpen);
            byte[] data = new byte[7 * 300_000];
            new Random(1).nextBytes(data);
            on(
                    near(),
                    () -> {
                        int at = 0;
                        for (int size = 1; at < data.length; size = size * 3 + 1) {
                            int take = Math.min(size, data.length - at);
                            here.link().write(Bytes.of(data, at, take));
                            at += take;
                        }
                    });
            on(far(), () -> there.link().write(Bytes.utf8("hello")));
            await(() -> there.size() == data.length);
            await(() -> here.size() == 5);
            assertThat(there.bytes()).isEqualTo(Bytes.of(data));
            assertThat(here.bytes()).isEqualTo(Bytes.utf8("hello"));
            assertThat(here.sawWrongShard()).isFalse();
            assertThat(there.sawWrongShard()).isFalse();
            assertThat(here.link().remote()).isEqualTo(listener.address());
        }
    }

    /** Lends a copy of {@code content}. */
    static Bytes lend(byte[] content, Runnable giveBack) {
        ByteBuffer memory = ByteBuffer.allocateDirect(content.length).put(content);
        return Bytes.of(new Lent(memory, giveBack), 0, content.length);
    }

    @Test
    void lentMemoryArrives() {
        byte[] content = new byte[3 << 20];
        new Random(4).nextBytes(content);
        Bytes plain = Bytes.of(content);
        Bytes lent = lend(content, () -> {});
        try (Transport.Listener listener = listen(1)) {
            Collector here = connect(listener.address());
            Collector there = accepted();
            await(here::isOpen);
            on(near(), () -> here.link().write(mixed(plain, lent)));
            Bytes expected = mixed(plain, plain);
            await(() -> there.size() == expected.size());
            assertThat(there.bytes()).isEqualTo(expected);
        }
    }

    /** The same memory several times, between pieces of the heap. */
    private static Bytes mixed(Bytes plain, Bytes lent) {
        return Bytes.concat(
                plain.slice(0, 7),
                lent,
                plain.slice(9, 700_000),
                lent.slice(1000, 2_000_000),
                lent.slice(5));
    }

    @Test
    void closingSendsWhatIsQueuedFirst() {
        try (Transport.Listener listener = listen(1000)) {
            Collector here = connect(listener.address());
            Collector there = accepted();
            await(here::isOpen);
            Bytes data = Bytes.zeros(1_000_000);
            on(
                    near(),
                    () -> {
                        here.link().write(data);
                        here.link().close();
                        here.link().write(Bytes.utf8("too late"));
                    });
            await(() -> there.cause() != null);
            await(() -> here.cause() != null);
            assertThat(there.size()).isEqualTo(data.size());
            assertThat(there.cause()).isEqualTo(Transport.Cause.BROKEN);
            assertThat(here.cause()).isEqualTo(Transport.Cause.CLOSED);
        }
    }

    @Test
    void nobodyListens() {
        InetSocketAddress gone;
        try (Transport.Listener listener = listen(1)) {
            gone = listener.address();
        }
        Collector here = new Collector(1);
        transport().connect(gone, near(), here);
        await(() -> here.cause() != null);
        assertThat(here.cause()).isEqualTo(Transport.Cause.REFUSED);
        assertThat(here.isOpen()).isFalse();
    }

    @Test
    void readingStopsAndResumes() {
        try (Transport.Listener listener = listen(4096)) {
            Collector here = connect(listener.address());
            Collector there = accepted();
            await(here::isOpen);
            on(far(), () -> there.link().readable(false));
            on(near(), () -> here.link().write(Bytes.zeros(32 << 20)));
            on(near(), () -> {});
            on(far(), () -> {});
            assertThat(there.size()).isLessThan(32 << 20);
            long[] queued = new long[1];
            on(near(), () -> queued[0] = here.link().queuedBytes());
            assertThat(queued[0]).isPositive();
            on(far(), () -> there.link().readable(true));
            await(() -> there.size() == 32 << 20);
        }
    }

    @Test
    void anAddressIsListenedToOnce() {
        try (Transport.Listener listener = listen(1)) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() ->
                            transport().listen(listener.address(), far(), from -> new Collector(1)))
                    .isInstanceOf(MessengerException.class)
                    .hasMessageContaining("cannot listen");
        }
    }
}
