package io.sepiola.cluster.crushtool;

import io.sepiola.cluster.Refusal;
import io.sepiola.cluster.cli.Shown;
import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushHash;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.crush.RuleRun;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Runs a map's rules over a range of inputs: {@code --test} and {@code --compare}. */
final class MappingTest {
    private final CrushMap map;
    private final TestPlan plan;
    private final PrintStream out;
    private final PrintStream err;
    private final Drand48 chance = new Drand48();
    private final int[] weights;
    private final int[] tries;

    MappingTest(CrushMap map, TestPlan plan, PrintStream out, PrintStream err) {
        this.map = map;
        this.plan = plan;
        this.out = out;
        this.err = err;
        this.weights = new int[map.deviceCountMax()];
        this.tries = new int[map.tunables().chooseTotalTries()];
        if (plan.ruleMin < 0 || plan.ruleMax < 0) {
            plan.ruleMin = 0;
            plan.ruleMax = map.ruleSlots() - 1;
        }
        if (plan.inputMin < 0 || plan.inputMax < 0) {
            plan.inputMin = 0;
            plan.inputMax = 1023;
        }
        if (plan.batches < 1) {
            throw new Refusal("--batches must be at least 1");
        }
        weigh();
    }

    /** Placed devices are in, others out, unless the command line says so. */
    private void weigh() {
        for (int slot = 0; slot < map.bucketSlots(); slot++) {
            map.bucket(-1 - slot)
                    .ifPresent(bucket -> {
                        for (int i = 0; i < bucket.size(); i++) {
                            if (bucket.item(i) >= 0) {
                                weights[bucket.item(i)] = 0x10000;
                            }
                        }
                    });
        }
        plan.weights.forEach((device, weight) -> {
            if (device >= 0 && device < weights.length) {
                weights[device] = weight;
            }
        });
    }

    private void markDown() {
        if (plan.downDevices <= 0) {
            return;
        }
        List<CrushBucket> above = new ArrayList<>();
        for (int slot = 0; slot < map.bucketSlots(); slot++) {
            map.bucket(-1 - slot)
                    .filter(b -> b.weight() > 0 && b.size() > 0 && b.item(0) >= 0)
                    .ifPresent(above::add);
        }
        for (int i = 0; i < above.size() && above.size() > 1; i++) {
            Collections.swap(above, i, chance.next() % (above.size() - 1));
        }
        int visited = (int) (plan.downBuckets * above.size());
        for (CrushBucket bucket : above.subList(0, Math.clamp(visited, 0, above.size()))) {
            for (int i = 0; i < bucket.size() && bucket.size() > 1; i++) {
                chance.next(); // the tool shuffles here what it then does not use
            }
            int down = Math.min(bucket.size(), (int) (plan.downDevices * bucket.size()));
            for (int i = 0; i < down; i++) {
                if (bucket.item(i) >= 0) {
                    weights[bucket.item(i)] = 0;
                }
            }
        }
    }

    /** Prints what the plan shows. */
    void run() {
        if (plan.utilizationAll) {
            err.println(
                    "devices weights (hex): "
                            + Arrays.stream(weights)
                                    .mapToObj(Integer::toHexString)
                                    .collect(Collectors.joining(",", "[", "]")));
        }
        markDown();
        for (int id = plan.ruleMin; id < map.ruleSlots() && id <= plan.ruleMax; id++) {
            CrushRule rule = map.rule(id).orElse(null);
            if (rule == null) {
                absent(id);
                continue;
            }
            if (plan.ruleset >= 0 && rule.ruleset() != plan.ruleset) {
                continue;
            }
            int min = plan.countMin < 0 || plan.countMax < 0 ? rule.sizeMin() : plan.countMin;
            int max = plan.countMin < 0 || plan.countMax < 0 ? rule.sizeMax() : plan.countMax;
            if (plan.statistics) {
                out.println(
                        named(id)
                                + ", x = "
                                + plan.inputMin
                                + ".."
                                + plan.inputMax
                                + ", numrep = "
                                + min
                                + ".."
                                + max);
            }
            for (int count = min; count <= max && Arrays.stream(weights).sum() != 0; count++) {
                run(id, rule, count);
            }
        }
        if (plan.chooseTries) {
            for (int i = 0; i < tries.length; i++) {
                out.println(String.format("%2d: %9d", i, tries[i]));
            }
        }
    }

    private void absent(int id) {
        if (plan.statistics) {
            out.println("rule " + id + " dne");
        }
    }

    private String named(int id) {
        return "rule " + id + " (" + map.ruleNames().getOrDefault(id, "") + ")";
    }

    private void run(int id, CrushRule rule, int count) {
        int[] stored = new int[weights.length];
        Map<Integer, Integer> sizes = new TreeMap<>();
        RulePlaces places = new RulePlaces(map, rule);
        RuleRun run =
                new RuleRun(map, rule, Math.max(1, count), weights, map.chooseArgsOfPoolOrNull(0));
        if (plan.chooseTries) {
            run.countTries(tries);
        }
        int[] devices = new int[Math.max(1, count)];
        for (long x = plan.inputMin; x <= plan.inputMax; x++) {
            int[] found;
            if (plan.simulate) {
                found = places.random(chance, count, weights);
            } else {
                int size = count < 1 ? 0 : run.map(input((int) x), devices);
                found = Arrays.copyOf(devices, size);
            }
            if (plan.mappings) {
                out.println(
                        (plan.simulate ? "RNG" : "CRUSH")
                                + " rule "
                                + id
                                + " x "
                                + x
                                + " "
                                + shown(found));
            }
            boolean gaps = false;
            for (int device : found) {
                gaps |= device == CrushMap.ITEM_NONE;
                if (device >= 0 && device < stored.length) {
                    stored[device]++;
                }
            }
            sizes.merge(found.length, 1, Integer::sum);
            if (plan.badMappings && (found.length != count || gaps)) {
                out.println(
                        "bad mapping rule "
                                + id
                                + " x "
                                + x
                                + " num_rep "
                                + count
                                + " result "
                                + shown(found));
            }
        }
        if (plan.statistics) {
            statistics(id, count, sizes);
            utilization(stored, places, count);
        }
    }

    private int input(int x) {
        return plan.pool == -1 ? x : CrushHash.of(x, (int) plan.pool);
    }

    static String shown(int[] devices) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < devices.length; i++) {
            text.append(i == 0 ? "" : ",").append(devices[i]);
        }
        return text.append(']').toString();
    }

    private void statistics(int id, int count, Map<Integer, Integer> sizes) {
        int inputs = plan.inputMax - plan.inputMin + 1;
        sizes.forEach((size, times) ->
                out.println(
                        named(id)
                                + " num_rep "
                                + count
                                + " result size == "
                                + size
                                + ":\t"
                                + times
                                + "/"
                                + inputs));
    }

    private void utilization(int[] stored, RulePlaces places, int count) {
        int inputs = plan.inputMax - plan.inputMin + 1;
        float expectedInAll = Math.min(count, places.countMax()) * inputs;
        int total = Arrays.stream(weights).sum();
        for (int device = 0; device < stored.length; device++) {
            float share = (float) weights[device] / (float) total;
            float expected = share * expectedInAll;
            boolean shown =
                    plan.utilization ? expected > 0 && stored[device] > 0 : plan.utilizationAll;
            if (shown) {
                out.println(
                        "  device "
                                + device
                                + ":\t\t stored : "
                                + stored[device]
                                + "\t expected : "
                                + Shown.number(expected));
            }
        }
    }

    /** Counts the mappings in which another map differs; whether there are none. */
    boolean compare(CrushMap other) {
        markDown();
        boolean equal = true;
        for (int id = plan.ruleMin; id < map.ruleSlots() && id <= plan.ruleMax; id++) {
            CrushRule rule = map.rule(id).orElse(null);
            if (rule == null) {
                absent(id);
                continue;
            }
            int min = plan.countMin < 0 || plan.countMax < 0 ? rule.sizeMin() : plan.countMin;
            int max = plan.countMin < 0 || plan.countMax < 0 ? rule.sizeMax() : plan.countMax;
            int differ = 0;
            for (int count = Math.max(1, min); count <= max; count++) {
                differ += differing(other, id, count);
            }
            equal &= differ == 0;
            int all = (max - min + 1) * (plan.inputMax - plan.inputMin + 1);
            out.println(
                    "rule "
                            + id
                            + " had "
                            + differ
                            + "/"
                            + all
                            + " mismatched mappings ("
                            + Shown.number((double) differ / all)
                            + ")");
        }
        if (equal) {
            out.println("maps appear equivalent");
        } else {
            err.println("warning: maps are NOT equivalent");
        }
        return equal;
    }

    private int differing(CrushMap other, int id, int count) {
        RuleRun here =
                new RuleRun(
                        map,
                        map.rule(id).orElseThrow(),
                        count,
                        weights,
                        map.chooseArgsOfPoolOrNull(0));
        CrushRule rule = other.rule(id).orElse(new CrushRule(id, 1, 1, 10, List.of()));
        RuleRun there = new RuleRun(other, rule, count, weights, other.chooseArgsOfPoolOrNull(0));
        int[] ours = new int[count];
        int[] theirs = new int[count];
        int differ = 0;
        for (long x = plan.inputMin; x <= plan.inputMax; x++) {
            int ourSize = here.map((int) x, ours);
            int theirSize = there.map((int) x, theirs);
            differ += Arrays.equals(ours, 0, ourSize, theirs, 0, theirSize) ? 0 : 1;
        }
        return differ;
    }
}
