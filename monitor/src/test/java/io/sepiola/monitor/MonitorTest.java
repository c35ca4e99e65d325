package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.message.MConfig;
import io.sepiola.protocol.message.MLog;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MMonCommandAck;
import io.sepiola.protocol.message.MMonMap;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.MOSDAlive;
import io.sepiola.protocol.message.MOSDBeacon;
import io.sepiola.protocol.message.MOSDBoot;
import io.sepiola.protocol.message.MOSDFailure;
import io.sepiola.protocol.message.MOSDFull;
import io.sepiola.protocol.message.MOSDMap;
import io.sepiola.protocol.message.MOSDMarkMeDown;
import io.sepiola.protocol.message.MOSDPGCreate2;
import io.sepiola.protocol.message.MOSDPGCreated;
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

/** One monitor in simulated time, spoken to by hand. */
final class MonitorTest {
    private static final UUID FSID = new UUID(7, 7);
    private static final EntityAddr ADDR =
            EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", 3300), 0);

    private final Simulation simulation = new Simulation(1);
    private final MemoryLog.Disk disk = new MemoryLog.Disk();
    private Simulation.SimulatedShard shard;
    private Monitor monitor;
    private FakeMessenger network;
    private FakeMessenger.Peer admin;
    private long tid;

    @BeforeEach
    void start() {
        start(Duration.ofMillis(2));
    }

    private void start(Duration commitLatency) {
        shard = simulation.shard("mon");
        List<FakeMessenger> made = new ArrayList<>();
        monitor =
                new Monitor(
                        MonitorOptions.of("a", FSID, ADDR),
                        shard,
                        simulation.random(),
                        new MemoryLog(disk, shard, commitLatency),
                        (self, auth, dispatcher) -> {
                            FakeMessenger messenger = new FakeMessenger(self, dispatcher);
                            made.add(messenger);
                            return messenger;
                        });
        network = made.getFirst();
        Genesis genesis =
                Genesis.of(FSID, "a", ADDR, simulation.random(), simulation.clock().now())
                        .with("mon", "mon_allow_pool_delete", "true")
                        .with(AuthName.parse("client.reader"), entity(Map.of("mon", "allow r")))
                        .with(AuthName.parse("client.nobody"), entity(Map.of()));
        for (int osd = 0; osd < 3; osd++) {
            genesis =
                    genesis.with(
                            AuthName.parse("osd." + osd),
                            entity(Map.of("mon", "allow profile osd")));
        }
        monitor.start(Optional.of(genesis));
        simulation.run(Duration.ofSeconds(1));
        admin = network.peer("client.admin", 4200, EntityAddrVec.EMPTY);
        simulation.run(Duration.ofMillis(10));
    }

    private io.sepiola.protocol.auth.EntityAuth entity(Map<String, String> caps) {
        return Genesis.entity(simulation.random(), simulation.clock().now(), caps);
    }

    private MMonCommandAck run(FakeMessenger.Peer who, String json) {
        who.say(new MMonCommand(++tid, 0, FSID, List.of(json), Bytes.EMPTY));
        simulation.run(Duration.ofMillis(50));
        MMonCommandAck last = who.heard(MMonCommandAck.class).getLast();
        assertThat(last.tid()).isEqualTo(tid);
        return last;
    }

    private MMonCommandAck run(String json) {
        MMonCommandAck ack = run(admin, json);
        assertThat(ack.result()).as(ack.text()).isZero();
        return ack;
    }

    private OsdMap map() {
        return monitor.state().osdMaps().newest();
    }

    private static EntityAddrVec at(int port, int nonce) {
        return EntityAddrVec.of(EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", port), nonce));
    }

    private static UUID uuid(int osd) {
        return new UUID(100, osd);
    }

    private FakeMessenger.Peer boot(int osd, int nonce) {
        return boot(osd, nonce, uuid(osd), 0);
    }

    private FakeMessenger.Peer boot(int osd, int nonce, UUID store, int mounted) {
        FakeMessenger.Peer peer = network.peer("osd." + osd, 4300 + osd, at(6800 + osd, nonce));
        OsdSuperblock superblock =
                new OsdSuperblock(
                        FSID,
                        osd,
                        map().epoch(),
                        1,
                        map().epoch(),
                        0,
                        new CompatSet(
                                CompatSet.Features.NONE,
                                CompatSet.Features.NONE,
                                CompatSet.Features.NONE),
                        mounted,
                        mounted,
                        store,
                        0,
                        Utime.ZERO,
                        0);
        Map<String, Subscription> wishes =
                new TreeMap<>(Map.of("osd_pg_creates", new Subscription(0, 0)));
        peer.say(new MMonSubscribe(wishes, "host"));
        peer.say(
                new MOSDBoot(
                        map().epoch(),
                        superblock,
                        at(6820 + osd, nonce),
                        at(6810 + osd, nonce),
                        0,
                        at(6830 + osd, nonce),
                        Map.of("hostname", "h"),
                        0x3f01cfbdfffdffffL));
        simulation.run(Duration.ofMillis(50));
        return peer;
    }

    private List<FakeMessenger.Peer> threeOsds() {
        List<FakeMessenger.Peer> osds = new ArrayList<>();
        for (int osd = 0; osd < 3; osd++) {
            run("{\"prefix\":\"osd new\",\"uuid\":\"" + uuid(osd) + "\",\"id\":" + osd + "}");
            run(
                    "{\"prefix\":\"osd crush create-or-move\",\"id\":"
                            + osd
                            + ",\"weight\":1.0,\"args\":[\"host=h\",\"root=default\"]}");
            osds.add(boot(osd, 100 + osd));
        }
        return osds;
    }

    @Test
    void aSubscriberGetsConfigAndMonMapAtOnce() {
        admin.say(
                new MMonSubscribe(
                        new TreeMap<>(
                                Map.of(
                                        "config", new Subscription(0, 0),
                                        "monmap", new Subscription(0, 0),
                                        "osdmap", new Subscription(0, Subscription.ONCE))),
                        "host"));
        simulation.run(Duration.ofMillis(10));
        assertThat(admin.heard)
                .extracting(Message::getClass)
                .map(Class::getSimpleName)
                .containsExactly("MConfig", "MMonMap", "MOSDMap");
        run("{\"prefix\":\"config set\",\"who\":\"client\",\"name\":\"debug_ms\",\"value\":\"1\"}");
        assertThat(admin.heard(MConfig.class))
                .last()
                .isEqualTo(new MConfig(Map.of("debug_ms", "1/1")));
        assertThat(admin.heard(MMonMap.class)).hasSize(1);
        assertThat(admin.heard(MOSDMap.class)).hasSize(1);
    }

    /** Ceph's clients drop what does not have a higher version than what they were shown. */
    @Test
    void whoFollowsTheLogGetsEachEntryUnderAHigherVersion() {
        FakeMessenger.Peer reader = network.peer("client.reader", 4300, EntityAddrVec.EMPTY);
        simulation.run(Duration.ofMillis(10));
        run("{\"prefix\":\"log\",\"logtext\":[\"before\"]}");
        reader.say(new MMonSubscribe(Map.of("log-info", new Subscription(0, 0)), "host"));
        simulation.run(Duration.ofMillis(10));
        for (String text : List.of("one", "two", "three")) {
            run("{\"prefix\":\"log\",\"logtext\":[\"" + text + "\"]}");
        }
        List<String> shown = new ArrayList<>();
        long version = 0;
        for (MLog log : reader.heard(MLog.class)) {
            assertThat(log.version()).isGreaterThan(version);
            version = log.version();
            log.entries().forEach(entry -> shown.add(entry.text()));
        }
        assertThat(shown).containsSubsequence("before", "one", "two", "three");
    }

    @Test
    void changesAreSeenOnlyOnceCommitted() {
        start(Duration.ofSeconds(5));
        simulation.run(Duration.ofSeconds(20));
        int before = map().epoch();
        admin.say(
                new MMonCommand(
                        900,
                        0,
                        FSID,
                        List.of("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":8}"),
                        Bytes.EMPTY));
        admin.say(
                new MMonCommand(
                        901,
                        0,
                        FSID,
                        List.of("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":8}"),
                        Bytes.EMPTY));
        simulation.run(Duration.ofSeconds(2));
        assertThat(map().epoch()).isEqualTo(before);
        assertThat(admin.heard(MMonCommandAck.class)).isEmpty();
        simulation.run(Duration.ofSeconds(15));
        assertThat(map().epoch()).isEqualTo(before + 1);
        assertThat(admin.heard(MMonCommandAck.class))
                .extracting(MMonCommandAck::text)
                .containsExactly("pool 'p' created", "pool 'p' already exists");
    }

    @Test
    void wrongFsidAndMissingCapsAreRefused() {
        admin.say(
                new MMonCommand(
                        ++tid, 0, new UUID(1, 1), List.of("{\"prefix\":\"status\"}"), Bytes.EMPTY));
        simulation.run(Duration.ofMillis(10));
        assertThat(admin.heard(MMonCommandAck.class).getLast().result()).isEqualTo(-1);
        FakeMessenger.Peer reader = network.peer("client.reader", 4201, EntityAddrVec.EMPTY);
        assertThat(run(reader, "{\"prefix\":\"osd dump\"}").result()).isZero();
        assertThat(run(reader, "{\"prefix\":\"osd set\",\"key\":\"noout\"}").result())
                .isEqualTo(-13);
        assertThat(run(reader, "{\"prefix\":\"auth ls\"}").result()).isEqualTo(-13);
        FakeMessenger.Peer nobody = network.peer("client.nobody", 4202, EntityAddrVec.EMPTY);
        assertThat(run(nobody, "{\"prefix\":\"status\"}").result()).isEqualTo(-13);
        nobody.say(new MOSDFailure(0, FSID, 0, EntityAddrVec.EMPTY, 1, 3, 100));
        simulation.run(Duration.ofMillis(10));
        assertThat(map().epoch()).isEqualTo(1);
    }

    @Test
    void osdsBootMakeGroupsFailAndAreMarkedOut() {
        List<FakeMessenger.Peer> osds = threeOsds();
        assertThat(map().upCount()).isEqualTo(3);
        assertThat(map().inCount()).isEqualTo(3);
        run("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":8}");
        assertThat(map().pool(1).orElseThrow().hasFlag(PgPool.FLAG_CREATING)).isTrue();
        List<PgId> told = new ArrayList<>();
        for (FakeMessenger.Peer osd : osds) {
            osd.heard(MOSDPGCreate2.class)
                    .forEach(
                            message -> message.created().keySet().forEach(pg -> told.add(pg.pg())));
        }
        assertThat(told).hasSize(8).doesNotHaveDuplicates();
        told.forEach(pg -> osds.getFirst().say(new MOSDPGCreated(0, pg)));
        simulation.run(Duration.ofMillis(50));
        assertThat(map().pool(1).orElseThrow().hasFlag(PgPool.FLAG_CREATING)).isFalse();

        int epoch = map().epoch();
        osds.get(1).say(new MOSDAlive(epoch, epoch));
        osds.get(2).say(new MOSDAlive(epoch, epoch));
        simulation.run(Duration.ofMillis(50));
        assertThat(map().upThru(1)).isEqualTo(epoch);
        assertThat(map().epoch()).as("both in one epoch").isEqualTo(epoch + 1);

        osds.get(1).say(new MOSDFailure(0, FSID, 0, map().addrs(0), map().epoch(), 3, 1));
        simulation.run(Duration.ofMillis(50));
        assertThat(map().isUp(0)).isFalse();
        assertThat(osds.get(2).heard(MOSDMap.class).getLast().newest()).isEqualTo(map().epoch());
        assertThat(run("{\"prefix\":\"health\"}").output().toUtf8())
                .startsWith("HEALTH_WARN 1 osds down");

        simulation.run(Duration.ofSeconds(590));
        assertThat(map().isIn(0)).isTrue();
        simulation.run(Duration.ofSeconds(20));
        assertThat(map().isIn(0)).isFalse();
        boot(0, 777);
        assertThat(map().isUp(0)).isTrue();
        assertThat(map().isIn(0)).as("in again by itself").isTrue();
    }

    @Test
    void aRestartBeforeTheFailureWasSeenIsAnIntervalOfItsOwn() {
        threeOsds();
        int epoch = map().epoch();
        boot(1, 999);
        assertThat(map().epoch()).isEqualTo(epoch + 2);
        assertThat(map().downAt(1)).isEqualTo(epoch + 1);
        assertThat(map().upFrom(1)).isEqualTo(epoch + 2);
    }

    /** OSDs go by it: whoever was made again knows nothing of what its namesake took part in. */
    @Test
    void theMapTellsSinceWhenAnOsdHasItsStore() {
        run("{\"prefix\":\"osd new\",\"uuid\":\"" + uuid(0) + "\",\"id\":0}");
        int first = map().epoch();
        boot(0, 200, uuid(0), first);
        assertThat(map().isUp(0)).isTrue();
        assertThat(map().info(0).lastCleanBegin()).isEqualTo(first);
        assertThat(map().info(0).lastCleanEnd()).isEqualTo(first);
        boot(0, 300, uuid(0), map().epoch());
        assertThat(map().info(0).lastCleanBegin()).isEqualTo(first);
        assertThat(map().info(0).lastCleanEnd()).isGreaterThan(first);

        run("{\"prefix\":\"osd down\",\"ids\":[\"0\"]}");
        int down = map().info(0).downAt();
        run("{\"prefix\":\"osd destroy-actual\",\"id\":0,\"yes_i_really_mean_it\":true}");
        run("{\"prefix\":\"osd new\",\"uuid\":\"" + uuid(7) + "\",\"id\":0}");
        assertThat(map().info(0).lastCleanBegin()).isZero();
        run(
                "{\"prefix\":\"auth get-or-create\",\"entity\":\"osd.0\",\"caps\":"
                        + "[\"mon\",\"allow profile osd\"]}");
        boot(0, 400, uuid(7), first); // made and tried long before its namesake went
        assertThat(map().isUp(0)).isTrue();
        assertThat(map().info(0).lastCleanBegin()).isEqualTo(down);
        assertThat(map().upFrom(0)).isGreaterThan(down);
    }

    @Test
    void oneSilentReporterIsNotEnoughAndGraceHolds() {
        List<FakeMessenger.Peer> osds = threeOsds();
        osds.get(1).say(new MOSDFailure(0, FSID, 0, map().addrs(0), map().epoch(), 1, 25));
        simulation.run(Duration.ofSeconds(5));
        assertThat(map().isUp(0)).isTrue();
        osds.get(2).say(new MOSDFailure(0, FSID, 0, map().addrs(0), map().epoch(), 1, 15));
        simulation.run(Duration.ofSeconds(2));
        assertThat(map().isUp(0)).as("the second report is younger than the grace").isTrue();
        simulation.run(Duration.ofSeconds(5));
        assertThat(map().isUp(0)).isFalse();
    }

    private void tell(FakeMessenger.Peer osd, int state) {
        osd.say(new MOSDFull(map().epoch(), map().epoch(), state));
        simulation.run(Duration.ofMillis(50));
    }

    private List<String> healthLines() {
        return run("{\"prefix\":\"health\",\"detail\":\"detail\"}")
                .output()
                .toUtf8()
                .lines()
                .map(String::strip)
                .toList();
    }

    @Test
    void whatOsdsSayOfTheirRoomIsSaidOfTheirPools() {
        List<FakeMessenger.Peer> osds = threeOsds();
        run("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":8}");
        tell(osds.get(0), OsdMap.STATE_NEARFULL);
        assertThat(map().state(0) & OsdMap.STATES_OF_ROOM).isEqualTo(OsdMap.STATE_NEARFULL);
        assertThat(map().pool(1).orElseThrow().hasFlag(PgPool.FLAG_NEARFULL)).isTrue();
        assertThat(healthLines())
                .contains(
                        "[WRN] OSD_NEARFULL: 1 nearfull osd(s)",
                        "osd.0 is near full",
                        "[WRN] POOL_NEARFULL: 1 pool(s) nearfull",
                        "pool 'p' is nearfull");

        tell(osds.get(1), OsdMap.STATE_BACKFILLFULL);
        assertThat(map().pool(1).orElseThrow().hasFlag(PgPool.FLAG_NEARFULL)).isFalse();
        assertThat(healthLines())
                .contains("[WRN] OSD_BACKFILLFULL: 1 backfillfull osd(s)")
                .contains("osd.1 is backfill full", "pool 'p' is backfillfull");

        tell(osds.get(0), OsdMap.STATE_FULL);
        assertThat(map().state(0) & OsdMap.STATES_OF_ROOM).isEqualTo(OsdMap.STATE_FULL);
        assertThat(map().pool(1).orElseThrow().hasFlag(PgPool.FLAG_FULL)).isTrue();
        assertThat(healthLines())
                .contains("[ERR] OSD_FULL: 1 full osd(s)", "osd.0 is full")
                .contains("[WRN] POOL_FULL: 1 pool(s) full", "pool 'p' is full (no space)");

        int epoch = map().epoch();
        tell(osds.get(0), OsdMap.STATE_FULL);
        assertThat(map().epoch()).as("no news").isEqualTo(epoch);
        run("{\"prefix\":\"osd out\",\"ids\":[\"0\"]}");
        simulation.run(Duration.ofSeconds(2));
        assertThat(map().pool(1).orElseThrow().hasFlag(PgPool.FLAG_FULL))
                .as("who is out makes no pool full")
                .isFalse();
        tell(osds.get(1), 0);
        assertThat(map().pool(1).orElseThrow().flags() & PgPool.FLAG_BACKFILLFULL).isZero();
        assertThat(healthLines()).noneMatch(line -> line.contains("full"));
    }

    @Test
    void ratiosOutOfOrderAreTold() {
        run("{\"prefix\":\"osd set-full-ratio\",\"ratio\":0.7}");
        assertThat(healthLines())
                .contains(
                        "[ERR] OSD_OUT_OF_ORDER_FULL: full ratio(s) out of order",
                        "full_ratio (0.7) < backfillfull_ratio (0.9), increased");
    }

    @Test
    void flagsOfBucketsAndClassesHoldForTheirOsds() {
        List<FakeMessenger.Peer> osds = threeOsds();
        run("{\"prefix\":\"osd crush set-device-class\",\"class\":\"fast\",\"ids\":[\"0\"]}");
        for (String who : List.of("0", "h", "default", "fast")) {
            group("set", "nodown,noup", who);
            assertThat(health()).contains("1 OSDs or CRUSH {nodes, device-classes} have");
            fail(osds, 0);
            assertThat(map().isUp(0)).as("nodown by " + who).isTrue();
            group("unset", "nodown", who);
            fail(osds, 0);
            assertThat(map().isUp(0)).isFalse();
            boot(0, 500);
            assertThat(map().isUp(0)).as("noup by " + who).isFalse();
            group("unset", "noup", who);
            osds.set(0, boot(0, 500));
            assertThat(map().isUp(0)).isTrue();
            assertThat(health()).doesNotContain("have {NOUP");
        }
        group("set", "noout", "h");
        fail(osds, 0);
        simulation.run(Duration.ofSeconds(650));
        assertThat(map().isIn(0)).as("noout by h").isTrue();
        group("unset", "noout", "h");
        simulation.run(Duration.ofSeconds(20));
        assertThat(map().isIn(0)).isFalse();
        group("set", "noin", "fast");
        boot(0, 600);
        assertThat(map().isUp(0)).isTrue();
        assertThat(map().isIn(0)).as("noin by its class").isFalse();
    }

    private void group(String verb, String flags, String who) {
        run(
                "{\"prefix\":\"osd "
                        + verb
                        + "-group\",\"flags\":\""
                        + flags
                        + "\",\"who\":[\""
                        + who
                        + "\"]}");
    }

    private String health() {
        return run("{\"prefix\":\"health\"}").output().toUtf8();
    }

    private void fail(List<FakeMessenger.Peer> osds, int osd) {
        osds.get(1).say(new MOSDFailure(0, FSID, osd, map().addrs(osd), map().epoch(), 3, 1));
        simulation.run(Duration.ofMillis(50));
    }

    @Test
    void anOsdThatStopsIsAnswered() {
        List<FakeMessenger.Peer> osds = threeOsds();
        osds.get(0)
                .say(
                        new MOSDMarkMeDown(
                                map().epoch(), FSID, 0, map().addrs(0), map().epoch(), true, true));
        simulation.run(Duration.ofMillis(50));
        assertThat(map().isUp(0)).isFalse();
        assertThat(map().xinfo(0).deadEpoch()).isGreaterThan(0);
        assertThat(osds.get(0).heard(MOSDMarkMeDown.class)).hasSize(1);
    }

    @Test
    void aGroupThatIsLostIsMadeAnew() {
        List<FakeMessenger.Peer> osds = threeOsds();
        run("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":1}");
        PgId pg = new PgId(1, 0);
        osds.getFirst().say(new MOSDPGCreated(0, pg));
        simulation.run(Duration.ofMillis(50));
        String sure = ",\"yes_i_really_mean_it\":true}";
        assertThat(run(admin, forceCreate("1.0") + "}").result()).isEqualTo(-1);
        assertThat(run(admin, forceCreate("1.1") + sure).result()).isEqualTo(-2);
        assertThat(run(admin, forceCreate("x") + sure).result()).isEqualTo(-22);
        int epoch = map().epoch();
        assertThat(run(forceCreate("1.0") + sure).text()).isEqualTo("pg 1.0 now creating, ok");
        assertThat(run(forceCreate("1.0") + sure).text()).isEqualTo("pg 1.0 already creating");
        assertThat(map().pool(1).orElseThrow().hasFlag(PgPool.FLAG_CREATING)).isTrue();
        List<Integer> epochs = new ArrayList<>();
        osds.get(map().map(pg).actingPrimary())
                .heard(MOSDPGCreate2.class)
                .forEach(message ->
                        message.created().values().forEach(create -> epochs.add(create.epoch())));
        assertThat(epochs).as("as of now").endsWith(epoch);
        osds.getFirst().say(new MOSDPGCreated(0, pg));
        simulation.run(Duration.ofMillis(50));
        assertThat(map().pool(1).orElseThrow().hasFlag(PgPool.FLAG_CREATING)).isFalse();
    }

    private static String forceCreate(String pg) {
        return "{\"prefix\":\"osd force-create-pg\",\"pgid\":\"" + pg + "\"";
    }

    @Test
    void theStateIsTheSameAfterACrash() {
        FakeMessenger.Peer osd = threeOsds().getFirst();
        run("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":8}");
        run("{\"prefix\":\"config-key set\",\"key\":\"k\",\"val\":\"v\"}");
        run(
                "{\"prefix\":\"auth"
                    + " get-or-create\",\"entity\":\"client.x\",\"caps\":[\"mon\",\"allow r\"]}");
        for (int i = 0; i < 30; i++) {
            run("{\"prefix\":\"osd set\",\"key\":\"noout\"}");
            run("{\"prefix\":\"osd unset\",\"key\":\"noout\"}");
        }
        osd.say(new MOSDPGCreated(0, new PgId(1, 3)));
        simulation.run(Duration.ofMillis(50));
        run(forceCreate("1.3") + ",\"yes_i_really_mean_it\":true}");
        MonitorState before = monitor.state();
        shard.kill();
        MemoryLog log = new MemoryLog(disk, simulation.shard("reader"), Duration.ZERO);
        MonitorState replayed = Committer.replay(log.recover(), MonitorState.blank(FSID));
        assertThat(replayed).isEqualTo(before);
        Bytes snapshot = MonitorState.CODEC.toBytes(before);
        assertThat(MonitorState.CODEC.fromBytes(snapshot)).isEqualTo(before);
        assertThat(MonitorState.CODEC.toBytes(MonitorState.CODEC.fromBytes(snapshot)))
                .isEqualTo(snapshot);
        start();
        assertThat(run("{\"prefix\":\"osd pool ls\"}").output().toUtf8()).isEqualTo("p\n");
    }

    @Test
    void mapsThatAGroupNeedsAreKept() {
        List<FakeMessenger.Peer> osds = threeOsds();
        run(
                "{\"prefix\":\"config"
                    + " set\",\"who\":\"mon\",\"name\":\"mon_min_osdmap_epochs\",\"value\":\"20\"}");
        run("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":2}");
        int clean = map().epoch();
        churn(60);
        assertThat(monitor.state().osdMaps().oldestEpoch()).as("nobody is heard of").isEqualTo(1);
        beacon(osds.get(0), 0, map().epoch());
        simulation.run(Duration.ofSeconds(3));
        assertThat(monitor.state().osdMaps().oldestEpoch()).as("one is not").isEqualTo(1);
        beacon(osds.get(1), 1, clean);
        simulation.run(Duration.ofSeconds(3));
        assertThat(monitor.state().osdMaps().oldestEpoch()).isEqualTo(clean);
        beacon(osds.get(1), 1, map().epoch());
        simulation.run(Duration.ofSeconds(3));
        assertThat(monitor.state().osdMaps().oldestEpoch()).isEqualTo(map().epoch() - 20);
    }

    private static void beacon(FakeMessenger.Peer osd, int seed, int clean) {
        osd.say(new MOSDBeacon(1, List.of(new PgId(1, seed)), clean, Utime.ZERO, 300));
    }

    private void churn(int epochs) {
        for (int i = 0; i < epochs; i++) {
            run("{\"prefix\":\"osd " + (i % 2 == 0 ? "set" : "unset") + "\",\"key\":\"noout\"}");
        }
        simulation.run(Duration.ofSeconds(3));
    }

    @Test
    void manyEpochsAreTrimmed() {
        for (int i = 0; i < 400; i++) {
            run("{\"prefix\":\"osd set\",\"key\":\"noout\"}");
            run("{\"prefix\":\"osd unset\",\"key\":\"noout\"}");
        }
        assertThat(map().epoch()).isEqualTo(801);
        int oldest = monitor.state().osdMaps().oldestEpoch();
        assertThat(oldest).isBetween(200, 302);
        assertThat(monitor.state().osdMaps().at(oldest)).isPresent();
        admin.say(
                new MMonSubscribe(
                        new TreeMap<>(Map.of("osdmap", new Subscription(1, Subscription.ONCE))),
                        "h"));
        simulation.run(Duration.ofMillis(10));
        List<MOSDMap> maps = admin.heard(MOSDMap.class);
        assertThat(maps.getFirst().full()).containsOnlyKeys(oldest);
        assertThat(maps.getLast().incrementals()).containsKey(801);
    }
}
