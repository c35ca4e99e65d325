package io.sepiola.osd.pg;

import io.sepiola.osd.peering.Membership;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;

/**
 * How urgent a group's recovery is, by Ceph's numbers: what cannot serve before what has too few
 * copies, before what is only misplaced; a pool's own wish shifts it within its class. Pure.
 */
final class RecoveryPriority {
    static final int BACKFILL = 100;
    static final int BACKFILL_DEGRADED = 140;
    static final int RECOVERY = 180;
    static final int INACTIVE = 220;

    private static final int MAX = 253; // above are those that an operator forces
    private static final int POOL_OPTION = 3; // recovery_priority among a pool's options
    private static final int POOL_WISH_MAX = 10;

    private RecoveryPriority() {}

    /**
     * Of recovery by the log.
     *
     * @param wholeCount members that lack nothing
     */
    static int ofRecovery(PgPool pool, int wholeCount) {
        return shifted(wholeCount < pool.minSize() ? INACTIVE : RECOVERY, 0, pool);
    }

    /** Of backfill. */
    static int ofBackfill(PgPool pool, Membership members, boolean degraded) {
        if (members.actingCount() < pool.minSize()) {
            return shifted(INACTIVE, 0, pool);
        }
        int absent = Math.max(0, members.size() - members.actingCount());
        return absent > 0 || degraded
                ? shifted(BACKFILL_DEGRADED, absent, pool)
                : shifted(BACKFILL, 0, pool);
    }

    private static int shifted(int base, int more, PgPool pool) {
        long wish = 0;
        if (pool.option(POOL_OPTION).orElse(null) instanceof PoolOption.Whole(long value)) {
            wish = Math.clamp(value, -POOL_WISH_MAX, POOL_WISH_MAX);
        }
        int next =
                switch (base) {
                    case BACKFILL -> BACKFILL_DEGRADED - 1;
                    case BACKFILL_DEGRADED -> RECOVERY - 1;
                    case RECOVERY -> INACTIVE - 1;
                    default -> MAX;
                };
        return (int) Math.min(base + more + wish + POOL_WISH_MAX, next);
    }
}
