package io.sepiola.protocol.map;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;

/**
 * A run of snapshot ids, one part of an interval_set.
 *
 * <p>SnapInterval := start:u64 length:u64.
 */
public record SnapInterval(long start, long length) {
    /** As in the class comment. */
    public static final Codec<SnapInterval> CODEC =
            Primitives.of(
                    (out, run) -> out.u64(run.start).u64(run.length),
                    in -> new SnapInterval(in.u64(), in.u64()));

    /** interval_set. */
    static final Codec<List<SnapInterval>> SET =
            Primitives.of((out, set) -> out.list(set, CODEC), in -> in.list(CODEC));

    /** Snapshots by pool. */
    static final Codec<NavigableMap<Long, List<SnapInterval>>> BY_POOL =
            MapCodecs.sortedMap(Primitives.U64, SET);

    private long end() {
        return start + length;
    }

    /** Both sets' ids, in ascending runs that do not touch. */
    static List<SnapInterval> union(List<SnapInterval> a, List<SnapInterval> b) {
        List<SnapInterval> all = new ArrayList<>(a);
        all.addAll(b);
        all.sort(Comparator.comparingLong(SnapInterval::start));
        List<SnapInterval> joined = new ArrayList<>();
        for (SnapInterval run : all) {
            if (!joined.isEmpty() && run.start <= joined.getLast().end()) {
                SnapInterval last = joined.removeLast();
                long end = Math.max(last.end(), run.end());
                joined.add(new SnapInterval(last.start, end - last.start));
            } else {
                joined.add(run);
            }
        }
        return List.copyOf(joined);
    }

    /** The ids of {@code from} that are not in {@code what}. */
    static List<SnapInterval> subtract(List<SnapInterval> from, List<SnapInterval> what) {
        List<SnapInterval> rest = new ArrayList<>(from);
        for (SnapInterval gone : what) {
            List<SnapInterval> next = new ArrayList<>();
            for (SnapInterval run : rest) {
                if (gone.end() <= run.start || run.end() <= gone.start) {
                    next.add(run);
                    continue;
                }
                if (run.start < gone.start) {
                    next.add(new SnapInterval(run.start, gone.start - run.start));
                }
                if (gone.end() < run.end()) {
                    next.add(new SnapInterval(gone.end(), run.end() - gone.end()));
                }
            }
            rest = next;
        }
        return List.copyOf(rest);
    }
}
