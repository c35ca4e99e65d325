package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.SnapContext;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

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
                        List.of(new OsdOp.WriteFull(Bytes.utf8(text))),
                        HObject.HEAD,
                        SnapContext.NONE,
                        0,
                        0);
        FakeConnection back =
                new FakeConnection() {
                    @Override
                    public void send(Message answer) {
                        answered++;
                    }
                };
        int before = answered;
        node.shard.execute(() -> node.client(back, message));
        await(world, "a write is answered", () -> answered > before);
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

    /** The only one who has an object goes down again while it is asked, and comes back. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whoReturnsIsSearchedForWhatIsUnfound(long seed) {
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
}
