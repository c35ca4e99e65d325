package io.sepiola.cluster.crushtool;

import io.sepiola.cluster.Refusal;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/** Which inputs, rules and counts {@code --test} runs through, and what it shows. */
final class TestPlan {
    private static final int COUNT_MAX = 10_000;

    boolean utilization;
    boolean utilizationAll;
    boolean statistics;
    boolean mappings;
    boolean badMappings;
    boolean chooseTries;
    boolean simulate;
    int ruleMin = -1;
    int ruleMax = -1;
    int ruleset = -1;
    int inputMin = -1;
    int inputMax = -1;
    int countMin = -1;
    int countMax = -1;
    long pool = -1;
    int batches = 1;
    float downDevices;
    float downBuckets = 1;
    final Map<Integer, Integer> weights = new TreeMap<>(); // 16.16, by device

    boolean show(Words words) {
        if (words.flag("--show_utilization")) {
            utilization = true;
        } else if (words.flag("--show_utilization_all")) {
            utilizationAll = true;
        } else if (words.flag("--show_statistics")) {
            statistics = true;
        } else if (words.flag("--show_mappings")) {
            mappings = true;
        } else if (words.flag("--show_bad_mappings")) {
            badMappings = true;
        } else if (words.flag("--show_choose_tries")) {
            chooseTries = true;
        } else {
            return false;
        }
        return true;
    }

    boolean range(Words words) {
        String value;
        if (words.flag("-s", "--simulate")) {
            simulate = true;
        } else if ((value = words.valueOrNull("--num_rep")) != null) {
            countMin = count(value);
            countMax = countMin;
        } else if ((value = words.valueOrNull("--min_rep")) != null) {
            countMin = count(value);
        } else if ((value = words.valueOrNull("--max_rep")) != null) {
            countMax = count(value);
        } else if ((value = words.valueOrNull("--max_x")) != null) {
            inputMax = Words.integer(value);
        } else if ((value = words.valueOrNull("--min_x")) != null) {
            inputMin = Words.integer(value);
        } else if ((value = words.valueOrNull("--x")) != null) {
            inputMin = Words.integer(value);
            inputMax = inputMin;
        } else if ((value = words.valueOrNull("--pool_id")) != null) {
            pool = Words.integer(value);
        } else {
            return rule(words) || share(words);
        }
        return true;
    }

    private static int count(String value) {
        int count = Words.integer(value);
        if (count > COUNT_MAX) {
            throw new Refusal("a count of " + count + " devices is above " + COUNT_MAX);
        }
        return count;
    }

    private boolean rule(Words words) {
        String value;
        if ((value = words.valueOrNull("--max_rule")) != null) {
            ruleMax = Words.integer(value);
        } else if ((value = words.valueOrNull("--min_rule")) != null) {
            ruleMin = Words.integer(value);
        } else if ((value = words.valueOrNull("--rule")) != null) {
            ruleMin = Words.integer(value);
            ruleMax = ruleMin;
        } else if ((value = words.valueOrNull("--ruleset")) != null) {
            ruleset = Words.integer(value);
        } else {
            return false;
        }
        return true;
    }

    private boolean share(Words words) {
        @Nullable String value;
        if ((value = words.valueOrNull("--batches")) != null) {
            batches = Words.integer(value);
        } else if ((value = words.valueOrNull("--mark-down-ratio")) != null) {
            downDevices = Words.real(value);
        } else if ((value = words.valueOrNull("--mark-down-bucket-ratio")) != null) {
            downBuckets = Words.real(value);
        } else if ((value = words.valueOrNull("--weight")) != null) {
            int device = Words.integer(value);
            int weight = (int) (Words.real(words.more("--weight")) * 0x10000);
            weights.put(device, Math.clamp(weight, 0, 0x10000));
        } else {
            return false;
        }
        return true;
    }
}
