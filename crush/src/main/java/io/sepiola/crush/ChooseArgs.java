package io.sepiola.crush;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Weights and ids that replace those of the straw2 buckets while choosing (a weight set).
 * Immutable.
 */
public final class ChooseArgs {
    /** The id of the set that serves every pool without one of its own. */
    public static final long DEFAULT_ID = -1;

    private final NavigableMap<Integer, Replaced> byBucket;
    private final @Nullable Replaced[] bySlot; // the same, found without boxing the id

    /** Of what is replaced, by bucket id. */
    public ChooseArgs(NavigableMap<Integer, Replaced> byBucket) {
        NavigableMap<Integer, Replaced> sorted = new TreeMap<>(Collections.reverseOrder());
        sorted.putAll(byBucket);
        this.byBucket = Collections.unmodifiableNavigableMap(sorted);
        this.bySlot = new @Nullable Replaced[sorted.isEmpty() ? 0 : -sorted.lastKey()];
        sorted.forEach((id, replaced) -> bySlot[-1 - id] = replaced);
    }

    /** What is replaced, by bucket id, from -1 downwards; unmodifiable. */
    public NavigableMap<Integer, Replaced> byBucket() {
        return byBucket;
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
        int slot = -1 - bucketId;
        return slot < bySlot.length ? bySlot[slot] : null;
    }
}
