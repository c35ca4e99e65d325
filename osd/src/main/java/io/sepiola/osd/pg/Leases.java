package io.sepiola.osd.pg;

import io.sepiola.base.Mark;
import io.sepiola.base.Timers;
import io.sepiola.osd.peering.Infos;
import io.sepiola.osd.peering.Ledger;
import io.sepiola.osd.peering.PgInterval;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;
import io.sepiola.protocol.message.MOSDPGLease;
import io.sepiola.protocol.message.MOSDPGLeaseAck;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLease;
import io.sepiola.protocol.osd.PgLeaseAck;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Read leases of one group, so that a primary which was cut off and replaced serves no stale read
 * (Ceph's pg_lease_t, {@code doc/dev/osd_internals/stale_read.rst}). Owned by the group.
 *
 * <p>A primary serves until the moment up to which every acting member lets it, and asks them anew
 * at half the span. A member that lets it remembers by its own clock until when that can last; so
 * that no clocks need be compared, it counts the whole span from the moment at which it heard, and
 * a quarter more for clocks that do not go alike. It hands on what is left of that to the next
 * primary, which serves nothing before it is over, or before all former members that are not up are
 * known to be dead. {@code docs/decisions/0010-read-leases.md} says why this is sound.
 *
 * <p>Moments are nanoseconds since the group was loaded.
 */
final class Leases {
    /** {@code read_lease_interval} among a pool's options. */
    private static final int POOL_OPTION = 19;

    private static final long SPAN_NANOS_MAX = Duration.ofHours(1).toNanos();

    private final Pg pg;
    private final long loadedNanos;

    /** Until when members let us serve, by OSD. */
    private final TreeMap<Integer, Long> granted = new TreeMap<>();

    private long offeredAt;
    private long offeredUntil;
    private long readableUntil;

    /**
     * Until when another OSD may serve reads as the primary of some earlier interval, or of ours.
     */
    private long othersUntil;

    /** The end, by the primary's clock, of what we last let it. */
    private Optional<PgLeaseAck> toAcknowledge = Optional.empty();

    private Timers.@Nullable Timer renewal;
    private Timers.@Nullable Timer wait;

    /**
     * A group at rest.
     *
     * @param isNew whether it has never been anywhere; of what is loaded, nobody knows whom it had
     *     let serve before the OSD ended, and until when
     */
    Leases(Pg pg, boolean isNew) {
        this.pg = pg;
        this.loadedNanos = pg.host().shard().clock().nanos();
        this.othersUntil = isNew ? 0 : withMargin(pg.host().leaseSpan().toNanos());
    }

    private long now() {
        return pg.host().shard().clock().nanos() - loadedNanos;
    }

    private long spanNanos() {
        PgPool pool = pg.poolOrNull();
        double seconds =
                switch (pool == null ? null : pool.option(POOL_OPTION).orElse(null)) {
                    case PoolOption.Real(double value) -> value;
                    case PoolOption.Whole(long value) -> value;
                    case PoolOption.Text _ -> 0;
                    case null -> 0;
                };
        long ofPool = Math.round(Math.min(seconds, 3600) * 1e9);
        return ofPool > 0 ? ofPool : pg.host().leaseSpan().toNanos();
    }

    private static long withMargin(long span) {
        return span + span / 4;
    }

    private static Utime utime(long nanos) {
        return new Utime((int) (nanos / 1_000_000_000), (int) (nanos % 1_000_000_000));
    }

    private static long nanos(Utime span) {
        long nanos = Integer.toUnsignedLong(span.seconds()) * 1_000_000_000 + span.nanos();
        return Math.clamp(nanos, 0, SPAN_NANOS_MAX);
    }

    // ---- the primary's side

    /** The group is agreed: keeps the right to serve alive. */
    void start() {
        if (renewal == null) {
            if (readableUntil - now() < spanNanos() / 2) {
                renew();
            } else {
                renewLater();
            }
        }
        waitOn();
    }

    private void renewLater() {
        renewal = pg.host().shard().timers().after(Duration.ofNanos(spanNanos() / 2), this::renew);
    }

    private void renew() {
        if (renewal != null) {
            renewal.cancel();
        }
        if (isLaggy()) {
            pg.host().stateChanged(pg);
        }
        PgLease lease = grant();
        for (int osd : pg.peering().members().acting()) {
            if (osd != pg.host().self() && osd != PgInterval.NONE) {
                pg.host().send(osd, new MOSDPGLease(pg.epoch(), pg.id(), lease));
            }
        }
        renewLater();
        recalculate();
    }

    private PgLease grant() {
        long span = spanNanos();
        offeredAt = now();
        offeredUntil = offeredAt + span;
        return new PgLease(utime(readableUntil), utime(offeredUntil), utime(span));
    }

    /** What a member is asked for while it is told of the agreement. */
    Optional<PgLease> offer() {
        boolean asks = pg.peering().isPrimary() && pg.peering().isActivating();
        return asks ? Optional.of(grant()) : Optional.empty();
    }

    /** A member lets us serve for a while. */
    void acknowledged(int from, PgLeaseAck ack) {
        if (pg.peering().isPrimary()) {
            long until =
                    Integer.toUnsignedLong(ack.upperBound().seconds()) * 1_000_000_000
                            + ack.upperBound().nanos();
            granted.merge(from, Math.min(until, offeredUntil), Math::max);
            recalculate();
        }
    }

    private void recalculate() {
        boolean before = readableUntil >= now();
        long least = offeredUntil;
        for (int osd : pg.peering().members().acting()) {
            if (osd != pg.host().self() && osd != PgInterval.NONE) {
                least = Math.min(least, granted.getOrDefault(osd, 0L));
            }
        }
        readableUntil = least;
        if (!before && readableUntil >= now() && pg.peering().isActive()) {
            pg.host().stateChanged(pg);
            pg.operations().activated();
        }
    }

    /** Whether the lease has run out. */
    boolean isLaggy() {
        return readableUntil < now();
    }

    /** Whether operations may be served now; if not, the members are asked anew. */
    boolean admits() {
        if (!isLaggy()) {
            return true;
        }
        Mark.hit("an operation came when the lease had run out");
        if (now() - offeredAt > spanNanos() / 16) {
            renew();
        }
        return !isLaggy();
    }

    // ---- a member's side

    /** The primary asks to be let serve. */
    void received(int from, PgLease lease) {
        if (from == pg.peering().members().primary()) {
            long until = now() + withMargin(nanos(lease.interval()));
            othersUntil = Math.max(othersUntil, until);
            toAcknowledge = Optional.of(new PgLeaseAck(lease.upperBound()));
        }
    }

    /** As {@link #received}, in the course of an interval: it is answered at once. */
    void renewed(int from, PgLease lease) {
        if (pg.peering().isReplica() && from == pg.peering().members().primary()) {
            received(from, lease);
            toAcknowledge.ifPresent(
                    ack -> pg.host().send(from, new MOSDPGLeaseAck(pg.epoch(), pg.id(), ack)));
        }
    }

    /** What goes to the primary with the news that its agreement is on our disk. */
    Optional<PgLeaseAck> acknowledgement() {
        return pg.peering().isPrimary() ? Optional.empty() : toAcknowledge;
    }

    // ---- between intervals

    /** The interval is over: what was allowed in it is void, what we allowed is not. */
    void intervalChanged() {
        granted.clear();
        offeredUntil = 0;
        readableUntil = 0;
        toAcknowledge = Optional.empty();
        if (renewal != null) {
            renewal.cancel();
            renewal = null;
        }
        if (wait != null) {
            wait.cancel();
            wait = null;
        }
    }

    /** An info that goes to another member, with what we know of those who may serve reads. */
    PgInfo tell(PgInfo info) {
        return Infos.withReaders(info, utime(Math.max(0, othersUntil - now())));
    }

    /** Another member knows of somebody who may serve reads. */
    void learn(PgInfo info) {
        long span = nanos(info.history().priorReadableUntil());
        if (span > 0) {
            othersUntil = Math.max(othersUntil, now() + span);
        }
    }

    /** Whether the primary of an earlier interval may still serve reads. */
    boolean mayHaveReaders() {
        if (othersUntil <= now()) {
            return false;
        }
        if (!hasSuspects()) {
            othersUntil = 0;
            return false;
        }
        return true;
    }

    /**
     * Whether somebody took part, under another primary, in an interval that still counts, is not
     * up, and is not known to be dead. Who is up has reached a map in which the interval is over.
     */
    private boolean hasSuspects() {
        Ledger ledger = pg.ledger();
        OsdMap map = pg.map();
        for (PgInterval interval : ledger.pastIntervals) {
            boolean counts =
                    Integer.compareUnsigned(interval.last(), ledger.history.lastEpochStarted()) >= 0
                            && Integer.compareUnsigned(
                                            interval.first(), ledger.history.samePrimarySince())
                                    < 0;
            for (int osd : interval.acting()) {
                if (counts && osd != PgInterval.NONE && !map.isUp(osd) && !isDead(map, osd)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isDead(OsdMap map, int osd) {
        return map.exists(osd)
                && Integer.compareUnsigned(map.xinfo(osd).deadEpoch(), map.upFrom(osd)) > 0;
    }

    /** The newest map is reached: it may say who is dead. */
    void reached() {
        waitOn();
    }

    private void waitOn() {
        if (wait != null) {
            wait.cancel();
            wait = null;
        }
        if (!pg.peering().isWaiting()) {
            return;
        }
        if (mayHaveReaders()) {
            Mark.hit("a primary waits until an earlier one can serve no reads");
            Duration left = Duration.ofNanos(othersUntil - now() + 1);
            wait = pg.host().shard().timers().after(left, this::waitOn);
        } else {
            pg.peering().readersGone();
        }
    }
}
