package io.sepiola.osd.scrub;

import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;
import io.sepiola.protocol.osd.PgHistory;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** When a group is to be scrubbed next without being asked. Pure. */
public final class ScrubSchedule {
    private static final int POOL_MIN_INTERVAL = 0; // keys of pool_opts_t
    private static final int POOL_MAX_INTERVAL = 1;
    private static final int POOL_DEEP_INTERVAL = 2;

    private ScrubSchedule() {}

    /**
     * What is due now, if anything.
     *
     * @param chance two numbers from 0 to 1 that stay as long as the group is not scrubbed
     */
    public static Optional<ScrubKind> due(
            ScrubOptions options,
            PgPool pool,
            int mapFlags,
            PgHistory history,
            Chance chance,
            Instant now) {
        Duration shallowMin = interval(pool, POOL_MIN_INTERVAL, options.minInterval());
        Duration shallowMax = interval(pool, POOL_MAX_INTERVAL, options.maxInterval());
        Duration deepMax = interval(pool, POOL_DEEP_INTERVAL, options.deepInterval());
        boolean noScrub =
                pool.hasFlag(PgPool.FLAG_NOSCRUB) || (mapFlags & OsdMapFlags.NOSCRUB) != 0;
        boolean noDeep =
                pool.hasFlag(PgPool.FLAG_NODEEP_SCRUB)
                        || (mapFlags & OsdMapFlags.NODEEP_SCRUB) != 0;
        Instant last = history.lastScrubStamp().toInstant();
        double share = 1 + chance.interval() * options.intervalRandomRatio();
        Instant wanted = last.plusMillis((long) (shallowMin.toMillis() * share));
        boolean late = !last.plus(shallowMax).isAfter(now);
        boolean shallowDue = !wanted.isAfter(now) && (late || isHour(options, now));
        boolean deepDue = !history.lastDeepScrubStamp().toInstant().plus(deepMax).isAfter(now);
        boolean early = shallowDue && chance.deep() < options.deepRandomRatio();
        if (!noDeep && (deepDue && (late || isHour(options, now)) || early)) {
            return Optional.of(new ScrubKind(true, false, options.autoRepair(), false));
        }
        return shallowDue && !noScrub
                ? Optional.of(new ScrubKind(false, false, options.autoRepair(), false))
                : Optional.empty();
    }

    /**
     * A group's lot.
     *
     * @param interval decides how much later than need be
     * @param deep decides whether a shallow one is made deep
     */
    public record Chance(double interval, double deep) {}

    private static Duration interval(PgPool pool, int key, Duration otherwise) {
        return pool.option(key)
                .filter(PoolOption.Real.class::isInstance)
                .map(option -> ((PoolOption.Real) option).value())
                .filter(seconds -> seconds > 0)
                .map(seconds -> Duration.ofMillis((long) (Math.min(seconds, 1e9) * 1000)))
                .orElse(otherwise);
    }

    private static boolean isHour(ScrubOptions options, Instant now) {
        int begin = options.beginHour();
        int end = options.endHour();
        int hour = now.atOffset(ZoneOffset.UTC).getHour();
        return begin == end
                || (begin < end ? hour >= begin && hour < end : hour >= begin || hour < end);
    }
}
