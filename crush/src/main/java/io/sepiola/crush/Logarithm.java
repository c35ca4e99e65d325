package io.sepiola.crush;

import io.sepiola.base.Invariant;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The fixed point logarithm by which straw2 draws: 2^44 log2(u + 1) - 2^48 for u of 16 bits, as
 * Ceph's tables give it. The tables are data: several of their entries deviate from the formula,
 * and every peer must deviate alike.
 */
final class Logarithm {
    /** By u; negative, or 0. Integers, of which none needs more than 49 bits. */
    static final double[] LESS_ONE = table();

    private Logarithm() {}

    private static double[] table() {
        long[] reciprocal = new long[129];
        long[] coarse = new long[129];
        long[] fine = new long[256];
        try (InputStream resource = Logarithm.class.getResourceAsStream("logarithm.tsv")) {
            Invariant.that(resource != null, "logarithm.tsv is missing");
            var lines =
                    new BufferedReader(new InputStreamReader(resource, StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                String[] row = line.split("\t", -1);
                long[] into =
                        row[0].equals("RH") ? reciprocal : row[0].equals("LH") ? coarse : fine;
                into[Integer.parseInt(row[1])] = Long.parseLong(row[2], 16);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        double[] all = new double[0x10000];
        for (int u = 0; u < all.length; u++) {
            all[u] = of(u, reciprocal, coarse, fine) - (1L << 48);
        }
        return all;
    }

    private static long of(int u, long[] reciprocal, long[] coarse, long[] fine) {
        int x = u + 1;
        int exponent = 15;
        if ((x & 0x18000) == 0) {
            int shift = Integer.numberOfLeadingZeros(x) - 16;
            x <<= shift;
            exponent -= shift;
        }
        int high = (x >>> 8) - 128;
        int low = (int) (x * reciprocal[high] >>> 48) & 0xff;
        return ((long) exponent << 44) + (coarse[high] + fine[low] >>> 4);
    }
}
