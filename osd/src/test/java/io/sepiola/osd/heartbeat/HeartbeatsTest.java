package io.sepiola.osd.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Simulation;
import io.sepiola.crush.CrushEditor;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.ConnectionModes;
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
import java.util.Optional;
import java.util.UUID;

/** What an OSD makes of the silence of osd.1, and of lines to it that break. */
class HeartbeatsTest {
    private static final UUID FSID = new UUID(1, 2);
    private static final Duration INSTANT = Duration.ofMillis(1);

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("osd.0");
    private final List<String> told = new ArrayList<>();
    private final End front = new End();
    private final End back = new End();
    private final Heartbeats heartbeats =
            new Heartbeats(
                    shard,
                    simulation.random(),
                    0,
                    Heartbeats.Options.DEFAULT,
                    new Heartbeats.Listener() {
                        @Override
                        public void failed(
                                int osd, EntityAddrVec addrs, boolean immediate, Duration silent) {
                            told.add(osd + (immediate ? " is gone" : " is silent"));
                        }

                        @Override
                        public void alive(int osd, EntityAddrVec addrs) {
                            told.add(osd + " is alive");
                        }

                        @Override
                        public void lags(int osd, int epoch) {
                            told.add(osd + " lags at " + epoch);
                        }
                    });

    @BeforeEach
    void begin() {
        shard.execute(() -> {
            heartbeats.start(FSID, front, back);
            heartbeats.update(map(), List.of(1));
        });
        simulation.run(INSTANT);
        assertThat(front.lines).hasSize(1);
        assertThat(back.lines).hasSize(1);
    }

    @Test
    void linesThatBreakAreDialedAgainAtOnceAndARefusalIsReported() {
        answer(front);
        heartbeats.frontDispatcher().reset(front.last());
        simulation.run(INSTANT);
        assertThat(front.lines).hasSize(2);
        assertThat(told).isEmpty();

        heartbeats.frontDispatcher().refused(front.last());
        simulation.run(INSTANT);
        assertThat(told).containsExactly("1 is gone");
    }

    @Test
    void linesThatBreakBeforeAnythingWasHeardWaitForTheNextRound() {
        heartbeats.backDispatcher().reset(back.last());
        simulation.run(INSTANT);
        assertThat(back.lines).hasSize(1);

        simulation.run(Duration.ofSeconds(7));
        assertThat(back.lines).hasSizeGreaterThan(1);
        assertThat(told).isEmpty();
    }

    @Test
    void silenceOnOneOfTheTwoNetworksIsReportedAfterTheGraceAndTakenBackWhenItEnds() {
        for (int second = 0; second < 19; second++) {
            answer(front);
            simulation.run(Duration.ofSeconds(1));
        }
        assertThat(told).isEmpty();
        for (int second = 0; second < 8; second++) {
            answer(front);
            simulation.run(Duration.ofSeconds(1));
        }
        assertThat(told).isNotEmpty().containsOnly("1 is silent");

        answer(back);
        answer(front);
        assertThat(told.getLast()).isEqualTo("1 is alive");
    }

    @Test
    void whoShowsAnOldMapForLongerThanARoundIsNamed() {
        answer(back, 2);
        OsdMap newer = map().apply(OsdMapIncremental.after(map()).build());
        shard.execute(() -> heartbeats.update(newer, List.of(1)));
        answer(back, 2);
        answer(front, 2);
        assertThat(told).as("it may be on its way").isEmpty();
        answer(front, 2);
        answer(back, 2);
        assertThat(told).containsExactly("1 lags at 2");
        answer(back, 3);
        answer(back, 3);
        assertThat(told).hasSize(1);
    }

    private void answer(End end) {
        answer(end, 2);
    }

    private void answer(End end, int epoch) {
        MOSDPing reply =
                new MOSDPing(
                        FSID,
                        epoch,
                        MOSDPing.PING_REPLY,
                        Utime.ZERO,
                        0,
                        1,
                        Utime.ZERO,
                        Utime.ZERO,
                        Optional.empty());
        (end == front ? heartbeats.frontDispatcher() : heartbeats.backDispatcher())
                .received(end.last(), reply);
        simulation.run(INSTANT);
    }

    private static OsdMap map() {
        CrushEditor crush = new CrushEditor(CrushEditor.initial("osd"));
        OsdMap map = OsdMap.initial(FSID, Utime.ZERO, crush.build());
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map).osdMax(2);
        for (int osd = 0; osd < 2; osd++) {
            EntityAddrVec at = addrs(osd);
            step.newUp(osd, at, at, at, at).newWeight(osd, OsdMap.WEIGHT_IN);
        }
        return map.apply(step.build());
    }

    private static EntityAddrVec addrs(int osd) {
        InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), 6800 + osd);
        return EntityAddrVec.of(EntityAddr.msgr2(at, 1));
    }

    /** One of our ends: remembers the lines it was asked for. */
    private static final class End implements Messenger {
        private final List<Connection> lines = new ArrayList<>();

        Connection last() {
            return lines.getLast();
        }

        @Override
        public EntityName self() {
            return new EntityName(EntityType.OSD, 0);
        }

        @Override
        public void rename(EntityName self) {
            throw new AssertionError("an OSD keeps its name");
        }

        @Override
        public void modes(ConnectionModes wanted) {}

        @Override
        public EntityAddrVec addrs() {
            return HeartbeatsTest.addrs(0);
        }

        @Override
        public void listen(EntityAddr wanted) {
            throw new AssertionError("listens already");
        }

        @Override
        public Connection connect(EntityType type, EntityAddrVec target, Policy policy) {
            assertThat(target).isEqualTo(HeartbeatsTest.addrs(1));
            Connection line =
                    new FakeConnection() {
                        @Override
                        public void send(Message message) {
                            assertThat(message).isInstanceOf(MOSDPing.class);
                        }
                    };
            lines.add(line);
            return line;
        }

        @Override
        public void close() {
            lines.clear();
        }
    }
}
