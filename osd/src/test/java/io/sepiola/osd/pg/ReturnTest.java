package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.message.MOSDOpReply;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.SnapContext;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Members that go and come back amid peering. */
class ReturnTest {
    private static final PgId PG = new PgId(GroupWorld.POOL, 0);
    private static final SpgId SPG = SpgId.replicated(PG);

    private int answered;
    private long lastTid;

    private static void await(GroupWorld world, String what, BooleanSupplier condition) {
        assertThat(world.simulation.runUntil(condition, Duration.ofSeconds(20)))
                .as("%s; %s", what, world.states())
                .isTrue();
    }

    private static Pg group(GroupWorld world, int osd) {
        return world.nodes.get(osd).groups.get(SPG);
    }

    private void write(GroupWorld world, int osd, String text) {
        int before = answered;
        ask(world, osd, new OsdOp.WriteFull(Bytes.utf8(text)), reply -> answered++);
        await(world, "a write is answered", () -> answered > before);
    }

    private void ask(GroupWorld world, int osd, OsdOp op, Consumer<MOSDOpReply> then) {
        GroupWorld.Node node = world.nodes.get(osd);
        MOSDOp message =
                new MOSDOp(
                        ++lastTid,
                        SPG,
                        0,
                        node.reached.epoch(),
                        0,
                        OsdReqId.NONE,
                        0,
                        Utime.ZERO,
                        new ObjectLocator(GroupWorld.POOL, "", "", -1),
                        "x",
                        List.of(op),
                        HObject.HEAD,
                        SnapContext.NONE,
                        0,
                        0);
        FakeConnection back =
                new FakeConnection() {
                    @Override
                    public void send(Message answer) {
                        then.accept((MOSDOpReply) answer);
                    }
                };
        node.shard.execute(() -> node.client(back, message));
    }

    /** Too few to take writes: whoever was here before knows as much. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anIntervalWithTooFewMembersLeavesNoMark(long seed) {
        GroupWorld world = new GroupWorld(seed, 3, 3, 2, 1, PgOptions.DEFAULT);
        await(world, "clean", world::isAllClean);
        int primary = world.map.map(PG).actingPrimary();
        for (int osd = 0; osd < 3; osd++) {
            if (osd != primary) {
                world.crash(osd);
            }
        }
        await(world, "peered", () -> (group(world, primary).state() & PgReport.PEERED) != 0);
        var ledger = group(world, primary).ledger();
        assertThat(ledger.lastEpochStarted).isLessThan(ledger.history.sameIntervalSince());
        assertThat(ledger.history.lastEpochStarted())
                .isLessThan(ledger.history.sameIntervalSince());
    }

    /** The heir leads, and knows of an object that only the holder had, who is down and out. */
    private record Unfound(GroupWorld world, int holder, int heir) {}

    private Unfound unfound(long seed) {
        GroupWorld world = new GroupWorld(seed, 3, 2, 1, 1, PgOptions.DEFAULT);
        await(world, "clean", world::isAllClean);
        int holder = world.map.map(PG).actingPrimary();
        int heir = world.map.map(PG).acting()[1];
        write(world, holder, "one");
        world.crash(heir);
        await(
                world,
                "the holder serves alone",
                () -> !world.map.isUp(heir) && group(world, holder).peering().isActive());
        write(world, holder, "two");
        for (int i = 0; i < 3; i++) { // no recovery: the heir knows of the object only
            world.nodes.get(holder).slots().take(() -> {});
        }
        world.restart(heir);
        await(
                world,
                "the heir takes part",
                () -> {
                    Pg pg = group(world, heir);
                    return pg != null
                            && pg.peering().isReplica()
                            && pg.ledger().history.lastEpochStarted()
                                    >= pg.ledger().history.sameIntervalSince();
                });
        world.change(step -> step.newWeight(holder, 0));
        world.crash(holder);
        await(world, "unfound", () -> group(world, heir).recovery().unfoundCount() == 1);
        assertThat(group(world, heir).state() & PgReport.RECOVERY_UNFOUND).isNotZero();
        return new Unfound(world, holder, heir);
    }

    /** The only one who has an object went down while it was asked, and came back. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whoReturnsIsSearchedForWhatIsUnfound(long seed) {
        Unfound story = unfound(seed);
        GroupWorld world = story.world;
        int holder = story.holder;
        int heir = story.heir;
        world.restart(holder);
        await(
                world,
                "the heir hears of the holder",
                () -> group(world, heir).peering().peerInfos().containsKey(holder));

        world.crash(holder);
        await(world, "the holder is down", () -> !world.map.isUp(holder));
        world.simulation.run(Duration.ofMillis(100));
        world.restart(holder);
        await(
                world,
                "the object is found",
                () ->
                        group(world, heir).recovery().unfoundCount() == 0
                                && group(world, heir).ledger().missing.isEmpty());
    }

    /** What is unfound is given up only when everybody was asked, or is given up. */
    @ParameterizedTest
    @ValueSource(strings = {"revert", "delete"})
    void whatIsUnfoundIsGivenUp(String mode) {
        Unfound story = unfound(1);
        GroupWorld world = story.world;
        Pg pg = group(world, story.heir);
        assertThat(told(world, story.heir, "list_unfound", ""))
                .extracting(GroupCommands.Told::output)
                .asString()
                .contains("\"num_unfound\": 1", "\"oid\": \"x\"", "osd is down");
        assertThat(told(world, story.heir, "mark_unfound_lost", mode))
                .isEqualTo(
                        new GroupCommands.Told(
                                -22,
                                "pg has 1 unfound objects but we haven't probed all sources, not"
                                        + " marking lost",
                                ""));
        world.change(step -> step.newLost(story.holder, world.map.info(story.holder).downAt()));
        world.simulation.run(Duration.ofMillis(100));
        assertThat(told(world, story.heir, "mark_unfound_lost", mode))
                .isEqualTo(
                        new GroupCommands.Told(
                                0, "pg has 1 objects unfound and apparently lost marking", ""));
        await(world, "clean", world::isAllClean);
        assertThat(pg.recovery().unfoundCount()).isZero();
        List<String> texts = new ArrayList<>();
        ask(
                world,
                story.heir,
                new OsdOp.Read(0, 0),
                reply ->
                        texts.add(
                                reply.result() < 0
                                        ? "" + reply.result()
                                        : reply.ops().getFirst().output().toUtf8()));
        await(world, "the read is answered", () -> !texts.isEmpty());
        assertThat(texts).containsExactly(mode.equals("revert") ? "one" : "-2");
        world.restart(story.holder);
        await(world, "clean with the holder", world::isAllClean);
    }

    /** The heir has the first version, another the second; the third went with who was lost. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatIsUnfoundGoesBackToTheNewestVersionThatIsLeft(long seed) {
        GroupWorld world = new GroupWorld(seed, 3, 3, 1, 1, PgOptions.DEFAULT);
        await(world, "clean", world::isAllClean);
        int[] acting = world.map.map(PG).acting();
        int lost = acting[0];
        int heir = acting[1];
        int other = acting[2];
        write(world, lost, "one");
        await(world, "clean", world::isAllClean);
        crashAndServe(world, heir, lost);
        write(world, lost, "two");
        crashAndServe(world, other, lost);
        write(world, lost, "three");
        for (int i = 0; i < 3; i++) { // no recovery: the others know of the object only
            world.nodes.get(lost).slots().take(() -> {});
        }
        world.restart(heir);
        world.restart(other);
        await(
                world,
                "all take part",
                () ->
                        Stream.of(heir, other)
                                .map(osd -> group(world, osd))
                                .allMatch(pg ->
                                        pg != null
                                                && pg.peering().isReplica()
                                                && pg.ledger().missing.count() == 1
                                                && pg.ledger().history.lastEpochStarted()
                                                        >= pg.ledger()
                                                                .history
                                                                .sameIntervalSince()));
        world.crash(lost);
        await(world, "unfound", () -> group(world, heir).recovery().unfoundCount() == 1);
        world.change(step -> step.newLost(lost, world.map.info(lost).downAt()));
        await(
                world,
                "it is given up",
                () ->
                        told(world, heir, "mark_unfound_lost", "revert")
                                .text()
                                .contains("apparently lost"));
        await(
                world,
                "it is had again",
                () -> Stream.of(heir, other).allMatch(osd -> hasAll(group(world, osd))));
        assertThat(group(world, heir).recovery().unfoundCount()).isZero();
        assertThat(read(world, heir)).isEqualTo("two");
        world.restart(lost);
        await(world, "clean with who was lost", world::isAllClean);
        assertThat(read(world, world.map.map(PG).actingPrimary())).isEqualTo("two");
    }

    private static boolean hasAll(Pg pg) {
        return pg.ledger().missing.isEmpty();
    }

    private void crashAndServe(GroupWorld world, int crashed, int primary) {
        world.crash(crashed);
        await(
                world,
                "the rest serves",
                () -> !world.map.isUp(crashed) && group(world, primary).peering().isActive());
    }

    /**
     * Somebody is left with an old copy; of the two who wrote later one is down, and one was made
     * again.
     */
    private record MadeAgain(GroupWorld world, int old, int down, int made) {
        int primary() {
            return world.map.map(PG).actingPrimary();
        }
    }

    private MadeAgain madeAgain(long seed) {
        GroupWorld world = new GroupWorld(seed, 3, 3, 2, 1, PgOptions.DEFAULT);
        await(world, "clean", world::isAllClean);
        int[] acting = world.map.map(PG).acting();
        MadeAgain story =
                new MadeAgain(
                        world,
                        acting[(int) (seed % 3)],
                        acting[(int) ((seed + 1) % 3)],
                        acting[(int) ((seed + 2) % 3)]);
        write(world, story.primary(), "one");
        world.crash(story.old);
        await(
                world,
                "two serve",
                () ->
                        !world.map.isUp(story.old)
                                && group(world, story.primary()).peering().isActive());
        write(world, story.primary(), "two");
        world.crash(story.down);
        world.crash(story.made);
        await(
                world,
                "both are down",
                () -> !world.map.isUp(story.down) && !world.map.isUp(story.made));
        world.replace(story.made);
        world.restart(story.old);
        await(
                world,
                "peering is blocked",
                () -> {
                    Pg pg = group(world, story.primary());
                    return pg != null && (pg.state() & PgReport.DOWN) != 0;
                });
        world.simulation.run(Duration.ofSeconds(5));
        return story;
    }

    private String read(GroupWorld world, int osd) {
        List<String> texts = new ArrayList<>();
        ask(
                world,
                osd,
                new OsdOp.Read(0, 0),
                reply -> texts.add(reply.ops().getFirst().output().toUtf8()));
        await(world, "the read is answered", () -> !texts.isEmpty());
        return texts.getFirst();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whoWasMadeAgainDoesNotSpeakForItsNamesake(long seed) {
        MadeAgain story = madeAgain(seed);
        GroupWorld world = story.world;
        Pg pg = group(world, story.primary());
        assertThat(pg.state() & PgReport.DOWN).isNotZero();
        assertThat(pg.stat().blockedBy()).containsExactlyInAnyOrder(story.down, story.made);
        assertThat(told(world, story.primary(), "query", ""))
                .extracting(GroupCommands.Told::output)
                .asString()
                .contains(
                        "peering is blocked due to down osds",
                        "\"osd\": " + story.made,
                        "was made again since and remembers nothing",
                        "\"osd\": " + story.down,
                        "starting or marking this osd lost may let us proceed");
        world.restart(story.down);
        await(world, "clean", world::isAllClean);
        assertThat(read(world, story.primary())).isEqualTo("two");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whoRemembersIsDeclaredLost(long seed) {
        MadeAgain story = madeAgain(seed);
        GroupWorld world = story.world;
        world.change(step -> step.newLost(story.down, world.map.info(story.down).downAt()));
        await(world, "served", () -> group(world, story.primary()).peering().isActive());
        assertThat(read(world, story.primary())).isEqualTo("one");
    }

    /**
     * Nobody is left to be waited for, and whoever was made again cannot be lost while it is up.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void allWhoRememberedWereMadeAgain(long seed) {
        MadeAgain story = madeAgain(seed);
        GroupWorld world = story.world;
        world.replace(story.down);
        world.simulation.run(Duration.ofSeconds(5));
        assertThat(group(world, story.primary()).state() & PgReport.DOWN).isNotZero();
        world.crash(story.made);
        await(world, "it is down", () -> !world.map.isUp(story.made));
        world.change(step -> step.newLost(story.made, world.map.info(story.made).downAt()));
        world.restart(story.made);
        await(world, "clean", world::isAllClean);
        assertThat(read(world, story.primary())).isEqualTo("one");
    }

    private static GroupCommands.Told told(
            GroupWorld world, int osd, String command, String argument) {
        List<GroupCommands.Told> told = new ArrayList<>();
        world.nodes
                .get(osd)
                .shard
                .execute(() ->
                        told.add(
                                group(world, osd).commands().run(command, argument).orElseThrow()));
        await(world, command, () -> !told.isEmpty());
        return told.getFirst();
    }
}
