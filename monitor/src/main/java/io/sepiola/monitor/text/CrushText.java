package io.sepiola.monitor.text;

import io.sepiola.crush.ChooseArgs;
import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.crush.Tunables;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** CRUSH maps as {@code osd crush dump} shows them. */
public final class CrushText {
    private static final String[] ALGORITHMS = {"", "uniform", "list", "tree", "straw", "straw2"};

    private CrushText() {}

    /** The whole map. */
    public static ObjectNode whole(CrushMap map) {
        ObjectNode node = JsonText.object();
        ArrayNode devices = node.putArray("devices");
        for (int id = 0; id < map.deviceCountMax(); id++) {
            if (map.itemNames().containsKey(id)) {
                ObjectNode device = devices.addObject().put("id", id).put("name", map.itemName(id));
                map.classOf(id).ifPresent(name -> device.put("class", name));
            }
        }
        ArrayNode types = node.putArray("types");
        map.typeNames()
                .forEach((id, name) -> types.addObject().put("type_id", id).put("name", name));
        ArrayNode buckets = node.putArray("buckets");
        for (int slot = 0; slot < map.bucketSlots(); slot++) {
            map.bucket(-1 - slot).ifPresent(bucket -> buckets.add(bucket(map, bucket)));
        }
        node.set("rules", rules(map));
        node.set("tunables", tunables(map));
        ObjectNode sets = node.putObject("choose_args");
        map.chooseArgs().forEach((id, args) -> sets.set(Long.toString(id), weightSet(args)));
        return node;
    }

    /** All weight sets, by id. */
    public static ObjectNode weightSets(CrushMap map) {
        ObjectNode node = JsonText.object();
        map.chooseArgs().forEach((id, args) -> node.set(Long.toString(id), weightSet(args)));
        return node;
    }

    private static ArrayNode weightSet(ChooseArgs args) {
        ArrayNode all = JsonText.array();
        args.byBucket()
                .forEach((id, replaced) -> {
                    ObjectNode bucket = all.addObject().put("bucket_id", id);
                    if (replaced.weights().length > 0) {
                        ArrayNode positions = bucket.putArray("weight_set");
                        for (int[] weights : replaced.weights()) {
                            ArrayNode position = positions.addArray();
                            for (int weight : weights) {
                                position.add(weight / (double) 0x10000);
                            }
                        }
                    }
                    if (replaced.ids().length > 0) {
                        ArrayNode ids = bucket.putArray("ids");
                        for (int each : replaced.ids()) {
                            ids.add(each);
                        }
                    }
                });
        return all;
    }

    private static ObjectNode bucket(CrushMap map, CrushBucket bucket) {
        ObjectNode node = JsonText.object();
        node.put("id", bucket.id()).put("name", map.itemName(bucket.id()));
        node.put("type_id", bucket.type()).put("type_name", map.typeName(bucket.type()));
        node.put("weight", Integer.toUnsignedLong(bucket.weight()));
        node.put("alg", ALGORITHMS[bucket.algorithm()]).put("hash", "rjenkins1");
        ArrayNode items = node.putArray("items");
        for (int i = 0; i < bucket.size(); i++) {
            items.addObject()
                    .put("id", bucket.item(i))
                    .put("weight", Integer.toUnsignedLong(bucket.itemWeight(i)))
                    .put("pos", i);
        }
        return node;
    }

    /** All rules. */
    public static ArrayNode rules(CrushMap map) {
        ArrayNode all = JsonText.array();
        for (int id = 0; id < map.ruleSlots(); id++) {
            if (map.rule(id).isPresent()) {
                all.add(rule(map, id));
            }
        }
        return all;
    }

    /** One rule, which must exist. */
    public static ObjectNode rule(CrushMap map, int id) {
        CrushRule rule = map.rule(id).orElseThrow();
        ObjectNode node = JsonText.object();
        node.put("rule_id", id).put("rule_name", map.ruleNames().getOrDefault(id, "rule" + id));
        node.put("ruleset", rule.ruleset()).put("type", rule.type());
        node.put("min_size", rule.sizeMin()).put("max_size", rule.sizeMax());
        ArrayNode steps = node.putArray("steps");
        rule.steps().forEach(step -> steps.add(step(map, step)));
        return node;
    }

    private static ObjectNode step(CrushMap map, CrushRule.Step step) {
        ObjectNode node = JsonText.object();
        return switch (step.operation()) {
            case CrushRule.Step.NOOP -> node.put("op", "noop");
            case CrushRule.Step.TAKE ->
                    node.put("op", "take")
                            .put("item", step.first())
                            .put("item_name", map.itemName(step.first()));
            case CrushRule.Step.EMIT -> node.put("op", "emit");
            case CrushRule.Step.CHOOSE_FIRSTN -> choose(map, node.put("op", "choose_firstn"), step);
            case CrushRule.Step.CHOOSE_INDEP -> choose(map, node.put("op", "choose_indep"), step);
            case CrushRule.Step.CHOOSELEAF_FIRSTN ->
                    choose(map, node.put("op", "chooseleaf_firstn"), step);
            case CrushRule.Step.CHOOSELEAF_INDEP ->
                    choose(map, node.put("op", "chooseleaf_indep"), step);
            case CrushRule.Step.SET_CHOOSE_TRIES ->
                    node.put("op", "set_choose_tries").put("num", step.first());
            case CrushRule.Step.SET_CHOOSELEAF_TRIES ->
                    node.put("op", "set_chooseleaf_tries").put("num", step.first());
            default ->
                    node.put("opcode", step.operation())
                            .put("arg1", step.first())
                            .put("arg2", step.second());
        };
    }

    private static ObjectNode choose(CrushMap map, ObjectNode node, CrushRule.Step step) {
        return node.put("num", step.first()).put("type", map.typeName(step.second()));
    }

    /** How choosing goes. */
    public static ObjectNode tunables(CrushMap map) {
        Tunables t = map.tunables();
        ObjectNode node = JsonText.object();
        node.put("choose_local_tries", t.chooseLocalTries());
        node.put("choose_local_fallback_tries", t.chooseLocalFallbackTries());
        node.put("choose_total_tries", t.chooseTotalTries());
        node.put("chooseleaf_descend_once", t.chooseleafDescendOnce());
        node.put("chooseleaf_vary_r", t.chooseleafVaryR());
        node.put("chooseleaf_stable", t.chooseleafStable());
        node.put("straw_calc_version", t.strawCalcVersion());
        node.put("allowed_bucket_algs", t.allowedBucketAlgorithms());
        boolean jewel = t.equals(Tunables.JEWEL);
        boolean hammer = t.equals(Tunables.HAMMER);
        boolean firefly = t.equals(Tunables.FIREFLY);
        boolean bobtail = t.equals(Tunables.BOBTAIL);
        boolean legacy = t.equals(Tunables.LEGACY);
        node.put(
                "profile",
                jewel
                        ? "jewel"
                        : hammer
                                ? "hammer"
                                : firefly
                                        ? "firefly"
                                        : bobtail ? "bobtail" : legacy ? "argonaut" : "unknown");
        node.put("optimal_tunables", jewel ? 1 : 0).put("legacy_tunables", legacy ? 1 : 0);
        boolean straw2 = false;
        for (int slot = 0; slot < map.bucketSlots(); slot++) {
            straw2 |=
                    map.bucket(-1 - slot)
                            .filter(b -> b.algorithm() == CrushBucket.STRAW2)
                            .isPresent();
        }
        boolean leafRules = false;
        for (int id = 0; id < map.ruleSlots(); id++) {
            leafRules |= map.rule(id).filter(CrushText::isSecond).isPresent();
        }
        node.put(
                "minimum_required_version",
                t.chooseleafStable() != 0
                        ? "jewel"
                        : straw2 ? "hammer" : firefly ? "firefly" : "argonaut");
        node.put("require_feature_tunables", legacy ? 0 : 1);
        node.put("require_feature_tunables2", t.chooseleafDescendOnce() != 0 ? 1 : 0);
        node.put("has_v2_rules", leafRules ? 1 : 0);
        node.put("require_feature_tunables3", t.chooseleafVaryR() != 0 ? 1 : 0);
        node.put("has_v3_rules", 0).put("has_v4_buckets", straw2 ? 1 : 0);
        node.put("require_feature_tunables5", t.chooseleafStable() != 0 ? 1 : 0);
        return node.put("has_v5_rules", 0);
    }

    /** Whether clients before bobtail do not know some step. */
    private static boolean isSecond(CrushRule rule) {
        return rule.steps().stream()
                .mapToInt(CrushRule.Step::operation)
                .anyMatch(operation ->
                        operation == CrushRule.Step.CHOOSE_INDEP
                                || operation == CrushRule.Step.CHOOSELEAF_INDEP
                                || operation == CrushRule.Step.SET_CHOOSE_TRIES
                                || operation == CrushRule.Step.SET_CHOOSELEAF_TRIES);
    }
}
