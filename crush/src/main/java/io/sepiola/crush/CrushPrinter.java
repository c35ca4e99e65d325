package io.sepiola.crush;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** Writes one map as text. Owned by one caller. */
final class CrushPrinter {
    private final CrushMap map;
    private final StringBuilder out = new StringBuilder();
    private final Set<Integer> printed = new HashSet<>();

    CrushPrinter(CrushMap map) {
        this.map = map;
    }

    String print() {
        out.append("# begin crush map\n");
        tunables();
        out.append("\n# devices\n");
        map.itemNames()
                .tailMap(0)
                .forEach((id, name) -> {
                    out.append("device ").append(id).append(' ').append(name);
                    map.classOf(id).ifPresent(c -> out.append(" class ").append(c));
                    out.append('\n');
                });
        out.append("\n# types\n");
        if (!map.typeNames().containsKey(0)) {
            out.append("type 0 osd\n");
        }
        map.typeNames()
                .forEach((id, name) ->
                        out.append("type ").append(id).append(' ').append(name).append('\n'));
        out.append("\n# buckets\n");
        for (int slot = 0; slot < map.buckets.length; slot++) {
            bucketAfterThoseBelow(-1 - slot);
        }
        out.append("\n# rules\n");
        for (int id = 0; id < map.rules.length; id++) {
            CrushRule rule = map.rules[id];
            if (rule != null) {
                rule(id, rule);
            }
        }
        if (!map.chooseArgs().isEmpty()) {
            out.append("\n# choose_args\n");
            map.chooseArgs().forEach(this::chooseArgs);
        }
        return out.append("\n# end crush map\n").toString();
    }

    private void tunables() {
        Tunables t = map.tunables();
        Tunables old = Tunables.LEGACY;
        tunable("choose_local_tries", t.chooseLocalTries(), old.chooseLocalTries());
        tunable(
                "choose_local_fallback_tries",
                t.chooseLocalFallbackTries(),
                old.chooseLocalFallbackTries());
        tunable("choose_total_tries", t.chooseTotalTries(), old.chooseTotalTries());
        tunable("chooseleaf_descend_once", t.chooseleafDescendOnce(), old.chooseleafDescendOnce());
        tunable("chooseleaf_vary_r", t.chooseleafVaryR(), old.chooseleafVaryR());
        tunable("chooseleaf_stable", t.chooseleafStable(), old.chooseleafStable());
        tunable("straw_calc_version", t.strawCalcVersion(), old.strawCalcVersion());
        tunable("allowed_bucket_algs", t.allowedBucketAlgorithms(), old.allowedBucketAlgorithms());
    }

    private void tunable(String name, int value, int legacy) {
        if (value != legacy) {
            out.append("tunable ").append(name).append(' ').append(value).append('\n');
        }
    }

    private void bucketAfterThoseBelow(int id) {
        CrushBucket bucket = map.bucketOrNull(id);
        if (bucket == null || map.isShadow(id) || !printed.add(id)) {
            return;
        }
        for (int item : bucket.items) {
            if (item < 0) {
                bucketAfterThoseBelow(item);
            }
        }
        bucket(bucket);
    }

    private void bucket(CrushBucket bucket) {
        out.append(map.typeName(bucket.type())).append(' ');
        out.append(itemName(bucket.id())).append(" {\n");
        id(bucket.id(), "");
        NavigableMap<Integer, Integer> shadows =
                map.shadows().getOrDefault(bucket.id(), new TreeMap<>());
        shadows.forEach((number, shadow) -> id(shadow, " class " + map.classNames().get(number)));
        out.append("\t# weight ").append(weight(bucket.weight())).append("\n\talg ");
        out.append(CrushText.algorithmName(bucket.algorithm()));
        switch (bucket.algorithm()) {
            case CrushBucket.UNIFORM ->
                    out.append("\t# do not change bucket size (")
                            .append(bucket.size())
                            .append(") unnecessarily");
            case CrushBucket.LIST ->
                    out.append("\t# add new items at the end; do not change order unnecessarily");
            case CrushBucket.TREE ->
                    out.append("\t# do not change pos for existing items unnecessarily");
            default -> {}
        }
        out.append("\n\thash 0\t# rjenkins1\n");
        boolean positions =
                bucket.algorithm() == CrushBucket.UNIFORM || bucket.algorithm() == CrushBucket.TREE;
        for (int i = 0; i < bucket.size(); i++) {
            out.append("\titem ").append(itemName(bucket.item(i)));
            out.append(" weight ").append(weight(bucket.itemWeight(i)));
            if (positions) {
                out.append(" pos ").append(i);
            }
            out.append('\n');
        }
        out.append("}\n");
    }

    private void id(int id, String suffix) {
        out.append("\tid ").append(id).append(suffix);
        out.append("\t\t# do not change unnecessarily\n");
    }

    private String itemName(int id) {
        String name = map.itemNames().get(id);
        return name != null ? name : id >= 0 ? "device" + id : "bucket" + (-1 - id);
    }

    private static String weight(int fixed) {
        float weight = (float) fixed / 0x10000;
        return new BigDecimal(weight).setScale(3, RoundingMode.HALF_EVEN).toPlainString();
    }

    private void rule(int id, CrushRule rule) {
        String name = map.ruleNames().get(id);
        out.append("rule ").append(name == null ? "" : name + " ").append("{\n");
        out.append("\tid ").append(id).append('\n');
        if (rule.ruleset() != id) {
            out.append("\t# WARNING: ruleset ").append(rule.ruleset());
            out.append(" != id ").append(id).append("; this will not recompile to the same map\n");
        }
        String type =
                switch (rule.type()) {
                    case CrushRule.REPLICATED -> "replicated";
                    case CrushRule.ERASURE -> "erasure";
                    default -> String.valueOf(rule.type());
                };
        out.append("\ttype ").append(type).append('\n');
        out.append("\tmin_size ").append(rule.sizeMin()).append('\n');
        out.append("\tmax_size ").append(rule.sizeMax()).append('\n');
        for (CrushRule.Step step : rule.steps()) {
            out.append("\tstep ").append(step(step)).append('\n');
        }
        out.append("}\n");
    }

    private String step(CrushRule.Step step) {
        int value = step.first();
        return switch (step.operation()) {
            case CrushRule.Step.NOOP -> "noop";
            case CrushRule.Step.TAKE -> "take " + taken(value);
            case CrushRule.Step.EMIT -> "emit";
            case CrushRule.Step.CHOOSE_FIRSTN -> choose("choose firstn", step);
            case CrushRule.Step.CHOOSE_INDEP -> choose("choose indep", step);
            case CrushRule.Step.CHOOSELEAF_FIRSTN -> choose("chooseleaf firstn", step);
            case CrushRule.Step.CHOOSELEAF_INDEP -> choose("chooseleaf indep", step);
            case CrushRule.Step.SET_CHOOSE_TRIES -> "set_choose_tries " + value;
            case CrushRule.Step.SET_CHOOSELEAF_TRIES -> "set_chooseleaf_tries " + value;
            case CrushRule.Step.SET_CHOOSE_LOCAL_TRIES -> "set_choose_local_tries " + value;
            case CrushRule.Step.SET_CHOOSE_LOCAL_FALLBACK_TRIES ->
                    "set_choose_local_fallback_tries " + value;
            case CrushRule.Step.SET_CHOOSELEAF_VARY_R -> "set_chooseleaf_vary_r " + value;
            case CrushRule.Step.SET_CHOOSELEAF_STABLE -> "set_chooseleaf_stable " + value;
            default -> "unknown " + step.operation();
        };
    }

    private String choose(String verb, CrushRule.Step step) {
        return verb + " " + step.first() + " type " + map.typeName(step.second());
    }

    private String taken(int item) {
        String name = itemName(item);
        int tilde = name.indexOf('~');
        return tilde < 0 ? name : name.substring(0, tilde) + " class " + name.substring(tilde + 1);
    }

    private void chooseArgs(long id, ChooseArgs args) {
        out.append("choose_args ").append(Long.toUnsignedString(id)).append(" {\n");
        for (Map.Entry<Integer, ChooseArgs.Replaced> entry : args.byBucket().entrySet()) {
            ChooseArgs.Replaced replaced = entry.getValue();
            out.append("  {\n    bucket_id ").append(entry.getKey()).append('\n');
            if (replaced.weights().length > 0) {
                out.append("    weight_set [\n");
                for (int[] weights : replaced.weights()) {
                    out.append("      [ ");
                    for (int weight : weights) {
                        out.append(weight(weight)).append(' ');
                    }
                    out.append("]\n");
                }
                out.append("    ]\n");
            }
            if (replaced.ids().length > 0) {
                out.append("    ids [ ");
                for (int item : replaced.ids()) {
                    out.append(item).append(' ');
                }
                out.append("]\n");
            }
            out.append("  }\n");
        }
        out.append("}\n");
    }
}
