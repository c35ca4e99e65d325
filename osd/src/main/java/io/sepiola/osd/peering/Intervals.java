package io.sepiola.osd.peering;

import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.PastIntervals;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Past intervals as members tell each other of them. */
public final class Intervals {
    private Intervals() {}

    /** For the wire; only intervals that may have served writes are told. */
    public static PastIntervals encode(List<PgInterval> intervals) {
        if (intervals.isEmpty()) {
            return PastIntervals.NONE;
        }
        TreeSet<PgShard> all = new TreeSet<>();
        List<PastIntervals.Interval> told = new ArrayList<>();
        for (PgInterval interval : intervals) {
            TreeSet<PgShard> acting = new TreeSet<>();
            for (int osd : interval.acting()) {
                if (osd != PgInterval.NONE) {
                    acting.add(new PgShard(osd, SpgId.NO_SHARD));
                }
            }
            all.addAll(acting);
            told.add(
                    new PastIntervals.Interval(
                            interval.first(), interval.last(), List.copyOf(acting)));
        }
        return new PastIntervals(
                intervals.getFirst().first(), intervals.getLast().last(), List.copyOf(all), told);
    }

    /** From the wire. */
    public static List<PgInterval> decode(PastIntervals past) {
        List<PgInterval> intervals = new ArrayList<>();
        for (PastIntervals.Interval interval : past.intervals()) {
            List<Integer> acting = new ArrayList<>();
            interval.acting().forEach(shard -> acting.add(shard.osd()));
            intervals.add(new PgInterval(interval.first(), interval.last(), acting, true));
        }
        return intervals;
    }
}
