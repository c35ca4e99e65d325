package io.sepiola.crush;

import io.sepiola.crush.CrushException.Kind;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Which items hang in which buckets of a draft, and how heavy. With every change the weights above
 * and the weight sets follow. Owned by one caller.
 */
final class BucketLinks {
    private final CrushDraft draft;

    BucketLinks(CrushDraft draft) {
        this.draft = draft;
    }

    /** Hangs an item into a bucket, after those that it holds. */
    void append(int bucketId, int item, int weight) {
        CrushBucket bucket = require(bucketId);
        BucketDraft changed = new BucketDraft(bucket);
        changed.add(item, weight);
        put(changed);
        draft.chooseArgs.replaceAll(
                (id, args) -> WeightSets.appended(args, bucketId, item, weight));
        sumUp(bucketId);
    }

    /** Takes an item out of every bucket that holds it. */
    void takeOut(int item) {
        draft.parents(item).forEach(parent -> takeOut(parent, item));
    }

    /** Takes an item out of one bucket. */
    void takeOut(CrushBucket parent, int item) {
        int index = parent.indexOf(item);
        BucketDraft changed = new BucketDraft(require(parent.id()));
        changed.items.remove(index);
        changed.weights.remove(index);
        put(changed);
        draft.chooseArgs.replaceAll((id, args) -> WeightSets.removed(args, parent.id(), index));
        sumUp(parent.id());
    }

    /** Makes a bucket hold what another does; the sums above are left to {@link #sumUp}. */
    void replaceItems(CrushBucket bucket, CrushBucket from) {
        BucketDraft changed = new BucketDraft(bucket);
        for (int i = bucket.size() - 1; i >= 0; i--) {
            int index = i;
            draft.chooseArgs.replaceAll((id, args) -> WeightSets.removed(args, bucket.id(), index));
        }
        changed.items.clear();
        changed.weights.clear();
        for (int i = 0; i < from.size(); i++) {
            int item = from.item(i);
            int weight = from.itemWeight(i);
            changed.add(item, weight);
            draft.chooseArgs.replaceAll(
                    (id, args) -> WeightSets.appended(args, bucket.id(), item, weight));
        }
        put(changed);
    }

    /** Sets the weight that an item has in a bucket; whether it was another. */
    boolean setWeight(int bucketId, int item, int weight) {
        CrushBucket bucket = require(bucketId);
        int index = bucket.indexOf(item);
        if (bucket.itemWeight(index) == weight) {
            return false;
        }
        BucketDraft changed = new BucketDraft(bucket);
        if (bucket.algorithm() == CrushBucket.UNIFORM) {
            changed.weights.replaceAll(old -> weight);
        } else {
            changed.weights.set(index, weight);
        }
        put(changed);
        draft.chooseArgs.replaceAll((id, args) -> WeightSets.set(args, bucketId, index, weight));
        sumUp(bucketId);
        return true;
    }

    /** Lets the buckets above know a bucket's new weight. */
    void sumUp(int bucketId) {
        int weight = require(bucketId).weight();
        for (CrushBucket parent : draft.parents(bucketId)) {
            setWeight(parent.id(), bucketId, weight);
        }
    }

    /** Makes the weight of every bucket below one the sum of what it holds. */
    void reweightBelow(int bucketId) {
        for (int item : require(bucketId).items) {
            if (item < 0) {
                reweightBelow(item);
                setWeight(bucketId, item, require(item).weight());
            }
        }
    }

    /** What an item weighs: a bucket its sum, a device what its first bucket says. */
    int weightOf(int item) {
        CrushBucket bucket = draft.bucketOrNull(item);
        if (bucket != null) {
            return bucket.weight();
        }
        List<CrushBucket> parents = draft.parents(item);
        return parents.isEmpty()
                ? 0
                : parents.getFirst().itemWeight(parents.getFirst().indexOf(item));
    }

    /** Whether an item is another or lies below it. */
    boolean contains(int above, int item) {
        CrushBucket bucket = draft.bucketOrNull(above);
        return above == item
                || bucket != null
                        && Arrays.stream(bucket.items).anyMatch(below -> contains(below, item));
    }

    /** Whether a rule starts from an item, or from a shadow of it. */
    boolean isTaken(int item) {
        return draft.rules.stream()
                .anyMatch(rule ->
                        rule != null
                                && rule.steps().stream()
                                        .anyMatch(step ->
                                                step.operation() == CrushRule.Step.TAKE
                                                        && unshadowed(step.first()) == item));
    }

    private int unshadowed(int id) {
        for (Map.Entry<Integer, NavigableMap<Integer, Integer>> entry : draft.shadows.entrySet()) {
            if (entry.getValue().containsValue(id)) {
                return entry.getKey();
            }
        }
        return id;
    }

    private CrushBucket require(int id) {
        CrushBucket bucket = draft.bucketOrNull(id);
        if (bucket == null) {
            throw new CrushException(Kind.ABSENT, "bucket " + id + " does not exist");
        }
        return bucket;
    }

    void put(BucketDraft bucket) {
        draft.put(bucket.build(draft.tunables.strawCalcVersion()));
    }
}
