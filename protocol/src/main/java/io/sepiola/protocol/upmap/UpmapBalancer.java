package io.sepiola.protocol.upmap;

import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PgRun;
import io.sepiola.protocol.map.UpmapItem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Evens out how many groups of some pools each OSD serves, by its weight. Step by step the OSD that
 * is furthest above its share gives a group to the one furthest below that the rule allows; an
 * exception that exists is undone before a new one is made. Every step lowers the sum of the
 * squared distances from the shares, so it ends. Owned by one call.
 */
public final class UpmapBalancer {
    /** A group and where its replicas are. */
    private static final class Group {
        final PgId id;
        final int[] raw;
        final int[] up;
        final List<UpmapItem> items;
        final RuleView rule;

        Group(PgId id, PgRun run, List<UpmapItem> items, RuleView rule) {
            this.id = id;
            this.raw = Arrays.copyOf(run.raw(), run.rawSize());
            this.up = Arrays.copyOf(run.up(), run.upSize());
            this.items = new ArrayList<>(items);
            this.rule = rule;
        }

        boolean holds(int osd) {
            for (int held : up) {
                if (held == osd) {
                    return true;
                }
            }
            return false;
        }
    }

    private final OsdMap map;
    private final Map<Integer, List<Group>> groups = new HashMap<>();
    private final Map<Integer, Integer> fixed = new HashMap<>(); // replicas that an operator placed
    private final Map<Integer, Double> shares = new TreeMap<>();

    private UpmapBalancer(OsdMap map, Collection<Long> pools) {
        this.map = map;
        for (long id : pools) {
            map.pool(id).ifPresent(pool -> add(id, pool));
        }
    }

    private void add(long id, PgPool pool) {
        RuleView rule = new RuleView(map, pool);
        Map<Integer, Double> adjusted = new TreeMap<>();
        rule.weights.forEach((osd, weight) -> {
            if (weight > 0 && map.weight(osd) != 0) {
                adjusted.put(osd, weight * map.weight(osd) / OsdMap.WEIGHT_IN);
            }
        });
        double sum = adjusted.values().stream().mapToDouble(Double::doubleValue).sum();
        long replicas = 0;
        PgRun run = map.run(id);
        for (int seed = 0; seed < pool.pgNum(); seed++) {
            PgId pg = new PgId(id, seed);
            run.map(seed);
            Group group = new Group(pg, run, map.upmapItems().getOrDefault(pg, List.of()), rule);
            for (int osd : group.up) {
                if (osd != CrushMap.ITEM_NONE) {
                    replicas++;
                    if (!map.upmap().containsKey(pg)) {
                        groups.computeIfAbsent(osd, key -> new ArrayList<>()).add(group);
                    } else {
                        groups.computeIfAbsent(osd, key -> new ArrayList<>());
                        fixed.merge(osd, 1, Integer::sum);
                    }
                }
            }
        }
        for (Map.Entry<Integer, Double> entry : adjusted.entrySet()) {
            shares.merge(entry.getKey(), entry.getValue() * replicas / sum, Double::sum);
        }
    }

    private double excess(int osd) {
        return groups.getOrDefault(osd, List.of()).size()
                + fixed.getOrDefault(osd, 0)
                - shares.getOrDefault(osd, 0.0);
    }

    /**
     * Adds to {@code change} the exceptions to be made and removed.
     *
     * @param deviation how far from its share an OSD may stay, in groups; 1 at least
     * @param changesMax how many groups may be changed
     * @return how many are
     */
    public static int balance(
            OsdMap map,
            Collection<Long> pools,
            int deviation,
            int changesMax,
            OsdMapIncremental.Builder change) {
        UpmapBalancer balancer = new UpmapBalancer(map, pools);
        TreeSet<PgId> done = new TreeSet<>();
        Map<PgId, Group> touched = new TreeMap<>();
        while (balancer.worst() > deviation) {
            Group moved = balancer.step(done, changesMax);
            if (moved == null) {
                break;
            }
            done.add(moved.id);
            touched.put(moved.id, moved);
        }
        touched.forEach((pg, group) -> {
            if (!group.items.isEmpty()) {
                change.newUpmapItems(pg, List.copyOf(group.items));
            } else if (map.upmapItems().containsKey(pg)) {
                change.oldUpmapItems(pg);
            }
        });
        return touched.size();
    }

    private double worst() {
        double worst = 0;
        for (int osd : shares.keySet()) {
            worst = Math.max(worst, Math.abs(excess(osd)));
        }
        return worst;
    }

    private @Nullable Group step(TreeSet<PgId> done, int changesMax) {
        List<Integer> byExcess = new ArrayList<>(shares.keySet());
        byExcess.sort(Comparator.comparingDouble(this::excess));
        for (int i = byExcess.size() - 1; i >= 0; i--) {
            int full = byExcess.get(i);
            for (int empty : byExcess) {
                if (excess(full) - excess(empty) <= 1) {
                    break;
                }
                Group moved = move(full, empty, done, changesMax);
                if (moved != null) {
                    return moved;
                }
            }
        }
        return null;
    }

    private @Nullable Group move(int from, int to, TreeSet<PgId> done, int changesMax) {
        Group best = null;
        for (Group group : groups.getOrDefault(from, List.of())) {
            boolean fresh = !done.contains(group.id);
            if (fresh && done.size() >= changesMax || !movable(group, from, to)) {
                continue;
            }
            boolean undoes = undoes(group, from, to) >= 0;
            if (undoes || best == null) {
                best = group;
            }
            if (undoes) {
                break;
            }
        }
        if (best != null) {
            apply(best, from, to);
        }
        return best;
    }

    private static boolean movable(Group group, int from, int to) {
        if (group.holds(to) || !group.rule.alike(from, to)) {
            return false;
        }
        for (UpmapItem item : group.items) {
            // Chains and swaps of exceptions would depend on their order.
            boolean undone = item.to() == from && item.from() == to;
            if (!undone && (item.from() == to || item.to() == to)) {
                return false;
            }
        }
        boolean fromRaw = Arrays.stream(group.raw).anyMatch(osd -> osd == from);
        boolean fromItem = group.items.stream().anyMatch(item -> item.to() == from);
        if (!fromRaw && !fromItem) {
            return false;
        }
        int[] then = group.up.clone();
        for (int i = 0; i < then.length; i++) {
            then[i] = then[i] == from ? to : then[i];
        }
        return group.rule.allows(then, then.length);
    }

    private static int undoes(Group group, int from, int to) {
        for (int i = 0; i < group.items.size(); i++) {
            if (group.items.get(i).to() == from && group.items.get(i).from() == to) {
                return i;
            }
        }
        return -1;
    }

    private void apply(Group group, int from, int to) {
        int undone = undoes(group, from, to);
        if (undone >= 0) {
            group.items.remove(undone);
        } else {
            int raw = from;
            for (int i = 0; i < group.items.size(); i++) {
                if (group.items.get(i).to() == from) {
                    raw = group.items.remove(i).from();
                    break;
                }
            }
            group.items.add(new UpmapItem(raw, to));
        }
        for (int i = 0; i < group.up.length; i++) {
            group.up[i] = group.up[i] == from ? to : group.up[i];
        }
        groups.getOrDefault(from, new ArrayList<>()).remove(group);
        groups.computeIfAbsent(to, key -> new ArrayList<>()).add(group);
    }
}
