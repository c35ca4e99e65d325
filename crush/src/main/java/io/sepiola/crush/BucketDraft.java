package io.sepiola.crush;

import io.sepiola.base.Invariant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A bucket while it is put together. Owned by one caller. */
final class BucketDraft {
    private final int id;
    private final int type;
    private final int algorithm;
    final List<Integer> items = new ArrayList<>();
    final List<Integer> weights = new ArrayList<>();

    BucketDraft(int id, int type, int algorithm) {
        this.id = id;
        this.type = type;
        this.algorithm = algorithm;
    }

    BucketDraft(CrushBucket bucket) {
        this(bucket.id(), bucket.type(), bucket.algorithm());
        for (int i = 0; i < bucket.size(); i++) {
            add(bucket.item(i), bucket.itemWeight(i));
        }
    }

    void add(int item, int weight) {
        items.add(item);
        weights.add(weight);
    }

    CrushBucket build(int strawCalcVersion) {
        int[] item = items.stream().mapToInt(i -> i).toArray();
        int[] weight = weights.stream().mapToInt(w -> w).toArray();
        if (algorithm == CrushBucket.UNIFORM && weight.length > 0) {
            Arrays.fill(weight, weight[0]); // the first item's holds for all
        }
        int[] sums = new int[weight.length];
        int sum = 0;
        for (int i = 0; i < weight.length; i++) {
            sum += weight[i];
            sums[i] = sum;
        }
        int[] extra =
                switch (algorithm) {
                    case CrushBucket.UNIFORM -> new int[] {weight.length == 0 ? 0 : weight[0]};
                    case CrushBucket.LIST -> sums;
                    case CrushBucket.TREE -> TreeBucket.nodes(weight);
                    case CrushBucket.STRAW -> StrawLengths.of(weight, strawCalcVersion);
                    case CrushBucket.STRAW2 -> new int[0];
                    default -> throw Invariant.broken("algorithm %s", algorithm);
                };
        return new CrushBucket(id, type, algorithm, sum, item, weight, extra);
    }
}
