package io.sepiola.osd.pg;

import io.sepiola.osd.peering.MissingSet;
import io.sepiola.osd.peering.PgInterval;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgLogEntry;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * Versions that nobody outside has seen: their writes were acknowledged to no client, and no read
 * has told of them. Such a version may be given up without anybody being asked.
 *
 * <p>A write is acknowledged when every member of its interval has it. A <em>witness</em> was a
 * member then, and has known of the version ever since by the log only: so it was not acknowledged
 * at that time. In a later interval with a witness among its members the version is not shown
 * either, since what {@link #mayBeUnshown} says holds reads back, and writes always wait, until
 * those members have it. Owned by the group.
 */
final class Unshown {
    private final Pg pg;

    Unshown(Pg pg) {
        this.pg = pg;
    }

    /** Whether the primary alone may know the version that it has of an object. */
    boolean mayBeUnshown(HObject object) {
        for (int osd : pg.peering().replicas()) {
            MissingSet missing = pg.peering().peerMissing().get(osd);
            MissingSet.Item item = missing == null ? null : missing.itemOrNull(object);
            if (item != null) {
                PgInterval interval = intervalOrNull(item.need());
                if (interval != null && interval.acting().contains(osd)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Whether what was written of an object after {@code kept} was never shown.
     *
     * @param need the version that the log names
     * @param kept the one before, which some member has; {@link EVersion#ZERO} for none, of an
     *     object that is new
     */
    boolean isUnshown(HObject object, EVersion need, EVersion kept) {
        PgInterval written = intervalOrNull(need);
        if (written == null || !isWritten(written, object, need, kept)) {
            return false;
        }
        Set<Integer> witnesses = witnesses(written, object, need, kept);
        for (PgInterval interval : pg.ledger().pastIntervals) {
            if (Integer.compareUnsigned(interval.first(), written.first()) >= 0
                    && Collections.disjoint(interval.acting(), witnesses)) {
                return false;
            }
        }
        return !Collections.disjoint(pg.peering().members().acting(), witnesses);
    }

    /** Whether all that was written of it after {@code kept} is known, and is of that interval. */
    private boolean isWritten(PgInterval interval, HObject object, EVersion need, EVersion kept) {
        EVersion version = need;
        while (!version.equals(kept)) {
            PgLogEntry entry = pg.ledger().log.atOrNull(version);
            if (entry == null
                    || !entry.object().equals(object)
                    || !contains(interval, version)
                    || !version.isAfter(entry.prior())) {
                return false;
            }
            version = entry.prior();
        }
        return true;
    }

    private Set<Integer> witnesses(
            PgInterval written, HObject object, EVersion need, EVersion kept) {
        Set<Integer> witnesses = new HashSet<>();
        for (int osd : written.acting()) {
            MissingSet missing =
                    osd == pg.host().self()
                            ? pg.ledger().missing
                            : pg.peering().peerMissing().get(osd);
            MissingSet.Item item = missing == null ? null : missing.itemOrNull(object);
            if (item != null && item.need().equals(need) && isWitness(item, kept)) {
                witnesses.add(osd);
            }
        }
        return witnesses;
    }

    /** Of a damaged copy nothing is known but that it may have been good. */
    private static boolean isWitness(MissingSet.Item item, EVersion kept) {
        boolean isOlder = !item.have().equals(EVersion.ZERO) && item.need().isAfter(item.have());
        return kept.equals(EVersion.ZERO) ? item.isNew() : isOlder;
    }

    private @Nullable PgInterval intervalOrNull(EVersion version) {
        for (PgInterval interval : pg.ledger().pastIntervals) {
            if (contains(interval, version)) {
                return interval;
            }
        }
        return null;
    }

    private static boolean contains(PgInterval interval, EVersion version) {
        return Integer.compareUnsigned(interval.first(), version.epoch()) <= 0
                && Integer.compareUnsigned(version.epoch(), interval.last()) <= 0;
    }
}
