package io.sepiola.crush;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The parts of a map that is being put together. Owned by one caller. */
final class CrushDraft {
    List<@Nullable CrushBucket> buckets = new ArrayList<>();
    List<@Nullable CrushRule> rules = new ArrayList<>();
    int deviceCountMax;
    Tunables tunables = Tunables.JEWEL;
    NavigableMap<Integer, String> typeNames = new TreeMap<>();
    NavigableMap<Integer, String> itemNames = new TreeMap<>();
    NavigableMap<Integer, String> ruleNames = new TreeMap<>();
    NavigableMap<Integer, Integer> itemClasses = new TreeMap<>();
    NavigableMap<Integer, String> classNames = new TreeMap<>();
    NavigableMap<Integer, NavigableMap<Integer, Integer>> shadows = new TreeMap<>();
    NavigableMap<Long, ChooseArgs> chooseArgs = new TreeMap<>();

    CrushDraft() {}

    CrushDraft(CrushMap map) {
        for (CrushBucket bucket : map.buckets) {
            buckets.add(bucket);
        }
        for (CrushRule rule : map.rules) {
            rules.add(rule);
        }
        deviceCountMax = map.deviceCountMax();
        tunables = map.tunables();
        typeNames.putAll(map.typeNames());
        itemNames.putAll(map.itemNames());
        ruleNames.putAll(map.ruleNames());
        itemClasses.putAll(map.itemClasses());
        classNames.putAll(map.classNames());
        map.shadows().forEach((id, byClass) -> shadows.put(id, new TreeMap<>(byClass)));
        chooseArgs.putAll(map.chooseArgs());
    }

    @Nullable CrushBucket bucketOrNull(int id) {
        int slot = -1 - id;
        return slot >= 0 && slot < buckets.size() ? buckets.get(slot) : null;
    }

    /** Puts the bucket into its slot; Ceph's slots grow by doubling, from 8. */
    void put(CrushBucket bucket) {
        int slot = -1 - bucket.id();
        while (buckets.size() <= slot) {
            growBuckets();
        }
        buckets.set(slot, bucket);
    }

    private void growBuckets() {
        int target = buckets.isEmpty() ? 8 : buckets.size() * 2;
        while (buckets.size() < target) {
            buckets.add(null);
        }
    }

    /** The highest id whose slot is free. */
    int freeBucketId() {
        for (int slot = 0; slot < buckets.size(); slot++) {
            if (buckets.get(slot) == null) {
                return -1 - slot;
            }
        }
        return -1 - buckets.size();
    }

    boolean isShadow(int id) {
        String name = itemNames.get(id);
        return name != null && name.indexOf('~') >= 0;
    }

    /** The buckets that hold the item, shadows aside. */
    List<CrushBucket> parents(int item) {
        List<CrushBucket> parents = new ArrayList<>();
        for (CrushBucket bucket : buckets) {
            if (bucket != null && !isShadow(bucket.id()) && bucket.indexOf(item) >= 0) {
                parents.add(bucket);
            }
        }
        return parents;
    }

    /** The buckets that no other holds, shadows aside. */
    List<CrushBucket> roots() {
        List<CrushBucket> roots = new ArrayList<>();
        for (CrushBucket bucket : buckets) {
            if (bucket != null && !isShadow(bucket.id()) && parents(bucket.id()).isEmpty()) {
                roots.add(bucket);
            }
        }
        return roots;
    }

    /**
     * The map.
     *
     * @throws io.sepiola.base.Malformed when a bucket contains itself
     */
    CrushMap build() {
        CrushHierarchy.refuseCycles(this);
        return new CrushMap(this);
    }
}
