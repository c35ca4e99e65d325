package io.sepiola.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PgPoolBuilder;
import io.sepiola.protocol.message.MPGStats;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One step at a time from the numbers that a pool has to those that it shall have. */
class PgNumStepsTest {
    private static final Path GOLDEN = Path.of(System.getProperty("golden"));
    private static final Instant NOW = Instant.parse("2026-11-20T21:00:00Z");
    private static final long CLEAN = PgState.ACTIVE.bit() | PgState.CLEAN.bit();

    private OsdMap genuine;
    private long id;

    @BeforeEach
    void aGenuineMap() throws IOException {
        byte[] file = Files.readAllBytes(GOLDEN.resolve("osdmap/chain-small/full.109.bin"));
        genuine = OsdMap.CODEC.fromBytes(Bytes.of(file));
        id = genuine.pools().firstKey();
    }

    /** The pool with eight groups, changed; all groups in that state. */
    private List<String> due(long state, Consumer<PgPoolBuilder> change) {
        PgPool pool = genuine.pool(id).orElseThrow();
        OsdMapIncremental.Builder step = OsdMapIncremental.after(genuine);
        step.newPool(
                id,
                pool.with(next -> {
                    next.pgs(8).clearFlag(PgPool.FLAG_CREATING);
                    change.accept(next);
                }));
        OsdMap map = genuine.apply(step.build());
        PgMap groups = new PgMap(map);
        groups.update(map, Utime.of(NOW));
        for (int osd = 0; osd < map.osdMax(); osd++) {
            TreeMap<PgId, PgStat> stats = new TreeMap<>();
            for (var entry : groups.groups().entrySet()) {
                if (entry.getValue().actingPrimary() == osd) {
                    stats.put(
                            entry.getKey(), Stats.of(entry.getValue(), state, map.epoch(), 1, NOW));
                }
            }
            var report =
                    new MPGStats(
                            0,
                            map.fsid(),
                            Stats.osd(8 << 20, 1 << 20),
                            stats,
                            0,
                            Utime.ZERO,
                            Map.of());
            groups.report(osd, report, Utime.of(NOW));
        }
        return PgNumSteps.due(groups);
    }

    private String set(String variable, int value) {
        return "{\"prefix\":\"osd pool set\",\"pool\":\""
                + genuine.poolName(id).orElseThrow()
                + "\",\"var\":\""
                + variable
                + "\",\"val\":\""
                + value
                + "\"}";
    }

    @Test
    void nothingIsDueWhereAllIsAsItShallBe() {
        assertThat(due(CLEAN, next -> {})).isEmpty();
    }

    @Test
    void groupsAreSplitAtOnceWhenAllServe() {
        assertThat(due(CLEAN, next -> next.pgNumTarget(32)))
                .containsExactly(set("pg_num_actual", 32));
        assertThat(due(PgState.PEERING.bit(), next -> next.pgNumTarget(32))).isEmpty();
    }

    @Test
    void soManyAreSplitThatPlacementCanFollow() {
        assertThat(due(CLEAN, next -> next.pgNumTarget(1000)))
                .containsExactly(set("pg_num_actual", 8 + PgNumSteps.JUMP_MAX));
    }

    @Test
    void groupsArePlacedApartAFewAtATime() {
        List<String> steps =
                due(
                        CLEAN,
                        next -> next.pgNum(32).pgNumTarget(32).pgNumPending(32).pgpNumTarget(32));
        assertThat(steps).hasSize(1).first().asString().contains("pgp_num_actual");
        assertThat(steps).doesNotContain(set("pgp_num_actual", 32));
    }

    @Test
    void theLastGroupIsMergedOnceItIsPlacedWithItsTarget() {
        assertThat(due(CLEAN, next -> next.pgNumTarget(4).pgpNum(4).pgpNumTarget(4)))
                .containsExactly(set("pg_num_actual", 7));
        assertThat(
                        due(
                                CLEAN,
                                next ->
                                        next.pgNumTarget(4)
                                                .pgNumPending(7)
                                                .pgpNum(4)
                                                .pgpNumTarget(4)))
                .as("one is under way")
                .isEmpty();
        assertThat(due(CLEAN, next -> next.pgNumTarget(4).pgpNumTarget(4)))
                .as("still placed apart")
                .containsExactly(set("pgp_num_actual", 7));
        long serving = PgState.ACTIVE.bit() | PgState.DEGRADED.bit();
        assertThat(due(serving, next -> next.pgNumTarget(4).pgpNum(4).pgpNumTarget(4)))
                .as("not clean")
                .isEmpty();
    }
}
