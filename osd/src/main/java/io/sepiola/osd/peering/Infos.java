package io.sepiola.osd.peering;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.HitSetHistory;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.PgHistory;
import io.sepiola.protocol.osd.PgInfo;

import java.util.Map;

/** What members tell each other of themselves (pg_info_t), made and changed. */
public final class Infos {
    private Infos() {}

    static PgInfo of(Ledger ledger, HObject lastBackfill) {
        return new PgInfo(
                ledger.pg,
                ledger.lastUpdate,
                ledger.lastComplete,
                ledger.log.tail(),
                lastBackfill,
                PgStats.brief(ledger),
                ledger.history,
                Map.of(),
                ledger.lastEpochStarted,
                ledger.lastUserVersion,
                HitSetHistory.NONE,
                ledger.lastIntervalStarted);
    }

    /** What somebody has who has never heard of the group. */
    public static PgInfo empty(SpgId pg, PgHistory history) {
        return of(new Ledger(pg, history), HObject.MAX);
    }

    /** Whether nothing was ever logged there. */
    static boolean isEmpty(PgInfo info) {
        return info.lastUpdate().equals(EVersion.ZERO);
    }

    private static PgInfo with(
            PgInfo info,
            EVersion lastUpdate,
            EVersion lastComplete,
            EVersion logTail,
            HObject lastBackfill,
            int lastEpochStarted,
            int lastIntervalStarted) {
        return new PgInfo(
                info.pg(),
                lastUpdate,
                lastComplete,
                logTail,
                lastBackfill,
                info.stats(),
                info.history(),
                info.purgedSnaps(),
                lastEpochStarted,
                info.lastUserVersion(),
                info.hitSets(),
                lastIntervalStarted);
    }

    /**
     * The same, telling how long the primary of an earlier interval may still serve reads; a span,
     * as it goes over the wire.
     */
    public static PgInfo withReaders(PgInfo info, Utime span) {
        return new PgInfo(
                info.pg(),
                info.lastUpdate(),
                info.lastComplete(),
                info.logTail(),
                info.lastBackfill(),
                info.stats(),
                Histories.withReaders(info.history(), span),
                info.purgedSnaps(),
                info.lastEpochStarted(),
                info.lastUserVersion(),
                info.hitSets(),
                info.lastIntervalStarted());
    }

    static PgInfo withLogTail(PgInfo info, EVersion tail) {
        return with(
                info,
                info.lastUpdate(),
                info.lastComplete(),
                tail,
                info.lastBackfill(),
                info.lastEpochStarted(),
                info.lastIntervalStarted());
    }

    /** The member holds the objects up to {@code upTo}. */
    public static PgInfo withBackfill(PgInfo info, HObject upTo) {
        return with(
                info,
                info.lastUpdate(),
                info.lastComplete(),
                info.logTail(),
                upTo,
                info.lastEpochStarted(),
                info.lastIntervalStarted());
    }

    /** The member has logged and done everything up to {@code version}. */
    public static PgInfo advanced(PgInfo info, EVersion lastUpdate, EVersion lastComplete) {
        return with(
                info,
                lastUpdate,
                lastComplete,
                info.logTail(),
                info.lastBackfill(),
                info.lastEpochStarted(),
                info.lastIntervalStarted());
    }

    static PgInfo activated(PgInfo info, EVersion lastUpdate, EVersion lastComplete, PgInfo truth) {
        return with(
                info,
                lastUpdate,
                lastComplete,
                info.logTail(),
                info.lastBackfill(),
                truth.lastEpochStarted(),
                truth.lastIntervalStarted());
    }

    static PgInfo rewound(PgInfo info, EVersion to, boolean complete) {
        EVersion lastComplete =
                complete || info.lastComplete().isAfter(to) ? to : info.lastComplete();
        return with(
                info,
                to,
                lastComplete,
                info.logTail(),
                info.lastBackfill(),
                info.lastEpochStarted(),
                info.lastIntervalStarted());
    }

    static void copyTally(PgInfo info, Tally tally) {
        copyTally(info.stats().stats().sum(), tally);
        tally.estimated = info.stats().statsInvalid();
    }

    /** Takes over the numbers. */
    public static void copyTally(ObjectStatSum sum, Tally tally) {
        tally.objects = sum.objects();
        tally.bytes = sum.bytes();
        tally.reads = sum.reads();
        tally.readKib = sum.readKib();
        tally.writes = sum.writes();
        tally.writeKib = sum.writeKib();
        copyErrors(sum, tally);
    }

    /** Takes over what scrubs found. */
    static void copyErrors(ObjectStatSum sum, Tally tally) {
        tally.shallowErrors = sum.shallowScrubErrors();
        tally.deepErrors = sum.deepScrubErrors();
        tally.repaired = sum.repaired();
    }
}
