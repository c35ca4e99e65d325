package io.sepiola.osd.peering;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.PgHistory;

/** How a group's history grows (pg_history_t). Epochs are unsigned. */
public final class Histories {
    private Histories() {}

    /** A group made in that epoch. */
    public static PgHistory created(int epoch, Utime stamp) {
        return new PgHistory(
                epoch,
                0,
                0,
                0,
                epoch,
                epoch,
                epoch,
                EVersion.ZERO,
                stamp,
                EVersion.ZERO,
                stamp,
                stamp,
                0,
                0,
                0,
                epoch,
                Utime.ZERO);
    }

    private static int max(int a, int b) {
        return Integer.compareUnsigned(a, b) >= 0 ? a : b;
    }

    private static PgHistory with(
            PgHistory h,
            int lastEpochStarted,
            int lastEpochClean,
            int sameIntervalSince,
            int sameUpSince,
            int samePrimarySince,
            int lastIntervalStarted,
            int lastIntervalClean) {
        return new PgHistory(
                h.epochCreated(),
                lastEpochStarted,
                lastEpochClean,
                h.lastEpochSplit(),
                sameIntervalSince,
                sameUpSince,
                samePrimarySince,
                h.lastScrub(),
                h.lastScrubStamp(),
                h.lastDeepScrub(),
                h.lastDeepScrubStamp(),
                h.lastCleanScrubStamp(),
                h.lastEpochMarkedFull(),
                lastIntervalStarted,
                lastIntervalClean,
                h.epochPoolCreated(),
                h.priorReadableUntil());
    }

    /** A scrub has ended that began at that version of the log. */
    public static PgHistory scrubbed(
            PgHistory h, EVersion version, Utime stamp, boolean deep, boolean clean) {
        return withScrubs(
                h,
                version,
                stamp,
                deep ? version : h.lastDeepScrub(),
                deep ? stamp : h.lastDeepScrubStamp(),
                clean ? stamp : h.lastCleanScrubStamp());
    }

    private static PgHistory withScrubs(
            PgHistory h,
            EVersion lastScrub,
            Utime lastScrubStamp,
            EVersion lastDeepScrub,
            Utime lastDeepScrubStamp,
            Utime lastCleanScrubStamp) {
        return new PgHistory(
                h.epochCreated(),
                h.lastEpochStarted(),
                h.lastEpochClean(),
                h.lastEpochSplit(),
                h.sameIntervalSince(),
                h.sameUpSince(),
                h.samePrimarySince(),
                lastScrub,
                lastScrubStamp,
                lastDeepScrub,
                lastDeepScrubStamp,
                lastCleanScrubStamp,
                h.lastEpochMarkedFull(),
                h.lastIntervalStarted(),
                h.lastIntervalClean(),
                h.epochPoolCreated(),
                h.priorReadableUntil());
    }

    /** The later of two members' scrubs. */
    private static PgHistory mergeScrubs(PgHistory h, PgHistory other) {
        return withScrubs(
                h,
                later(h.lastScrub(), other.lastScrub()),
                later(h.lastScrubStamp(), other.lastScrubStamp()),
                later(h.lastDeepScrub(), other.lastDeepScrub()),
                later(h.lastDeepScrubStamp(), other.lastDeepScrubStamp()),
                later(h.lastCleanScrubStamp(), other.lastCleanScrubStamp()));
    }

    private static <T extends Comparable<T>> T later(T a, T b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    static PgHistory newInterval(
            PgHistory h, int epoch, boolean upChanged, boolean primaryChanged) {
        return with(
                h,
                h.lastEpochStarted(),
                h.lastEpochClean(),
                epoch,
                upChanged ? epoch : h.sameUpSince(),
                primaryChanged ? epoch : h.samePrimarySince(),
                h.lastIntervalStarted(),
                h.lastIntervalClean());
    }

    /** The group gave objects to others, or took others' in. */
    public static PgHistory recut(PgHistory h, int epoch) {
        return cut(h, h.epochCreated(), epoch, h.samePrimarySince());
    }

    /** What a group has been through that came out of one with history {@code h}. */
    static PgHistory child(PgHistory h, int epoch, boolean primaryChanged) {
        return cut(h, epoch, epoch, primaryChanged ? epoch : h.samePrimarySince());
    }

    private static PgHistory cut(
            PgHistory h, int epochCreated, int lastEpochSplit, int samePrimarySince) {
        return new PgHistory(
                epochCreated,
                h.lastEpochStarted(),
                h.lastEpochClean(),
                lastEpochSplit,
                h.sameIntervalSince(),
                h.sameUpSince(),
                samePrimarySince,
                h.lastScrub(),
                h.lastScrubStamp(),
                h.lastDeepScrub(),
                h.lastDeepScrubStamp(),
                h.lastCleanScrubStamp(),
                h.lastEpochMarkedFull(),
                h.lastIntervalStarted(),
                h.lastIntervalClean(),
                h.epochPoolCreated(),
                h.priorReadableUntil());
    }

    static PgHistory started(PgHistory h, int epoch, int interval) {
        return with(
                h,
                epoch,
                h.lastEpochClean(),
                h.sameIntervalSince(),
                h.sameUpSince(),
                h.samePrimarySince(),
                interval,
                h.lastIntervalClean());
    }

    static PgHistory clean(PgHistory h, int epoch, int interval) {
        return with(
                h,
                h.lastEpochStarted(),
                epoch,
                h.sameIntervalSince(),
                h.sameUpSince(),
                h.samePrimarySince(),
                h.lastIntervalStarted(),
                interval);
    }

    /** The same with how long an earlier primary may still serve reads. */
    static PgHistory withReaders(PgHistory h, Utime span) {
        return new PgHistory(
                h.epochCreated(),
                h.lastEpochStarted(),
                h.lastEpochClean(),
                h.lastEpochSplit(),
                h.sameIntervalSince(),
                h.sameUpSince(),
                h.samePrimarySince(),
                h.lastScrub(),
                h.lastScrubStamp(),
                h.lastDeepScrub(),
                h.lastDeepScrubStamp(),
                h.lastCleanScrubStamp(),
                h.lastEpochMarkedFull(),
                h.lastIntervalStarted(),
                h.lastIntervalClean(),
                h.epochPoolCreated(),
                span);
    }

    /** What either of two members knows of the past (pg_history_t::merge). */
    static PgHistory merge(PgHistory h, PgHistory other) {
        PgHistory merged =
                with(
                        mergeScrubs(h, other),
                        max(h.lastEpochStarted(), other.lastEpochStarted()),
                        max(h.lastEpochClean(), other.lastEpochClean()),
                        h.sameIntervalSince(),
                        h.sameUpSince(),
                        h.samePrimarySince(),
                        max(h.lastIntervalStarted(), other.lastIntervalStarted()),
                        max(h.lastIntervalClean(), other.lastIntervalClean()));
        if (Integer.compareUnsigned(merged.lastEpochSplit(), other.lastEpochSplit()) < 0) {
            merged = recut(merged, other.lastEpochSplit());
        }
        if (merged.epochCreated() != other.epochCreated()
                && Integer.compareUnsigned(merged.epochCreated(), other.epochCreated()) < 0) {
            return new PgHistory(
                    other.epochCreated(),
                    merged.lastEpochStarted(),
                    merged.lastEpochClean(),
                    merged.lastEpochSplit(),
                    merged.sameIntervalSince(),
                    merged.sameUpSince(),
                    merged.samePrimarySince(),
                    merged.lastScrub(),
                    merged.lastScrubStamp(),
                    merged.lastDeepScrub(),
                    merged.lastDeepScrubStamp(),
                    merged.lastCleanScrubStamp(),
                    merged.lastEpochMarkedFull(),
                    merged.lastIntervalStarted(),
                    merged.lastIntervalClean(),
                    max(merged.epochPoolCreated(), other.epochPoolCreated()),
                    merged.priorReadableUntil());
        }
        return merged;
    }
}
