package io.sepiola.manager;

import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.UpActing;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Brings pools to the numbers of placement groups that people asked for, step by step
 * (DaemonServer::adjust_pgs): splits when all groups of the pool serve, places groups apart or
 * together only as far as few objects are misplaced, and merges one group after the other, the last
 * one first, when it and its target are clean. Pure.
 */
final class PgNumSteps {
    /** Above this part of misplaced objects no more are (target_max_misplaced_ratio). */
    static final double MISPLACED_RATIO_MAX = 0.05;

    /** So far may pg_num be ahead of pgp_num (mgr_max_pg_num_change). */
    static final int JUMP_MAX = 128;

    /** So many groups may be new at once (mon_osd_max_creating_pgs). */
    static final int CREATING_MAX = 1024;

    private final PgMap groups;
    private final OsdMap map;
    private final List<String> commands = new ArrayList<>();
    private int left = CREATING_MAX;

    private PgNumSteps(PgMap groups) {
        this.groups = groups;
        this.map = groups.osdMap();
    }

    /** The monitors' commands that are due. */
    static List<String> due(PgMap groups) {
        PgNumSteps steps = new PgNumSteps(groups);
        steps.map
                .pools()
                .forEach((id, pool) -> {
                    boolean wanted =
                            pool.pgNumTarget() != pool.pgNum()
                                    || pool.pgpNumTarget() != pool.pgpNum();
                    if (wanted && !pool.hasFlag(PgPool.FLAG_CREATING)) {
                        steps.pool(id, pool);
                    }
                });
        return steps.commands;
    }

    private void pool(long id, PgPool pool) {
        if (!serves(id, pool)) {
            return;
        }
        if (pool.pgNumTarget() > pool.pgNum()) {
            split(id, pool);
        } else if (pool.pgNumTarget() < pool.pgNum()) {
            merge(id, pool);
        }
        int target = Math.min(pool.pgNumPending(), pool.pgpNumTarget());
        double misplaced = misplacedRatio();
        if (target != pool.pgpNum() && misplaced <= MISPLACED_RATIO_MAX) {
            int some =
                    Math.max(1, (int) (groups.groups().size() * (MISPLACED_RATIO_MAX - misplaced)));
            int next = Math.clamp(target, pool.pgpNum() - some, pool.pgpNum() + some);
            set(id, "pgp_num_actual", next);
        }
    }

    private void split(long id, PgPool pool) {
        int gap = pool.pgNum() - pool.pgpNum();
        int more = Math.min(Math.min(left, JUMP_MAX - gap), pool.pgNumTarget() - pool.pgNum());
        if (more > 0) {
            left -= more;
            set(id, "pg_num_actual", pool.pgNum() + more);
        }
    }

    private void merge(long id, PgPool pool) {
        int last = pool.pgNum() - 1;
        if (pool.pgNumPending() != pool.pgNum() || last < pool.pgpNum()) {
            return; // one is under way, or groups are still placed apart
        }
        PgId source = new PgId(id, last);
        PgId target = new PgId(id, pool.with(next -> next.pgNum(last)).pgSeed(last));
        boolean placedAlone = forgetUpmaps(source) | forgetUpmaps(target);
        if (!placedAlone && isClean(source) && isClean(target)) {
            set(id, "pg_num_actual", last);
        }
    }

    /** Groups that merge have to lie on the same OSDs. */
    private boolean forgetUpmaps(PgId pg) {
        if (map.upmap().containsKey(pg)) {
            commands.add("{\"prefix\":\"osd rm-pg-upmap\",\"pgid\":\"" + pg + "\"}");
        }
        if (map.upmapItems().containsKey(pg)) {
            commands.add("{\"prefix\":\"osd rm-pg-upmap-items\",\"pgid\":\"" + pg + "\"}");
        }
        return map.upmap().containsKey(pg) || map.upmapItems().containsKey(pg);
    }

    private boolean isClean(PgId pg) {
        PgStat stat = groups.groups().get(pg);
        long wanted = PgState.ACTIVE.bit() | PgState.CLEAN.bit();
        return stat != null && (stat.state() & wanted) == wanted;
    }

    /** Whether all groups of the pool serve, by reports of those whom the map has them led by. */
    private boolean serves(long id, PgPool pool) {
        for (int seed = 0; seed < pool.pgNum(); seed++) {
            PgId pg = new PgId(id, seed);
            PgStat stat = groups.groups().get(pg);
            long serving = PgState.ACTIVE.bit() | PgState.PEERED.bit();
            if (stat == null
                    || (stat.state() & serving) == 0
                    || PgState.CREATING.isIn(stat.state())) {
                return false;
            }
            UpActing now = map.map(pg);
            if (!stat.up().equals(ints(now.up())) || !stat.acting().equals(ints(now.acting()))) {
                return false;
            }
        }
        return true;
    }

    private static List<Integer> ints(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private double misplacedRatio() {
        long all = 0;
        long misplaced = 0;
        for (Map.Entry<PgId, PgStat> entry : groups.groups().entrySet()) {
            PgStat stat = entry.getValue();
            long objects = stat.stats().sum().objects();
            long elsewhere = stat.up().stream().filter(o -> !stat.acting().contains(o)).count();
            all += objects * Math.max(1, stat.up().size());
            misplaced += objects * elsewhere;
        }
        return all == 0 ? 0 : (double) misplaced / all;
    }

    private void set(long id, String variable, int value) {
        commands.add(
                "{\"prefix\":\"osd pool set\",\"pool\":\""
                        + map.poolName(id).orElse("").replace("\\", "\\\\").replace("\"", "\\\"")
                        + "\",\"var\":\""
                        + variable
                        + "\",\"val\":\""
                        + value
                        + "\"}");
    }
}
