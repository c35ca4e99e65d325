package io.sepiola.osd.pg;

import io.sepiola.protocol.message.MOSDForceRecovery;
import io.sepiola.protocol.osd.PgState;

/**
 * What an administrator wants done with a group before others ({@code ceph pg force-recovery},
 * {@code force-backfill}), by Ceph's rules: it counts until the group is clean. Owned by the group.
 */
public final class ForcedRecovery {
    private static final int RECOVERY = 255;
    private static final int BACKFILL = 254;
    private static final long RECOVERS =
            PgState.DEGRADED.bit() | PgState.RECOVERY_WAIT.bit() | PgState.RECOVERING.bit();
    private static final long BACKFILLS =
            PgState.DEGRADED.bit() | PgState.BACKFILL_WAIT.bit() | PgState.BACKFILLING.bit();

    private final Pg pg;
    private boolean recovery;
    private boolean backfill;

    ForcedRecovery(Pg pg) {
        this.pg = pg;
    }

    /**
     * The manager's word; heeded by a primary whose group has that to do.
     *
     * @param options of {@link MOSDForceRecovery}
     */
    public void order(int options) {
        boolean force = (options & MOSDForceRecovery.CANCEL) == 0;
        long state = pg.state();
        if ((options & MOSDForceRecovery.RECOVERY) != 0) {
            recovery = force && (state & RECOVERS) != 0;
        }
        if ((options & MOSDForceRecovery.BACKFILL) != 0) {
            backfill = force && (state & BACKFILLS) != 0;
        }
        pg.recovery().reservations().reprioritize();
        pg.host().stateChanged(pg);
    }

    /** Nothing is to be done any more, or not by us. */
    void clear() {
        recovery = false;
        backfill = false;
    }

    int ofRecovery(int otherwise) {
        return recovery ? RECOVERY : otherwise;
    }

    int ofBackfill(int otherwise) {
        return backfill ? BACKFILL : otherwise;
    }

    long stateBits() {
        return (recovery ? PgState.FORCED_RECOVERY.bit() : 0)
                | (backfill ? PgState.FORCED_BACKFILL.bit() : 0);
    }
}
