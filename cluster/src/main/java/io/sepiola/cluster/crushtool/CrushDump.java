package io.sepiola.cluster.crushtool;

import io.sepiola.crush.ChooseArgs;
import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.crush.Tunables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** A whole map as {@code --dump} shows it, in maps and lists. */
final class CrushDump {
    private static final String[] ALGORITHMS = {"", "uniform", "list", "tree", "straw", "straw2"};

    private final CrushMap map;

    CrushDump(CrushMap map) {
        this.map = map;
    }

    Map<String, Object> whole() {
        List<Object> devices = new ArrayList<>();
        for (int id = 0; id < map.deviceCountMax(); id++) {
            Map<String, Object> device = new LinkedHashMap<>();
            device.put("id", id);
            device.put("name", map.itemNames().getOrDefault(id, "device" + id));
            map.classOf(id).ifPresent(name -> device.put("class", name));
            devices.add(device);
        }
        List<Object> types = new ArrayList<>();
        if (!map.typeNames().isEmpty() && !map.typeNames().containsKey(0)) {
            types.add(fields("type_id", 0, "name", "device"));
        }
        map.typeNames().forEach((id, name) -> types.add(fields("type_id", id, "name", name)));
        List<Object> buckets = new ArrayList<>();
        for (int slot = 0; slot < map.bucketSlots(); slot++) {
            map.bucket(-1 - slot).ifPresent(bucket -> buckets.add(bucket(bucket)));
        }
        List<Object> rules = new ArrayList<>();
        for (int id = 0; id < map.ruleSlots(); id++) {
            int rule = id;
            map.rule(id).ifPresent(present -> rules.add(rule(rule, present)));
        }
        return fields(
                "devices",
                devices,
                "types",
                types,
                "buckets",
                buckets,
                "rules",
                rules,
                "tunables",
                tunables(),
                "choose_args",
                chooseArgs());
    }

    private static Map<String, Object> fields(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
        }
        return fields;
    }

    private Map<String, Object> bucket(CrushBucket bucket) {
        Map<String, Object> fields = fields("id", bucket.id());
        String name = map.itemNames().get(bucket.id());
        if (name != null) {
            fields.put("name", name);
        }
        fields.put("type_id", bucket.type());
        String type = map.typeNames().get(bucket.type());
        if (type != null) {
            fields.put("type_name", type);
        }
        fields.put("weight", bucket.weight());
        fields.put("alg", ALGORITHMS[bucket.algorithm()]);
        fields.put("hash", "rjenkins1");
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < bucket.size(); i++) {
            items.add(fields("id", bucket.item(i), "weight", bucket.itemWeight(i), "pos", i));
        }
        fields.put("items", items);
        return fields;
    }

    private Map<String, Object> rule(int id, CrushRule rule) {
        Map<String, Object> fields = fields("rule_id", id);
        String name = map.ruleNames().get(id);
        if (name != null) {
            fields.put("rule_name", name);
        }
        fields.put("ruleset", rule.ruleset());
        fields.put("type", rule.type());
        fields.put("min_size", rule.sizeMin());
        fields.put("max_size", rule.sizeMax());
        fields.put("steps", rule.steps().stream().map(this::step).toList());
        return fields;
    }

    private Map<String, Object> step(CrushRule.Step step) {
        return switch (step.operation()) {
            case CrushRule.Step.NOOP -> fields("op", "noop");
            case CrushRule.Step.TAKE ->
                    fields(
                            "op",
                            "take",
                            "item",
                            step.first(),
                            "item_name",
                            map.itemNames().getOrDefault(step.first(), ""));
            case CrushRule.Step.EMIT -> fields("op", "emit");
            case CrushRule.Step.CHOOSE_FIRSTN -> choose("choose_firstn", step);
            case CrushRule.Step.CHOOSE_INDEP -> choose("choose_indep", step);
            case CrushRule.Step.CHOOSELEAF_FIRSTN -> choose("chooseleaf_firstn", step);
            case CrushRule.Step.CHOOSELEAF_INDEP -> choose("chooseleaf_indep", step);
            case CrushRule.Step.SET_CHOOSE_TRIES ->
                    fields("op", "set_choose_tries", "num", step.first());
            case CrushRule.Step.SET_CHOOSELEAF_TRIES ->
                    fields("op", "set_chooseleaf_tries", "num", step.first());
            default ->
                    fields("opcode", step.operation(), "arg1", step.first(), "arg2", step.second());
        };
    }

    private Map<String, Object> choose(String operation, CrushRule.Step step) {
        return fields("op", operation, "num", step.first(), "type", map.typeName(step.second()));
    }

    private Map<String, Object> tunables() {
        Tunables t = map.tunables();
        Map<String, Object> fields =
                fields(
                        "choose_local_tries",
                        t.chooseLocalTries(),
                        "choose_local_fallback_tries",
                        t.chooseLocalFallbackTries(),
                        "choose_total_tries",
                        t.chooseTotalTries(),
                        "chooseleaf_descend_once",
                        t.chooseleafDescendOnce(),
                        "chooseleaf_vary_r",
                        t.chooseleafVaryR(),
                        "chooseleaf_stable",
                        t.chooseleafStable(),
                        "straw_calc_version",
                        t.strawCalcVersion(),
                        "allowed_bucket_algs",
                        t.allowedBucketAlgorithms());
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
        fields.put("profile", profile);
        fields.put("optimal_tunables", profile.equals("jewel") ? 1 : 0);
        fields.put("legacy_tunables", profile.equals("argonaut") ? 1 : 0);
        fields.put("minimum_required_version", fifth || stable ? "jewel" : older);
        fields.put("require_feature_tunables", tries ? 1 : 0);
        fields.put("require_feature_tunables2", once ? 1 : 0);
        fields.put("has_v2_rules", second ? 1 : 0);
        fields.put("require_feature_tunables3", vary ? 1 : 0);
        fields.put("has_v3_rules", third ? 1 : 0);
        fields.put("has_v4_buckets", straw2 ? 1 : 0);
        fields.put("require_feature_tunables5", stable ? 1 : 0);
        fields.put("has_v5_rules", fifth ? 1 : 0);
        return fields;
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

    private Map<String, Object> chooseArgs() {
        Map<String, Object> sets = new LinkedHashMap<>();
        map.chooseArgs()
                .forEach((id, args) -> {
                    List<Object> buckets = new ArrayList<>();
                    args.byBucket()
                            .forEach((bucket, replaced) -> buckets.add(replaced(bucket, replaced)));
                    sets.put(Long.toString(id), buckets);
                });
        return sets;
    }

    private static Map<String, Object> replaced(int bucket, ChooseArgs.Replaced replaced) {
        Map<String, Object> fields = fields("bucket_id", bucket);
        if (replaced.weights().length > 0) {
            List<Object> rows = new ArrayList<>();
            for (int[] weights : replaced.weights()) {
                List<Object> row = new ArrayList<>();
                for (int weight : weights) {
                    row.add((weight & 0xffffffffL) / (float) 0x10000);
                }
                rows.add(row);
            }
            fields.put("weight_set", rows);
        }
        if (replaced.ids().length > 0) {
            fields.put("ids", Arrays.stream(replaced.ids()).boxed().toList());
        }
        return fields;
    }
}
