package io.sepiola.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.client.FakeMessenger.FakeConnection;
import io.sepiola.messenger.CephxClient;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.UpActing;
import io.sepiola.protocol.message.MMonGetVersion;
import io.sepiola.protocol.message.MMonGetVersionReply;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.MOSDBackoff;
import io.sepiola.protocol.message.MOSDMap;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.message.MOSDOpReply;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.SnapContext;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Pool 2 of the map has 8 groups of 3 copies on OSDs 0 to 2. */
class ObjecterTest {
    private static final long POOL = 2;

    private final Simulation simulation = new Simulation(3);
    private final Simulation.SimulatedShard shard = simulation.shard("client");
    private final FakeMessenger messenger = new FakeMessenger();
    private final MonClient monitors =
            new MonClient(
                    shard,
                    messenger,
                    cephx(),
                    MonClient.Options.client(MonitorAddresses.parse("v2:127.0.0.1:1")),
                    simulation.random(),
                    message -> {});
    private Objecter objecter = objecter(new RadosOptions.Limits(1000, 4));
    private OsdMap map = OsdMap.CODEC.fromBytes(golden("osdmap/chain-small/full.89.bin"));
    private FakeConnection monitor = new FakeConnection(EntityType.MON, map.addrs(0));

    private static Bytes golden(String file) {
        try {
            Path path = Path.of(System.getProperty("golden"), file);
            return Bytes.of(Files.readAllBytes(path));
        } catch (IOException missing) {
            throw new AssertionError(missing);
        }
    }

    private CephxClient cephx() {
        CryptoKey key = new CryptoKey(KeyType.AES, Utime.ZERO, Bytes.zeros(16));
        return new CephxClient(
                AuthName.parse("client.admin"),
                key,
                CephxClient.CLIENT_SERVICES,
                simulation.clock(),
                simulation.random());
    }

    private Objecter objecter(RadosOptions.Limits limits) {
        return new Objecter(shard, messenger, monitors, cephx(), simulation.random(), limits);
    }

    @BeforeEach
    void connect() {
        on(() -> monitors.start());
        on(objecter::start);
        monitor = messenger.last(EntityType.MON);
        monitor.heardNanos = Long.MAX_VALUE / 2;
        monitors.dispatcher().connected(monitor);
        settle();
        learn(new MOSDMap(map.fsid(), Map.of(), Map.of(89, map.encoded()), 1, 89, Map.of()));
    }

    private void on(Runnable task) {
        shard.execute(task);
        settle();
    }

    private void settle() {
        simulation.run(Duration.ofMillis(1));
    }

    private void learn(MOSDMap message) {
        on(() -> objecter.received(message));
    }

    /** The map changes so, and the objecter hears of it. */
    private void change(UnaryOperator<OsdMapIncremental.Builder> changes) {
        OsdMapIncremental change = changes.apply(OsdMapIncremental.after(map)).build();
        map = map.apply(change);
        Bytes encoded = OsdMapIncremental.CODEC.toBytes(change);
        learn(
                new MOSDMap(
                        map.fsid(),
                        Map.of(map.epoch(), encoded),
                        Map.of(),
                        1,
                        map.epoch(),
                        Map.of()));
    }

    private CompletableFuture<MOSDOpReply> write(String object) {
        return write(object, 10);
    }

    private CompletableFuture<MOSDOpReply> write(String object, int size) {
        return submit(object, new OsdOp.WriteFull(Bytes.zeros(size)), MOSDOp.WRITE);
    }

    private CompletableFuture<MOSDOpReply> read(String object) {
        return submit(object, new OsdOp.Read(0, 10), MOSDOp.READ);
    }

    private CompletableFuture<MOSDOpReply> submit(String object, OsdOp step, int direction) {
        return submit(new Aim.ForObject(ObjectLocator.of(POOL), object), step, direction);
    }

    private CompletableFuture<MOSDOpReply> submit(Aim aim, OsdOp step, int flags) {
        List<CompletableFuture<MOSDOpReply>> answer = new ArrayList<>();
        on(() ->
                answer.add(
                        objecter.submit(
                                new Operation.Request(
                                        aim,
                                        List.of(step),
                                        flags,
                                        HObject.HEAD,
                                        SnapContext.NONE,
                                        Utime.ZERO))));
        return answer.getFirst();
    }

    private UpActing osds(String object) {
        return map.map(map.pgOf(POOL, "", "", object));
    }

    private FakeConnection osd(int id) {
        return messenger.to(map.addrs(id)).getLast();
    }

    private FakeConnection primary(String object) {
        return osd(osds(object).actingPrimary());
    }

    private static List<MOSDOp> ops(FakeConnection connection) {
        return connection.sent(MOSDOp.class);
    }

    private static List<String> names(FakeConnection connection) {
        return ops(connection).stream().map(MOSDOp::object).toList();
    }

    private void receive(FakeConnection from, Message message) {
        on(() -> objecter.received(from, message));
    }

    private static MOSDOpReply reply(MOSDOp op, int result) {
        return new MOSDOpReply(
                op.tid(),
                op.object(),
                op.pg().pg(),
                op.flags(),
                result,
                op.epoch(),
                List.of(),
                op.attempt(),
                EVersion.ZERO,
                1);
    }

    /** Names of objects that one OSD leads. */
    private List<String> objectsOf(int primary, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; names.size() < count; i++) {
            if (osds("o" + i).actingPrimary() == primary) {
                names.add("o" + i);
            }
        }
        return names;
    }

    @Test
    void anOperationGoesToThePrimaryAndItsAnswerComesBack() {
        CompletableFuture<MOSDOpReply> answer = write("a");
        MOSDOp op = ops(primary("a")).getFirst();
        assertThat(op.pg().pg()).isEqualTo(map.pgOf(POOL, "", "", "a"));
        assertThat(op.epoch()).isEqualTo(89);
        assertThat(op.attempt()).isZero();
        assertThat(op.flags()).isEqualTo(MOSDOp.WRITE | MOSDOp.ON_DISK | MOSDOp.KNOWN_REDIRECT);

        receive(primary("a"), reply(op, 0));

        assertThat(Await.on(answer).userVersion()).isEqualTo(1);
    }

    @Test
    void anErrorIsAnAnswer() {
        CompletableFuture<MOSDOpReply> answer = read("a");
        receive(primary("a"), reply(ops(primary("a")).getFirst(), -2));
        assertThat(Await.on(answer).result()).isEqualTo(-2);
    }

    @Test
    void aBrokenConnectionIsDialledAgainAndOperationsAreSentAgainInOrder() {
        List<String> objects = objectsOf(1, 3);
        objects.forEach(this::write);
        FakeConnection before = osd(1);
        receive(before, reply(ops(before).get(1), 0));

        on(() -> objecter.reset(before));

        FakeConnection after = osd(1);
        assertThat(after).isNotSameAs(before);
        assertThat(names(after)).containsExactly(objects.get(0), objects.get(2));
        assertThat(ops(after))
                .allMatch(op -> op.attempt() == 1 && (op.flags() & MOSDOp.RETRY) != 0);
        assertThat(ops(after).getFirst().tid()).isEqualTo(ops(before).getFirst().tid());
    }

    @Test
    void attemptsOnAnOsdThatIsGoneCountDownSlower() {
        write(objectsOf(1, 1).getFirst());
        for (int i = 0; i < 20; i++) {
            on(() -> objecter.refused(osd(1)));
            simulation.run(Duration.ofMillis(100));
        }
        assertThat(messenger.to(map.addrs(1))).hasSizeBetween(3, 8);
    }

    @Test
    void anAnswerToAnEarlierAttemptIsIgnored() {
        CompletableFuture<MOSDOpReply> answer = write("a");
        MOSDOp first = ops(primary("a")).getFirst();
        on(() -> objecter.reset(primary("a")));
        receive(primary("a"), reply(first, -5));
        assertThat(answer).isNotDone();
        receive(primary("a"), reply(ops(primary("a")).getFirst(), 0));
        assertThat(Await.on(answer).result()).isZero();
    }

    @Test
    void whenThePrimaryGoesDownTheNextOneGetsTheOperations() {
        List<String> objects = objectsOf(1, 2);
        objects.forEach(this::write);
        FakeConnection before = osd(1);

        change(changes -> changes.down(1));

        assertThat(before.closed).isTrue();
        for (String object : objects) {
            assertThat(osds(object).actingPrimary()).isNotEqualTo(1);
            assertThat(names(primary(object))).contains(object);
        }
    }

    @Test
    void anotherMapWithTheSameMembersSendsNothingAgain() {
        write("a");
        change(changes -> changes.flags(map.flags() | OsdMapFlags.NOOUT));
        assertThat(ops(primary("a"))).hasSize(1);
        assertThat(messenger.to(map.addrs(osds("a").actingPrimary()))).hasSize(1);
    }

    @Test
    void otherMembersUnderTheSamePrimaryLeaveItWithThePrimary() {
        write("a");
        int primary = osds("a").actingPrimary();
        PgId pg = map.pgOf(POOL, "", "", "a");
        change(changes -> changes.newPgTemp(pg, List.of(primary)));
        assertThat(ops(osd(primary))).hasSize(1);
    }

    @Test
    void aPrimaryOfAnotherRankGetsItAgain() {
        write("a");
        int primary = osds("a").actingPrimary();
        List<Integer> others = Stream.of(0, 1, 2).filter(osd -> osd != primary).toList();
        PgId pg = map.pgOf(POOL, "", "", "a");
        change(changes ->
                changes.newPgTemp(pg, List.of(others.getLast(), primary, others.getFirst()))
                        .newPrimaryTemp(pg, primary));
        assertThat(osds("a").actingPrimary()).isEqualTo(primary);
        assertThat(ops(osd(primary))).hasSize(2);
    }

    @Test
    void aMapOfAnotherClusterIsPassedOver() {
        OsdMap foreign = OsdMap.blank(new UUID(7, 7));
        for (int epoch = 0; epoch < 100; epoch++) {
            foreign = foreign.apply(OsdMapIncremental.after(foreign).build());
        }
        Map<Integer, Bytes> whole = Map.of(foreign.epoch(), foreign.encoded());
        learn(new MOSDMap(foreign.fsid(), Map.of(), whole, 1, foreign.epoch(), Map.of()));
        assertThat(objecter.epoch()).isEqualTo(89);
    }

    @Test
    void aPrimaryThatLeftAndCameBackWithinOneMessageHasItSentAgain() {
        write("a");
        int primary = osds("a").actingPrimary();
        EntityAddrVec moved = map.addrs(primary);
        OsdMapIncremental left = OsdMapIncremental.after(map).down(primary).build();
        OsdMap without = map.apply(left);
        OsdMapIncremental back =
                OsdMapIncremental.after(without).newUp(primary, moved, moved, moved, moved).build();
        map = without.apply(back);
        learn(
                new MOSDMap(
                        map.fsid(),
                        Map.of(
                                left.epoch(), OsdMapIncremental.CODEC.toBytes(left),
                                back.epoch(), OsdMapIncremental.CODEC.toBytes(back)),
                        Map.of(),
                        1,
                        back.epoch(),
                        Map.of()));
        List<MOSDOp> all = new ArrayList<>();
        messenger.dialled.forEach(connection -> all.addAll(ops(connection)));
        assertThat(all).hasSize(2);
    }

    @Test
    void aSplitGroupGetsItsOperationsAgain() {
        write("a");
        change(changes ->
                changes.newPool(POOL, map.pool(POOL).orElseThrow().with(pool -> pool.pgNum(16))));
        List<MOSDOp> all = new ArrayList<>();
        messenger.dialled.forEach(connection -> all.addAll(ops(connection)));
        assertThat(all).hasSize(2);
        assertThat(all.getLast().pg().pg()).isEqualTo(map.pgOf(POOL, "", "", "a"));
    }

    @Test
    void pausedWritesWaitAndReadsDoNot() {
        change(changes -> changes.flags(map.flags() | OsdMapFlags.PAUSEWR));
        CompletableFuture<MOSDOpReply> write = write("a");
        CompletableFuture<MOSDOpReply> read = read("a");
        assertThat(ops(primary("a"))).hasSize(1).allMatch(op -> (op.flags() & MOSDOp.READ) != 0);
        assertThat(wantsEpoch()).isEqualTo(91);

        change(changes -> changes.flags(map.flags() & ~OsdMapFlags.PAUSEWR));

        assertThat(ops(primary("a"))).hasSize(2);
        assertThat(write).isNotDone();
        assertThat(read).isNotDone();
    }

    @Test
    void aFullPoolHoldsWritesBackUnlessTheyWouldRatherFail() {
        change(changes ->
                changes.newPool(
                        POOL,
                        map.pool(POOL)
                                .orElseThrow()
                                .with(pool -> pool.flags(pool.build().flags() | 2))));
        write("a");
        submit("a", new OsdOp.Delete(), MOSDOp.WRITE | MOSDOp.FULL_TRY);
        List<MOSDOp> sent = ops(primary("a"));
        assertThat(sent).hasSize(1).allMatch(op -> op.ops().getFirst() instanceof OsdOp.Delete);
    }

    @Test
    void anAnswerUnderWayWhenWritesArePausedCounts() {
        CompletableFuture<MOSDOpReply> done = write("a");
        CompletableFuture<MOSDOpReply> lost = write("a");
        List<MOSDOp> sent = List.copyOf(ops(primary("a")));
        change(changes -> changes.flags(map.flags() | OsdMapFlags.PAUSEWR));

        receive(primary("a"), reply(sent.getFirst(), 0));

        assertThat(done).isCompleted();
        assertThat(lost).isNotDone();
        change(changes -> changes.flags(map.flags() & ~OsdMapFlags.PAUSEWR));
        assertThat(ops(primary("a"))).hasSize(3);
        assertThat(ops(primary("a")).getLast().tid()).isEqualTo(sent.getLast().tid());
    }

    private long wantsEpoch() {
        List<MMonSubscribe> all = monitor.sent(MMonSubscribe.class);
        return all.stream()
                .filter(message -> message.what().containsKey("osdmap"))
                .reduce((before, after) -> after)
                .orElseThrow()
                .what()
                .get("osdmap")
                .first();
    }

    @Test
    void aBackoffHoldsItsRangeBackUntilItEnds() {
        String object = objectsOf(1, 1).getFirst();
        write(object);
        MOSDOp op = ops(osd(1)).getFirst();
        HObject begin = new HObject("", "", "", 0, 0, POOL, false);
        MOSDBackoff block = new MOSDBackoff(op.pg(), 89, MOSDBackoff.BLOCK, 5, begin, HObject.MAX);
        receive(osd(1), block);
        assertThat(osd(1).sent(MOSDBackoff.class))
                .singleElement()
                .matches(ack -> ack.op() == MOSDBackoff.ACK_BLOCK && ack.id() == 5);

        write(object);
        assertThat(ops(osd(1))).hasSize(1);

        receive(osd(1), new MOSDBackoff(op.pg(), 89, MOSDBackoff.UNBLOCK, 5, begin, HObject.MAX));

        assertThat(ops(osd(1))).hasSize(3);
        assertThat(ops(osd(1)).get(1).tid()).isEqualTo(op.tid());
        assertThat(ops(osd(1)).get(1).attempt()).isEqualTo(1);
        assertThat(ops(osd(1)).get(2).tid()).isGreaterThan(op.tid());
    }

    @Test
    void aBackoffOfAnotherGroupHoldsNothingBack() {
        write(objectsOf(1, 1).getFirst());
        MOSDOp op = ops(osd(1)).getFirst();
        PgId other =
                objectsOf(1, 30).stream()
                        .map(name -> map.pgOf(POOL, "", "", name))
                        .filter(pg -> !pg.equals(op.pg().pg()))
                        .findFirst()
                        .orElseThrow();
        receive(
                osd(1),
                new MOSDBackoff(
                        io.sepiola.protocol.SpgId.replicated(other),
                        89,
                        MOSDBackoff.BLOCK,
                        5,
                        new HObject("", "", "", 0, 0, POOL, false),
                        HObject.MAX));
        write(op.object());
        assertThat(ops(osd(1))).hasSize(2);
    }

    @Test
    void aRefusalForTheTimeBeingIsTriedAgain() {
        CompletableFuture<MOSDOpReply> answer = write("a");
        receive(primary("a"), reply(ops(primary("a")).getFirst(), -11));
        assertThat(answer).isNotDone();
        simulation.run(Duration.ofMillis(200));
        assertThat(ops(primary("a"))).hasSize(2);
    }

    @Test
    void aMissingPoolIsAnErrorOnlyByTheNewestMap() {
        CompletableFuture<MOSDOpReply> answer =
                submit(new Aim.ForObject(ObjectLocator.of(77), "a"), new OsdOp.Stat(), MOSDOp.READ);
        assertThat(answer).isNotDone();
        long handle = monitor.sent(MMonGetVersion.class).getLast().handle();
        monitors.dispatcher().received(monitor, new MMonGetVersionReply(handle, 90, 1));
        settle();
        assertThat(answer).isNotDone();

        change(changes -> changes.flags(map.flags() | OsdMapFlags.NOOUT));

        assertThatThrownBy(() -> Await.on(answer))
                .isInstanceOfSatisfying(
                        RadosException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOENT));
    }

    @Test
    void aDeletedPoolFailsWhatIsUnderWay() {
        CompletableFuture<MOSDOpReply> answer = write("a");
        change(changes -> changes.oldPool(POOL));
        long handle = monitor.sent(MMonGetVersion.class).getLast().handle();
        monitors.dispatcher().received(monitor, new MMonGetVersionReply(handle, 90, 1));
        settle();
        assertThatThrownBy(() -> Await.on(answer)).hasMessageContaining("no pool");
    }

    @Test
    void aGapInTheMapsIsAskedFor() {
        OsdMap old = map;
        change(changes -> changes.flags(map.flags()));
        OsdMap skipped = map;
        OsdMapIncremental later =
                OsdMapIncremental.after(skipped.apply(OsdMapIncremental.after(skipped).build()))
                        .build();
        learn(
                new MOSDMap(
                        map.fsid(),
                        Map.of(later.epoch(), OsdMapIncremental.CODEC.toBytes(later)),
                        Map.of(),
                        1,
                        later.epoch(),
                        Map.of()));
        assertThat(wantsEpoch()).isEqualTo(old.epoch() + 2);
        assertThat(objecter.epoch()).isEqualTo(old.epoch() + 1);
    }

    @Test
    void aMapThatCannotBeReadChangesNothingAndAWholeOneIsWanted() {
        learn(new MOSDMap(map.fsid(), Map.of(90, Bytes.zeros(40)), Map.of(), 1, 90, Map.of()));
        assertThat(objecter.epoch()).isEqualTo(89);
        assertThat(wantsEpoch()).isZero();
    }

    @Test
    void operationsBeyondTheLimitWaitInOrder() {
        List<String> objects = objectsOf(1, 6);
        objects.forEach(this::write);
        assertThat(names(osd(1))).isEqualTo(objects.subList(0, 4));
        receive(osd(1), reply(ops(osd(1)).getFirst(), 0));
        assertThat(names(osd(1))).isEqualTo(objects.subList(0, 5));
    }

    @Test
    void bytesBeyondTheLimitWaitButOneOperationAlwaysGoes() {
        List<String> objects = objectsOf(1, 3);
        write(objects.get(0), 5000);
        write(objects.get(1), 10);
        assertThat(names(osd(1))).containsExactly(objects.get(0));
        receive(osd(1), reply(ops(osd(1)).getFirst(), 0));
        assertThat(names(osd(1))).containsExactly(objects.get(0), objects.get(1));
    }

    @Test
    void operationsOnOneObjectKeepTheirOrderOverEveryMove() {
        String object = objectsOf(1, 1).getFirst();
        for (int i = 1; i <= 4; i++) {
            write(object, i);
        }
        on(() -> objecter.reset(osd(1)));
        change(changes -> changes.down(1));
        int next = osds(object).actingPrimary();
        on(() -> objecter.reset(osd(next)));
        List<Long> tids =
                ops(osd(next)).stream()
                        .filter(op -> op.object().equals(object))
                        .map(MOSDOp::tid)
                        .toList();
        assertThat(tids).hasSize(4).isSorted();
    }

    @Test
    void aListingGoesToTheGroupOfItsCursor() {
        HObject cursor = new HObject("", "", "", 0, 0x60000003, POOL, false);
        submit(
                new Aim.ForListing(ObjectLocator.of(POOL), cursor),
                new OsdOp.PgNamespaceList(10, 89, cursor),
                MOSDOp.READ);
        PgId pg = new PgId(POOL, 3);
        FakeConnection connection = osd(map.map(pg).actingPrimary());
        assertThat(ops(connection).getFirst().pg().pg()).isEqualTo(pg);
        assertThat(ops(connection).getFirst().hash()).isEqualTo(0x60000003);
    }

    @Test
    void closingFailsEverything() {
        CompletableFuture<MOSDOpReply> sent = write("a");
        on(objecter::close);
        assertThatThrownBy(() -> Await.on(sent)).hasMessageContaining("closed");
        assertThatThrownBy(() -> Await.on(write("b"))).hasMessageContaining("closed");
    }
}
