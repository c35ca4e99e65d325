package io.sepiola.osd.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Simulation;
import io.sepiola.crush.CrushEditor;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.ConnectionModes;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.osd.pg.FakeConnection;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.message.MOSDPing;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Who is blamed for a silence, by osd.0 that shares groups with osd.1. */
class SilenceTest {
    private static final UUID FSID = new UUID(3, 4);

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("osd.0");
    private final Simulation.SimulatedShard network = simulation.shard("network");
    private final List<String> heard = new ArrayList<>();
    private final Heartbeats heartbeats =
            new Heartbeats(
                    shard, simulation.random(), 0, Heartbeats.Options.DEFAULT, new Complaints());
    private final Net front = new Net(heartbeats.frontDispatcher());
    private final Net back = new Net(heartbeats.backDispatcher());

    private final class Complaints implements Heartbeats.Listener {
        @Override
        public void failed(int osd, EntityAddrVec addrs, boolean immediate, Duration silent) {
            heard.add(immediate ? "osd." + osd + " is gone" : "osd." + osd + " is silent");
        }

        @Override
        public void alive(int osd, EntityAddrVec addrs) {
            heard.add("osd." + osd + " is alive");
        }

        @Override
        public void lags(int osd, int epoch) {
            throw new AssertionError("all maps are of one epoch");
        }
    }

    /** One network: who is dialled answers a ping after a while, unless the network is down. */
    private final class Net implements Messenger {
        private final Dispatcher dispatcher;
        private Duration delay = Duration.ofMillis(1);
        private boolean up = true;
        private Connection lastOrNull;

        Net(Dispatcher dispatcher) {
            this.dispatcher = dispatcher;
        }

        @Override
        public Connection connect(EntityType type, EntityAddrVec target, Policy policy) {
            lastOrNull =
                    new FakeConnection() {
                        @Override
                        public void send(Message message) {
                            if (up && message instanceof MOSDPing ping) {
                                network.after(delay, () -> answer(this, ping));
                            }
                        }
                    };
            return lastOrNull;
        }

        private void answer(Connection connection, MOSDPing ping) {
            dispatcher.received(
                    connection,
                    new MOSDPing(
                            ping.fsid(),
                            ping.epoch(),
                            MOSDPing.PING_REPLY,
                            ping.stamp(),
                            0,
                            ping.upFrom(),
                            ping.pingStamp(),
                            Utime.ZERO,
                            Optional.empty()));
        }

        void refuse() {
            up = false;
            dispatcher.refused(lastOrNull);
        }

        @Override
        public EntityName self() {
            return EntityName.osd(0);
        }

        @Override
        public void rename(EntityName self) {}

        @Override
        public void modes(ConnectionModes wanted) {}

        @Override
        public EntityAddrVec addrs() {
            return EntityAddrVec.EMPTY;
        }

        @Override
        public void listen(EntityAddr wanted) {}

        @Override
        public void close() {}
    }

    private static OsdMap map() {
        CrushEditor crush = new CrushEditor(CrushEditor.initial("osd"));
        OsdMap blank = OsdMap.initial(FSID, Utime.ZERO, crush.build());
        OsdMapIncremental.Builder step = OsdMapIncremental.after(blank).osdMax(2);
        for (int osd = 0; osd < 2; osd++) {
            crush.createOrMove(osd, "osd." + osd, 0x10000, Map.of("root", "default"));
            InetSocketAddress at =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 6800 + osd);
            EntityAddrVec addrs = EntityAddrVec.of(EntityAddr.msgr2(at, 1));
            step.newUp(osd, addrs, addrs, addrs, addrs);
            step.newUuid(osd, new UUID(7, osd));
        }
        return blank.apply(step.build());
    }

    @BeforeEach
    void start() {
        shard.execute(() -> {
            heartbeats.start(FSID, front, back);
            heartbeats.update(map(), List.of(1));
        });
        pass(30);
        assertThat(heard).isEmpty();
    }

    private void pass(int seconds) {
        simulation.run(Duration.ofSeconds(seconds));
    }

    @Test
    void whoAnswersOnBothNetworksIsWell() {
        pass(600);
        assertThat(heard).isEmpty();
    }

    @Test
    void silenceOnEitherNetworkIsReportedAfterTheGraceAndItsEndToo() {
        back.up = false;
        pass(19);
        assertThat(heard).isEmpty();
        pass(10);
        assertThat(heard).isNotEmpty().containsOnly("osd.1 is silent");
        back.up = true;
        pass(10);
        assertThat(heard).containsOnlyOnce("osd.1 is alive").endsWith("osd.1 is alive");
    }

    @Test
    void anAddressThatRefusesIsReportedAtOnceAndOnce() {
        network.execute(front::refuse);
        pass(1);
        assertThat(heard).containsExactly("osd.1 is gone");
    }

    @Test
    void whoWasStoppedBlamesNobody() {
        shard.stop(Duration.ofSeconds(60));
        pass(61);
        assertThat(heard).isEmpty();
        pass(60);
        assertThat(heard).isEmpty();
    }

    @Test
    void whoWasStoppedStillFindsOutWhoIsSilent() {
        shard.stop(Duration.ofSeconds(60));
        front.up = false;
        pass(61);
        assertThat(heard).isEmpty();
        pass(30);
        assertThat(heard).isNotEmpty().containsOnly("osd.1 is silent");
    }

    @Test
    void whoWasMarkedDownIsHeardOnceItsPeersAnswerOnBothNetworks() {
        boolean[] isHeard = new boolean[1];
        back.up = false;
        shard.execute(() -> {
            isHeard[0] = heartbeats.isHeard();
            heartbeats.doubt();
        });
        pass(15);
        assertThat(isHeard[0]).as("before").isTrue();
        shard.execute(() -> isHeard[0] = heartbeats.isHeard());
        pass(1);
        assertThat(isHeard[0]).as("by one network").isFalse();
        back.up = true;
        pass(7);
        shard.execute(() -> isHeard[0] = heartbeats.isHeard());
        pass(1);
        assertThat(isHeard[0]).as("by both").isTrue();
    }
}
