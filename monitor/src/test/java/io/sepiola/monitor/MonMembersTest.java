package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.messenger.Connection;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MMonCommandAck;
import io.sepiola.protocol.message.MMonFollow;
import io.sepiola.protocol.message.MMonJoin;
import io.sepiola.protocol.message.MMonMap;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.Subscription;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Monitors are let in and taken out. */
class MonMembersTest {
    private static final UUID FSID = new UUID(3, 4);
    private static final Duration SOON = Duration.ofMillis(50);

    /** One that others can share, so to speak. */
    private final class Log implements ReplicatedLog {
        private final MemoryLog kept =
                new MemoryLog(new MemoryLog.Disk(), shard, Duration.ofMillis(2));

        @Override
        public Recovered recover() {
            return kept.recover();
        }

        @Override
        public void append(Bytes record, LongConsumer committed) {
            kept.append(record, committed);
        }

        @Override
        public void snapshot(long version, Bytes state) {
            kept.snapshot(version, state);
        }

        @Override
        public Optional<String> whyAlone(Supplier<Bytes> state) {
            return shared ? Optional.empty() : kept.whyAlone(state);
        }

        @Override
        public void close() {
            kept.close();
        }
    }

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("mon");
    private final FakeLine toLeader = new FakeLine();
    private final FakeLine toOther = new FakeLine();
    private final List<MonMap> maps = new ArrayList<>(); // that the other one heard of
    private Monitor leader;
    private FakeMessenger network;
    private FakeMessenger.Peer admin;
    private boolean shared = true;
    private long tid;

    @BeforeEach
    void start() {
        leader =
                new Monitor(
                        MonitorOptions.of("a", FSID, addr(3300)),
                        shard,
                        simulation.random(),
                        new Log(),
                        (self, auth, dispatcher) -> network = new FakeMessenger(self, dispatcher));
        leader.start(
                Optional.of(
                        new Genesis(
                                FSID,
                                List.of(info("a", 3300), info("b", 3301)),
                                Genesis.keys(simulation.random(), simulation.clock().now()),
                                new TreeMap<>(),
                                "osd")));
        simulation.run(Duration.ofSeconds(1));
        admin = network.peer("client.admin", 4200, EntityAddrVec.EMPTY);
        simulation.run(SOON);
    }

    private static MonMap.MonInfo info(String name, int port) {
        return new MonMap.MonInfo(name, EntityAddrVec.of(addr(port)));
    }

    private static EntityAddr addr(int port) {
        return EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", port), 0);
    }

    private MonMap map() {
        return leader.state().monMap();
    }

    private MMonCommandAck run(String json) {
        admin.say(new MMonCommand(++tid, 0, FSID, List.of(json), Bytes.EMPTY));
        simulation.run(SOON);
        return admin.heard(MMonCommandAck.class).getLast();
    }

    private void answers(String json, int result, String text) {
        MMonCommandAck ack = run(json);
        assertThat(ack.text()).as(json).isEqualTo(text);
        assertThat(ack.result()).as(json).isEqualTo(result);
    }

    private static String add(String name, String addr) {
        return "{\"prefix\":\"mon add\",\"name\":\"" + name + "\",\"addr\":\"" + addr + "\"}";
    }

    private static String remove(String name) {
        return "{\"prefix\":\"mon rm\",\"name\":\"" + name + "\"}";
    }

    @Test
    void comesAndGoes() {
        answers(add("c", "127.0.0.1:3302"), 0, "adding mon.c at v2:127.0.0.1:3302/0");
        assertThat(map().ranks()).containsExactly("a", "b", "c");
        assertThat(map().epoch()).isEqualTo(2);
        answers(add("c", "127.0.0.1:3302"), 0, "mon.c at v2:127.0.0.1:3302/0 already exists");
        answers(
                add("c", "127.0.0.1:3303"),
                -17,
                "mon.c already exists at address v2:127.0.0.1:3302/0");
        answers(
                add("d", "127.0.0.1:3302"),
                -17,
                "mon.c already exists at address v2:127.0.0.1:3302/0");
        assertThat(map().epoch()).isEqualTo(2);
        answers(remove("a"), 0, "");
        assertThat(map().ranks()).containsExactly("b", "c");
        assertThat(map().removedRanks()).containsExactly(0);
        assertThat(map().epoch()).isEqualTo(3);
        answers(remove("a"), 0, "mon.a does not exist or has already been removed");
        answers(remove("c"), 0, "");
        answers(remove("b"), -22, "error: refusing removal of last monitor b");
        assertThat(map().ranks()).containsExactly("b");
    }

    @Test
    void portsAreCephs() {
        answers(add("c", "10.0.0.3"), 0, "adding mon.c at v2:10.0.0.3:3300/0");
        answers(add("d", "10.0.0.4:6789"), 0, "adding mon.d at v2:10.0.0.4:3300/0");
        answers(add("e", "[fd00::5]:3400"), 0, "adding mon.e at v2:[fd00:0:0:0:0:0:0:5]:3400/0");
        answers(add("f", "nowhere"), -22, "addr nowheredoes not parse");
        answers(add("f", "10.0.0.6:70000"), -22, "addr 10.0.0.6:70000does not parse");
        assertThat(run(add("f", "v1:10.0.0.6:6789")).result()).isEqualTo(-22);
        assertThat(map().size()).isEqualTo(5);
    }

    @Test
    void oneThatStandsAloneTakesNobody() {
        shared = false;
        MMonCommandAck ack = run(add("c", "127.0.0.1:3302"));
        assertThat(ack.result()).isEqualTo(-95);
        assertThat(ack.text()).contains("mon.a stands alone").contains("sepiola mon restore");
        assertThat(map().epoch()).isEqualTo(1);
    }

    @Test
    void whoSubscribedHears() {
        admin.say(new MMonSubscribe(Map.of("monmap", new Subscription(2, 0)), ""));
        run(add("c", "127.0.0.1:3302"));
        run(remove("b"));
        assertThat(admin.heard(MMonMap.class))
                .extracting(heard -> MonMap.CODEC.fromBytes(heard.map()).ranks())
                .containsExactly(List.of("a", "b", "c"), List.of("a", "c"));
    }

    private FakeMessenger other;

    /** A monitor that follows, or would like to. */
    private Following following(String name, int port) {
        MonitorOptions options = MonitorOptions.of(name, FSID, addr(port));
        Following following =
                new Following(
                        options,
                        shard,
                        new Following.Around(lines(), maps::add, dials -> {}),
                        (line, state) ->
                                new Follower(
                                        options,
                                        shard,
                                        simulation.random(),
                                        (self, auth, dispatcher) ->
                                                other = new FakeMessenger(self, dispatcher),
                                        line,
                                        state,
                                        () -> ++tid,
                                        new Lasting(simulation.clock())));
        toLeader.arrivesAt(message -> leader.said(toOther, message));
        toOther.arrivesAt(message -> shard.execute(() -> following.said(toLeader, message)));
        shard.execute(following::start);
        return following;
    }

    private MonitorLines lines() {
        return new MonitorLines() {
            @Override
            public void listen(Listener listener) {}

            @Override
            public List<Connection> open() {
                return List.of(toLeader);
            }
        };
    }

    @Test
    void aNewMonitorAsksToBeLetInAndServesWhenItIs() {
        following("c", 3302);
        simulation.run(SOON);
        assertThat(toLeader.said).filteredOn(MMonJoin.class::isInstance).hasSize(1);
        assertThat(map().ranks()).containsExactly("a", "b", "c");
        assertThat(other.addrs()).as("not before it is one of them").isEqualTo(EntityAddrVec.EMPTY);
        simulation.run(Duration.ofSeconds(4));
        assertThat(other.addrs()).isNotEqualTo(EntityAddrVec.EMPTY);
        assertThat(maps).last().isEqualTo(map());
        assertThat(toLeader.said).filteredOn(MMonJoin.class::isInstance).hasSize(1);
    }

    @Test
    void whoIsAtAnothersAddressTakesItsPlace() {
        shard.execute(() -> leader.said(toOther, join("c", 3301)));
        simulation.run(SOON);
        assertThat(map().ranks()).containsExactly("a", "c");
        shard.execute(() -> leader.said(toOther, join("d", 3300)));
        shard.execute(() ->
                leader.said(
                        toOther, new MMonJoin(new UUID(9, 9), "d", EntityAddrVec.of(addr(3309)))));
        simulation.run(SOON);
        assertThat(map().ranks()).as("neither the leader's, nor of others").hasSize(2);
    }

    private static MMonJoin join(String name, int port) {
        return new MMonJoin(FSID, name, EntityAddrVec.of(addr(port)));
    }

    @Test
    void aRemovedMonitorHearsOfIt() {
        following("b", 3301);
        simulation.run(SOON);
        assertThat(maps).containsExactly(map());
        run(remove("b"));
        simulation.run(SOON);
        assertThat(maps).last().isEqualTo(map());
        assertThat(map().rank("b")).isEqualTo(-1);
        assertThat(toOther.said)
                .filteredOn(
                        said -> said instanceof MMonFollow m && m.kind() == MMonFollow.Kind.RECORD)
                .isNotEmpty();
    }

    @Test
    void mapsGoOn() {
        Utime now = new Utime(5, 0);
        MonMap with = map().with(info("c", 3302), now);
        assertThat(with.changed()).isEqualTo(now);
        assertThat(with.created()).isEqualTo(map().created());
        assertThat(MonMap.CODEC.fromBytes(MonMap.CODEC.toBytes(with))).isEqualTo(with);
        assertThat(with.at(EntityAddrVec.of(addr(3301))).orElseThrow().name()).isEqualTo("b");
        assertThat(with.without("a", now).with(info("a", 3300), now).ranks())
                .containsExactly("b", "c", "a");
    }
}
