package io.sepiola.osd.peering;

import java.util.List;

/**
 * What a map says about one placement group's members. A new interval begins with every map in
 * which this differs from the one before (PastIntervals::is_new_interval).
 *
 * @param up who should serve by CRUSH
 * @param upPrimary the first of them, or -1
 * @param acting who serves
 * @param primary who leads, or -1
 * @param size how many copies the pool wants
 * @param minSize with how few copies it still serves
 * @param bits how many low bits of hashes are the group's own, which splits and merges change
 * @param pendingBits the same once the pool has as few groups as is planned; -1 when the group will
 *     be gone
 */
public record Membership(
        List<Integer> up,
        int upPrimary,
        List<Integer> acting,
        int primary,
        int size,
        int minSize,
        int bits,
        int pendingBits) {
    /** Copies the lists. */
    public Membership {
        up = List.copyOf(up);
        acting = List.copyOf(acting);
    }

    /** Nobody. */
    public static final Membership NOBODY =
            new Membership(List.of(), -1, List.of(), -1, 0, 0, 0, 0);

    /** Whether the group is about to be merged, and takes no operations until it is. */
    public boolean isPremerge() {
        return pendingBits != bits;
    }

    /** How many members serve. */
    public int actingCount() {
        int count = 0;
        for (int osd : acting) {
            count += osd == PgInterval.NONE ? 0 : 1;
        }
        return count;
    }

    /** Whether enough members serve for writes to be accepted. */
    public boolean reachesMinSize() {
        return actingCount() >= minSize;
    }
}
