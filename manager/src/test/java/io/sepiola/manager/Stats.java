package io.sepiola.manager;

import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgStat;

import java.time.Instant;
import java.util.List;

/** Statistics as an OSD might report them. */
final class Stats {
    private Stats() {}

    static PgStat of(PgStat s, long state, int epoch, long sequence, Instant at) {
        return without(-1, s, state, epoch, sequence, at);
    }

    /** As if an OSD were no member any more. */
    static PgStat without(int osd, PgStat s, long state, int epoch, long sequence, Instant at) {
        List<Integer> up = s.up().stream().filter(member -> member != osd).toList();
        List<Integer> acting = s.acting().stream().filter(member -> member != osd).toList();
        Utime now = Utime.of(at);
        return new PgStat(
                s.version(),
                sequence,
                epoch,
                state,
                s.logStart(),
                s.logStartOnDisk(),
                s.created(),
                s.lastEpochClean(),
                s.parent(),
                s.parentSplitBits(),
                s.lastScrub(),
                s.lastScrubStamp(),
                s.stats(),
                s.logSize(),
                s.logSizeOnDisk(),
                up,
                acting,
                now,
                now,
                now,
                now,
                now,
                s.mappingEpoch(),
                s.lastDeepScrub(),
                s.lastDeepScrubStamp(),
                s.statsInvalid(),
                s.lastCleanScrubStamp(),
                now,
                s.dirtyStatsInvalid(),
                s.upPrimary() == osd ? up.getFirst() : s.upPrimary(),
                s.actingPrimary() == osd ? acting.getFirst() : s.actingPrimary(),
                s.omapStatsInvalid(),
                s.hitSetStatsInvalid(),
                s.blockedBy(),
                now,
                now,
                s.hitSetBytesStatsInvalid(),
                now,
                now,
                s.pinStatsInvalid(),
                s.snapTrimQueue(),
                s.purgedSnaps(),
                s.manifestStatsInvalid(),
                s.availableNoMissing(),
                s.locations());
    }

    static OsdStat osd(long kib, long kibUsed) {
        OsdStat z = OsdStat.ZERO;
        return new OsdStat(
                kib,
                kibUsed,
                kib - kibUsed,
                0,
                0,
                z.heartbeatPeers(),
                z.operationAges(),
                z.latency(),
                1,
                1,
                12,
                kibUsed,
                0,
                0,
                z.store(),
                z.alerts(),
                0,
                1,
                1,
                1,
                z.pings());
    }
}
