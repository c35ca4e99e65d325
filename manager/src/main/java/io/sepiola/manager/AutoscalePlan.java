package io.sepiola.manager;

import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.crush.CrushTree;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PoolStat;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many placement groups each pool should have, as Ceph's pg_autoscaler reckons: each tree of
 * the CRUSH map has a number of groups to give away, its OSDs times mon_target_pg_per_osd; a pool
 * gets them by its part of the tree's room, and those flagged bulk share what is left. Pure.
 */
final class AutoscalePlan {
    static final int MODE_OFF = 0;
    static final int MODE_WARN = 1;
    static final int MODE_ON = 2;
    private static final double THRESHOLD = 3.0; // as long as it is off by no more, all is well
    private static final int PG_NUM_MIN = 32;
    private static final long BULK = 1L << 17; // pg_pool_t
    private static final int OPTION_PG_NUM_MIN = 15; // pool_opts_t
    private static final int OPTION_TARGET_BYTES = 16;
    private static final int OPTION_TARGET_RATIO = 17;
    private static final int OPTION_BIAS = 18;
    private static final int OPTION_PG_NUM_MAX = 23;

    /** A part of the CRUSH map that pools take from, and what it has to give. */
    static final class Root {
        final Set<Integer> osds = new HashSet<>();
        final List<String> poolNames = new ArrayList<>();
        long capacity;
        int poolsServed;
        double left; // groups
        double targetRatios;
        double targetBytes;
    }

    /**
     * What is thought of one pool.
     *
     * @param root CRUSH id of what its rule takes
     * @param stored what clients stored, in bytes
     * @param rate raw bytes for each of those
     * @param ratio part of the tree's room that it uses, or is to use
     * @param ideal groups, not rounded
     * @param result groups that it should have
     * @param share part of the tree's groups by which that was reckoned
     */
    record Row(
            long id,
            String name,
            PgPool pool,
            int root,
            long stored,
            long targetBytes,
            double rate,
            long capacity,
            double ratio,
            double targetRatio,
            double effectiveRatio,
            double bias,
            double ideal,
            int result,
            double share,
            boolean bulk) {
        double rawUsed() {
            return stored * rate;
        }

        double rawWanted() {
            return Math.max(stored, targetBytes) * rate;
        }

        /** Whether it is so far off that something should be done. */
        boolean isOff() {
            boolean far =
                    result > pool.pgNumTarget() * THRESHOLD
                            || result < pool.pgNumTarget() / THRESHOLD;
            return far && share >= 0 && share <= 1;
        }

        boolean wouldAdjust() {
            return isOff() && pool.autoscaleMode() == MODE_ON;
        }
    }

    private enum Pass {
        SMALL,
        LARGE,
        EVEN
    }

    private final PgMap groups;
    private final OsdMap map;
    private final int perOsd;
    private final Map<Long, PoolStat> stats;
    private final Map<Integer, Root> roots = new LinkedHashMap<>();
    private final Set<Integer> overlapping = new HashSet<>();
    private final List<Row> rows = new ArrayList<>();

    private AutoscalePlan(PgMap groups, int perOsd) {
        this.groups = groups;
        this.map = groups.osdMap();
        this.perOsd = perOsd;
        this.stats = Digest.pools(groups);
    }

    /**
     * Looks at all pools.
     *
     * @param perOsd groups that an OSD should have (mon_target_pg_per_osd)
     */
    static AutoscalePlan of(PgMap groups, int perOsd) {
        AutoscalePlan plan = new AutoscalePlan(groups, perOsd);
        plan.findRoots();
        List<Long> large = plan.pass(List.copyOf(plan.map.pools().keySet()), Pass.SMALL);
        List<Long> even = plan.pass(large, Pass.LARGE);
        plan.pass(even, Pass.EVEN);
        return plan;
    }

    /** In the order in which Ceph shows them. */
    List<Row> rows() {
        return rows;
    }

    /** By what rules take. */
    Map<Integer, Root> roots() {
        return roots;
    }

    private static @Nullable Integer taken(OsdMap map, PgPool pool) {
        CrushRule rule = map.crush().rule(pool.crushRule()).orElse(null);
        if (rule != null) {
            for (CrushRule.Step step : rule.steps()) {
                if (step.operation() == CrushRule.Step.TAKE) {
                    return step.first();
                }
            }
        }
        return null;
    }

    private void findRoots() {
        map.pools()
                .forEach((id, pool) -> {
                    Integer taken = taken(map, pool);
                    if (taken != null) {
                        join(taken, id, pool);
                    }
                });
        for (Root root : new HashSet<>(roots.values())) {
            root.left = (double) root.osds.size() * perOsd;
            for (int osd : root.osds) {
                OsdStat stat = groups.osds().get(osd);
                root.capacity += stat == null ? 0 : stat.kib() << 10;
            }
        }
    }

    private void join(int taken, long id, PgPool pool) {
        Set<Integer> osds = new HashSet<>();
        CrushMap crush = map.crush();
        CrushTree.below(crush, taken).stream()
                .map(CrushTree.Node::id)
                .filter(item -> item >= 0)
                .forEach(osds::add);
        Root root = null;
        for (Map.Entry<Integer, Root> known : roots.entrySet()) {
            if (osds.stream().anyMatch(known.getValue().osds::contains)) {
                root = known.getValue();
                if (known.getKey() != taken) {
                    overlapping.add(known.getKey());
                    overlapping.add(taken);
                }
                break;
            }
        }
        root = root == null ? new Root() : root;
        roots.put(taken, root);
        root.osds.addAll(osds);
        root.poolNames.add(map.poolName(id).orElse(""));
        double ratio = real(pool, OPTION_TARGET_RATIO, 0);
        root.targetRatios += ratio;
        root.targetBytes += ratio == 0 ? whole(pool, OPTION_TARGET_BYTES, 0) * rate(map, pool) : 0;
    }

    private List<Long> pass(List<Long> pools, Pass pass) {
        List<Long> later = new ArrayList<>();
        for (long id : pools) {
            PgPool pool = map.pools().get(id);
            Integer taken = pool == null ? null : taken(map, pool);
            if (pool == null || taken == null || overlapping.contains(taken)) {
                continue;
            }
            Root root = roots.get(taken);
            if (root != null && root.capacity > 0 && !reckon(id, pool, taken, root, pass)) {
                later.add(id);
            }
        }
        return later;
    }

    private boolean reckon(long id, PgPool pool, int taken, Root root, Pass pass) {
        double rate = rate(map, pool);
        long stored = stored(id, rate);
        double wish = real(pool, OPTION_TARGET_RATIO, 0);
        long targetBytes = wish == 0 ? whole(pool, OPTION_TARGET_BYTES, 0) : 0;
        double effective = effective(wish, root);
        double used = Math.max(stored, targetBytes) * rate / root.capacity;
        double ratio = Math.max(used, effective);
        double even = 1.0 / Math.max(1, root.poolNames.size() - root.poolsServed);
        boolean bulk = pool.hasFlag(BULK);
        boolean later =
                switch (pass) {
                    case SMALL -> bulk;
                    case LARGE -> ratio <= even;
                    case EVEN -> false;
                };
        if (later) {
            return false;
        }
        double share =
                pass == Pass.SMALL ? ratio : pass == Pass.LARGE ? Math.max(ratio, even) : even;
        double taking = share * root.left;
        if (pass != Pass.EVEN) {
            root.left -= (long) taking;
            root.poolsServed++;
        }
        double bias = real(pool, OPTION_BIAS, 1);
        double ideal = taking / pool.size() * bias;
        int result =
                Math.max(
                        (int) whole(pool, OPTION_PG_NUM_MIN, PG_NUM_MIN), nearestPowerOfTwo(ideal));
        long most = whole(pool, OPTION_PG_NUM_MAX, 0);
        result = most > 0 ? (int) Math.min(most, result) : result;
        String name = map.poolName(id).orElse("");
        rows.add(
                new Row(
                        id,
                        name,
                        pool,
                        taken,
                        stored,
                        targetBytes,
                        rate,
                        root.capacity,
                        ratio,
                        wish,
                        effective,
                        bias,
                        ideal,
                        result,
                        share,
                        bulk));
        return true;
    }

    /** A pool's wish beside the others', of the room that is not promised by size. */
    private static double effective(double wish, Root root) {
        double ratio = root.targetRatios > 0 ? wish / root.targetRatios : wish;
        double promised = Math.min(1, root.targetBytes / root.capacity);
        return ratio * (1 - promised);
    }

    static int nearestPowerOfTwo(double count) {
        int whole = (int) Math.min(count, 1 << 30);
        if (whole <= 0) {
            return 0;
        }
        int above =
                Integer.highestOneBit(whole) == whole ? whole : Integer.highestOneBit(whole) << 1;
        int below = above >> 1;
        return above - count > count - below ? below : above;
    }

    private static double rate(OsdMap map, PgPool pool) {
        if (!pool.isErasure()) {
            return pool.size();
        }
        Map<String, String> profile =
                map.ecProfiles().getOrDefault(pool.erasureCodeProfile(), null);
        String k = profile == null ? "" : profile.getOrDefault("k", "");
        return k.matches("[1-9][0-9]{0,2}")
                ? (double) pool.size() / Integer.parseInt(k)
                : pool.size();
    }

    private long stored(long id, double rate) {
        PoolStat stat = stats.getOrDefault(id, PoolStat.ZERO);
        var sum = stat.stats().sum();
        long raw = stat.store().dataStored();
        double present =
                sum.copies() > sum.degraded()
                        ? (double) (sum.copies() - sum.degraded()) / sum.copies()
                        : 1;
        return raw > 0 ? Math.round(raw / (rate * present)) : sum.bytes();
    }

    static double targetRatio(PgPool pool) {
        return real(pool, OPTION_TARGET_RATIO, 0);
    }

    static long targetBytes(PgPool pool) {
        return whole(pool, OPTION_TARGET_BYTES, 0);
    }

    private static double real(PgPool pool, int key, double otherwise) {
        return pool.option(key).orElse(null) instanceof PoolOption.Real(double value)
                ? value
                : otherwise;
    }

    private static long whole(PgPool pool, int key, long otherwise) {
        return pool.option(key).orElse(null) instanceof PoolOption.Whole(long value)
                ? value
                : otherwise;
    }
}
