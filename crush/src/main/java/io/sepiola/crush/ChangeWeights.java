package io.sepiola.crush;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Weights of items while a map is changed: each change of one goes up to all that hold the bucket,
 * and the weight sets keep summing up, as in Ceph. Owned by one {@link CrushChanges}.
 */
final class ChangeWeights {
    private final CrushDraft draft;

    ChangeWeights(CrushDraft draft) {
        this.draft = draft;
    }

    /**
     * Sets an item's weight wherever it hangs.
     *
     * @param weight 16.16
     * @return in how many buckets it was found
     */
    int adjust(int item, int weight, boolean sets) {
        int changed = 0;
        for (int slot = 0; slot < draft.buckets.size(); slot++) {
            if (draft.buckets.get(slot) != null && adjustIn(-1 - slot, item, weight, sets)) {
                changed++;
            }
        }
        return changed;
    }

    /** Sets an item's weight in one bucket; whether that holds it. */
    boolean adjustIn(int bucketId, int item, int weight, boolean sets) {
        CrushBucket bucket = draft.bucketOrNull(bucketId);
        if (bucket == null) {
            return false;
        }
        boolean changed = false;
        for (int i = 0; i < bucket.size(); i++) {
            CrushBucket now = draft.bucketOrNull(bucketId);
            if (now == null || now.item(i) != item) {
                continue;
            }
            if (sets) {
                int at = now.indexOf(item);
                draft.chooseArgs.replaceAll(
                        (id, args) -> WeightSets.set(args, bucketId, at, weight));
            }
            CrushBucket made =
                    BucketEdit.reweighted(now, item, weight, draft.tunables.strawCalcVersion());
            draft.put(made);
            adjust(bucketId, made.weight(), false);
            changed = true;
        }
        for (Map.Entry<Long, ChooseArgs> set : draft.chooseArgs.entrySet()) {
            ChooseArgs.Replaced replaced = set.getValue().ofOrNull(bucketId);
            if (replaced != null && replaced.weights().length > 0) {
                new SetUpdate(set.getValue()).item(bucketId, sums(replaced)).storeAs(set);
            }
        }
        return changed;
    }

    private static int[] sums(ChooseArgs.Replaced replaced) {
        int[] sums = new int[replaced.weights().length];
        for (int position = 0; position < sums.length; position++) {
            for (int weight : replaced.weights()[position]) {
                sums[position] += weight;
            }
        }
        return sums;
    }

    /** How many positions the set's buckets have; 1 while none has any. */
    static int positions(ChooseArgs args) {
        for (ChooseArgs.Replaced replaced : args.byBucket().values()) {
            if (replaced.weights().length > 0) {
                return replaced.weights().length;
            }
        }
        return 1;
    }

    /** Gives a new bucket its own weights in each set. */
    void addSets(CrushBucket bucket) {
        draft.chooseArgs.replaceAll((id, args) -> {
            int[][] weights = new int[positions(args)][];
            for (int position = 0; position < weights.length; position++) {
                weights[position] = bucket.weights.clone();
            }
            NavigableMap<Integer, ChooseArgs.Replaced> all = new TreeMap<>(args.byBucket());
            all.put(bucket.id(), new ChooseArgs.Replaced(weights, new int[0]));
            return new ChooseArgs(all);
        });
    }

    /** Drops from the sets what belongs to no straw2 bucket. */
    void trimSets() {
        draft.chooseArgs.replaceAll((id, args) -> {
            NavigableMap<Integer, ChooseArgs.Replaced> kept = new TreeMap<>(args.byBucket());
            kept.keySet()
                    .removeIf(bucketId -> {
                        CrushBucket bucket = draft.bucketOrNull(bucketId);
                        return bucket == null || bucket.algorithm() != CrushBucket.STRAW2;
                    });
            return new ChooseArgs(kept);
        });
    }

    /** One set while an item's weights go up through all buckets. */
    private final class SetUpdate {
        private final Map<Integer, ChooseArgs.Replaced> byBucket;
        private final int positions;

        SetUpdate(ChooseArgs args) {
            byBucket = new HashMap<>(args.byBucket());
            positions = ChangeWeights.positions(args);
        }

        SetUpdate item(int item, int[] weights) {
            for (CrushBucket bucket : draft.buckets) {
                if (bucket != null) {
                    itemIn(bucket, item, weights);
                }
            }
            return this;
        }

        private void itemIn(CrushBucket bucket, int item, int[] weights) {
            ChooseArgs.Replaced replaced = byBucket.get(bucket.id());
            boolean changed = false;
            if (replaced == null || replaced.weights().length == 0) {
                // Ceph gives each bucket that it passes a row of its own weights.
                int[][] own = new int[positions][];
                for (int position = 0; position < positions; position++) {
                    own[position] = bucket.weights.clone();
                }
                replaced =
                        new ChooseArgs.Replaced(
                                own, replaced == null ? new int[0] : replaced.ids());
                byBucket.put(bucket.id(), replaced);
                changed = true;
            }
            if (replaced.weights().length != weights.length) {
                return;
            }
            int[][] rows = replaced.weights();
            for (int i = 0; i < bucket.size(); i++) {
                if (bucket.item(i) != item) {
                    continue;
                }
                if (rows == replaced.weights()) {
                    rows = copy(rows);
                }
                for (int position = 0; position < weights.length; position++) {
                    rows[position][i] = weights[position];
                }
                changed = true;
            }
            if (changed) {
                ChooseArgs.Replaced made = new ChooseArgs.Replaced(rows, replaced.ids());
                byBucket.put(bucket.id(), made);
                item(bucket.id(), sums(made));
            }
        }

        private int[][] copy(int[][] rows) {
            int[][] copy = rows.clone();
            for (int i = 0; i < copy.length; i++) {
                copy[i] = copy[i].clone();
            }
            return copy;
        }

        void storeAs(Map.Entry<Long, ChooseArgs> set) {
            set.setValue(new ChooseArgs(new TreeMap<>(byBucket)));
        }
    }
}
