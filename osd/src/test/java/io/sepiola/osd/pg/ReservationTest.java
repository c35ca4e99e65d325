package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.osd.pg.Reservation.Kind;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The machine alone, and many of them over a few OSDs whose messages come in any order between
 * links: nobody works without all his places, nobody waits for ever, and no place is lost.
 */
class ReservationTest {
    private static final class Script implements Reservation.Out {
        final List<String> said = new ArrayList<>();
        final Reservation machine = new Reservation(this);

        @Override
        public void askLocal(int priority) {
            said.add("ask local " + priority);
        }

        @Override
        public void giveLocal() {
            said.add("give local");
        }

        @Override
        public void reprioritizeLocal(int priority) {
            said.add("local " + priority);
        }

        @Override
        public void askRemote(int osd, Kind kind, int priority) {
            said.add("ask " + osd);
        }

        @Override
        public void giveRemote(int osd, Kind kind) {
            said.add("give " + osd);
        }

        @Override
        public void retryLater() {
            said.add("retry later");
        }

        @Override
        public void begun(Kind kind) {
            said.add("begun");
        }

        @Override
        public void stopped(Kind kind) {
            said.add("stopped");
        }

        List<String> heard() {
            List<String> all = List.copyOf(said);
            said.clear();
            return all;
        }
    }

    private final Script script = new Script();
    private final Reservation machine = script.machine;

    private void held() {
        machine.want(Kind.BACKFILL, new TreeSet<>(List.of(4, 7)), 110);
        machine.localGranted();
        machine.remoteGranted(4, Kind.BACKFILL);
        machine.remoteGranted(7, Kind.BACKFILL);
        assertThat(script.heard()).containsExactly("ask local 110", "ask 4", "ask 7", "begun");
    }

    @Test
    void ownPlaceFirstThenEachMembersInOrder() {
        held();
        machine.want(Kind.BACKFILL, new TreeSet<>(List.of(4, 7)), 110);
        assertThat(script.heard()).as("wanted already").isEmpty();
        machine.release();
        assertThat(script.heard()).containsExactly("give 4", "give 7", "give local");
    }

    @Test
    void aMemberWithoutRoomEndsItUntilTheRetry() {
        machine.want(Kind.BACKFILL, new TreeSet<>(List.of(4, 7)), 110);
        machine.localGranted();
        machine.remoteGranted(4, Kind.BACKFILL);
        script.heard();
        machine.remoteTooFull(7, Kind.BACKFILL);
        assertThat(script.heard()).containsExactly("give 4", "give 7", "give local", "retry later");
        machine.retry();
        assertThat(script.heard()).containsExactly("ask local 110");
    }

    @Test
    void aMemberThatFillsUpMeanwhileStopsIt() {
        held();
        machine.remoteTooFull(4, Kind.BACKFILL);
        assertThat(script.heard())
                .containsExactly("give 4", "give 7", "give local", "stopped", "retry later");
    }

    @Test
    void whoIsPreemptedAnywhereWaitsAnew() {
        held();
        machine.localPreempted();
        assertThat(script.heard()).containsExactly("give 4", "give 7", "stopped", "ask local 110");
        machine.localGranted();
        machine.remoteGranted(4, Kind.BACKFILL);
        script.heard();
        machine.remoteRevoked(4, Kind.BACKFILL);
        assertThat(script.heard())
                .containsExactly("give local", "give 4", "give 7", "ask local 110");
    }

    @Test
    void whatIsWantedMoreIsAskedForAnewWhereOthersDecide() {
        machine.want(Kind.BACKFILL, new TreeSet<>(List.of(4, 7)), 110);
        machine.reprioritize(Kind.RECOVERY, 255);
        machine.reprioritize(Kind.BACKFILL, 254);
        assertThat(script.heard()).containsExactly("ask local 110", "local 254");
        machine.localGranted();
        machine.reprioritize(Kind.BACKFILL, 110);
        assertThat(script.heard())
                .containsExactly("ask 4", "give 4", "give local", "ask local 110");
        machine.localGranted();
        machine.remoteGranted(4, Kind.BACKFILL);
        machine.remoteGranted(7, Kind.BACKFILL);
        script.heard();
        machine.reprioritize(Kind.BACKFILL, 254);
        assertThat(script.heard()).containsExactly("local 254");
        machine.localPreempted();
        assertThat(script.heard()).endsWith("ask local 254");
    }

    @Test
    void whatComesTooLateOrIsOfTheOtherKindIsPassedOver() {
        machine.remoteGranted(4, Kind.BACKFILL);
        machine.localPreempted();
        machine.remoteTooFull(4, Kind.BACKFILL);
        machine.retry();
        held();
        machine.remoteRevoked(4, Kind.RECOVERY);
        machine.remoteTooFull(9, Kind.BACKFILL);
        assertThat(script.heard()).isEmpty();
        machine.reset();
        assertThat(script.heard()).as("members forget by themselves").containsExactly("give local");
    }

    // ---- many

    private static final int OSDS = 4;

    private static final class World {
        final Random random;
        final List<Reserver> local = new ArrayList<>();
        final List<Reserver> remote = new ArrayList<>();
        final Map<Integer, ArrayDeque<Runnable>> links = new TreeMap<>();
        final List<Group> groups = new ArrayList<>();

        World(long seed) {
            random = new Random(seed);
            for (int osd = 0; osd < OSDS; osd++) {
                local.add(new Reserver(1));
                remote.add(new Reserver(1));
            }
            for (int i = 0; i < 6; i++) {
                groups.add(new Group(this, i));
            }
        }

        void send(int from, int to, Runnable message) {
            links.computeIfAbsent(from * OSDS + to, link -> new ArrayDeque<>()).addLast(message);
        }

        void run() {
            for (int step = 0; step < 5000; step++) {
                List<Runnable> possible = new ArrayList<>();
                links.values()
                        .forEach(link -> {
                            if (!link.isEmpty()) {
                                possible.add(() -> link.removeFirst().run());
                            }
                        });
                groups.forEach(group -> group.possible(possible));
                if (possible.isEmpty()) {
                    return;
                }
                possible.get(random.nextInt(possible.size())).run();
            }
            throw new AssertionError("they go on for ever");
        }
    }

    private static final class Group implements Reservation.Out {
        final World world;
        final SpgId id;
        final int primary;
        final TreeSet<Integer> members = new TreeSet<>();
        final Kind kind;
        final int priority;
        final Reservation machine = new Reservation(this);
        boolean retries;
        boolean done;

        Group(World world, int number) {
            this.world = world;
            id = SpgId.replicated(new PgId(1, number));
            primary = world.random.nextInt(OSDS);
            kind = world.random.nextBoolean() ? Kind.RECOVERY : Kind.BACKFILL;
            priority = 100 + 10 * world.random.nextInt(3);
            for (int osd = 0; osd < OSDS; osd++) {
                if (osd != primary && world.random.nextBoolean()) {
                    members.add(osd);
                }
            }
        }

        void possible(List<Runnable> all) {
            if (!done && machine.isIdle()) {
                all.add(() -> machine.want(kind, members, priority));
            }
            if (retries) {
                all.add(() -> {
                    retries = false;
                    machine.retry();
                });
            }
            if (machine.isHeld()) {
                all.add(() -> {
                    done = true;
                    machine.release();
                });
            }
        }

        @Override
        public void askLocal(int wanted) {
            world.local
                    .get(primary)
                    .ask(id, wanted, machine::localGranted, machine::localPreempted);
        }

        @Override
        public void reprioritizeLocal(int wanted) {
            world.local.get(primary).reprioritize(id, wanted);
        }

        @Override
        public void giveLocal() {
            world.local.get(primary).give(id);
        }

        @Override
        public void askRemote(int osd, Kind wanted, int urgency) {
            world.send(
                    primary,
                    osd,
                    () -> {
                        if (world.random.nextInt(8) == 0) {
                            world.send(osd, primary, () -> machine.remoteTooFull(osd, wanted));
                            return;
                        }
                        world.remote
                                .get(osd)
                                .ask(
                                        id,
                                        urgency,
                                        () ->
                                                world.send(
                                                        osd,
                                                        primary,
                                                        () -> machine.remoteGranted(osd, wanted)),
                                        () ->
                                                world.send(
                                                        osd,
                                                        primary,
                                                        () -> machine.remoteRevoked(osd, wanted)));
                    });
        }

        @Override
        public void giveRemote(int osd, Kind wanted) {
            world.send(primary, osd, () -> world.remote.get(osd).give(id));
        }

        @Override
        public void retryLater() {
            retries = true;
        }

        @Override
        public void begun(Kind begun) {
            assertThat(begun).isEqualTo(kind);
        }

        @Override
        public void stopped(Kind stopped) {
            assertThat(stopped).isEqualTo(kind);
        }
    }

    @Test
    void everyGroupHasItsTurnAndNoPlaceIsLost() {
        for (long seed = 0; seed < 2000; seed++) {
            World world = new World(seed);
            world.run();
            assertThat(world.groups).as("seed %s", seed).allMatch(group -> group.done);
            for (int osd = 0; osd < OSDS; osd++) {
                for (Reserver places : List.of(world.local.get(osd), world.remote.get(osd))) {
                    assertThat(places.heldCount() + places.waitingCount())
                            .as("seed %s, osd.%s", seed, osd)
                            .isZero();
                }
            }
        }
    }
}
