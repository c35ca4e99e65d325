package io.sepiola.crush;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Sums weights up from the devices, as {@code crushtool --reweight} does. Owned by one caller. */
final class ChangeSums {
    private static final ChooseArgs.Replaced NOTHING =
            new ChooseArgs.Replaced(new int[0][], new int[0]);

    private final CrushDraft draft;

    ChangeSums(CrushDraft draft) {
        this.draft = draft;
    }

    void all() {
        for (int slot = draft.buckets.size() - 1; slot >= 0; slot--) {
            CrushBucket root = draft.buckets.get(slot);
            if (root == null || draft.isShadow(root.id()) || !draft.parents(root.id()).isEmpty()) {
                continue;
            }
            sum(root.id());
            draft.chooseArgs.replaceAll((id, args) -> {
                Map<Integer, ChooseArgs.Replaced> byBucket = new HashMap<>(args.byBucket());
                sumSet(root.id(), byBucket);
                NavigableMap<Integer, ChooseArgs.Replaced> all = new TreeMap<>(byBucket);
                return new ChooseArgs(all);
            });
        }
    }

    private int sum(int id) {
        CrushBucket bucket = draft.bucketOrNull(id);
        if (bucket == null) {
            return 0;
        }
        int[] weights = bucket.itemWeights();
        int buckets = 0;
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            if (bucket.item(i) < 0) {
                weights[i] = sum(bucket.item(i));
                sum += weights[i];
                buckets++;
            }
        }
        CrushBucket made;
        if (bucket.algorithm() == CrushBucket.UNIFORM) {
            boolean average = buckets > bucket.size() - buckets;
            made =
                    BucketEdit.even(
                            bucket,
                            average ? Integer.divideUnsigned(sum, buckets) : bucket.extra[0]);
        } else {
            made = BucketEdit.summed(bucket, weights, draft.tunables.strawCalcVersion());
        }
        draft.put(made);
        return made.weight();
    }

    /** Each position's sum; as in Ceph, only the first position's weights count and are set. */
    private int[] sumSet(int id, Map<Integer, ChooseArgs.Replaced> byBucket) {
        CrushBucket bucket = draft.bucketOrNull(id);
        ChooseArgs.Replaced replaced = byBucket.getOrDefault(id, NOTHING);
        int positions = replaced.weights().length;
        int[] sums = new int[positions];
        int[] first = positions == 0 ? new int[0] : replaced.weights()[0].clone();
        for (int i = 0; bucket != null && i < bucket.size(); i++) {
            int[] below = bucket.item(i) < 0 ? sumSet(bucket.item(i), byBucket) : new int[0];
            for (int position = 0; position < positions; position++) {
                if (bucket.item(i) < 0) {
                    first[i] = position < below.length ? below[position] : 0;
                }
                sums[position] += first[i];
            }
        }
        if (positions > 0) {
            int[][] rows = replaced.weights().clone();
            rows[0] = first;
            byBucket.put(id, new ChooseArgs.Replaced(rows, replaced.ids()));
        }
        return sums;
    }
}
