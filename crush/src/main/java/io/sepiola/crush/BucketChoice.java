package io.sepiola.crush;

import org.jspecify.annotations.Nullable;

/** Which item of one bucket an input draws, by the bucket's algorithm. */
final class BucketChoice {
    private BucketChoice() {}

    /** The bucket is not empty. */
    static int choose(
            CrushBucket bucket,
            int x,
            int r,
            ChooseArgs.@Nullable Replaced replaced,
            int position) {
        return switch (bucket.algorithm()) {
            case CrushBucket.STRAW2 -> straw2(bucket, x, r, replaced, position);
            case CrushBucket.UNIFORM -> permuted(bucket, x, r);
            case CrushBucket.LIST -> list(bucket, x, r);
            case CrushBucket.TREE -> tree(bucket, x, r);
            case CrushBucket.STRAW -> straw(bucket, x, r);
            default -> bucket.items[0];
        };
    }

    private static int straw2(
            CrushBucket bucket,
            int x,
            int r,
            ChooseArgs.@Nullable Replaced replaced,
            int position) {
        int[] items = bucket.items;
        int[] weights = replaced == null ? bucket.weights : replaced.weights(bucket, position);
        int[] ids = replaced == null ? items : replaced.ids(bucket);
        int high = 0;
        long highDraw = 0;
        for (int i = 0; i < items.length; i++) {
            long draw = Long.MIN_VALUE;
            if (weights[i] != 0) {
                int u = CrushHash.of(x, ids[i], r) & 0xffff;
                draw = Logarithm.lessOne(u) / (weights[i] & 0xffffffffL);
            }
            if (i == 0 || draw > highDraw) {
                high = i;
                highDraw = draw;
            }
        }
        return items[high];
    }

    private static int straw(CrushBucket bucket, int x, int r) {
        int[] items = bucket.items;
        int high = 0;
        long highDraw = 0;
        for (int i = 0; i < items.length; i++) {
            long draw = (CrushHash.of(x, items[i], r) & 0xffffL) * (bucket.extra[i] & 0xffffffffL);
            if (i == 0 || draw > highDraw) {
                high = i;
                highDraw = draw;
            }
        }
        return items[high];
    }

    private static int list(CrushBucket bucket, int x, int r) {
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

    private static int tree(CrushBucket bucket, int x, int r) {
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

    /** The item at place {@code r} of the permutation that {@code x} makes of the bucket. */
    static int permuted(CrushBucket bucket, int x, int r) {
        int size = bucket.items.length;
        int place = Integer.remainderUnsigned(r, size);
        int[] order = bucket.items.clone();
        for (int p = 0; p <= place && p < size - 1; p++) {
            int other = p + Integer.remainderUnsigned(CrushHash.of(x, bucket.id(), p), size - p);
            int item = order[p];
            order[p] = order[other];
            order[other] = item;
        }
        return order[place];
    }
}
