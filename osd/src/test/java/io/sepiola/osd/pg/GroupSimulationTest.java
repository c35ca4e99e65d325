package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgState;
import io.sepiola.store.MemoryStore;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Groups on several OSDs under crashes: nothing acknowledged is lost, and all copies end up equal.
 */
class GroupSimulationTest {
    private static final PgOptions OPTIONS =
            new PgOptions(
                    PgOptions.DEFAULT.limits(), 20, 4, 200, 8, 2, 1, 4, 64, 2, 1, 1 << 20, 1000);

    @Test
    void aQuietGroupServes() {
        GroupWorld world = new GroupWorld(1, 3, 3, 2, 2, OPTIONS);
        GroupClient client = new GroupClient(world, 8, 30);
        client.start();
        finish(world, client);
    }

    @ParameterizedTest
    @CsvSource({"1,10", "101,10"})
    void whatWasAcknowledgedSurvivesCrashes(long first, int count) {
        for (long seed = first; seed < first + count; seed++) {
            try {
                crashesAndReturns(seed);
            } catch (RuntimeException | Error failed) {
                throw new AssertionError("seed " + seed, failed);
            }
        }
    }

    private static void crashesAndReturns(long seed) {
        GroupWorld world = new GroupWorld(seed, 3 + (int) (seed % 2), 3, 2, 2, OPTIONS);
        GroupClient client = new GroupClient(world, 8, 60);
        client.start();
        int osdCount = world.nodes.size();
        for (int round = 0; round < 6; round++) {
            world.simulation.run(Duration.ofMillis(20 + world.random.nextInt(300)));
            int victim = world.random.nextInt(osdCount);
            world.crash(victim);
            world.simulation.run(Duration.ofMillis(world.random.nextInt(400)));
            if (world.random.nextInt(4) == 0) {
                int other = world.random.nextInt(osdCount);
                if (world.nodes.get(other).alive) {
                    world.crash(other);
                    world.simulation.run(Duration.ofMillis(world.random.nextInt(200)));
                    world.restart(other);
                    world.simulation.run(Duration.ofMillis(world.random.nextInt(50)));
                }
            }
            world.restart(victim);
        }
        finish(world, client);
    }

    @ParameterizedTest
    @CsvSource({"1,4", "301,4"})
    void anOsdWithAnEmptyStoreIsFilled(long first, int count) {
        for (long seed = first; seed < first + count; seed++) {
            try {
                fill(seed);
            } catch (RuntimeException | Error failed) {
                throw new AssertionError("seed " + seed, failed);
            }
        }
    }

    private static void fill(long seed) {
        GroupWorld world = new GroupWorld(seed, 3, 3, 2, 1, OPTIONS);
        GroupClient client = new GroupClient(world, 30, 20);
        client.start();
        world.simulation.run(Duration.ofMillis(800));
        int victim = world.random.nextInt(3);
        world.crash(victim);
        world.simulation.run(Duration.ofMillis(700));
        world.replace(victim);
        finish(world, client);
    }

    /** A world whose osd.2 came back empty and is to be filled, and its quiet client. */
    private static GroupWorld toBeFilled(long seed) {
        GroupWorld world = new GroupWorld(seed, 3, 3, 2, 1, OPTIONS);
        GroupClient client = new GroupClient(world, 60, 4);
        client.start();
        assertThat(world.simulation.runUntil(client::isDone, Duration.ofSeconds(120))).isTrue();
        world.crash(2);
        world.simulation.run(Duration.ofMillis(200));
        world.replace(2);
        return world;
    }

    private static boolean isAt(GroupWorld world, PgState state) {
        return world.nodes.stream()
                .flatMap(node -> node.groups.values().stream())
                .anyMatch(pg -> pg.peering().isPrimary() && state.isIn(pg.state()));
    }

    /** All three serve, and none for another. */
    private static boolean isFilled(GroupWorld world) {
        return world.isAllClean() && world.map.pgTemp().isEmpty() && isAt(world, PgState.CLEAN);
    }

    @Test
    void whoHasNoRoomIsNotFilledUntilHeHas() {
        GroupWorld world = toBeFilled(5);
        world.nodes.get(2).backfillFull = true;
        Duration soon = Duration.ofSeconds(5);
        assertThat(world.simulation.runUntil(() -> isAt(world, PgState.BACKFILL_TOO_FULL), soon))
                .as(world::states)
                .isTrue();
        world.simulation.run(Duration.ofSeconds(70));
        assertThat(isAt(world, PgState.BACKFILL_TOO_FULL)).as("asked again and again").isTrue();
        world.nodes.get(2).backfillFull = false;
        assertThat(world.simulation.runUntil(() -> isFilled(world), Duration.ofSeconds(40)))
                .as(world::states)
                .isTrue();
    }

    @Test
    void whoRunsOutOfRoomMeanwhileKeepsWhatHeHas() {
        GroupWorld world = toBeFilled(6);
        GroupWorld.Node target = world.nodes.get(2);
        assertThat(world.simulation.runUntil(() -> hasSome(target), Duration.ofSeconds(5)))
                .isTrue();
        target.backfillFull = true;
        assertThat(
                        world.simulation.runUntil(
                                () -> isAt(world, PgState.BACKFILL_TOO_FULL),
                                Duration.ofSeconds(5)))
                .isTrue();
        world.simulation.run(Duration.ofMillis(20)); // until that is on its disk
        HObject reached = lastBackfill(target);
        world.crash(2);
        world.simulation.run(Duration.ofSeconds(1));
        target.backfillFull = false;
        world.restart(2);
        assertThat(
                        world.simulation.runUntil(
                                () -> {
                                    assertThat(lastBackfill(target))
                                            .as("it goes on where it was, not from the start")
                                            .isGreaterThanOrEqualTo(reached);
                                    return isFilled(world);
                                },
                                Duration.ofSeconds(40)))
                .as(world::states)
                .isTrue();
    }

    private static boolean hasSome(GroupWorld.Node node) {
        HObject reached = lastBackfill(node);
        return !reached.isMin() && !reached.isMax();
    }

    private static HObject lastBackfill(GroupWorld.Node node) {
        return node.groups.values().stream()
                .map(pg -> pg.ledger().lastBackfill)
                .findFirst()
                .orElse(HObject.MAX);
    }

    @Test
    void flagsHoldBackfillAndRecoveryBack() {
        GroupWorld world = toBeFilled(7);
        world.change(step -> step.flags(OsdMapFlags.NOBACKFILL));
        world.simulation.run(Duration.ofSeconds(5));
        assertThat(isAt(world, PgState.BACKFILLING)).isFalse();
        assertThat(isAt(world, PgState.BACKFILL_WAIT)).as(world::states).isTrue();
        world.change(step -> step.flags(OsdMapFlags.NORECOVER));
        world.simulation.run(Duration.ofSeconds(5));
        assertThat(isFilled(world)).isFalse();
        world.change(step -> step.flags(0));
        assertThat(world.simulation.runUntil(() -> isFilled(world), Duration.ofSeconds(20)))
                .as(world::states)
                .isTrue();
    }

    private static void finish(GroupWorld world, GroupClient client) {
        boolean done = world.simulation.runUntil(client::isDone, Duration.ofSeconds(120));
        assertThat(done).as("every operation is answered; %s", world.states()).isTrue();
        world.simulation.run(Duration.ofSeconds(1));
        boolean clean = world.simulation.runUntil(world::isAllClean, Duration.ofSeconds(60));
        assertThat(clean).as("every group gets clean; %s", world.states()).isTrue();
        world.simulation.run(Duration.ofSeconds(1));
        assertEqualCopies(world, client);
    }

    private static void assertEqualCopies(GroupWorld world, GroupClient client) {
        Map<String, GroupClient.Model> models = client.models();
        for (int seed = 0; seed < world.map.pools().get(GroupWorld.POOL).pgNum(); seed++) {
            SpgId pg = SpgId.replicated(new io.sepiola.protocol.PgId(GroupWorld.POOL, seed));
            CollectionId collection = new CollectionId.Pg(pg);
            Map<String, String> reference = null;
            for (int osd : world.map.map(pg.pg()).acting()) {
                MemoryStore store = world.nodes.get(osd).store;
                Map<String, String> content = content(store, collection);
                if (reference == null) {
                    reference = content;
                }
                assertThat(content).as("copy of %s on osd.%s", pg, osd).isEqualTo(reference);
                assertThat(world.nodes.get(osd).groups.get(pg).ledger().log.head())
                        .isEqualTo(
                                world.nodes
                                        .get(world.map.map(pg.pg()).actingPrimary())
                                        .groups
                                        .get(pg)
                                        .ledger()
                                        .log
                                        .head());
            }
            models.forEach((name, model) -> check(world, pg, collection, name, model));
        }
    }

    private static void check(
            GroupWorld world,
            SpgId pg,
            CollectionId collection,
            String name,
            GroupClient.Model model) {
        int hash =
                world.map
                        .rawPg(
                                new io.sepiola.protocol.map.ObjectLocator(
                                        GroupWorld.POOL, "", "", -1),
                                name)
                        .seed();
        if (!world.map
                .actualPg(new io.sepiola.protocol.PgId(GroupWorld.POOL, hash))
                .equals(pg.pg())) {
            return;
        }
        GhObject object =
                GhObject.of(new HObject("", name, "", HObject.HEAD, hash, GroupWorld.POOL, false));
        MemoryStore store = world.nodes.get(world.map.map(pg.pg()).actingPrimary()).store;
        assertThat(store.size(collection, object).isPresent()).as(name).isEqualTo(model.exists);
        if (model.exists) {
            assertThat(store.read(collection, object, 0, 1 << 20).toUtf8())
                    .isEqualTo(model.data.toString());
            Map<String, String> omap = new TreeMap<>();
            store.omap(collection, object, "", "", 1000)
                    .entries()
                    .forEach((key, value) -> omap.put(key, value.toUtf8()));
            assertThat(omap).isEqualTo(model.omap);
            assertThat(store.attr(collection, object, "_a").map(Bytes::toUtf8).orElse(null))
                    .isEqualTo(model.attr);
        }
    }

    private static Map<String, String> content(MemoryStore store, CollectionId collection) {
        Map<String, String> content = new TreeMap<>();
        for (GhObject object : store.list(collection, GhObject.of(HObject.MIN), 10_000)) {
            if (object.object().name().isEmpty()) {
                continue;
            }
            content.put(
                    object.toString(),
                    store.read(collection, object, 0, 1 << 20)
                            + " "
                            + store.attrs(collection, object)
                            + " "
                            + store.omap(collection, object, "", "", 1000)
                            + " "
                            + new TreeSet<>(store.attrs(collection, object).keySet()));
        }
        return content;
    }
}
