package io.sepiola.client;

import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.map.UpActing;

/**
 * Where one map sends an operation.
 *
 * @param epoch of the map
 * @param pg the group, with the shard of the primary
 * @param hash of the object, unfolded
 * @param pgCount how many groups the pool has
 * @param osds who serves the group
 */
record Placement(int epoch, SpgId pg, int hash, int pgCount, UpActing osds) {
    int primary() {
        return osds.actingPrimary();
    }

    /**
     * Whether what was sent to {@code before} must be sent again: another group, another primary or
     * one of another rank, or the group was split or merged. A primary whose other members change
     * keeps what it was sent.
     */
    boolean differs(Placement before) {
        return !pg.equals(before.pg)
                || primary() != before.primary()
                || osds.actingIndex(primary()) != before.osds.actingIndex(before.primary())
                || pgCount != before.pgCount && isCut(pg.pg(), before.pgCount, pgCount);
    }

    /** Whether a group of the smaller count loses objects to, or takes them from, another group. */
    private static boolean isCut(PgId pg, int before, int after) {
        int fewer = Math.min(before, after);
        int more = Math.max(before, after);
        for (int seed = fewer; seed < more; seed++) {
            if (fold(seed, fewer) == pg.seed()) {
                return true;
            }
        }
        return false;
    }

    /** The group among {@code count} into which a seed falls; see PgPool's pgSeed. */
    private static int fold(int seed, int count) {
        int mask = count <= 1 ? 0 : -1 >>> Integer.numberOfLeadingZeros(count - 1);
        int low = seed & mask;
        return low < count ? low : seed & (mask >>> 1);
    }
}
