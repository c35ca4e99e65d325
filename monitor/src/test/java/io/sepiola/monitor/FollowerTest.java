package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.messenger.Connection;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MMonCommandAck;
import io.sepiola.protocol.message.MMonFollow;
import io.sepiola.protocol.message.MMonFollow.Kind;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.MOSDBoot;
import io.sepiola.protocol.message.MOSDFailure;
import io.sepiola.protocol.message.MOSDMap;
import io.sepiola.protocol.message.MOSDMarkMeDown;
import io.sepiola.protocol.message.Subscription;
import io.sepiola.protocol.osd.CompatSet;
import io.sepiola.protocol.osd.OsdSuperblock;

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

/** A monitor that leads and one that follows, with a line between them that takes its time. */
final class FollowerTest {
    private static final UUID FSID = new UUID(7, 7);
    private static final Duration LATENCY = Duration.ofMillis(3);
    private static final Duration SOON = Duration.ofMillis(60);

    /** The leader's log, and whether the leader may be sure to be one. */
    private final class Log implements ReplicatedLog {
        private final ReplicatedLog kept =
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
        public int electionEpoch() {
            return 4;
        }

        @Override
        public boolean isLeased() {
            return leased;
        }

        @Override
        public void close() {
            kept.close();
        }
    }

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("mon");
    private final FakeLine toLeader = new FakeLine();
    private final FakeLine toFollower = new FakeLine();
    private final List<FakeMessenger> doors = new ArrayList<>(); // the follower's, one a life
    private final List<Follower> followers = new ArrayList<>();
    private Monitor leader;
    private FakeMessenger leaderDoor;
    private Following following;
    private boolean leased = true;
    private boolean cut;
    private boolean slow; // to the leader
    private final List<Runnable> onItsWay = new ArrayList<>();
    private final List<MonMap> maps = new ArrayList<>(); // that the follower heard of
    private final Lasting lasting = new Lasting(simulation.clock()); // the follower's
    private long lastNumber;
    private long tid;

    @BeforeEach
    void start() {
        Genesis genesis =
                new Genesis(
                                FSID,
                                List.of(
                                        new MonMap.MonInfo("a", EntityAddrVec.of(addr(3300))),
                                        new MonMap.MonInfo("b", EntityAddrVec.of(addr(3301)))),
                                Genesis.keys(simulation.random(), simulation.clock().now()),
                                new TreeMap<>(),
                                "osd")
                        .with(AuthName.parse("client.reader"), entity("allow r"))
                        .with(AuthName.parse("osd.0"), entity("allow profile osd"))
                        .with(AuthName.parse("osd.1"), entity("allow profile osd"));
        leader =
                new Monitor(
                        MonitorOptions.of("a", FSID, addr(3300)),
                        shard,
                        simulation.random(),
                        new Log(),
                        (self, auth, dispatcher) -> {
                            leaderDoor = new FakeMessenger(self, dispatcher);
                            return leaderDoor;
                        });
        leader.start(Optional.of(genesis));
        simulation.run(Duration.ofSeconds(1));
        following =
                new Following(
                        MonitorOptions.of("b", FSID, addr(3301)),
                        shard,
                        new Following.Around(new Lines(), maps::add, dials -> {}),
                        this::follower);
        toLeader.arrivesAt(message -> {
            Runnable delivery = () -> leader.said(toFollower, message);
            if (slow) {
                onItsWay.add(delivery);
            } else {
                later(delivery);
            }
        });
        toFollower.arrivesAt(message -> later(() -> following.said(toLeader, message)));
        shard.execute(following::start);
        simulation.run(SOON);
        assertThat(door().addrs()).as("it listens").isNotEqualTo(EntityAddrVec.EMPTY);
    }

    private static EntityAddr addr(int port) {
        return EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", port), 0);
    }

    private io.sepiola.protocol.auth.EntityAuth entity(String caps) {
        return Genesis.entity(simulation.random(), simulation.clock().now(), Map.of("mon", caps));
    }

    private Follower follower(Connection line, MMonFollow state) {
        Follower made =
                new Follower(
                        MonitorOptions.of("b", FSID, addr(3301)),
                        shard,
                        simulation.random(),
                        (self, auth, dispatcher) -> {
                            doors.add(new FakeMessenger(self, dispatcher));
                            return doors.getLast();
                        },
                        line,
                        state,
                        () -> ++lastNumber,
                        lasting);
        followers.add(made);
        return made;
    }

    private void later(Runnable delivery) {
        if (!cut) {
            shard.timers().after(LATENCY, delivery);
        }
    }

    private final class Lines implements MonitorLines {
        @Override
        public void listen(Listener listener) {}

        @Override
        public List<Connection> open() {
            return List.of(toLeader);
        }
    }

    private FakeMessenger door() {
        return doors.getLast();
    }

    private FakeMessenger.Peer guest(String name) {
        FakeMessenger.Peer peer = door().peer(name, 4300, EntityAddrVec.EMPTY);
        simulation.run(SOON);
        return peer;
    }

    private void say(FakeMessenger.Peer who, String json) {
        who.say(new MMonCommand(++tid, 0, FSID, List.of(json), Bytes.EMPTY));
    }

    private MMonCommandAck run(FakeMessenger.Peer who, String json) {
        say(who, json);
        simulation.run(SOON);
        MMonCommandAck last = who.heard(MMonCommandAck.class).getLast();
        assertThat(last.tid()).isEqualTo(tid);
        return last;
    }

    private OsdMap map() {
        return leader.state().osdMaps().newest();
    }

    private static void wish(FakeMessenger.Peer who, String what, int flags) {
        who.say(new MMonSubscribe(Map.of(what, new Subscription(0, flags)), "host"));
    }

    @Test
    void commandsAreDoneByTheLeader() {
        FakeMessenger.Peer admin = guest("client.admin");
        String create = "{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":8}";
        assertThat(run(admin, create).text()).isEqualTo("pool 'p' created");
        assertThat(run(admin, create).text()).isEqualTo("pool 'p' already exists");
        assertThat(map().poolId("p")).isPresent();
    }

    private MCommandReply tell(FakeMessenger.Peer who, String json) {
        who.say(new MCommand(++tid, FSID, List.of(json.replace('\'', '"')), Bytes.EMPTY));
        simulation.run(SOON);
        return who.heard(MCommandReply.class).getLast();
    }

    @Test
    void aMonitorAnswersForItselfWhoeverLeads() {
        FakeMessenger.Peer admin = guest("client.admin");
        leased = false; // nobody need be asked
        simulation.run(Duration.ofSeconds(1));
        assertThat(tell(admin, "{'prefix':'mon_status','format':'json'}").output().toUtf8())
                .startsWith(
                        "{\"name\":\"b\",\"rank\":1,\"state\":\"peon\",\"election_epoch\":4,"
                                + "\"quorum\":[0")
                .contains("\"client\":[{\"features\":\"0x3f01cfbdfffdffff\"");
        assertThat(tell(admin, "{'prefix':'sessions','format':'json'}").output().toUtf8())
                .contains("\"entity_name\":\"client.admin\"")
                .doesNotContain("osd.0");
        assertThat(tell(admin, "{'prefix':'perf dump','format':'json'}").output().toUtf8())
                .isEqualTo("{\"mon\":{\"num_sessions\":1,\"session_add\":1,\"session_rm\":0}}");
        assertThat(tell(admin, "{'prefix':'nosuch'}").result()).isEqualTo(-22);
    }

    @Test
    void whatAMonitorIsToldOfItselfOutlivesItsLeaders() {
        FakeMessenger.Peer admin = guest("client.admin");
        String name = "mon_max_pg_per_osd";
        tell(admin, "{'prefix':'config set','var':'" + name + "','val':['7']}");
        assertThat(tell(admin, "{'prefix':'config get','var':'" + name + "'}").output().toUtf8())
                .contains("\"7\"");
        assertThat(lasting.overrides().values()).isEqualTo(Map.of(name, "7"));
        assertThat(leader.overrides().values()).as("the other's").isEmpty();
        Overrides shared = leader.overrides();
        shared.set(new TreeMap<>(Map.of(name, "9")));
        assertThat(leader.setting(leader.state(), name)).isEqualTo("9");
    }

    @Test
    void whatIsHandedToTheLeaderIsTrackedUntilItIsAnswered() {
        FakeMessenger.Peer admin = guest("client.admin");
        leased = false;
        say(admin, "{\"prefix\":\"osd set\",\"key\":\"noout\"}");
        simulation.run(SOON);
        assertThat(tell(admin, "{'prefix':'ops','format':'json'}").output().toUtf8())
                .contains(
                        "mon_command({\\\"prefix\\\":\\\"osd set\\\"",
                        "\"event\":\"forwarded\"",
                        "\"forwarded_to_leader\":true",
                        "\"num_ops\":1");
        leased = true;
        simulation.run(SOON);
        assertThat(admin.heard(MMonCommandAck.class)).hasSize(1);
        assertThat(tell(admin, "{'prefix':'ops','format':'json'}").output().toUtf8())
                .doesNotContain("noout");
        assertThat(tell(admin, "{'prefix':'dump_historic_ops','format':'json'}").output().toUtf8())
                .startsWith("{\"size\":20,\"duration\":600,\"ops\":[")
                .contains("noout", "\"event\":\"done\"", "\"source\":\"client.");
        assertThat(leader.operations().history().dump().toString())
                .as("what comes from another monitor is the client's")
                .contains("noout", "source=client.?", "osdmap:wait_for_finished_proposal");
        assertThat(leader.operations().waiting()).containsEntry("num_ops", 0);
    }

    @Test
    void whoIsLetGoLeavesNothingBehind() {
        FakeMessenger.Peer admin = guest("client.admin");
        leased = false;
        say(admin, "{\"prefix\":\"osd dump\"}");
        simulation.run(SOON);
        assertThat(lasting.operations().waiting()).containsEntry("num_ops", 1);
        shard.execute(() -> following.lost(toLeader));
        simulation.run(SOON);
        assertThat(lasting.operations().waiting()).containsEntry("num_ops", 0);
    }

    @Test
    void whoMayNotAllIsToldNothing() {
        FakeMessenger.Peer reader = guest("client.reader");
        assertThat(tell(reader, "{'prefix':'mon_status'}").result()).isEqualTo(-13);
    }

    @Test
    void whoIsToldOfAChangeFindsItThere() {
        FakeMessenger.Peer admin = guest("client.admin");
        wish(admin, "osdmap", 0);
        simulation.run(SOON);
        int heard = admin.heard.size();
        run(admin, "{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":8}");
        List<Message> since = admin.heard.subList(heard, admin.heard.size());
        assertThat(since)
                .extracting(message -> message.getClass().getSimpleName())
                .containsExactly("MOSDMap", "MMonCommandAck");
        assertThat(((MOSDMap) since.getFirst()).newest()).isEqualTo(map().epoch());
    }

    /** Another client changed it at the leader, and told this one. */
    @Test
    void aWishIsFulfilledWithWhatWasAgreedWhenItWasMade() {
        FakeMessenger.Peer reader = guest("client.reader");
        FakeMessenger.Peer admin = leaderDoor.peer("client.admin", 9, EntityAddrVec.EMPTY);
        simulation.run(SOON);
        say(admin, "{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":8}");
        while (admin.heard(MMonCommandAck.class).isEmpty()) {
            simulation.run(Duration.ofNanos(100_000));
        }
        wish(reader, "osdmap", Subscription.ONCE);
        simulation.run(SOON);
        assertThat(reader.heard(MOSDMap.class)).hasSize(1);
        assertThat(reader.heard(MOSDMap.class).getLast().newest()).isEqualTo(map().epoch());
    }

    @Test
    void capsAreTheClients() {
        FakeMessenger.Peer reader = guest("client.reader");
        assertThat(run(reader, "{\"prefix\":\"osd dump\"}").result()).isZero();
        assertThat(run(reader, "{\"prefix\":\"osd set\",\"key\":\"noout\"}").result())
                .isEqualTo(-13);
        reader.say(new MOSDFailure(0, FSID, 0, EntityAddrVec.EMPTY, 1, 3, 100));
        simulation.run(SOON);
        assertThat(map().epoch()).isEqualTo(1);
    }

    @Test
    void whileTheLeadersLeaseIsInDoubtNobodyIsAnswered() {
        FakeMessenger.Peer admin = guest("client.admin");
        leased = false;
        say(admin, "{\"prefix\":\"osd dump\"}");
        wish(admin, "osdmap", Subscription.ONCE);
        simulation.run(Duration.ofSeconds(1));
        assertThat(admin.heard).isEmpty();
        leased = true;
        simulation.run(SOON);
        assertThat(admin.heard)
                .extracting(message -> message.getClass().getSimpleName())
                .containsExactly("MMonCommandAck", "MOSDMap");
    }

    @Test
    void aLeaderThatDoesNotAnswerIsFollowedNoLongerThanItsLease() {
        FakeMessenger.Peer admin = guest("client.admin");
        FakeMessenger before = door();
        cut = true;
        simulation.run(Following.LEASE.minusSeconds(1));
        assertThat(admin.isOpen()).isTrue();
        simulation.run(Duration.ofSeconds(2));
        assertThat(before.isClosed()).as("nobody is let in").isTrue();
        cut = false;
        simulation.run(Duration.ofSeconds(1));
        assertThat(door()).as("it serves again").isNotSameAs(before);
        assertThat(run(guest("client.admin"), "{\"prefix\":\"osd dump\"}").result()).isZero();
    }

    /** The client has said it to another monitor meanwhile, and something else after that. */
    @Test
    void whatWasOnItsWayForTooLongIsNotDone() {
        FakeMessenger.Peer admin = guest("client.admin");
        slow = true;
        simulation.run(Duration.ofSeconds(1));
        say(admin, pool("late"));
        simulation.run(Duration.ofSeconds(2));
        slow = false;
        shard.execute(() -> onItsWay.forEach(Runnable::run));
        simulation.run(Duration.ofSeconds(10));
        assertThat(map().poolId("late")).isEmpty();
        assertThat(run(guest("client.admin"), pool("later")).result()).isZero();
    }

    @Test
    void aLeaderIsFollowedForAsLongAsItAnswers() {
        FakeMessenger.Peer admin = guest("client.admin");
        simulation.run(Duration.ofMinutes(10));
        assertThat(doors).hasSize(1);
        assertThat(run(admin, "{\"prefix\":\"osd dump\"}").result()).isZero();
    }

    @Test
    void whoLeadsSinceLaterIsFollowedAndNobodyFromBefore() {
        FakeLine other = new FakeLine();
        Bytes state = MonitorState.CODEC.toBytes(leader.state());
        shard.execute(() -> following.said(other, new MMonFollow(Kind.STATE, 2, 1, state)));
        simulation.run(SOON);
        assertThat(doors).as("one that led before").hasSize(1);
        FakeMessenger first = door();
        shard.execute(() -> following.said(other, new MMonFollow(Kind.STATE, 6, 1, state)));
        simulation.run(SOON);
        assertThat(first.isClosed()).isTrue();
        assertThat(followers.getLast().leader()).isSameAs(other);
        shard.execute(() -> following.lost(toLeader));
        simulation.run(SOON);
        assertThat(followers.getLast()).as("a line that it does not follow").isNotNull();
        assertThat(door().isClosed()).isFalse();
        shard.execute(() -> following.lost(other));
        simulation.run(SOON);
        assertThat(door().isClosed()).isTrue();
    }

    @Test
    void aLostRecordIsNoticed() {
        FakeMessenger first = door();
        cut = true;
        run(leaderDoor.peer("client.admin", 9, EntityAddrVec.EMPTY), pool("p"));
        cut = false;
        run(leaderDoor.peer("client.admin", 9, EntityAddrVec.EMPTY), pool("q"));
        assertThat(first.isClosed()).isTrue();
        simulation.run(Duration.ofSeconds(1));
        FakeMessenger.Peer reader = guest("client.reader");
        wish(reader, "osdmap", Subscription.ONCE);
        simulation.run(SOON);
        assertThat(reader.heard(MOSDMap.class).getLast().newest()).isEqualTo(map().epoch());
    }

    private static String pool(String name) {
        return "{\"prefix\":\"osd pool create\",\"pool\":\"" + name + "\",\"pg_num\":8}";
    }

    @Test
    void anOsdBootsGetsEveryMapAndLeaves() {
        FakeMessenger.Peer admin = guest("client.admin");
        FakeMessenger.Peer osd = osd(0, admin);
        assertThat(map().isUp(0)).isTrue();
        assertThat(map().addrs(0)).isEqualTo(at(6800));
        assertThat(osd.heard(MOSDMap.class).getLast().newest()).isEqualTo(map().epoch());
        run(admin, pool("p"));
        assertThat(osd.heard(MOSDMap.class).getLast().newest()).isEqualTo(map().epoch());
        FakeMessenger.Peer other = osd(1, admin);
        other.say(new MOSDFailure(0, FSID, 0, map().addrs(0), map().epoch(), 3, 1));
        simulation.run(SOON);
        assertThat(map().isUp(0)).isFalse();
        assertThat(other.heard(MOSDMap.class).getLast().newest()).isEqualTo(map().epoch());
        other.say(new MOSDMarkMeDown(0, FSID, 1, map().addrs(1), map().epoch(), true, true));
        simulation.run(SOON);
        assertThat(map().isUp(1)).isFalse();
        assertThat(other.heard.getLast()).isInstanceOf(MOSDMarkMeDown.class);
    }

    private static EntityAddrVec at(int port) {
        return EntityAddrVec.of(EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", port), 5));
    }

    private FakeMessenger.Peer osd(int osd, FakeMessenger.Peer admin) {
        UUID uuid = new UUID(100, osd);
        run(admin, "{\"prefix\":\"osd new\",\"uuid\":\"" + uuid + "\",\"id\":" + osd + "}");
        FakeMessenger.Peer peer = door().peer("osd." + osd, 4400 + osd, at(6800 + osd));
        CompatSet none =
                new CompatSet(
                        CompatSet.Features.NONE, CompatSet.Features.NONE, CompatSet.Features.NONE);
        OsdSuperblock superblock =
                new OsdSuperblock(
                        FSID,
                        osd,
                        map().epoch(),
                        1,
                        map().epoch(),
                        0,
                        none,
                        0,
                        0,
                        uuid,
                        0,
                        Utime.ZERO,
                        0);
        peer.say(
                new MOSDBoot(
                        map().epoch(),
                        superblock,
                        at(6820 + osd),
                        at(6810 + osd),
                        0,
                        at(6830 + osd),
                        Map.of("hostname", "h"),
                        0x3f01cfbdfffdffffL));
        simulation.run(SOON);
        return peer;
    }

    @Test
    void theLeaderNamesWhoFollowsAndCountsTheirClients() {
        guest("client.admin");
        simulation.run(Duration.ofSeconds(1));
        FakeMessenger.Peer admin = leaderDoor.peer("client.admin", 9, EntityAddrVec.EMPTY);
        simulation.run(SOON);
        assertThat(run(admin, "{\"prefix\":\"node ls\",\"format\":\"json\"}").output().toUtf8())
                .contains("\"mon\":{\"unknown\":[\"a\",\"b\"]}");
        assertThat(
                        run(admin, "{\"prefix\":\"mon versions\",\"format\":\"json\"}")
                                .output()
                                .toUtf8())
                .contains("\":2}");
        String features = "{\"prefix\":\"features\",\"format\":\"json\"}";
        assertThat(run(admin, features).output().toUtf8())
                .containsPattern("\"mon\":[^\\]]*\"num\":2}")
                .containsPattern("\"client\":[^\\]]*\"num\":2}");
    }

    @Test
    void whoSendsFasterThanCanBeAnsweredIsPutOut() {
        FakeMessenger.Peer admin = guest("client.admin");
        leased = false;
        for (int message = 0; message <= 10_000; message++) {
            say(admin, "{\"prefix\":\"status\"}");
        }
        simulation.run(SOON);
        assertThat(admin.isOpen()).isFalse();
    }

    @Test
    void globalIdsAreEachMonitorsOwn() {
        MonitorKeys one = new MonitorKeys(() -> leader.state().auth(), option -> "");
        MonitorKeys two = new MonitorKeys(() -> leader.state().auth(), option -> "");
        assertThat(one.newGlobalId()).isEmpty();
        assertThat(one.isLow()).isTrue();
        shard.execute(() -> leader.reserveIds(one::grant));
        shard.execute(() -> leader.reserveIds(two::grant));
        simulation.run(SOON);
        long first = one.newGlobalId().orElseThrow();
        long end = first;
        for (var id = one.newGlobalId(); id.isPresent(); id = one.newGlobalId()) {
            end = id.getAsLong();
        }
        assertThat(two.isLow()).isFalse();
        assertThat(two.newGlobalId().orElseThrow()).isGreaterThan(end);
        assertThat(leader.state().auth().globalIdEnd())
                .isGreaterThan(two.newGlobalId().orElseThrow());
    }
}
