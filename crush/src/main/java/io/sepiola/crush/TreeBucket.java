package io.sepiola.crush;

import io.sepiola.base.Malformed;

import java.util.Arrays;

/**
 * The layout of a tree bucket: item i is the leaf 2i+1 of a binary tree in which a node's height is
 * the number of its trailing zero bits and its children lie half that step to the left and right.
 */
final class TreeBucket {
    private TreeBucket() {}

    static int leaf(int item) {
        return item * 2 + 1;
    }

    static int nodeCount(int size) {
        if (size == 0) {
            return 0;
        }
        int depth = 1;
        for (int rest = size - 1; rest > 0; rest >>= 1) {
            depth++;
        }
        return 1 << depth;
    }

    /** Reads the items' weights from the leaves. */
    static void weights(int id, int[] nodes, int[] into) {
        if (into.length > 0
                && (leaf(into.length - 1) >= nodes.length || Integer.bitCount(nodes.length) != 1)) {
            throw new Malformed(
                    "tree bucket "
                            + id
                            + " of "
                            + into.length
                            + " items and "
                            + nodes.length
                            + " nodes");
        }
        for (int i = 0; i < into.length; i++) {
            into[i] = nodes[leaf(i)];
        }
    }

    /** Sums the items' weights up the tree. */
    static int[] nodes(int[] weights) {
        int[] nodes = new int[nodeCount(weights.length)];
        int depth = Integer.numberOfTrailingZeros(Math.max(1, nodes.length));
        for (int i = 0; i < weights.length; i++) {
            int node = leaf(i);
            nodes[node] = weights[i];
            for (int level = 1; level < depth; level++) {
                node = parent(node);
                nodes[node] += weights[i];
            }
        }
        return nodes;
    }

    /** Adds to the weight of item {@code at}, of {@code size}, and of the nodes above it. */
    static void add(int[] nodes, int size, int at, int difference) {
        int depth = Integer.numberOfTrailingZeros(Math.max(1, nodeCount(size)));
        int node = leaf(at);
        nodes[node] += difference;
        for (int level = 1; level < depth; level++) {
            node = parent(node);
            nodes[node] += difference;
        }
    }

    /** The nodes with one item more than {@code size}. */
    static int[] grown(int[] nodes, int size, int weight) {
        int count = nodeCount(size + 1);
        int[] all = Arrays.copyOf(nodes, count);
        int root = count / 2;
        int node = leaf(size);
        if (count >= 4 && node - 1 == root) {
            all[root] = all[root / 2]; // a new root begins with what its left side weighs
        }
        all[node] = 0;
        add(all, size + 1, size, weight);
        return all;
    }

    private static int parent(int node) {
        int step = 1 << Integer.numberOfTrailingZeros(node);
        return (node & (step << 1)) != 0 ? node - step : node + step;
    }

    static int left(int node) {
        return node - (1 << Integer.numberOfTrailingZeros(node) - 1);
    }

    static int right(int node) {
        return node + (1 << Integer.numberOfTrailingZeros(node) - 1);
    }

    static boolean isLeaf(int node) {
        return (node & 1) != 0;
    }
}
