package io.sepiola.crush;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The straw lengths of the old straw algorithm, in its two versions; version 0 has the flaw that
 * items of equal weight are counted wrongly, which maps of that time depend on.
 */
final class StrawLengths {
    private StrawLengths() {}

    static int[] of(int[] weights, int version) {
        int size = weights.length;
        int[] order =
                java.util.stream.IntStream.range(0, size)
                        .boxed()
                        .sorted(Comparator.comparingLong(i -> weights[i] & 0xffffffffL))
                        .mapToInt(i -> i)
                        .toArray();
        int[] lengths = new int[size];
        int left = size;
        double length = 1.0;
        double below = 0;
        double last = 0;
        for (int i = 0; i < size; ) {
            int at = order[i];
            i++;
            if (weights[at] == 0) {
                left -= version == 0 ? 0 : 1;
                continue;
            }
            lengths[at] = (int) (long) (length * 0x10000);
            if (i == size) {
                break;
            }
            double weight = weights[at] & 0xffffffffL;
            int next = weights[order[i]];
            if (version == 0 && next == weights[at]) {
                continue;
            }
            below += (weight - last) * left;
            if (version == 0) {
                left -=
                        (int)
                                Arrays.stream(order, i, size)
                                        .takeWhile(j -> weights[j] == next)
                                        .count();
            } else {
                left--;
            }
            double above = left * (next - weights[at]) & 0xffffffffL; // wraps, as in Ceph
            length *= StrictMath.pow(1.0 / (below / (below + above)), 1.0 / left);
            last = weight;
        }
        return lengths;
    }
}
