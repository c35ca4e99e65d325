package io.sepiola.manager;

import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.crush.CrushTree;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.PgStat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How evenly groups, objects and bytes lie on the OSDs, as Ceph's balancer scores it: 0 is even;
 * the worse OSDs above their share are, the nearer to 1. Pure.
 */
final class Balance {
    private static final int KINDS = 3; // groups, objects, bytes

    private final PgMap groups;
    private final OsdMap map;

    private Balance(PgMap groups, OsdMap map) {
        this.groups = groups;
        this.map = map;
    }

    /**
     * The score of some pools.
     *
     * @param groups what each holds
     * @param map where they lie
     * @param pools which; all when empty
     */
    static double score(PgMap groups, OsdMap map, Set<Long> pools) {
        return new Balance(groups, map).score(pools);
    }

    private double score(Set<Long> pools) {
        SortedMap<Integer, List<Long>> byRoot = new TreeMap<>();
        map.pools()
                .forEach((id, pool) -> {
                    if (pools.isEmpty() || pools.contains(id)) {
                        CrushRule rule = map.crush().rule(pool.crushRule()).orElse(null);
                        Set<Integer> taken = new TreeSet<>();
                        for (CrushRule.Step step :
                                rule == null ? List.<CrushRule.Step>of() : rule.steps()) {
                            if (step.operation() == CrushRule.Step.TAKE
                                    && taken.add(step.first())) {
                                byRoot.computeIfAbsent(step.first(), r -> new ArrayList<>())
                                        .add(id);
                            }
                        }
                    }
                });
        double sum = 0;
        for (Map.Entry<Integer, List<Long>> entry : byRoot.entrySet()) {
            sum += score(shares(entry.getKey()), entry.getValue());
        }
        return byRoot.isEmpty() ? 0 : sum / (KINDS * byRoot.size());
    }

    /** The part of what lies below the root that each OSD should have. */
    private SortedMap<Integer, Double> shares(int root) {
        SortedMap<Integer, Double> shares = new TreeMap<>();
        for (CrushTree.Node node : CrushTree.below(map.crush(), root)) {
            double weight = (double) node.weight() * (node.id() < 0 ? 0 : map.weight(node.id()));
            if (weight > 0) {
                shares.merge(node.id(), weight, Double::sum);
            }
        }
        double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        shares.replaceAll((osd, weight) -> weight / sum);
        return shares;
    }

    private double score(SortedMap<Integer, Double> shares, List<Long> pools) {
        SortedMap<Integer, double[]> counts = new TreeMap<>();
        shares.keySet().forEach(osd -> counts.put(osd, new double[KINDS]));
        double[] totals = new double[KINDS];
        for (long id : pools) {
            int pgNum = map.pool(id).map(pool -> pool.pgNum()).orElse(0);
            for (int seed = 0; seed < pgNum; seed++) {
                PgId pg = new PgId(id, seed);
                double[] holds = holds(pg);
                for (int osd : map.map(pg).up()) {
                    double[] count = osd == CrushMap.ITEM_NONE ? null : counts.get(osd);
                    for (int kind = 0; count != null && kind < KINDS; kind++) {
                        count[kind] += holds[kind];
                        totals[kind] += holds[kind];
                    }
                }
            }
        }
        double sum = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            sum += score(shares, counts, kind, totals[kind]);
        }
        return sum;
    }

    private double[] holds(PgId pg) {
        PgStat stat = groups.groups().get(pg);
        ObjectStatSum sum = stat == null ? ObjectStatSum.ZERO : stat.stats().sum();
        return new double[] {1, sum.objects(), sum.bytes()};
    }

    /** How far those above their share are above it, by Gauss's error function. */
    private static double score(
            Map<Integer, Double> shares, Map<Integer, double[]> counts, int kind, double total) {
        if (total == 0) {
            return 0;
        }
        double average = total / shares.size();
        double score = 0;
        double weight = 0;
        for (Map.Entry<Integer, double[]> entry : counts.entrySet()) {
            double share = shares.getOrDefault(entry.getKey(), 0.0);
            double adjusted = share == 0 ? 0 : entry.getValue()[kind] / share / shares.size();
            if (adjusted > average) {
                score += share * erf((adjusted - average) / average / Math.sqrt(2));
                weight += share;
            }
        }
        return score / Math.max(weight, 1);
    }

    /** Gauss's error function for x of 0 and more, by a series whose terms are all positive. */
    static double erf(double x) {
        if (x > 6) {
            return 1;
        }
        double term = x;
        double sum = x;
        for (int n = 1; term > sum * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
