package io.sepiola.manager;

import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.crush.CrushTree;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.ObjectStats;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgCount;
import io.sepiola.protocol.osd.PgMapDigest;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;
import io.sepiola.protocol.osd.PoolStat;
import io.sepiola.protocol.osd.Pow2Histogram;
import io.sepiola.protocol.osd.StoreLatency;
import io.sepiola.protocol.osd.StoreStat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sums a {@link PgMap} up as Ceph's PGMapDigest does. Pure functions of the map. */
final class Digest {
    private Digest() {}

    /** The sums, and the change since an earlier moment. */
    static PgMapDigest of(PgMap map, Rates.Delta delta) {
        SortedMap<Integer, PoolStat> pools = new TreeMap<>();
        pools(map).forEach((id, stat) -> pools.put((int) (long) id, stat));
        SortedMap<Long, Integer> byState = new TreeMap<>();
        SortedMap<Long, Long> byPool = new TreeMap<>();
        long active = 0;
        long unknown = 0;
        for (Map.Entry<PgId, PgStat> entry : map.groups().entrySet()) {
            long state = entry.getValue().state();
            byState.merge(state, 1, Integer::sum);
            byPool.merge(entry.getKey().pool(), 1L, Long::sum);
            active += PgState.ACTIVE.isIn(state) ? 1 : 0;
            unknown += state == 0 ? 1 : 0;
        }
        return new PgMapDigest(
                map.groups().size(),
                active,
                unknown,
                map.osds().size(),
                pools,
                sum(pools.values()),
                osdSum(map.osds().values()),
                byState,
                byOsd(map),
                byPool,
                sequences(map),
                delta.pools(),
                delta.stamps(),
                delta.all(),
                delta.span(),
                availableByRule(map),
                Map.of(),
                byClass(map));
    }

    static NavigableMap<Long, PoolStat> pools(PgMap map) {
        NavigableMap<Long, PoolStat> pools = new TreeMap<>();
        map.osdMap().pools().keySet().forEach(id -> pools.put(id, stores(map, id)));
        map.groups()
                .forEach((pg, stat) ->
                        pools.computeIfPresent(pg.pool(), (id, sum) -> plus(sum, stat)));
        return pools;
    }

    private static PoolStat stores(PgMap map, long pool) {
        StoreStat sum = StoreStat.ZERO;
        Map<Integer, StoreStat> byOsd = map.stores(pool);
        for (StoreStat store : byOsd.values()) {
            sum = sum.plus(store);
        }
        return new PoolStat(ObjectStats.ZERO, 0, 0, 0, 0, sum, byOsd.size());
    }

    private static PoolStat plus(PoolStat sum, PgStat stat) {
        return new PoolStat(
                new ObjectStats(sum.stats().sum().plus(stat.stats().sum())),
                sum.logSize() + stat.logSize(),
                sum.logSizeOnDisk() + stat.logSizeOnDisk(),
                sum.up() + stat.up().size(),
                sum.acting() + stat.acting().size(),
                sum.store(),
                sum.storeCount());
    }

    static PoolStat sum(Iterable<PoolStat> pools) {
        PoolStat sum = PoolStat.ZERO;
        for (PoolStat pool : pools) {
            sum = combined(sum, pool, 1);
        }
        return sum;
    }

    /** {@code a + sign * b}; sizes of stores only add. */
    static PoolStat combined(PoolStat a, PoolStat b, int sign) {
        ObjectStatSum left = a.stats().sum();
        ObjectStatSum right = b.stats().sum();
        return new PoolStat(
                new ObjectStats(sign > 0 ? left.plus(right) : left.minus(right)),
                a.logSize() + sign * b.logSize(),
                a.logSizeOnDisk() + sign * b.logSizeOnDisk(),
                a.up() + sign * b.up(),
                a.acting() + sign * b.acting(),
                sign > 0 ? a.store().plus(b.store()) : a.store(),
                a.storeCount() + sign * b.storeCount());
    }

    static OsdStat osdSum(Iterable<OsdStat> osds) {
        OsdStat sum = OsdStat.ZERO;
        for (OsdStat osd : osds) {
            sum = plus(sum, osd);
        }
        return sum;
    }

    private static OsdStat plus(OsdStat a, OsdStat b) {
        return new OsdStat(
                a.kib() + b.kib(),
                a.kibUsed() + b.kibUsed(),
                a.kibAvailable() + b.kibAvailable(),
                a.snapTrimQueue() + b.snapTrimQueue(),
                a.snapTrimming() + b.snapTrimming(),
                List.of(),
                Pow2Histogram.EMPTY,
                new StoreLatency(
                        a.latency().commitMillis() + b.latency().commitMillis(),
                        a.latency().applyMillis() + b.latency().applyMillis()),
                0,
                0,
                a.pgCount() + b.pgCount(),
                a.kibUsedData() + b.kibUsedData(),
                a.kibUsedOmap() + b.kibUsedOmap(),
                a.kibUsedMetadata() + b.kibUsedMetadata(),
                a.store().plus(b.store()),
                Map.of(),
                a.shardsRepaired() + b.shardsRepaired(),
                a.osdCount() + Math.max(1, b.osdCount()),
                a.osdCountPerPool() + Math.max(1, b.osdCountPerPool()),
                a.osdCountPerPoolOmap() + Math.max(1, b.osdCountPerPoolOmap()),
                Map.of());
    }

    private static SortedMap<String, OsdStat> byClass(PgMap map) {
        SortedMap<String, List<OsdStat>> groups = new TreeMap<>();
        map.osds()
                .forEach((osd, stat) ->
                        map.osdMap()
                                .crush()
                                .classOf(osd)
                                .ifPresent(name ->
                                        groups.computeIfAbsent(name, n -> new ArrayList<>())
                                                .add(stat)));
        SortedMap<String, OsdStat> sums = new TreeMap<>();
        groups.forEach((name, stats) -> sums.put(name, osdSum(stats)));
        return sums;
    }

    /** How many groups each OSD serves, would serve, and leads. */
    static SortedMap<Integer, PgCount> byOsd(PgMap map) {
        SortedMap<Integer, PgCount> counts = new TreeMap<>();
        for (PgStat stat : map.groups().values()) {
            for (int osd : stat.acting()) {
                if (osd != CrushMap.ITEM_NONE) {
                    boolean leads = osd == stat.actingPrimary();
                    counts.merge(osd, new PgCount(1, 0, leads ? 1 : 0), Digest::plus);
                }
            }
            for (int osd : stat.up()) {
                if (osd != CrushMap.ITEM_NONE && !stat.acting().contains(osd)) {
                    counts.merge(osd, new PgCount(0, 1, 0), Digest::plus);
                }
            }
        }
        return counts;
    }

    private static PgCount plus(PgCount a, PgCount b) {
        return new PgCount(
                a.acting() + b.acting(),
                a.upNotActing() + b.upNotActing(),
                a.primary() + b.primary());
    }

    private static List<Long> sequences(PgMap map) {
        List<Long> sequences = new ArrayList<>();
        map.osds()
                .forEach((osd, stat) -> {
                    while (sequences.size() <= osd) {
                        sequences.add(0L);
                    }
                    sequences.set(osd, stat.sequence());
                });
        return sequences;
    }

    /**
     * How many bytes each rule's devices can take together before the first of them is full, each
     * getting its share by weight.
     */
    private static SortedMap<Integer, Long> availableByRule(PgMap map) {
        SortedMap<Integer, Long> available = new TreeMap<>();
        OsdMap osdMap = map.osdMap();
        osdMap.pools()
                .values()
                .forEach(pool ->
                        available.computeIfAbsent(
                                pool.crushRule(), rule -> availableUnder(map, rule)));
        return available;
    }

    private static long availableUnder(PgMap map, int ruleId) {
        OsdMap osdMap = map.osdMap();
        CrushRule rule = osdMap.crush().rule(ruleId).orElse(null);
        if (rule == null) {
            return 0;
        }
        SortedMap<Integer, Double> shares = new TreeMap<>();
        double total = 0;
        for (CrushRule.Step step : rule.steps()) {
            if (step.operation() != CrushRule.Step.TAKE) {
                continue;
            }
            for (CrushTree.Node node : CrushTree.below(osdMap.crush(), step.first())) {
                double share = (double) node.weight() * osdMap.weight(node.id());
                if (node.id() >= 0 && share > 0) {
                    shares.merge(node.id(), share, Double::sum);
                    total += share;
                }
            }
        }
        double least = Double.MAX_VALUE;
        for (Map.Entry<Integer, Double> entry : shares.entrySet()) {
            OsdStat stat = map.osds().get(entry.getKey());
            if (stat == null || stat.kib() == 0) {
                continue;
            }
            double unusable = stat.kib() * (1.0 - osdMap.fullRatio());
            double usable = Math.max(0, stat.kibAvailable() - unusable) * 1024;
            least = Math.min(least, usable / (entry.getValue() / total));
        }
        return least == Double.MAX_VALUE ? 0 : (long) least;
    }

    static Utime span(Duration duration) {
        return new Utime((int) duration.toSeconds(), duration.toNanosPart());
    }
}
