package io.sepiola.crush;

import java.util.Arrays;

/**
 * An inner node of the hierarchy: a host, a rack, a root. Immutable; the arrays are shared with
 * nobody who writes.
 */
public final class CrushBucket {
    /** All items of equal weight. */
    public static final int UNIFORM = 1;

    /** A list with running sums. */
    public static final int LIST = 2;

    /** A binary tree of weights. */
    public static final int TREE = 3;

    /** Straws of computed length. */
    public static final int STRAW = 4;

    /** Straws drawn by logarithm: Ceph's default. */
    public static final int STRAW2 = 5;

    private final int id;
    private final int type;
    private final int algorithm;
    private final int weight;
    final int[] items;
    final int[] weights; // of the items, 16.16
    final int[] extra; // list: running sums; tree: node weights; straw: straw lengths

    CrushBucket(
            int id, int type, int algorithm, int weight, int[] items, int[] weights, int[] extra) {
        this.id = id;
        this.type = type;
        this.algorithm = algorithm;
        this.weight = weight;
        this.items = items;
        this.weights = weights;
        this.extra = extra;
    }

    /** Negative. */
    public int id() {
        return id;
    }

    /** The number of the bucket's type: 1 is a host in Ceph's default map. */
    public int type() {
        return type;
    }

    /** {@link #UNIFORM} to {@link #STRAW2}. */
    public int algorithm() {
        return algorithm;
    }

    /** The sum of the items' weights, 16.16. */
    public int weight() {
        return weight;
    }

    /** How many items. */
    public int size() {
        return items.length;
    }

    /** The item at {@code index}: a device, or a bucket when negative. */
    public int item(int index) {
        return items[index];
    }

    /** The weight of the item at {@code index}, 16.16. */
    public int itemWeight(int index) {
        return weights[index];
    }

    /** Where {@code item} stands, or -1. */
    public int indexOf(int item) {
        for (int i = 0; i < items.length; i++) {
            if (items[i] == item) {
                return i;
            }
        }
        return -1;
    }

    /** A copy. */
    public int[] items() {
        return items.clone();
    }

    /** A copy; 16.16. */
    public int[] itemWeights() {
        return weights.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CrushBucket that
                && id == that.id
                && type == that.type
                && algorithm == that.algorithm
                && weight == that.weight
                && Arrays.equals(items, that.items)
                && Arrays.equals(weights, that.weights)
                && Arrays.equals(extra, that.extra);
    }

    @Override
    public int hashCode() {
        return 31 * id + Arrays.hashCode(items);
    }

    @Override
    public String toString() {
        return "bucket " + id + " of type " + type + " " + Arrays.toString(items);
    }
}
