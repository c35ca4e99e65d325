package io.sepiola.monitor;

import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.crush.CrushTree;
import io.sepiola.monitor.state.Draft;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps the pools' flags of fullness true: a pool is as full as the fullest OSD that its rule may
 * choose, if that is up and in. What a quota made full stays full. Owned by the monitor's shard.
 */
final class PoolRoom {
    private static final long FLAGS =
            PgPool.FLAG_FULL | PgPool.FLAG_BACKFILLFULL | PgPool.FLAG_NEARFULL;

    private final Draft draft;
    private final ClusterLog log;

    PoolRoom(Draft draft, ClusterLog log) {
        this.draft = draft;
        this.log = log;
    }

    /** Drafts what has to change. */
    void update(Instant now) {
        OsdMap map = draft.state().osdMaps().newest();
        if (!concerns(map)) {
            return;
        }
        SortedMap<Integer, Long> byRule = new TreeMap<>();
        List<Runnable> told = new ArrayList<>(); // after the step, which holds all the pools
        map.pools()
                .forEach((id, pool) -> {
                    long wanted =
                            byRule.computeIfAbsent(pool.crushRule(), rule -> flagOf(map, rule));
                    if (pool.hasFlag(PgPool.FLAG_FULL_QUOTA)) {
                        wanted = PgPool.FLAG_FULL;
                    }
                    if ((pool.flags() & FLAGS) != wanted) {
                        boolean full = wanted == PgPool.FLAG_FULL;
                        change(id, pool, wanted);
                        if (full != pool.hasFlag(PgPool.FLAG_FULL)) {
                            told.add(() -> tell(map, id, full, now));
                        }
                    }
                });
        told.forEach(Runnable::run);
    }

    private static boolean concerns(OsdMap map) {
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if ((map.state(osd) & OsdMap.STATES_OF_ROOM) != 0) {
                return true;
            }
        }
        return map.pools().values().stream().anyMatch(pool -> (pool.flags() & FLAGS) != 0);
    }

    private void change(long id, PgPool pool, long wanted) {
        draft.osdMapStep()
                .newPool(
                        id,
                        pool.with(next -> {
                            next.clearFlag(FLAGS);
                            next.setFlag(wanted);
                        }));
    }

    private void tell(OsdMap map, long id, boolean full, Instant now) {
        log.write(
                full ? ClusterLog.WARN : ClusterLog.INFO,
                "pool '"
                        + map.poolName(id).orElse("")
                        + (full ? "' is full: an OSD has no room left" : "' is full no longer"),
                now);
    }

    /** The flag of the fullest OSD that a rule may choose; 0 when none is short of room. */
    private static long flagOf(OsdMap map, int ruleId) {
        CrushMap crush = map.crush();
        int states = 0;
        for (CrushRule rule : crush.rule(ruleId).stream().toList()) {
            for (CrushRule.Step step : rule.steps()) {
                if (step.operation() == CrushRule.Step.TAKE) {
                    states |= statesBelow(map, step.first());
                }
            }
        }
        return (states & OsdMap.STATE_FULL) != 0
                ? PgPool.FLAG_FULL
                : (states & OsdMap.STATE_BACKFILLFULL) != 0
                        ? PgPool.FLAG_BACKFILLFULL
                        : (states & OsdMap.STATE_NEARFULL) != 0 ? PgPool.FLAG_NEARFULL : 0;
    }

    private static int statesBelow(OsdMap map, int root) {
        int states = 0;
        for (CrushTree.Node node : CrushTree.below(map.crush(), root)) {
            int osd = node.id();
            if (osd >= 0 && osd < map.osdMax() && map.isUp(osd) && map.isIn(osd)) {
                states |= map.state(osd);
            }
        }
        return states;
    }
}
