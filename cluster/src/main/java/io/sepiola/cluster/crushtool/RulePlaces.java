package io.sepiola.cluster.crushtool;

import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a rule asks for, counted against what the map has; and placements by chance that obey it.
 */
final class RulePlaces {
    private static final int TRIALS_MAX = 100;

    private final CrushMap map;
    private final List<CrushRule.Step> choices = new ArrayList<>(); // also the steps that set

    RulePlaces(CrushMap map, CrushRule rule) {
        this.map = map;
        for (CrushRule.Step step : rule.steps()) {
            if (step.operation() >= 2 && step.operation() != CrushRule.Step.EMIT) {
                choices.add(step);
            }
        }
    }

    /** How many items the rule can choose at most, by the scarcest type. */
    int countMax() {
        Map<Integer, Integer> wanted = new TreeMap<>();
        Map<Integer, Integer> found = new TreeMap<>();
        for (CrushRule.Step step : choices) {
            wanted.put(step.second(), step.first());
            for (int id : map.itemNames().headMap(0).keySet()) {
                Optional<CrushBucket> bucket = map.bucket(id);
                if (bucket.isPresent() && bucket.get().type() == step.second()) {
                    found.merge(step.second(), 1, Integer::sum);
                }
            }
        }
        int max = Math.max(map.bucketSlots(), map.deviceCountMax());
        for (CrushRule.Step step : choices) {
            int type = step.second();
            int count = found.getOrDefault(type, 0);
            int asked = wanted.getOrDefault(type, 0);
            if (asked > 0 && asked < count) {
                found.put(type, asked);
            }
        }
        for (int count : found.values()) {
            max = count > 0 ? Math.min(max, count) : max;
        }
        return max;
    }

    /** Devices by chance; none when no trial obeys the rule. */
    int[] random(Drand48 chance, int count, int[] weights) {
        long total = 0;
        for (int weight : weights) {
            total += weight;
        }
        if ((int) total == 0 || map.deviceCountMax() == 0) {
            return new int[0];
        }
        int[] trial = new int[Math.max(0, Math.min(count, countMax()))];
        for (int tries = 0; tries < TRIALS_MAX; tries++) {
            for (int i = 0; i < trial.length; i++) {
                trial[i] = chance.next() % map.deviceCountMax();
            }
            if (obeys(trial, weights)) {
                return trial;
            }
        }
        return new int[0];
    }

    private boolean obeys(int[] devices, int[] weights) {
        Set<Integer> distinct = new HashSet<>();
        for (int device : devices) {
            if (weights[device] == 0) {
                return false;
            }
            distinct.add(device);
        }
        if (distinct.size() < devices.length) {
            return false;
        }
        int lowest = map.typeNames().size();
        for (int type : map.typeNames().keySet()) {
            lowest = Math.min(lowest, type);
        }
        String lowestName = map.typeNames().getOrDefault(lowest, "");
        if (choices.size() == 1
                && lowestName.equals("osd")
                && map.typeName(choices.getFirst().second()).equals("osd")) {
            return true;
        }
        Set<String> seen = new HashSet<>();
        for (int device : devices) {
            Map<String, String> location = location(map, device);
            for (CrushRule.Step step : choices) {
                if (!seen.add(location.getOrDefault(map.typeName(step.second()), ""))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The buckets above an item: their names by those of their types. */
    static Map<String, String> location(CrushMap map, int item) {
        Map<String, String> location = new TreeMap<>();
        if (map.itemNames().containsKey(item)) {
            Optional<CrushBucket> above = map.parent(item);
            while (above.isPresent()) {
                int id = above.get().id();
                location.put(map.typeName(above.get().type()), map.itemName(id));
                above = map.parent(id);
            }
        }
        return location;
    }
}
