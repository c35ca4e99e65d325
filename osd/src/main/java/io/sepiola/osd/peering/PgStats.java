package io.sepiola.osd.peering;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.ObjectStats;
import io.sepiola.protocol.osd.PgHistory;
import io.sepiola.protocol.osd.PgStat;

import java.util.List;
import java.util.Map;

/** A group's state and holdings as they are reported (pg_stat_t). */
public final class PgStats {
    private static final PgId NO_PARENT = new PgId(0, 0);

    /** When the group was last seen in some state. Mutable; owned by the group. */
    public static final class Stamps {
        /** Reported. */
        public Utime fresh = Utime.ZERO;

        /** The state changed. */
        public Utime change = Utime.ZERO;

        /** Seen active. */
        public Utime active = Utime.ZERO;

        /** Seen peered. */
        public Utime peered = Utime.ZERO;

        /** Seen clean. */
        public Utime clean = Utime.ZERO;

        /** Became active. */
        public Utime becameActive = Utime.ZERO;

        /** Became peered. */
        public Utime becamePeered = Utime.ZERO;

        /** Seen with a primary. */
        public Utime unstale = Utime.ZERO;

        /** Seen without missing copies. */
        public Utime undegraded = Utime.ZERO;

        /** Seen with as many members as wanted. */
        public Utime fullSized = Utime.ZERO;

        /** Counts reports. */
        public long sequence;

        /** The epoch of the last report. */
        public int epoch;
    }

    /** How many copies are not where they should be. */
    public record Shortfall(
            long missingOnPrimary, long missing, long degraded, long misplaced, long unfound) {
        /** None. */
        public static final Shortfall NONE = new Shortfall(0, 0, 0, 0, 0);
    }

    private PgStats() {}

    static ObjectStatSum sum(Tally tally, long copies, Shortfall shortfall) {
        return new ObjectStatSum(
                tally.bytes,
                tally.objects,
                0,
                copies,
                shortfall.missingOnPrimary,
                shortfall.degraded,
                shortfall.unfound,
                tally.reads,
                tally.readKib,
                tally.writes,
                tally.writeKib,
                tally.shallowErrors + tally.deepErrors,
                0,
                0,
                0,
                tally.shallowErrors,
                tally.deepErrors,
                tally.objects,
                0,
                0,
                0,
                shortfall.misplaced,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                shortfall.missing,
                0,
                0,
                0,
                0,
                0,
                tally.repaired);
    }

    /** What goes with an info or a write: the holdings. */
    public static PgStat brief(Ledger ledger) {
        return full(ledger, 0, Membership.NOBODY, new Stamps(), Shortfall.NONE, List.of());
    }

    /** What the manager is told. */
    public static PgStat full(
            Ledger ledger,
            long state,
            Membership members,
            Stamps stamps,
            Shortfall shortfall,
            List<Integer> blockedBy) {
        PgHistory h = ledger.history;
        EVersion tail = ledger.log.tail();
        long logCount = ledger.log.count();
        long copies = ledger.tally.objects * members.size();
        return new PgStat(
                ledger.lastUpdate,
                stamps.sequence,
                stamps.epoch,
                state,
                tail,
                tail,
                h.epochCreated(),
                h.lastEpochClean(),
                NO_PARENT,
                0,
                h.lastScrub(),
                h.lastScrubStamp(),
                new ObjectStats(sum(ledger.tally, copies, shortfall)),
                logCount,
                logCount,
                members.up(),
                members.acting(),
                stamps.fresh,
                stamps.change,
                stamps.active,
                stamps.clean,
                stamps.unstale,
                h.sameIntervalSince(),
                h.lastDeepScrub(),
                h.lastDeepScrubStamp(),
                ledger.tally.estimated,
                h.lastCleanScrubStamp(),
                stamps.becameActive,
                false,
                members.upPrimary(),
                members.primary(),
                false,
                false,
                blockedBy,
                stamps.undegraded,
                stamps.fullSized,
                false,
                stamps.peered,
                stamps.becamePeered,
                false,
                0,
                Map.of(),
                false,
                List.of(),
                Map.of());
    }
}
