package io.sepiola.protocol.upmap;

import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a pool's rule says of OSDs: which it may use, with which weight, and which of them must not
 * or may not stand together. Of one map and one pool.
 */
final class RuleView {
    private final CrushMap crush;
    private final List<CrushRule.Step> steps;
    private final int poolSize;

    /** Weights as CRUSH sees them, the sum of each take being 1. */
    final Map<Integer, Double> weights = new TreeMap<>();

    private final Map<Integer, BitSet> takes = new HashMap<>();
    private final Map<Integer, Map<Integer, Integer>> ancestors = new HashMap<>(); // by type

    RuleView(OsdMap map, PgPool pool) {
        this.crush = map.crush();
        this.poolSize = pool.size();
        this.steps = rule(crush, pool).map(CrushRule::steps).orElse(List.of());
        int take = 0;
        for (CrushRule.Step step : steps) {
            if (step.operation() == CrushRule.Step.TAKE) {
                take(step.first(), take++);
            }
        }
    }

    static java.util.Optional<CrushRule> rule(CrushMap crush, PgPool pool) {
        for (int id = 0; id < crush.ruleSlots(); id++) {
            var found =
                    crush.rule(id)
                            .filter(rule ->
                                    rule.ruleset() == pool.crushRule()
                                            && rule.type() == pool.type()
                                            && rule.sizeMin() <= pool.size()
                                            && rule.sizeMax() >= pool.size());
            if (found.isPresent()) {
                return found;
            }
        }
        return java.util.Optional.empty();
    }

    private void take(int item, int take) {
        Map<Integer, Long> below = new TreeMap<>();
        if (item >= 0) {
            below.put(item, 0x10000L);
        } else {
            walk(item, new HashMap<>(), below, take);
        }
        double sum = below.values().stream().mapToLong(Long::longValue).sum();
        below.forEach((osd, weight) -> {
            takes.computeIfAbsent(osd, key -> new BitSet()).set(take);
            if (sum > 0) {
                weights.merge(osd, weight / sum, Double::sum);
            }
        });
    }

    private void walk(int id, Map<Integer, Integer> above, Map<Integer, Long> below, int take) {
        CrushBucket bucket = crush.bucket(id).orElse(null);
        if (bucket == null) {
            return;
        }
        Map<Integer, Integer> path = new HashMap<>(above);
        path.put(bucket.type(), id);
        for (int i = 0; i < bucket.size(); i++) {
            int item = bucket.item(i);
            if (item < 0) {
                walk(item, path, below, take);
            } else {
                below.merge(item, Integer.toUnsignedLong(bucket.itemWeight(i)), Long::sum);
                ancestors.computeIfAbsent(item, key -> new HashMap<>()).putAll(path);
            }
        }
    }

    /** Whether the rule leads to that OSD. */
    boolean leadsTo(int osd) {
        return takes.containsKey(osd);
    }

    private int ancestor(int osd, int type) {
        return type == 0 ? osd : ancestors.getOrDefault(osd, Map.of()).getOrDefault(type, 0);
    }

    /** Whether {@code to} may stand where {@code from} does, the others aside. */
    boolean alike(int from, int to) {
        BitSet fromTakes = takes.get(from);
        if (fromTakes == null || !fromTakes.equals(takes.get(to))) {
            return false;
        }
        // Where the rule chooses in several steps, the outer choice stays as it is.
        for (int i = 0; i < steps.size(); i++) {
            int type = steps.get(i).second();
            if (isChoose(steps.get(i)) && type != 0 && ancestor(from, type) != ancestor(to, type)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isChoose(CrushRule.Step step) {
        return step.operation() == CrushRule.Step.CHOOSE_FIRSTN
                || step.operation() == CrushRule.Step.CHOOSE_INDEP;
    }

    private static boolean isChooseLeaf(CrushRule.Step step) {
        return step.operation() == CrushRule.Step.CHOOSELEAF_FIRSTN
                || step.operation() == CrushRule.Step.CHOOSELEAF_INDEP;
    }

    /** Whether the rule could have chosen these OSDs together; gaps do not matter. */
    boolean allows(int[] osds, int size) {
        List<Integer> chosen = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            if (osds[i] != CrushMap.ITEM_NONE) {
                chosen.add(osds[i]);
            }
        }
        if (new HashSet<>(chosen).size() != chosen.size()) {
            return false;
        }
        for (CrushRule.Step step : steps) {
            if (isChooseLeaf(step) || isChoose(step)) {
                int type = step.second();
                Set<Integer> parents = new HashSet<>();
                int placed = 0;
                for (int osd : chosen) {
                    int parent = ancestor(osd, type);
                    if (type == 0 || parent < 0) {
                        parents.add(parent);
                        placed++;
                    }
                }
                int wanted = step.first() > 0 ? step.first() : step.first() + poolSize;
                if (isChooseLeaf(step) && type != 0 && parents.size() < placed
                        || isChoose(step) && type != 0 && parents.size() > wanted) {
                    return false;
                }
            }
        }
        return true;
    }
}
