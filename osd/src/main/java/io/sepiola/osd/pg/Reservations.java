package io.sepiola.osd.pg;

import io.sepiola.base.Timers;
import io.sepiola.osd.peering.MissingSet;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.message.MBackfillReserve;
import io.sepiola.protocol.message.MRecoveryReserve;
import io.sepiola.protocol.osd.PgState;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A group's dealings about places for recovery and backfill: as primary through a {@link
 * Reservation}, as member for its primary. Owned by the group.
 */
final class Reservations implements Reservation.Out {
    /** Ceph's osd_recovery_retry_interval and osd_backfill_retry_interval. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final Pg pg;
    private final Recovery recovery;
    private final Reservation reservation = new Reservation(this);
    private final ForcedRecovery forced;
    private Timers.@Nullable Timer retry;

    Reservations(Pg pg, Recovery recovery) {
        this.pg = pg;
        this.recovery = recovery;
        this.forced = new ForcedRecovery(pg);
    }

    // ---- the primary

    boolean isHeld() {
        return reservation.isHeld();
    }

    boolean isBackfillHeld() {
        return isHeld() && reservation.isFor(Reservation.Kind.BACKFILL);
    }

    /** Objects are to be recovered: all members take part. */
    void wantRecovery() {
        PgPool pool = pg.poolOrNull();
        boolean asked = reservation.isHeld() || reservation.isFor(Reservation.Kind.RECOVERY);
        if (asked || pool == null) {
            return;
        }
        SortedSet<Integer> members = new TreeSet<>(pg.peering().replicas());
        int priority = recoveryPriority(pool);
        boolean full = isFull(pg.host().self()) || members.stream().anyMatch(this::isFull);
        if (full) {
            reservation.refuse(Reservation.Kind.RECOVERY, members, priority);
        } else {
            reservation.want(Reservation.Kind.RECOVERY, members, priority);
        }
    }

    /** Members are to be filled. */
    void wantBackfill() {
        PgPool pool = pg.poolOrNull();
        if (pool != null) {
            reservation.want(
                    Reservation.Kind.BACKFILL,
                    pg.peering().backfillTargets(),
                    backfillPriority(pool));
        }
    }

    private int recoveryPriority(PgPool pool) {
        return forced.ofRecovery(RecoveryPriority.ofRecovery(pool, wholeCount()));
    }

    private int backfillPriority(PgPool pool) {
        return forced.ofBackfill(
                RecoveryPriority.ofBackfill(pool, pg.peering().members(), isDegraded()));
    }

    /** What an administrator wants first. */
    ForcedRecovery forced() {
        return forced;
    }

    /** He has said so. */
    void reprioritize() {
        PgPool pool = pg.poolOrNull();
        if (pool != null) {
            reservation.reprioritize(Reservation.Kind.RECOVERY, recoveryPriority(pool));
            reservation.reprioritize(Reservation.Kind.BACKFILL, backfillPriority(pool));
        }
    }

    private boolean isFull(int osd) {
        return (pg.map().state(osd) & OsdMap.STATE_FULL) != 0;
    }

    private int wholeCount() {
        int count = pg.ledger().missing.isEmpty() ? 1 : 0;
        for (int osd : pg.peering().replicas()) {
            MissingSet missing = pg.peering().peerMissing().get(osd);
            boolean filling = pg.peering().backfillTargets().contains(osd);
            if (!filling && (missing == null || missing.isEmpty())) {
                count++;
            }
        }
        return count;
    }

    private boolean isDegraded() {
        return pg.peering().members().actingCount() < pg.peering().members().size()
                || wholeCount()
                        <= pg.peering().replicas().size() - pg.peering().backfillTargets().size();
    }

    /** Whether the administrator lets objects be recovered that nobody waits for. */
    boolean mayRecover() {
        return !pg.map().hasFlag(OsdMapFlags.NORECOVER);
    }

    /** Whether he lets members be filled. */
    boolean mayBackfill() {
        return mayRecover()
                && !pg.map().hasFlag(OsdMapFlags.NOBACKFILL)
                && (isDegraded() || !pg.map().hasFlag(OsdMapFlags.NOREBALANCE));
    }

    /** Nothing is to be done any more, or nothing can be. */
    void release() {
        cancelRetry();
        reservation.release();
    }

    /** Members changed. */
    void intervalChanged() {
        cancelRetry();
        if (!pg.peering().isPrimary()) {
            forced.clear();
        }
        reservation.reset();
        pg.host().remotePlaces().give(pg.id());
    }

    /** A new map: whoever was too full may not be any more. */
    void mapReached() {
        if (reservation.phase() instanceof Reservation.Phase.TooFull(Reservation.Wish wish)) {
            int bits =
                    wish.kind() == Reservation.Kind.BACKFILL
                            ? OsdMap.STATE_BACKFILLFULL | OsdMap.STATE_FULL
                            : OsdMap.STATE_FULL;
            if (wish.members().stream().allMatch(osd -> (pg.map().state(osd) & bits) == 0)) {
                retry();
            }
        }
    }

    private void retry() {
        cancelRetry();
        if (reservation.isFor(Reservation.Kind.RECOVERY)) {
            reservation.release();
            wantRecovery(); // if nobody is full by the map
        } else {
            reservation.retry(); // the member knows whether it has room
        }
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }

    /** What the manager is told of it. */
    long stateBits() {
        boolean backfill = reservation.isFor(Reservation.Kind.BACKFILL);
        PgState state =
                switch (reservation.phase()) {
                    case Reservation.Phase.Idle _ ->
                            waitsForAdministrator() ? PgState.BACKFILL_WAIT : null;
                    case Reservation.Phase.WaitLocal _, Reservation.Phase.WaitRemote _ ->
                            backfill ? PgState.BACKFILL_WAIT : PgState.RECOVERY_WAIT;
                    case Reservation.Phase.Held _ ->
                            backfill ? PgState.BACKFILLING : PgState.RECOVERING;
                    case Reservation.Phase.TooFull _ ->
                            backfill ? PgState.BACKFILL_TOO_FULL : PgState.RECOVERY_TOO_FULL;
                };
        return forced.stateBits() | (state == null ? 0 : state.bit());
    }

    private boolean waitsForAdministrator() {
        return !pg.peering().backfillTargets().isEmpty() && !recovery.isBusy();
    }

    @Override
    public void askLocal(int priority) {
        pg.host()
                .localPlaces()
                .ask(pg.id(), priority, reservation::localGranted, reservation::localPreempted);
        pg.host().stateChanged(pg);
    }

    @Override
    public void reprioritizeLocal(int priority) {
        pg.host().localPlaces().reprioritize(pg.id(), priority);
    }

    @Override
    public void giveLocal() {
        pg.host().localPlaces().give(pg.id());
        pg.host().stateChanged(pg);
    }

    @Override
    public void askRemote(int osd, Reservation.Kind kind, int priority) {
        send(osd, kind, MBackfillReserve.REQUEST, MRecoveryReserve.REQUEST, priority);
    }

    @Override
    public void giveRemote(int osd, Reservation.Kind kind) {
        send(osd, kind, MBackfillReserve.RELEASE, MRecoveryReserve.RELEASE, 0);
    }

    @Override
    public void retryLater() {
        cancelRetry();
        retry = pg.host().shard().timers().after(RETRY, this::retry);
        pg.host().stateChanged(pg);
    }

    @Override
    public void begun(Reservation.Kind kind) {
        pg.host().stateChanged(pg);
        recovery.work();
    }

    @Override
    public void stopped(Reservation.Kind kind) {
        if (kind == Reservation.Kind.BACKFILL) {
            recovery.backfill().pause();
        }
    }

    // ---- either side

    private void send(
            int osd, Reservation.Kind kind, int backfillOp, int recoveryOp, int priority) {
        switch (kind) {
            case BACKFILL ->
                    pg.host()
                            .send(
                                    osd,
                                    new MBackfillReserve(
                                            pg.id().pg(),
                                            pg.epoch(),
                                            backfillOp,
                                            priority,
                                            SpgId.NO_SHARD,
                                            pg.ledger().tally.bytes,
                                            pg.ledger().tally.bytes));
            case RECOVERY ->
                    pg.host()
                            .send(
                                    osd,
                                    new MRecoveryReserve(
                                            pg.id().pg(),
                                            pg.epoch(),
                                            recoveryOp,
                                            SpgId.NO_SHARD,
                                            priority));
        }
    }

    /** About a place for backfill. */
    void received(int from, MBackfillReserve m) {
        Reservation.Kind kind = Reservation.Kind.BACKFILL;
        switch (m.op()) {
            case MBackfillReserve.REQUEST -> {
                if (pg.host().isBackfillFull()) {
                    send(from, kind, MBackfillReserve.REJECT_TOO_FULL, 0, 0);
                } else {
                    asked(from, kind, m.priorityWanted());
                }
            }
            case MBackfillReserve.RELEASE -> pg.host().remotePlaces().give(pg.id());
            case MBackfillReserve.GRANT -> reservation.remoteGranted(from, kind);
            case MBackfillReserve.REJECT_TOO_FULL, MBackfillReserve.REVOKE_TOO_FULL ->
                    reservation.remoteTooFull(from, kind);
            case MBackfillReserve.REVOKE -> reservation.remoteRevoked(from, kind);
            default -> {} // of a later release: nothing that we could know of
        }
    }

    /** About a place for recovery. */
    void received(int from, MRecoveryReserve m) {
        Reservation.Kind kind = Reservation.Kind.RECOVERY;
        switch (m.op()) {
            case MRecoveryReserve.REQUEST -> asked(from, kind, m.priorityWanted());
            case MRecoveryReserve.RELEASE -> pg.host().remotePlaces().give(pg.id());
            case MRecoveryReserve.GRANT -> reservation.remoteGranted(from, kind);
            case MRecoveryReserve.REVOKE -> reservation.remoteRevoked(from, kind);
            default -> {} // of a later release: nothing that we could know of
        }
    }

    private void asked(int primary, Reservation.Kind kind, int priority) {
        pg.host()
                .remotePlaces()
                .ask(
                        pg.id(),
                        priority,
                        () ->
                                send(
                                        primary,
                                        kind,
                                        MBackfillReserve.GRANT,
                                        MRecoveryReserve.GRANT,
                                        priority),
                        () ->
                                send(
                                        primary,
                                        kind,
                                        MBackfillReserve.REVOKE,
                                        MRecoveryReserve.REVOKE,
                                        0));
    }

    /** We are being filled and have no room for more. */
    void revokeTooFull(int primary) {
        pg.host().remotePlaces().give(pg.id());
        send(primary, Reservation.Kind.BACKFILL, MBackfillReserve.REVOKE_TOO_FULL, 0, 0);
    }
}
