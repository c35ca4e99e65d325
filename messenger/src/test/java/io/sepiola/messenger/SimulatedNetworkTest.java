package io.sepiola.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.base.Simulation;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

class SimulatedNetworkTest extends TransportContract {
    private final Simulation simulation = new Simulation(5);
    private final SimulatedNetwork network = new SimulatedNetwork(simulation);
    private final Shard near = simulation.shard("near");
    private final Shard far = simulation.shard("far");

    @Override
    Transport transport() {
        return network.host("127.0.0.1");
    }

    @Override
    Shard near() {
        return near;
    }

    @Override
    Shard far() {
        return far;
    }

    @Override
    void await(BooleanSupplier done) {
        assertThat(simulation.runUntil(done, Duration.ofMinutes(1))).isTrue();
    }

    private final List<Collector> there = new ArrayList<>();

    private InetSocketAddress serve() {
        return network.host("10.0.0.2")
                .listen(
                        new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 0),
                        far,
                        from -> {
                            Collector collector = new Collector(1);
                            there.add(collector);
                            return collector;
                        })
                .address();
    }

    private Collector dial(InetSocketAddress to) {
        Collector here = new Collector(1);
        network.host("10.0.0.1").connect(to, near, here);
        return here;
    }

    @Test
    void aLinkBreaksBehindTheGivenByte() {
        InetSocketAddress address = serve();
        for (int at = 0; at <= 20; at++) {
            network.breakAfter("10.0.0.1", "10.0.0.2", at);
            Collector here = dial(address);
            await(here::isOpen);
            on(near, () -> here.link().write(Bytes.zeros(15)));
            on(near, () -> here.link().write(Bytes.zeros(6)));
            await(() -> here.cause() == Transport.Cause.BROKEN);
            await(() -> there.getLast().cause() == Transport.Cause.BROKEN);
            assertThat(there.getLast().size()).isEqualTo(at);
        }
    }

    @Test
    void cutOffHostsMeetAgainWhenHealed() {
        InetSocketAddress address = serve();
        Collector first = dial(address);
        await(first::isOpen);
        network.partition("10.0.0.1", "10.0.0.2");
        await(() -> first.cause() == Transport.Cause.BROKEN);
        Collector second = dial(address);
        await(() -> second.cause() == Transport.Cause.BROKEN);
        network.heal("10.0.0.1", "10.0.0.2");
        Collector third = dial(address);
        await(third::isOpen);
        network.kill("10.0.0.2");
        await(() -> third.cause() == Transport.Cause.BROKEN);
        Collector fourth = dial(address);
        await(() -> fourth.cause() == Transport.Cause.REFUSED);
        assertThat(network.openLinks()).isZero();
    }

    @Test
    void whatIsBlockedArrivesLaterOrIsGivenUp() {
        InetSocketAddress address = serve();
        Collector here = dial(address);
        await(here::isOpen);
        network.block("10.0.0.1", "10.0.0.2");
        on(near, () -> here.link().write(Bytes.zeros(15)));
        simulation.run(Duration.ofSeconds(5));
        assertThat(there.getLast().size()).isZero();
        network.unblock("10.0.0.1", "10.0.0.2");
        await(() -> there.getLast().size() == 15);
        network.block("10.0.0.1", "10.0.0.2");
        on(near, () -> here.link().write(Bytes.zeros(3)));
        simulation.run(Duration.ofSeconds(9));
        assertThat(here.cause()).isEqualTo(Transport.Cause.BROKEN);
        assertThat(there.getLast().cause()).isNull();
        Collector second = dial(address);
        await(() -> second.cause() == Transport.Cause.BROKEN);
        network.unblock("10.0.0.1", "10.0.0.2");
        await(() -> there.getLast().cause() == Transport.Cause.BROKEN);
        assertThat(there.getLast().size()).isEqualTo(18);
        assertThat(network.openLinks()).isZero();
    }
}
