package io.sepiola.osd.pg;

import io.sepiola.osd.peering.Membership;
import io.sepiola.osd.peering.MissingSet;
import io.sepiola.osd.peering.Peering;
import io.sepiola.osd.peering.PgStats;
import io.sepiola.osd.peering.Phase;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.PgStat;

import java.util.List;
import java.util.Map;

/**
 * What a group's primary tells the manager: state bits by Ceph's numbers, what is where it should
 * not be, and since when. Owned by the group.
 */
final class PgReport {
    static final long CREATING = 1L;
    static final long ACTIVE = 1L << 1;
    static final long CLEAN = 1L << 2;
    static final long DOWN = 1L << 4;
    static final long RECOVERY_UNFOUND = 1L << 5;
    static final long BACKFILL_UNFOUND = 1L << 6;
    static final long SCRUBBING = 1L << 8;
    static final long DEGRADED = 1L << 10;
    static final long INCONSISTENT = 1L << 11;
    static final long PEERING = 1L << 12;
    static final long REPAIR = 1L << 13;
    static final long INCOMPLETE = 1L << 16;
    static final long REMAPPED = 1L << 18;
    static final long DEEP_SCRUB = 1L << 19;
    static final long UNDERSIZED = 1L << 23;
    static final long ACTIVATING = 1L << 24;
    static final long PEERED = 1L << 25;
    static final long LAGGY = 1L << 33;
    static final long WAIT = 1L << 34;
    static final long FAILED_REPAIR = 1L << 32;

    private final Pg pg;
    private final PgStats.Stamps stamps = new PgStats.Stamps();
    private long lastState = -1;

    PgReport(Pg pg) {
        this.pg = pg;
    }

    long state() {
        Peering peering = pg.peering();
        Membership members = peering.members();
        long state =
                switch (peering.phase()) {
                    case Phase.Reset _, Phase.GetInfo _, Phase.GetLog _, Phase.GetMissing _ ->
                            PEERING;
                    case Phase.WaitUpThru _, Phase.WaitActingChange _ -> PEERING;
                    case Phase.Down _ -> DOWN;
                    case Phase.Incomplete _ -> INCOMPLETE;
                    case Phase.Active active -> activeState(active, members);
                    case Phase.Stray _, Phase.ReplicaActive _ -> 0;
                };
        boolean peered =
                peering.phase() instanceof Phase.Active active
                        && active.stage() != Phase.Stage.ACTIVATING;
        if (pg.ledger().history.lastEpochStarted() == 0 && !peered) {
            state |= CREATING; // though it may have too few members to begin
        }
        if (!members.up().equals(members.acting())) {
            state |= REMAPPED;
        }
        return state;
    }

    private long activeState(Phase.Active active, Membership members) {
        long state = 0;
        if (members.actingCount() < members.size()) {
            state |= UNDERSIZED;
        }
        switch (active.stage()) {
            case ACTIVATING -> state |= ACTIVATING;
            case WAITING -> state |= members.reachesMinSize() ? ACTIVE | WAIT : PEERED | WAIT;
            case RECOVERING, CLEAN -> {
                state |= members.reachesMinSize() ? ACTIVE : PEERED;
                state |= members.reachesMinSize() && pg.leases().isLaggy() ? LAGGY : 0;
            }
        }
        boolean lacks = lacksAnything();
        if (shortfall().degraded() > 0) {
            state |= DEGRADED; // a group without objects lacks no copy
        }
        state |= pg.scrubbing().state();
        boolean mends = active.stage() == Phase.Stage.CLEAN && lacks; // damaged copies
        if (mends && pg.recovery().isBusy()) {
            state |= REPAIR;
        }
        if (mends
                || active.stage() == Phase.Stage.RECOVERING
                || active.stage() == Phase.Stage.WAITING) {
            state |= pg.recovery().reservations().stateBits();
            if (pg.recovery().unfoundCount() > 0) {
                state |= pg.recovery().isBackfilling() ? BACKFILL_UNFOUND : RECOVERY_UNFOUND;
            }
        }
        if (active.stage() == Phase.Stage.CLEAN
                && !lacks
                && members.actingCount() >= members.size()) {
            state |= CLEAN;
        }
        return state;
    }

    private boolean lacksAnything() {
        if (!pg.ledger().missing.isEmpty()) {
            return true;
        }
        for (int osd : pg.peering().replicas()) {
            MissingSet missing = pg.peering().peerMissing().get(osd);
            if (missing != null && !missing.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private PgStats.Shortfall shortfall() {
        Membership members = pg.peering().members();
        long objects = pg.ledger().tally.objects;
        long onPrimary = pg.ledger().missing.count();
        long missing = onPrimary;
        for (Map.Entry<Integer, MissingSet> peer : pg.peering().peerMissing().entrySet()) {
            if (members.acting().contains(peer.getKey())) {
                missing += peer.getValue().count();
            }
        }
        long absent = Math.max(0, members.size() - members.actingCount()) * objects;
        return new PgStats.Shortfall(
                onPrimary, missing, missing + absent, 0, pg.recovery().unfoundCount());
    }

    PgStat stat() {
        Utime now = Utime.of(pg.host().shard().clock().now());
        long state = state();
        stamps.fresh = now;
        stamps.unstale = now;
        stamps.sequence++;
        stamps.epoch = pg.epoch();
        if (state != lastState) {
            if ((state & ACTIVE) != 0 && (lastState < 0 || (lastState & ACTIVE) == 0)) {
                stamps.becameActive = now;
            }
            if ((state & (ACTIVE | PEERED)) != 0
                    && (lastState < 0 || (lastState & (ACTIVE | PEERED)) == 0)) {
                stamps.becamePeered = now;
            }
            stamps.change = now;
            lastState = state;
        }
        stamps.active = (state & ACTIVE) != 0 ? now : stamps.active;
        stamps.peered = (state & (ACTIVE | PEERED)) != 0 ? now : stamps.peered;
        stamps.clean = (state & CLEAN) != 0 ? now : stamps.clean;
        stamps.undegraded = (state & DEGRADED) == 0 ? now : stamps.undegraded;
        stamps.fullSized = (state & UNDERSIZED) == 0 ? now : stamps.fullSized;
        return PgStats.full(
                pg.ledger(), state, pg.peering().members(), stamps, shortfall(), blockedBy());
    }

    /** Whom it waits for. */
    private List<Integer> blockedBy() {
        return switch (pg.peering().phase()) {
            case Phase.GetInfo p -> List.copyOf(p.awaited());
            case Phase.GetLog p -> List.of(p.choice().authority());
            case Phase.GetMissing p -> List.copyOf(p.awaited());
            case Phase.Down p -> List.copyOf(p.prior().blockers());
            case Phase.Incomplete p -> List.copyOf(p.prior().down());
            case Phase.Reset _, Phase.WaitUpThru _, Phase.WaitActingChange _ -> List.of();
            case Phase.Active _, Phase.Stray _, Phase.ReplicaActive _ -> List.of();
        };
    }
}
