package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.message.MOSDOpReply;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.SnapContext;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Clients meet copies that are damaged on the disks. */
class DamagedCopiesTest {
    private static final PgId PG = new PgId(GroupWorld.POOL, 0);
    private static final SpgId SPG = SpgId.replicated(PG);
    private static final String TEXT = "0123456789";

    private GroupWorld world;
    private final List<String> answers = new ArrayList<>();
    private long lastTid;

    @BeforeEach
    void begin() {
        world = new GroupWorld(7, 3, 3, 2, 1, PgOptions.DEFAULT);
        await("clean", world::isAllClean);
        assertThat(done(new OsdOp.WriteFull(Bytes.utf8(TEXT)))).isEqualTo("0");
    }

    private void await(String what, BooleanSupplier condition) {
        assertThat(world.simulation.runUntil(condition, Duration.ofSeconds(20)))
                .as("%s; %s", what, world.states())
                .isTrue();
    }

    private GroupWorld.Node primary() {
        return world.nodes.get(world.map.map(PG).actingPrimary());
    }

    private GroupWorld.Node replica() {
        return world.nodes.get(world.map.map(PG).acting()[1]);
    }

    private static HObject object() {
        return message("x", 0, 0, new OsdOp.Read(0, 0)).target().withSnap(HObject.HEAD);
    }

    private static MOSDOp message(String name, long tid, int epoch, OsdOp op) {
        return new MOSDOp(
                tid,
                SPG,
                0,
                epoch,
                0,
                OsdReqId.NONE,
                0,
                Utime.ZERO,
                new ObjectLocator(GroupWorld.POOL, "", "", -1),
                name,
                List.of(op),
                HObject.HEAD,
                SnapContext.NONE,
                0,
                0);
    }

    private void ask(OsdOp op) {
        ask("x", op);
    }

    private void ask(String name, OsdOp op) {
        FakeConnection back =
                new FakeConnection() {
                    @Override
                    public void send(Message answer) {
                        MOSDOpReply reply = (MOSDOpReply) answer;
                        String read = reply.ops().getFirst().output().toUtf8();
                        answers.add(read.isEmpty() ? "" + reply.result() : read);
                    }
                };
        GroupWorld.Node node = primary();
        MOSDOp message = message(name, ++lastTid, node.reached.epoch(), op);
        node.shard.execute(() -> node.client(back, message));
    }

    private String done(OsdOp op) {
        return done("x", op);
    }

    private String done(String name, OsdOp op) {
        answers.clear();
        ask(name, op);
        await("an answer", () -> !answers.isEmpty());
        return answers.getFirst();
    }

    private void damage(GroupWorld.Node... nodes) {
        for (GroupWorld.Node node : nodes) {
            node.damaged.add(GhObject.of(object()));
        }
    }

    private void assertSound(String text) {
        await("clean", world::isAllClean);
        for (GroupWorld.Node node : world.nodes) {
            assertThat(node.damaged).as("osd.%d", node.id).isEmpty();
            Bytes data =
                    node.store.read(
                            node.groups.get(SPG).collection(), GhObject.of(object()), 0, 100);
            assertThat(data.toUtf8()).as("osd.%d", node.id).isEqualTo(text);
        }
    }

    @Test
    void aReadOfWhatIsDamagedEverywhereEndsWithAnError() {
        damage(world.nodes.toArray(GroupWorld.Node[]::new));
        assertThat(done(new OsdOp.Read(0, 0))).isEqualTo("-5");
        assertThat(done(new OsdOp.Read(0, 0))).isEqualTo("-5");
        assertThat(done(new OsdOp.Write(2, Bytes.utf8("x")))).isEqualTo("-5");
        assertThat(primary().groups.get(SPG).recovery().unfoundCount()).isEqualTo(1);

        primary()
                .shard
                .execute(() ->
                        primary().groups.get(SPG).commands().run("mark_unfound_lost", "revert"));
        await("clean", world::isAllClean);
        assertThat(done(new OsdOp.Read(0, 0))).as("what is damaged is not kept").isEqualTo("-2");
    }

    @Test
    void itWaitsAsLongAsAGoodCopyMayCome() {
        GroupWorld.Node good = replica();
        world.crash(good.id);
        await("smaller", () -> world.isAllClean() && !world.map.isUp(good.id));
        for (GroupWorld.Node node : world.nodes) {
            if (node != good) {
                damage(node);
            }
        }
        answers.clear();
        ask(new OsdOp.Read(0, 0));
        await("unfound", () -> primary().groups.get(SPG).recovery().unfoundCount() == 1);
        world.simulation.run(Duration.ofSeconds(5));
        assertThat(answers).isEmpty();
        world.restart(good.id);
        await("an answer", () -> !answers.isEmpty());
        assertThat(answers).containsExactly(TEXT);
        await("clean", world::isAllClean);
        assertThat(primary().damaged).as("what the client met").isEmpty();
    }

    /** The member that was not there for the write lacks it, and the one that was is none now. */
    @Test
    void itIsHadFromWhoIsNoMemberAnyMore() {
        world = new GroupWorld(7, 3, 2, 1, 1, PgOptions.DEFAULT);
        await("clean", world::isAllClean);
        done(new OsdOp.WriteFull(Bytes.utf8("0")));
        GroupWorld.Node absent = replica();
        world.crash(absent.id);
        await("down", () -> !world.map.isUp(absent.id));
        world.change(step -> step.newWeight(absent.id, 0));
        await("clean with another", () -> world.isAllClean() && replica() != absent);
        assertThat(done(new OsdOp.WriteFull(Bytes.utf8(TEXT)))).isEqualTo("0");
        world.change(step -> step.flags(OsdMapFlags.NORECOVER));
        world.change(step -> step.newWeight(absent.id, 0x10000));
        world.restart(absent.id);
        Pg group = primary().groups.get(SPG);
        await(
                "active with it",
                () ->
                        group.epoch() == world.map.epoch()
                                && group.peering().isActive()
                                && replica() == absent);
        damage(primary());
        assertThat(done(new OsdOp.Read(0, 0))).isEqualTo(TEXT);
        world.change(step -> step.flags(0));
        await("clean", world::isAllClean);
        assertThat(primary().damaged).isEmpty();
    }

    @Test
    void aWriteAmidWhatIsDamagedOnThePrimaryIsMadeOnceItIsMended() {
        damage(primary());
        assertThat(done(new OsdOp.Write(2, Bytes.utf8("ab")))).isEqualTo("0");
        assertSound("01ab456789");
    }

    @Test
    void aWriteAmidWhatIsDamagedOnAReplicaIsMadeOnceItIsMended() {
        damage(replica());
        assertThat(done(new OsdOp.Write(2, Bytes.utf8("ab")))).isEqualTo("0");
        assertSound("01ab456789");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void writesThatFollowAreMadeOnTopOfIt(boolean withDelete) {
        damage(replica());
        answers.clear();
        for (int i = 0; i < 8; i++) {
            ask(
                    withDelete && i == 4
                            ? new OsdOp.Delete()
                            : new OsdOp.Write(i, Bytes.utf8("" + (char) ('a' + i))));
        }
        await("all answered", () -> answers.size() == 8);
        assertThat(answers).containsOnly("0");
        assertSound(withDelete ? "\0\0\0\0\0fgh" : "abcdefgh89");
    }

    /** The answers that are still on their way belong to nobody. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void nothingIsLeftOfACopyThatIsDeletedWhileItIsHadAnew(int partsBefore) {
        world = new GroupWorld(7, 3, 3, 2, 1, PgOptions.DEFAULT.withParts(8 << 20, 1));
        await("clean", world::isAllClean);
        Map<String, Bytes> entries = Map.of("a", Bytes.EMPTY, "b", Bytes.EMPTY, "c", Bytes.EMPTY);
        assertThat(done(new OsdOp.WriteFull(Bytes.utf8(TEXT)))).isEqualTo("0");
        assertThat(done(new OsdOp.OmapSetVals(entries))).isEqualTo("0");
        GroupWorld.Node replica = replica();
        damage(replica);
        answers.clear();
        ask(new OsdOp.Write(2, Bytes.utf8("ab")));
        await("asked", () -> !group(replica).ledger().missing.isEmpty());
        await("parts came", () -> gathered(replica) >= partsBefore);
        ask(new OsdOp.Delete());
        await("both answered", () -> answers.size() == 2);
        assertThat(answers).containsOnly("0");
        ask(new OsdOp.WriteFull(Bytes.utf8("anew")));
        await("all answered", () -> answers.size() == 3);
        assertSound("anew");
        for (GroupWorld.Node node : world.nodes) {
            assertThat(node.store.list(group(node).collection(), GhObject.of(HObject.MIN), 10))
                    .as("osd.%d", node.id)
                    .noneMatch(object -> Transfers.isGathering(object.object()));
        }
    }

    /** Each part brings one omap entry. */
    private static int gathered(GroupWorld.Node node) {
        GhObject gathering = Transfers.gathering(object());
        CollectionId collection = node.groups.get(SPG).collection();
        return node.store.size(collection, gathering).isEmpty()
                ? 0
                : node.store.omap(collection, gathering, "", "", 10).entries().size();
    }

    @Test
    void aReplicaThatGoesDownMeanwhileIsRecovered() {
        GroupWorld.Node replica = replica();
        damage(replica);
        answers.clear();
        ask(new OsdOp.Write(2, Bytes.utf8("ab")));
        await("the write is logged", () -> !replica.groups.get(SPG).ledger().missing.isEmpty());
        world.crash(replica.id);
        await("smaller", () -> world.isAllClean() && !world.map.isUp(replica.id));
        world.restart(replica.id);
        assertSound("01ab456789");
        assertThat(answers).containsExactly("0");
    }

    private Pg group(GroupWorld.Node node) {
        return node.groups.get(SPG);
    }

    private List<GroupWorld.Node> othersThan(GroupWorld.Node node) {
        return world.nodes.stream().filter(each -> each != node).toList();
    }

    /**
     * The primary takes a write that no other member ever gets; its copy is damaged; all go down.
     */
    private GroupWorld.Node writesAlone(OsdOp op) {
        GroupWorld.Node holder = primary();
        long before = group(holder).ledger().lastUpdate.version();
        List<GroupWorld.Node> others = othersThan(holder);
        others.forEach(other -> world.crash(other.id));
        answers.clear();
        ask(op);
        world.simulation.run(Duration.ofMillis(200));
        assertThat(group(holder).ledger().lastUpdate.version()).isEqualTo(before + 1);
        assertThat(answers).isEmpty();
        damage(holder);
        world.crash(holder.id);
        await("all are down", () -> world.nodes.stream().noneMatch(n -> world.map.isUp(n.id)));
        return holder;
    }

    /** All return; who led may lead again, or follow one who has heard of the write by the log. */
    private void allReturn(GroupWorld.Node holder, boolean leadsAgain) {
        if (!leadsAgain) {
            world.change(step -> step.newAffinity(holder.id, 0));
        }
        world.nodes.forEach(node -> world.restart(node.id));
        await(
                "active with all",
                () ->
                        world.nodes.stream().allMatch(node -> world.map.isUp(node.id))
                                && group(primary()) != null
                                && group(primary()).peering().isActive());
        assertThat(primary() == holder).isEqualTo(leadsAgain);
    }

    /** What the client that wrote it asks for again. */
    private void isDoneAnew(long tid, OsdOp op) {
        long last = lastTid;
        lastTid = tid - 1;
        assertThat(done(op)).isEqualTo("0");
        lastTid = last;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatNobodyWasToldOfIsGivenUpForTheVersionBefore(boolean leadsAgain) {
        OsdOp write = new OsdOp.SetXattr("note", Bytes.utf8("new"));
        GroupWorld.Node holder = writesAlone(write);
        long tid = lastTid;
        allReturn(holder, leadsAgain);
        assertThat(done(new OsdOp.GetXattr("note"))).as("it was never shown").isEqualTo("-61");
        assertSound(TEXT);
        isDoneAnew(tid, write);
        assertThat(done(new OsdOp.GetXattr("note"))).isEqualTo("new");
        assertSound(TEXT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNewObjectThatNobodyWasToldOfIsGivenUp(boolean leadsAgain) {
        assertThat(done(new OsdOp.Delete())).isEqualTo("0");
        OsdOp write = new OsdOp.WriteFull(Bytes.utf8("new"));
        GroupWorld.Node holder = writesAlone(write);
        long tid = lastTid;
        allReturn(holder, leadsAgain);
        assertThat(done(new OsdOp.Read(0, 0))).as("it was never shown").isEqualTo("-2");
        await("clean", world::isAllClean);
        isDoneAnew(tid, write);
        assertThat(done(new OsdOp.Read(0, 0))).isEqualTo("new");
        assertSound("new");
    }

    private void oneReturns() {
        GroupWorld.Node replica = replica();
        world.crash(replica.id);
        await("smaller", () -> world.isAllClean() && !world.map.isUp(replica.id));
        world.restart(replica.id);
        await("clean", () -> world.isAllClean() && world.map.isUp(replica.id));
    }

    /** The log may have forgotten the version before, and tells of an attempt that failed since. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void whatTheLogTellsBesidesDoesNotMatter(int logCount) {
        world = new GroupWorld(7, 3, 3, 2, 1, PgOptions.DEFAULT.withLogs(logCount, 0, 100));
        await("clean", world::isAllClean);
        assertThat(done(new OsdOp.WriteFull(Bytes.utf8(TEXT)))).isEqualTo("0");
        oneReturns();
        assertThat(done("y", new OsdOp.WriteFull(Bytes.utf8("1")))).isEqualTo("0");
        assertThat(done("y", new OsdOp.WriteFull(Bytes.utf8("2")))).isEqualTo("0");
        assertThat(done(new OsdOp.Create(OsdOp.EXCLUSIVE))).as("it exists").isEqualTo("-17");
        oneReturns();
        assertThat(group(primary()).ledger().log.tail().version()).isEqualTo(logCount == 1 ? 2 : 0);
        allReturn(writesAlone(new OsdOp.SetXattr("note", Bytes.utf8("new"))), true);
        assertThat(done(new OsdOp.GetXattr("note"))).as("it was never shown").isEqualTo("-61");
        assertSound(TEXT);
    }

    /** It was away when a new object came: what it knows by the log only was acknowledged. */
    @Test
    void aNewObjectThatWasAcknowledgedIsNotGivenUp() {
        assertThat(done(new OsdOp.Delete())).isEqualTo("0");
        GroupWorld.Node away = replica();
        world.crash(away.id);
        await("two serve", () -> !world.map.isUp(away.id) && group(primary()).peering().isActive());
        assertThat(done(new OsdOp.WriteFull(Bytes.utf8("new")))).isEqualTo("0");
        othersThan(away).forEach(this::damage);
        world.restart(away.id);
        await("all take part", () -> world.map.isUp(away.id) && group(away) != null);
        await("unfound", () -> group(primary()).recovery().unfoundCount() == 1);
        assertThat(done(new OsdOp.Read(0, 0))).isEqualTo("-5");
        world.simulation.run(Duration.ofSeconds(5));
        assertThat(group(primary()).recovery().unfoundCount()).isEqualTo(1);
    }

    /** All had it and told its client so; then one after another finds its copy damaged. */
    @Test
    void aDamagedCopyOfANewObjectIsNoProofThatItWasNeverThere() {
        assertThat(done(new OsdOp.Delete())).isEqualTo("0");
        assertThat(done(new OsdOp.WriteFull(Bytes.utf8("new")))).isEqualTo("0");
        damage(world.nodes.toArray(GroupWorld.Node[]::new));
        assertThat(done(new OsdOp.Read(0, 0))).isEqualTo("-5");
        GroupWorld.Node before = primary();
        world.change(step -> step.newAffinity(before.id, 0));
        await("another leads", () -> primary() != before && group(primary()).peering().isActive());
        assertThat(done(new OsdOp.Read(0, 0))).isEqualTo("-5");
        world.simulation.run(Duration.ofSeconds(5));
        assertThat(group(primary()).recovery().unfoundCount()).isEqualTo(1);
    }

    /** One was away meanwhile: what it knows by the log only may have been acknowledged. */
    @Test
    void whatWasAcknowledgedIsNotGivenUp() {
        GroupWorld.Node away = replica();
        world.crash(away.id);
        await("two serve", () -> !world.map.isUp(away.id) && group(primary()).peering().isActive());
        assertThat(done(new OsdOp.SetXattr("note", Bytes.utf8("new")))).isEqualTo("0");
        othersThan(away).forEach(this::damage);
        world.restart(away.id);
        await("all take part", () -> world.map.isUp(away.id) && group(away) != null);
        await("unfound", () -> group(primary()).recovery().unfoundCount() == 1);
        assertThat(done(new OsdOp.Read(0, 0))).isEqualTo("-5");
        world.simulation.run(Duration.ofSeconds(5));
        assertThat(group(primary()).recovery().unfoundCount()).isEqualTo(1);
    }
}
