package io.sepiola.protocol.dump;

import io.sepiola.crush.ChooseArgs;
import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.crush.Tunables;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/** Hierarchies, rules and tunables, as {@code crushtool --dump} shows them. */
public final class CrushDump {
    private static final String[] ALGORITHMS = {"", "uniform", "list", "tree", "straw", "straw2"};

    private final CrushMap map;
    private final JsonDump out;

    private CrushDump(CrushMap map, JsonDump out) {
        this.map = map;
        this.out = out;
    }

    /** The fields of a whole map. */
    public static void map(CrushMap map, JsonDump out) {
        new CrushDump(map, out).whole();
    }

    private void whole() {
        out.array("devices", this::devices);
        out.array("types", this::types);
        out.array("buckets", this::buckets);
        out.array("rules", this::rules);
        out.object("tunables", this::tunables);
        out.object("choose_args", this::chooseArgs);
    }

    private void devices() {
        for (int id = 0; id < map.deviceCountMax(); id++) {
            int device = id;
            out.object(() -> {
                out.put("id", device);
                out.put("name", map.itemNames().getOrDefault(device, "device" + device));
                map.classOf(device).ifPresent(name -> out.put("class", name));
            });
        }
    }

    private void types() {
        if (!map.typeNames().isEmpty() && !map.typeNames().containsKey(0)) {
            out.object(() -> out.put("type_id", 0).put("name", "device"));
        }
        map.typeNames()
                .forEach((id, name) -> out.object(() -> out.put("type_id", id).put("name", name)));
    }

    private void buckets() {
        for (int slot = 0; slot < map.bucketSlots(); slot++) {
            map.bucket(-1 - slot).ifPresent(bucket -> out.object(() -> bucket(bucket)));
        }
    }

    private void bucket(CrushBucket bucket) {
        out.put("id", bucket.id());
        String name = map.itemNames().get(bucket.id());
        if (name != null) {
            out.put("name", name);
        }
        out.put("type_id", bucket.type());
        String type = map.typeNames().get(bucket.type());
        if (type != null) {
            out.put("type_name", type);
        }
        out.put("weight", bucket.weight()).put("alg", ALGORITHMS[bucket.algorithm()]);
        out.put("hash", "rjenkins1");
        out.array(
                "items",
                () -> {
                    for (int i = 0; i < bucket.size(); i++) {
                        int pos = i;
                        out.object(() -> {
                            out.put("id", bucket.item(pos)).put("weight", bucket.itemWeight(pos));
                            out.put("pos", pos);
                        });
                    }
                });
    }

    private void rules() {
        for (int id = 0; id < map.ruleSlots(); id++) {
            int rule = id;
            map.rule(id).ifPresent(present -> out.object(() -> rule(rule, present)));
        }
    }

    private void rule(int id, CrushRule rule) {
        out.put("rule_id", id);
        String name = map.ruleNames().get(id);
        if (name != null) {
            out.put("rule_name", name);
        }
        out.put("ruleset", rule.ruleset()).put("type", rule.type());
        out.put("min_size", rule.sizeMin()).put("max_size", rule.sizeMax());
        out.array("steps", () -> rule.steps().forEach(step -> out.object(() -> step(step))));
    }

    private void step(CrushRule.Step step) {
        switch (step.operation()) {
            case CrushRule.Step.NOOP -> out.put("op", "noop");
            case CrushRule.Step.TAKE -> {
                out.put("op", "take").put("item", step.first());
                out.put("item_name", map.itemNames().getOrDefault(step.first(), ""));
            }
            case CrushRule.Step.EMIT -> out.put("op", "emit");
            case CrushRule.Step.CHOOSE_FIRSTN -> choose("choose_firstn", step);
            case CrushRule.Step.CHOOSE_INDEP -> choose("choose_indep", step);
            case CrushRule.Step.CHOOSELEAF_FIRSTN -> choose("chooseleaf_firstn", step);
            case CrushRule.Step.CHOOSELEAF_INDEP -> choose("chooseleaf_indep", step);
            case CrushRule.Step.SET_CHOOSE_TRIES ->
                    out.put("op", "set_choose_tries").put("num", step.first());
            case CrushRule.Step.SET_CHOOSELEAF_TRIES ->
                    out.put("op", "set_chooseleaf_tries").put("num", step.first());
            default -> {
                out.put("opcode", step.operation());
                out.put("arg1", step.first()).put("arg2", step.second());
            }
        }
    }

    private void choose(String operation, CrushRule.Step step) {
        out.put("op", operation).put("num", step.first());
        out.put("type", map.typeName(step.second()));
    }

    private void tunables() {
        Tunables t = map.tunables();
        out.put("choose_local_tries", t.chooseLocalTries());
        out.put("choose_local_fallback_tries", t.chooseLocalFallbackTries());
        out.put("choose_total_tries", t.chooseTotalTries());
        out.put("chooseleaf_descend_once", t.chooseleafDescendOnce());
        out.put("chooseleaf_vary_r", t.chooseleafVaryR());
        out.put("chooseleaf_stable", t.chooseleafStable());
        out.put("straw_calc_version", t.strawCalcVersion());
        out.put("allowed_bucket_algs", t.allowedBucketAlgorithms());
        String profile = profile(t);
        boolean tries =
                t.chooseLocalTries() != 2
                        || t.chooseLocalFallbackTries() != 5
                        || t.chooseTotalTries() != 19;
        boolean second = anyStep(op -> op == 3 || op == 7 || op == 8 || op == 9);
        boolean third = anyStep(op -> op == CrushRule.Step.SET_CHOOSELEAF_VARY_R);
        boolean fifth = anyStep(op -> op == CrushRule.Step.SET_CHOOSELEAF_STABLE);
        boolean straw2 = false;
        for (int slot = 0; slot < map.bucketSlots(); slot++) {
            straw2 |=
                    map.bucket(-1 - slot)
                            .filter(b -> b.algorithm() == CrushBucket.STRAW2)
                            .isPresent();
        }
        boolean once = t.chooseleafDescendOnce() != 0;
        boolean vary = t.chooseleafVaryR() != 0;
        boolean stable = t.chooseleafStable() != 0;
        String older =
                straw2 ? "hammer" : vary ? "firefly" : once || tries ? "bobtail" : "argonaut";
        out.put("profile", profile);
        out.put("optimal_tunables", profile.equals("jewel") ? 1 : 0);
        out.put("legacy_tunables", profile.equals("argonaut") ? 1 : 0);
        out.put("minimum_required_version", fifth || stable ? "jewel" : older);
        out.put("require_feature_tunables", tries ? 1 : 0);
        out.put("require_feature_tunables2", once ? 1 : 0);
        out.put("has_v2_rules", second ? 1 : 0);
        out.put("require_feature_tunables3", vary ? 1 : 0);
        out.put("has_v3_rules", third ? 1 : 0);
        out.put("has_v4_buckets", straw2 ? 1 : 0);
        out.put("require_feature_tunables5", stable ? 1 : 0);
        out.put("has_v5_rules", fifth ? 1 : 0);
    }

    /** The release whose values these are, however straw lengths are computed. */
    private static String profile(Tunables t) {
        Map<String, Tunables> profiles = new LinkedHashMap<>();
        profiles.put("jewel", Tunables.JEWEL);
        profiles.put("hammer", Tunables.HAMMER);
        profiles.put("firefly", Tunables.FIREFLY);
        profiles.put("bobtail", Tunables.BOBTAIL);
        profiles.put("argonaut", Tunables.LEGACY);
        for (Map.Entry<String, Tunables> profile : profiles.entrySet()) {
            Tunables p = profile.getValue();
            Tunables same =
                    new Tunables(
                            p.chooseLocalTries(),
                            p.chooseLocalFallbackTries(),
                            p.chooseTotalTries(),
                            p.chooseleafDescendOnce(),
                            p.chooseleafVaryR(),
                            t.strawCalcVersion(),
                            p.allowedBucketAlgorithms(),
                            p.chooseleafStable());
            if (same.equals(t)) {
                return profile.getKey();
            }
        }
        return "unknown";
    }

    private boolean anyStep(IntPredicate operation) {
        for (int id = 0; id < map.ruleSlots(); id++) {
            if (map.rule(id).isPresent()
                    && map.rule(id).get().steps().stream()
                            .anyMatch(step -> operation.test(step.operation()))) {
                return true;
            }
        }
        return false;
    }

    private void chooseArgs() {
        map.chooseArgs()
                .forEach((id, args) ->
                        out.array(
                                Long.toString(id),
                                () ->
                                        args.byBucket()
                                                .forEach((bucket, replaced) ->
                                                        out.object(() ->
                                                                replaced(bucket, replaced)))));
    }

    private void replaced(int bucket, ChooseArgs.Replaced replaced) {
        out.put("bucket_id", bucket);
        if (replaced.weights().length > 0) {
            out.array("weight_set", () -> weights(replaced.weights()));
        }
        if (replaced.ids().length > 0) {
            out.array(
                    "ids",
                    () -> {
                        for (int id : replaced.ids()) {
                            out.put("", id);
                        }
                    });
        }
    }

    private void weights(int[][] rows) {
        for (int[] row : rows) {
            out.array(() -> {
                for (int weight : row) {
                    out.put("", (weight & 0xffffffffL) / (float) 0x10000);
                }
            });
        }
    }
}
