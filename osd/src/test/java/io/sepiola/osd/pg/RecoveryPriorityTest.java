package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.osd.peering.Membership;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The numbers are those that {@code ceph daemon osd.N dump_recovery_reservations} shows. */
class RecoveryPriorityTest {
    private static PgPool pool(long wish) {
        return PgPool.builder()
                .size(3)
                .minSize(2)
                .pgNum(1)
                .pgpNum(1)
                .option(3, new PoolOption.Whole(wish))
                .build();
    }

    private static Membership members(Integer... acting) {
        List<Integer> all = List.of(acting);
        return new Membership(all, all.getFirst(), all, all.getFirst(), 3, 2, 1, 1);
    }

    @Test
    void recoveryComesBeforeBackfillAndWhatCannotServeFirst() {
        PgPool pool = pool(0);
        assertThat(RecoveryPriority.ofRecovery(pool, 2)).isEqualTo(190);
        assertThat(RecoveryPriority.ofRecovery(pool, 1)).isEqualTo(230);
        assertThat(RecoveryPriority.ofBackfill(pool, members(0, 1, 2), false)).isEqualTo(110);
        assertThat(RecoveryPriority.ofBackfill(pool, members(0, 1, 2), true)).isEqualTo(150);
        assertThat(RecoveryPriority.ofBackfill(pool, members(0, 1), true)).isEqualTo(151);
        assertThat(RecoveryPriority.ofBackfill(pool, members(0), true)).isEqualTo(230);
    }

    @Test
    void aPoolsWishShiftsWithinTheClass() {
        assertThat(RecoveryPriority.ofRecovery(pool(10), 3)).isEqualTo(200);
        assertThat(RecoveryPriority.ofRecovery(pool(-10), 3)).isEqualTo(180);
        assertThat(RecoveryPriority.ofRecovery(pool(1000), 3)).isEqualTo(200);
        assertThat(RecoveryPriority.ofBackfill(pool(-10), members(0, 1, 2), false)).isEqualTo(100);
    }
}
