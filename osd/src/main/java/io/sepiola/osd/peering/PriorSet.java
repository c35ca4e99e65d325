package io.sepiola.osd.peering;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * Whom a new primary must ask before it may know what was written (PastIntervals::PriorSet).
 *
 * @param probe to be asked: the present members, and all who may have taken part in writes since
 *     the group was last known to be whole and are up
 * @param down those who may have taken part and are down
 * @param blocked whether, for some past interval, nobody is left to ask
 */
public record PriorSet(SortedSet<Integer> probe, SortedSet<Integer> down, boolean blocked) {
    /**
     * Works it out.
     *
     * @param intervals past intervals that may have served writes, oldest first
     * @param startedEpoch intervals that ended before it do not matter
     * @param isUp whether an OSD is up now
     * @param lostAt the epoch at which an OSD was declared lost, or 0; -1 when there is no such OSD
     */
    public static PriorSet of(
            List<PgInterval> intervals,
            int startedEpoch,
            List<Integer> up,
            List<Integer> acting,
            IntPredicate isUp,
            IntUnaryOperator lostAt) {
        SortedSet<Integer> probe = new TreeSet<>();
        SortedSet<Integer> down = new TreeSet<>();
        boolean blocked = false;
        up.stream().filter(osd -> osd >= 0 && osd != PgInterval.NONE).forEach(probe::add);
        acting.stream().filter(osd -> osd >= 0 && osd != PgInterval.NONE).forEach(probe::add);
        for (PgInterval interval : intervals) {
            if (Integer.compareUnsigned(interval.last(), startedEpoch) < 0
                    || interval.acting().isEmpty()
                    || !interval.maybeWentReadWrite()) {
                continue;
            }
            boolean anyLeft = false;
            boolean anyDown = false;
            for (int osd : interval.acting()) {
                if (osd == PgInterval.NONE) {
                    continue;
                }
                int lost = lostAt.applyAsInt(osd);
                if (isUp.test(osd)) {
                    probe.add(osd);
                    anyLeft = true;
                } else if (lost < 0 || Integer.compareUnsigned(lost, interval.first()) > 0) {
                    anyLeft = true; // somebody decided that what it had need not be waited for
                } else {
                    down.add(osd);
                    anyDown = true;
                }
            }
            blocked |= !anyLeft && anyDown;
        }
        return new PriorSet(probe, down, blocked);
    }

    /** Whether a map with this state of the OSDs asks for another set. */
    public boolean isAffected(
            IntPredicate isUp, IntUnaryOperator lostAt, Map<Integer, Integer> lostBefore) {
        for (int osd : probe) {
            if (!isUp.test(osd)) {
                return true;
            }
        }
        for (int osd : down) {
            if (isUp.test(osd) || lostAt.applyAsInt(osd) != lostBefore.getOrDefault(osd, 0)) {
                return true;
            }
        }
        return false;
    }
}
