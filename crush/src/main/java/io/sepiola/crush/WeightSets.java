package io.sepiola.crush;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Keeps weight sets in step with the buckets that they stand for. */
final class WeightSets {
    private WeightSets() {}

    static ChooseArgs withoutBucket(ChooseArgs args, int bucket) {
        NavigableMap<Integer, ChooseArgs.Replaced> rest = new TreeMap<>(args.byBucket());
        rest.remove(bucket);
        return new ChooseArgs(rest);
    }

    static ChooseArgs appended(ChooseArgs args, int bucket, int item, int weight) {
        return changed(
                args,
                bucket,
                weights -> BucketEdit.grown(weights, weight),
                ids -> BucketEdit.grown(ids, item));
    }

    static ChooseArgs removed(ChooseArgs args, int bucket, int index) {
        return changed(
                args,
                bucket,
                weights -> BucketEdit.cut(weights, index),
                ids -> BucketEdit.cut(ids, index));
    }

    static ChooseArgs set(ChooseArgs args, int bucket, int index, int weight) {
        return changed(
                args,
                bucket,
                weights -> {
                    int[] copy = weights.clone();
                    copy[index] = weight;
                    return copy;
                },
                ids -> ids);
    }

    private static ChooseArgs changed(
            ChooseArgs args, int bucket, UnaryOperator<int[]> weights, UnaryOperator<int[]> ids) {
        ChooseArgs.Replaced replaced = args.byBucket().get(bucket);
        if (replaced == null) {
            return args;
        }
        int[][] newWeights = Arrays.stream(replaced.weights()).map(weights).toArray(int[][]::new);
        int[] newIds = replaced.ids().length == 0 ? replaced.ids() : ids.apply(replaced.ids());
        NavigableMap<Integer, ChooseArgs.Replaced> all = new TreeMap<>(args.byBucket());
        all.put(bucket, new ChooseArgs.Replaced(newWeights, newIds));
        return new ChooseArgs(all);
    }
}
