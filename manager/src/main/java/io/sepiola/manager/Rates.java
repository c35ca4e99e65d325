package io.sepiola.manager;

import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.PoolDelta;
import io.sepiola.protocol.osd.PoolStat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What changed in the last few seconds: recovery and clients' load. Owned by the manager's shard.
 */
final class Rates {
    private static final Duration WINDOW = Duration.ofSeconds(6);
    private static final int MOMENTS_MAX = 128;

    private record Moment(long nanos, NavigableMap<Long, PoolStat> pools) {}

    /**
     * The change over a span.
     *
     * @param all of all pools
     * @param stamps when each pool was looked at
     */
    record Delta(
            PoolStat all,
            Utime span,
            SortedMap<Long, PoolDelta> pools,
            SortedMap<Long, Utime> stamps) {
        /** Nothing yet. */
        static final Delta NONE =
                new Delta(PoolStat.ZERO, Utime.ZERO, new TreeMap<>(), new TreeMap<>());
    }

    private final ArrayDeque<Moment> moments = new ArrayDeque<>();

    /** Notes the sums of now, and tells how they changed over the window. */
    Delta at(long nanos, Utime now, NavigableMap<Long, PoolStat> pools) {
        while (moments.size() > 1
                && (moments.size() > MOMENTS_MAX
                        || nanos - moments.getFirst().nanos > WINDOW.toNanos())) {
            moments.removeFirst();
        }
        moments.addLast(new Moment(nanos, pools));
        Moment first = moments.getFirst();
        Duration span = Duration.ofNanos(nanos - first.nanos);
        if (span.isZero()) {
            return Delta.NONE;
        }
        PoolStat all = PoolStat.ZERO;
        SortedMap<Long, PoolDelta> deltas = new TreeMap<>();
        SortedMap<Long, Utime> stamps = new TreeMap<>();
        for (var entry : pools.entrySet()) {
            PoolStat before = first.pools.get(entry.getKey());
            if (before != null) {
                PoolStat delta = Digest.combined(entry.getValue(), before, -1);
                all = Digest.combined(all, delta, 1);
                deltas.put(entry.getKey(), new PoolDelta(delta, Digest.span(span)));
                stamps.put(entry.getKey(), now);
            }
        }
        return new Delta(all, Digest.span(span), deltas, stamps);
    }
}
