package io.sepiola.crush;

import io.sepiola.crush.CrushException.Kind;

import org.jspecify.annotations.Nullable;

/**
 * Which item of one bucket an input draws, by the bucket's algorithm. Owned by one run of a rule;
 * allocates nothing but, once for each bucket that needs one, a permutation.
 */
final class BucketChoice {
    /** How many draws one input may cost; a sane map needs some thousands. */
    private static final long DRAWS_MAX = 1L << 26;

    private final CrushMap map;
    private final @Nullable ChooseArgs chooseArgs;
    private final int[] hashes;
    private @Nullable Permutation @Nullable [] permutations; // by bucket slot
    private int x;
    private long draws;

    BucketChoice(CrushMap map, @Nullable ChooseArgs chooseArgs) {
        this.map = map;
        this.chooseArgs = chooseArgs;
        this.hashes = new int[map.bucketSizeMax()];
    }

    void begin(int input) {
        x = input;
        draws = 0;
    }

    /**
     * The item that the input draws at attempt {@code r}; the bucket is not empty.
     *
     * @param position which of a weight set's rows holds
     * @throws CrushException when the input has cost more than any sane map needs
     */
    int choose(CrushBucket bucket, int r, int position) {
        spend(bucket.items.length);
        return switch (bucket.algorithm()) {
            case CrushBucket.STRAW2 -> straw2(bucket, r, position);
            case CrushBucket.UNIFORM -> permuted(bucket, r);
            case CrushBucket.LIST -> list(bucket, r);
            case CrushBucket.TREE -> tree(bucket, r);
            case CrushBucket.STRAW -> straw(bucket, r);
            default -> bucket.items[0];
        };
    }

    /** Counts work, to stop a rule that would go on for hours. */
    void spend(int size) {
        draws += size;
        if (draws > DRAWS_MAX) {
            throw new CrushException(
                    Kind.INVALID,
                    "input "
                            + x
                            + " took more than "
                            + DRAWS_MAX
                            + " draws: the rule's tries or its count of items are too high");
        }
    }

    private int straw2(CrushBucket bucket, int r, int position) {
        int[] items = bucket.items;
        ChooseArgs.Replaced replaced = chooseArgs == null ? null : chooseArgs.ofOrNull(bucket.id());
        int[] weights = replaced == null ? bucket.weights : replaced.weights(bucket, position);
        int[] ids = replaced == null ? items : replaced.ids(bucket);
        CrushHash.ofEach(x, ids, r, hashes);
        return items[longest(hashes, weights)];
    }

    /**
     * The place of the highest draw, the logarithm over the weight cut to an integer; the first of
     * equals. Fractions stand in for the integers: a logarithm has 48 bits and a weight 32, so that
     * no rounding of the quotient reaches the next integer.
     */
    private static int longest(int[] hashes, int[] weights) {
        double[] logarithms = Logarithm.LESS_ONE;
        int high = 0;
        double highDraw = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] == 0) {
                continue;
            }
            double draw = logarithms[hashes[i] & 0xffff] / weights[i]; // signed, as in Ceph
            if (draw > highDraw && (long) draw > (long) highDraw) {
                high = i;
                highDraw = draw;
            }
        }
        return high;
    }

    private int straw(CrushBucket bucket, int r) {
        int[] items = bucket.items;
        int[] lengths = bucket.extra;
        CrushHash.ofEach(x, items, r, hashes);
        int high = 0;
        long highDraw = -1;
        for (int i = 0; i < items.length; i++) {
            long draw = (hashes[i] & 0xffffL) * (lengths[i] & 0xffffffffL);
            if (draw > highDraw) {
                high = i;
                highDraw = draw;
            }
        }
        return items[high];
    }

    private int list(CrushBucket bucket, int r) {
        int[] items = bucket.items;
        for (int i = items.length - 1; i >= 0; i--) {
            long u = CrushHash.of(x, items[i], r, bucket.id()) & 0xffffL;
            long draw = u * (bucket.extra[i] & 0xffffffffL) >>> 16;
            if (draw < (bucket.weights[i] & 0xffffffffL)) {
                return items[i];
            }
        }
        return items[0]; // Only when sums are wrong.
    }

    private int tree(CrushBucket bucket, int r) {
        int[] nodes = bucket.extra;
        int node = nodes.length >>> 1;
        while (!TreeBucket.isLeaf(node)) {
            long weight = nodes[node] & 0xffffffffL;
            long u = CrushHash.of(x, node, r, bucket.id()) & 0xffffffffL;
            long draw = u * weight >>> 32;
            int left = TreeBucket.left(node);
            node = draw < (nodes[left] & 0xffffffffL) ? left : TreeBucket.right(node);
        }
        int index = node >>> 1;
        return bucket.items[Math.min(index, bucket.items.length - 1)];
    }

    /** The item at place {@code r} of the permutation that the input makes of the bucket. */
    int permuted(CrushBucket bucket, int r) {
        int size = bucket.items.length;
        int place = Integer.remainderUnsigned(r, size);
        if (place == 0) {
            return bucket.items[Integer.remainderUnsigned(CrushHash.of(x, bucket.id(), 0), size)];
        }
        if (permutations == null) {
            permutations = new @Nullable Permutation[map.bucketSlots()];
        }
        int slot = -1 - bucket.id();
        Permutation permutation = permutations[slot];
        if (permutation == null) {
            permutation = new Permutation(bucket.id(), size);
            permutations[slot] = permutation;
        }
        return bucket.items[permutation.at(place, x)];
    }

    /** A permutation, made as far as it was asked for. */
    private static final class Permutation {
        private final int bucket;
        private final int[] order;
        private int input;
        private int made; // places that are final

        Permutation(int bucket, int size) {
            this.bucket = bucket;
            this.order = new int[size];
        }

        int at(int place, int x) {
            if (made == 0 || input != x) {
                input = x;
                made = 0;
                for (int i = 0; i < order.length; i++) {
                    order[i] = i;
                }
            }
            for (; made <= place; made++) {
                int left = order.length - made;
                int other = made + Integer.remainderUnsigned(CrushHash.of(x, bucket, made), left);
                int item = order[made];
                order[made] = order[other];
                order[other] = item;
            }
            return order[place];
        }
    }
}
