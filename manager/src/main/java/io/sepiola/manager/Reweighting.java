package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.crush.CrushTree;
import io.sepiola.manager.Command.Answer;
import io.sepiola.manager.Command.Refused;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.option.Option;
import io.sepiola.protocol.option.OptionTable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code osd reweight-by-utilization} and {@code reweight-by-pg}: OSDs that hold more than their
 * share by some percentage are given a lower weight beside the CRUSH map's, those below it a higher
 * one again; at most so many OSDs, by so much at most. Reads one map; has no state.
 */
final class Reweighting {
    private static final int OVERLOAD = 120; // percent
    private static final int EDOM = 33;

    private final PgMap map;
    private final SortedMap<String, String> config;

    Reweighting(PgMap map, SortedMap<String, String> config) {
        this.map = map;
        this.config = config;
    }

    /**
     * How much OSDs hold by some measure.
     *
     * @param mean of all of them together
     */
    record Utilization(SortedMap<Integer, Double> ofOsds, double mean) {}

    /** An OSD's weight before and after, in 16.16. */
    record Change(int osd, int before, int after) {}

    /**
     * What is allowed.
     *
     * @param overload percent of the mean from which a weight falls
     * @param change of a weight, at most
     * @param count of OSDs, at most
     */
    record Bounds(long overload, double change, long count) {
        double threshold(Utilization utilization) {
            return utilization.mean() * overload / 100;
        }
    }

    Answer run(Command command) {
        try {
            return reweight(command);
        } catch (Refused refused) {
            String what = command.prefix().substring(command.prefix().indexOf("reweight"));
            Answer why = refused.answer();
            return new Answer(why.result(), why.text() + "\nFAILED " + what, why.output());
        }
    }

    private Answer reweight(Command command) {
        Bounds bounds = bounds(command);
        boolean byGroups = command.prefix().endsWith("-by-pg");
        Set<Long> pools = byGroups ? pools(command) : map.osdMap().pools().keySet();
        Utilization utilization = byGroups ? byGroups(pools) : byBytes();
        List<Change> changes = changes(utilization, bounds, !forbidsMore(command));
        ReweightingText text =
                new ReweightingText(bounds, utilization, changes, map.osdMap(), after(changes));
        String output = command.json() ? text.json(command, pools) : text.plain(pools);
        if (changes.isEmpty() || command.prefix().startsWith("osd test-")) {
            return new Answer(changes.size(), "no change", Bytes.utf8(output));
        }
        return Answer.after(List.of(order(changes)), Answer.shown(output));
    }

    /** A choice of one word where weights are changed, a flag where they are only shown. */
    private static boolean forbidsMore(Command command) {
        return command.flag("no_increasing")
                || command.strings("no_increasing").contains("--no-increasing");
    }

    private Bounds bounds(Command command) {
        long overload = command.number("oload").orElse(OVERLOAD);
        double change =
                command.decimal("max_change")
                        .orElseGet(() -> Double.parseDouble(option("mon_reweight_max_change")));
        long count =
                command.number("max_osds")
                        .orElseGet(() -> Long.parseLong(option("mon_reweight_max_osds")));
        if (!(change > 0)) {
            throw Command.invalid("max_change " + change + " must be positive");
        }
        if (count <= 0) {
            throw Command.invalid("max_osds " + count + " must be positive");
        }
        if (overload <= 100) {
            throw Command.invalid(
                    "You must give a percentage higher than 100: OSDs that hold that much of the"
                            + " mean, or more, are given a lower weight.");
        }
        return new Bounds(overload, change, count);
    }

    private String option(String name) {
        String set = config.get(name);
        return set != null
                ? set
                : OptionTable.STANDARD.find(name).map(Option::inDaemons).orElseThrow();
    }

    private Set<Long> pools(Command command) {
        Set<Long> pools = new TreeSet<>();
        for (String name : command.strings("pools")) {
            pools.add(
                    map.osdMap()
                            .poolId(name)
                            .orElseThrow(() ->
                                    new Refused(
                                            Refused.ENOENT, "pool '" + name + "' does not exist")));
        }
        return pools.isEmpty() ? map.osdMap().pools().keySet() : pools;
    }

    private Utilization byBytes() {
        long total = 0;
        long used = 0;
        SortedMap<Integer, Double> ofOsds = new TreeMap<>();
        for (var entry : map.osds().entrySet()) {
            total += entry.getValue().kib();
            used += entry.getValue().kibUsed();
            if (entry.getValue().kib() > 0) {
                ofOsds.put(
                        entry.getKey(),
                        (double) entry.getValue().kibUsed() / entry.getValue().kib());
            }
        }
        long count = Math.max(1, map.osds().size());
        long bytesMin = Long.parseLong(option("mon_reweight_min_bytes_per_osd"));
        if (total * 1024 / count < bytesMin) {
            throw tooFew(total + " kb across all osds!");
        }
        if (used * 1024 / count < bytesMin) {
            throw tooFew(used + " kb used across all osds!");
        }
        return new Utilization(ofOsds, (double) used / total);
    }

    /** Groups for each unit of weight in the CRUSH map. */
    private Utilization byGroups(Set<Long> pools) {
        Map<Integer, Double> weights = new HashMap<>();
        CrushTree.nodes(map.osdMap().crush(), false).stream()
                .filter(node -> node.id() >= 0 && node.weight() > 0)
                .forEach(node -> weights.putIfAbsent(node.id(), weight(node.weight())));
        SortedMap<Integer, Integer> counts = new TreeMap<>();
        map.groups()
                .forEach((pg, stat) -> {
                    if (pools.contains(pg.pool())) {
                        stat.acting().stream()
                                .filter(osd -> map.osdMap().exists(osd) && weights.containsKey(osd))
                                .forEach(osd -> counts.merge(osd, 1, Integer::sum));
                    }
                });
        int copies = counts.values().stream().mapToInt(Integer::intValue).sum();
        if (counts.isEmpty()
                || copies / counts.size()
                        < Long.parseLong(option("mon_reweight_min_pgs_per_osd"))) {
            throw tooFew(copies + " PGs across " + counts.size() + " osds!");
        }
        double weightSum = 0;
        SortedMap<Integer, Double> ofOsds = new TreeMap<>();
        for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
            double weight = Objects.requireNonNull(weights.get(entry.getKey()));
            weightSum += weight;
            ofOsds.put(entry.getKey(), entry.getValue() / weight);
        }
        return new Utilization(ofOsds, copies / weightSum);
    }

    private static Refused tooFew(String what) {
        return new Refused(EDOM, "Refusing to reweight: we only have " + what);
    }

    /** A weight in 16.16 as a number. */
    static double weight(int fixed) {
        return (double) Integer.toUnsignedLong(fixed) / OsdMap.WEIGHT_IN;
    }

    /** Those first that are the farthest from the mean. */
    private List<Change> changes(Utilization utilization, Bounds bounds, boolean raises) {
        double mean = utilization.mean();
        int changeMax = (int) Math.min(OsdMap.WEIGHT_IN, bounds.change() * OsdMap.WEIGHT_IN);
        List<Map.Entry<Integer, Double>> farthest =
                new ArrayList<>(utilization.ofOsds().entrySet());
        farthest.sort(
                Comparator.comparingDouble(
                        (Map.Entry<Integer, Double> entry) -> -Math.abs(entry.getValue() - mean)));
        List<Change> changes = new ArrayList<>();
        for (Map.Entry<Integer, Double> entry : farthest) {
            int osd = entry.getKey();
            double held = entry.getValue();
            int weight = map.osdMap().weight(osd);
            if (weight == 0 || changes.size() >= bounds.count()) {
                continue; // it is out, or enough is changed
            }
            int wanted = (int) Math.min(OsdMap.WEIGHT_IN, mean / held * weight);
            if (held >= bounds.threshold(utilization)) {
                changes.add(new Change(osd, weight, Math.max(wanted, weight - changeMax)));
            } else if (raises && held <= mean && wanted > weight) {
                changes.add(new Change(osd, weight, Math.min(wanted, weight + changeMax)));
            }
        }
        return changes;
    }

    private OsdMap after(List<Change> changes) {
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map.osdMap());
        changes.forEach(change -> step.newWeight(change.osd(), change.after()));
        return map.osdMap().apply(step.build());
    }

    private static String order(List<Change> changes) {
        JsonOut weights = new JsonOut(false).object();
        changes.forEach(change ->
                weights.put(Integer.toString(change.osd()), Integer.toString(change.after())));
        return new JsonOut(false)
                .object()
                .put("prefix", "osd reweightn")
                .put("weights", weights.end().toString())
                .end()
                .toString();
    }

    /** Where the groups of some pools lie. */
    static SortedMap<PgId, int[]> up(OsdMap map, Set<Long> pools) {
        SortedMap<PgId, int[]> up = new TreeMap<>();
        map.pools()
                .forEach((id, pool) -> {
                    for (int seed = 0; pools.contains(id) && seed < pool.pgNum(); seed++) {
                        PgId pg = new PgId(id, seed);
                        up.put(pg, map.map(pg).up());
                    }
                });
        return up;
    }
}
