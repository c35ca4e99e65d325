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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Nobody reads what is no longer true from a primary that was cut off and replaced. */
class ReadLeaseTest {
    private static final PgOptions OPTIONS = PgOptions.DEFAULT;
    private static final PgId PG = new PgId(GroupWorld.POOL, 0);
    private static final Duration STEP = Duration.ofMillis(50);

    private long lastTid;

    private record Heard(long sentNanos, String text) {}

    private static GroupWorld world(long seed) {
        GroupWorld world = new GroupWorld(seed, 3, 3, 1, 1, OPTIONS);
        assertThat(world.simulation.runUntil(world::isAllClean, Duration.ofSeconds(20))).isTrue();
        return world;
    }

    private static int primary(GroupWorld world) {
        return world.map.map(PG).actingPrimary();
    }

    private static long state(GroupWorld world, int osd) {
        return world.nodes.get(osd).groups.get(SpgId.replicated(PG)).state();
    }

    private void send(GroupWorld world, int osd, OsdOp op, Consumer<MOSDOpReply> then) {
        GroupWorld.Node node = world.nodes.get(osd);
        MOSDOp message =
                new MOSDOp(
                        ++lastTid,
                        SpgId.replicated(PG),
                        0,
                        node.reached.epoch(),
                        0,
                        OsdReqId.NONE,
                        0,
                        Utime.ZERO,
                        new ObjectLocator(GroupWorld.POOL, "", "", -1),
                        "object",
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

    private void write(GroupWorld world, int osd, String text, List<Long> answeredAt) {
        send(
                world,
                osd,
                new OsdOp.WriteFull(Bytes.utf8(text)),
                reply -> {
                    assertThat(reply.result()).isZero();
                    answeredAt.add(world.simulation.clock().nanos());
                });
    }

    private void read(GroupWorld world, int osd, List<Heard> heard) {
        long sent = world.simulation.clock().nanos();
        send(
                world,
                osd,
                new OsdOp.Read(0, 0),
                reply -> heard.add(new Heard(sent, reply.ops().getFirst().output().toUtf8())));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void aPrimaryThatWasCutOffServesNoStaleRead(long seed) {
        GroupWorld world = world(seed);
        int old = primary(world);
        List<Long> wrote = new ArrayList<>();
        write(world, old, "old", wrote);
        world.simulation.runUntil(() -> !wrote.isEmpty(), Duration.ofSeconds(5));
        world.cut(old);
        world.simulation.run(Duration.ofMillis(1 + world.random.nextInt(900)));
        world.down(old, false);
        world.simulation.run(Duration.ofMillis(100));
        List<Long> replaced = new ArrayList<>();
        write(world, primary(world), "new", replaced);
        List<Heard> heard = new ArrayList<>();
        boolean waited = false;
        for (int i = 0; i < 120; i++) {
            read(world, old, heard);
            world.simulation.run(STEP);
            waited |= (state(world, primary(world)) & PgReport.WAIT) != 0;
        }
        assertThat(primary(world)).isNotEqualTo(old);
        assertThat(replaced).as("the new primary serves; %s", world.states()).hasSize(1);
        assertThat(waited).as("the new primary waited").isTrue();
        assertThat(heard).as("the old one served while it could").isNotEmpty();
        assertThat(heard).allMatch(read -> read.sentNanos < replaced.getFirst());
        assertThat(state(world, old) & PgReport.LAGGY).isNotZero();
    }

    @Test
    void nobodyWaitsForTheDead() {
        GroupWorld world = world(1);
        int old = primary(world);
        world.cut(old);
        world.down(old, true);
        world.simulation.run(Duration.ofMillis(100));
        List<Long> wrote = new ArrayList<>();
        write(world, primary(world), "new", wrote);
        assertThat(world.simulation.runUntil(() -> !wrote.isEmpty(), Duration.ofMillis(200)))
                .as(world.states())
                .isTrue();
    }

    @Test
    void aPrimaryWhoseMemberIsSilentIsLaggyUntilItSpeaks() {
        GroupWorld world = world(1);
        int primary = primary(world);
        int silent = world.map.map(PG).acting()[1];
        world.cut(silent);
        world.simulation.run(GroupWorld.LEASE.multipliedBy(2));
        List<Heard> heard = new ArrayList<>();
        read(world, primary, heard);
        world.simulation.run(GroupWorld.LEASE);
        assertThat(heard).isEmpty();
        assertThat(state(world, primary) & PgReport.LAGGY).isNotZero();
        world.heal(silent);
        world.simulation.run(GroupWorld.LEASE);
        assertThat(heard).hasSize(1);
        assertThat(state(world, primary)).isEqualTo(PgReport.ACTIVE | PgReport.CLEAN);
    }

    /** The new primary is replaced itself while it waits: who follows it waits as well. */
    @Test
    void theWaitIsHandedOn() {
        GroupWorld world = world(3);
        int old = primary(world);
        world.cut(old);
        world.down(old, false);
        world.simulation.run(Duration.ofMillis(200));
        int second = primary(world);
        assertThat(state(world, second) & PgReport.WAIT).isNotZero();
        world.cut(second);
        world.down(second, true);
        world.simulation.run(Duration.ofMillis(200));
        int third = primary(world);
        assertThat(List.of(old, second)).doesNotContain(third);
        assertThat(state(world, third) & PgReport.WAIT).isNotZero();
        world.simulation.run(GroupWorld.LEASE.multipliedBy(2));
        assertThat(state(world, third) & PgReport.WAIT).isZero();
    }

    /** With one copy there is nobody to ask. */
    @Test
    void aLoneMemberServesOn() {
        GroupWorld world = new GroupWorld(1, 1, 1, 1, 1, OPTIONS);
        world.simulation.runUntil(world::isAllClean, Duration.ofSeconds(20));
        world.simulation.run(GroupWorld.LEASE.multipliedBy(5));
        List<Heard> heard = new ArrayList<>();
        List<Long> wrote = new ArrayList<>();
        write(world, 0, "alone", wrote);
        read(world, 0, heard);
        world.simulation.run(STEP);
        assertThat(heard).extracting(Heard::text).containsExactly("alone");
    }
}
