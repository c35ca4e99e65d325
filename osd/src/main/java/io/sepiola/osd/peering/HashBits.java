package io.sepiola.osd.peering;

import java.util.ArrayList;
import java.util.List;

/**
 * Which part of the hashes is a group's own: a pool with {@code pgNum} groups gives each of them
 * the hashes whose low bits are its seed (pg_t::get_split_bits). Pure.
 */
public final class HashBits {
    private HashBits() {}

    /** How many low bits are the group's own; -1 when the pool has no such group. */
    public static int of(int seed, int pgNum) {
        if (seed < 0 || seed >= pgNum) {
            return -1;
        }
        if (pgNum == 1) {
            return 0;
        }
        int bits = 32 - Integer.numberOfLeadingZeros(pgNum);
        int half = 1 << (bits - 1);
        return (seed & (half - 1)) < pgNum % half ? bits : bits - 1;
    }

    /** Whether an object with that hash is in the group. */
    public static boolean holds(int seed, int bits, int hash) {
        int mask = bits >= 32 ? -1 : (1 << bits) - 1;
        return (hash & mask) == seed;
    }

    /** The group among {@code pgNum} that has, or had, the hashes of group {@code seed}. */
    public static int fold(int seed, int pgNum) {
        int mask = pgNum <= 1 ? 0 : -1 >>> Integer.numberOfLeadingZeros(pgNum - 1);
        int low = seed & mask;
        return low < pgNum ? low : seed & (mask >>> 1);
    }

    /** The groups from {@code fewer} on that fold into {@code seed} when there are but so many. */
    public static List<Integer> folded(int seed, int fewer, int more) {
        List<Integer> folded = new ArrayList<>();
        for (int other = fewer; other < more; other++) {
            if (fold(other, fewer) == seed) {
                folded.add(other);
            }
        }
        return folded;
    }
}
