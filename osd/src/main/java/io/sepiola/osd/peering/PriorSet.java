package io.sepiola.osd.peering;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Whom a new primary must ask before it may know what was written (PastIntervals::PriorSet).
 *
 * <p>For each past interval in which writes may have been acknowledged somebody must be left who
 * knows of them: one of its members that is up and remembers it, or one that was declared lost. A
 * member whose store was made since knows no more of it than one that is down (docs/decisions/0015;
 * Ceph counts it as one who knows).
 *
 * @param probe to be asked: the present members, and all who may have taken part in writes since
 *     the group was last known to be whole and are up
 * @param down those who may have taken part and are down
 * @param forgetful those who are up and took part under an earlier store, in an interval of which
 *     nobody is left
 * @param blocked whether, for some past interval, nobody is left to ask
 */
public record PriorSet(
        SortedSet<Integer> probe,
        SortedSet<Integer> down,
        SortedSet<Integer> forgetful,
        boolean blocked) {
    /** What is known of the OSDs. */
    public interface Osds {
        /** Whether it is up now. */
        boolean isUp(int osd);

        /** The epoch of its last start. */
        int upFrom(int osd);

        /** The epoch at which it was declared lost, or 0; -1 when there is no such OSD. */
        int lostAt(int osd);

        /** Whether what it has now would show what was written in that interval. */
        boolean remembers(int osd, PgInterval interval);
    }

    /**
     * Works it out.
     *
     * @param intervals past intervals that may have served writes, oldest first
     * @param startedEpoch intervals that ended before it do not matter
     */
    public static PriorSet of(
            List<PgInterval> intervals,
            int startedEpoch,
            List<Integer> up,
            List<Integer> acting,
            Osds osds) {
        PriorSet made = new PriorSet(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), false);
        up.stream().filter(osd -> osd >= 0 && osd != PgInterval.NONE).forEach(made.probe::add);
        acting.stream().filter(osd -> osd >= 0 && osd != PgInterval.NONE).forEach(made.probe::add);
        boolean blocked = false;
        for (PgInterval interval : intervals) {
            if (Integer.compareUnsigned(interval.last(), startedEpoch) >= 0
                    && interval.maybeWentReadWrite()) {
                blocked |= !made.add(interval, osds);
            }
        }
        return new PriorSet(made.probe, made.down, made.forgetful, blocked);
    }

    /** Whether anybody is left who took part. */
    private boolean add(PgInterval interval, Osds osds) {
        boolean anyLeft = false;
        boolean anyDown = false;
        SortedSet<Integer> forgot = new TreeSet<>();
        for (int osd : interval.acting()) {
            if (osd == PgInterval.NONE) {
                continue;
            }
            int lost = osds.lostAt(osd);
            boolean isUp = osds.isUp(osd);
            if (isUp) {
                probe.add(osd);
            }
            if (lost < 0 || Integer.compareUnsigned(lost, interval.first()) > 0) {
                anyLeft = true; // somebody decided that what it had need not be waited for
            } else if (!isUp) {
                down.add(osd);
                anyDown = true;
            } else if (osds.remembers(osd, interval)) {
                anyLeft = true;
            } else {
                forgot.add(osd);
            }
        }
        if (!anyLeft) {
            forgetful.addAll(forgot);
        }
        return anyLeft || !anyDown && forgot.isEmpty();
    }

    /** Whose return, or being declared lost, may let peering go on. */
    public SortedSet<Integer> blockers() {
        SortedSet<Integer> all = new TreeSet<>(down);
        all.addAll(forgetful);
        return all;
    }

    /**
     * Whether a map with this state of the OSDs asks for another set.
     *
     * @param lostBefore what it said of those who are down
     * @param upBefore since when those to be asked had been up
     */
    public boolean isAffected(
            Osds osds, Map<Integer, Integer> lostBefore, Map<Integer, Integer> upBefore) {
        for (int osd : probe) {
            if (!osds.isUp(osd) || osds.upFrom(osd) != upBefore.getOrDefault(osd, 0)) {
                return true; // what it told before it went down may be so no more
            }
        }
        for (int osd : down) {
            if (osds.isUp(osd) || osds.lostAt(osd) != lostBefore.getOrDefault(osd, 0)) {
                return true;
            }
        }
        return false;
    }
}
