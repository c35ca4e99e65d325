package io.sepiola.crush;

import io.sepiola.crush.CrushException.Kind;

import java.util.Arrays;

/**
 * A bucket with one item more, one less, or one of another weight, as Ceph's builder leaves it:
 * sums and nodes are adjusted, not computed anew, and a tree bucket keeps a hole where an item was.
 * Weights and sums are unsigned words that wrap.
 */
final class BucketEdit {
    private BucketEdit() {}

    /**
     * With an item more at the end.
     *
     * @throws CrushException where a uniform bucket would get an item of another weight
     */
    static CrushBucket with(CrushBucket bucket, int item, int weight, int strawCalcVersion) {
        int size = bucket.size();
        int[] items = grown(bucket.items, item);
        int[] weights = grown(bucket.weights, weight);
        int[] extra =
                switch (bucket.algorithm()) {
                    case CrushBucket.UNIFORM -> {
                        if (bucket.extra[0] != weight) {
                            throw new CrushException(
                                    Kind.INVALID,
                                    "the items of uniform bucket "
                                            + bucket.id()
                                            + " have another weight; give the item that one");
                        }
                        yield bucket.extra;
                    }
                    case CrushBucket.LIST ->
                            grown(bucket.extra, weight + (size == 0 ? 0 : bucket.extra[size - 1]));
                    case CrushBucket.TREE -> TreeBucket.grown(bucket.extra, size, weight);
                    case CrushBucket.STRAW -> StrawLengths.of(weights, strawCalcVersion);
                    default -> bucket.extra;
                };
        return made(bucket, bucket.weight() + weight, items, weights, extra);
    }

    /** Without an item that it holds; the first of that id. */
    static CrushBucket without(CrushBucket bucket, int item, int strawCalcVersion) {
        int at = bucket.indexOf(item);
        int gone = bucket.weights[at];
        int weight =
                Integer.compareUnsigned(gone, bucket.weight()) < 0 ? bucket.weight() - gone : 0;
        if (bucket.algorithm() == CrushBucket.TREE) {
            return withoutLeaf(bucket, at, weight);
        }
        int[] items = cut(bucket.items, at);
        int[] weights = cut(bucket.weights, at);
        int[] extra =
                switch (bucket.algorithm()) {
                    case CrushBucket.LIST -> {
                        int[] sums = cut(bucket.extra, at);
                        for (int i = at; i < sums.length; i++) {
                            sums[i] -= gone;
                        }
                        yield sums;
                    }
                    case CrushBucket.STRAW -> StrawLengths.of(weights, strawCalcVersion);
                    default -> bucket.extra;
                };
        return made(bucket, weight, items, weights, extra);
    }

    private static CrushBucket withoutLeaf(CrushBucket bucket, int at, int weight) {
        int[] nodes = bucket.extra.clone();
        TreeBucket.add(nodes, bucket.size(), at, -nodes[TreeBucket.leaf(at)]);
        int[] items = bucket.items.clone();
        items[at] = 0;
        int size = items.length;
        while (size > 0 && nodes[TreeBucket.leaf(size - 1)] == 0) {
            size--;
        }
        if (size != items.length
                && TreeBucket.nodeCount(size) != TreeBucket.nodeCount(items.length)) {
            nodes = Arrays.copyOf(nodes, Math.max(1, TreeBucket.nodeCount(size)));
        }
        int[] weights = new int[size];
        for (int i = 0; i < size; i++) {
            weights[i] = nodes[TreeBucket.leaf(i)];
        }
        return made(bucket, weight, Arrays.copyOf(items, size), weights, nodes);
    }

    /** With another weight of an item that it holds; of all items where it is uniform. */
    static CrushBucket reweighted(CrushBucket bucket, int item, int weight, int strawCalcVersion) {
        int at = bucket.indexOf(item);
        int[] weights = bucket.weights.clone();
        int difference = weight - weights[at];
        weights[at] = weight;
        int sum = bucket.weight() + difference;
        int[] extra = bucket.extra.clone();
        switch (bucket.algorithm()) {
            case CrushBucket.UNIFORM -> {
                extra[0] = weight;
                Arrays.fill(weights, weight);
                sum = weight * weights.length;
            }
            case CrushBucket.LIST -> {
                for (int i = at; i < extra.length; i++) {
                    extra[i] += difference;
                }
            }
            case CrushBucket.TREE -> TreeBucket.add(extra, bucket.size(), at, difference);
            case CrushBucket.STRAW -> extra = StrawLengths.of(weights, strawCalcVersion);
            default -> {}
        }
        return made(bucket, sum, bucket.items, weights, extra);
    }

    /**
     * With the weights that its items turned out to have. As in Ceph, the running sums of a list
     * and the inner nodes of a tree stay as they were.
     */
    static CrushBucket summed(CrushBucket bucket, int[] weights, int strawCalcVersion) {
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        int[] extra = bucket.extra.clone();
        if (bucket.algorithm() == CrushBucket.TREE) {
            for (int i = 0; i < weights.length; i++) {
                extra[TreeBucket.leaf(i)] = weights[i];
            }
        } else if (bucket.algorithm() == CrushBucket.STRAW) {
            extra = StrawLengths.of(weights, strawCalcVersion);
        }
        return made(bucket, sum, bucket.items, weights, extra);
    }

    /** A uniform bucket with that weight of each item. */
    static CrushBucket even(CrushBucket bucket, int weight) {
        int[] weights = new int[bucket.size()];
        Arrays.fill(weights, weight);
        return made(bucket, weight * weights.length, bucket.items, weights, new int[] {weight});
    }

    private static CrushBucket made(
            CrushBucket from, int weight, int[] items, int[] weights, int[] extra) {
        return new CrushBucket(
                from.id(), from.type(), from.algorithm(), weight, items, weights, extra);
    }

    static int[] grown(int[] values, int value) {
        int[] copy = Arrays.copyOf(values, values.length + 1);
        copy[values.length] = value;
        return copy;
    }

    static int[] cut(int[] values, int index) {
        int[] copy = Arrays.copyOf(values, values.length - 1);
        System.arraycopy(values, index + 1, copy, index, copy.length - index);
        return copy;
    }
}
