package io.sepiola.crush;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Weights and ids that replace those of the straw2 buckets while choosing (a weight set).
 * Immutable.
 *
 * @param byBucket what is replaced, by bucket id
 */
public record ChooseArgs(NavigableMap<Integer, Replaced> byBucket) {
    /** The id of the set that serves every pool without one of its own. */
    public static final long DEFAULT_ID = -1;

    /** Copies the map, which goes from slot 0 (id -1) downwards. */
    public ChooseArgs {
        NavigableMap<Integer, Replaced> sorted = new TreeMap<>(Collections.reverseOrder());
        sorted.putAll(byBucket);
        byBucket = Collections.unmodifiableNavigableMap(sorted);
    }

    /**
     * What is replaced in one bucket.
     *
     * @param weights for each position (the last serves all later ones) the items' weights, 16.16;
     *     empty when the bucket's own hold
     * @param ids what is hashed in place of the items' ids; empty when the items' own are
     */
    public record Replaced(int[][] weights, int[] ids) {
        int[] weights(CrushBucket bucket, int position) {
            return weights.length == 0
                    ? bucket.weights
                    : weights[Math.min(position, weights.length - 1)];
        }

        int[] ids(CrushBucket bucket) {
            return ids.length == 0 ? bucket.items : ids;
        }
    }

    @Nullable Replaced ofOrNull(int bucketId) {
        return byBucket.get(bucketId);
    }
}
