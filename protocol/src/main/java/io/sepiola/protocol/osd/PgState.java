package io.sepiola.protocol.osd;

/** The state of a placement group: a set of bits, printed as words joined by plus signs. */
public enum PgState {
    // In the order in which Ceph prints them.
    /** Nobody has reported it for a while. */
    STALE(17, "stale"),
    /** Is being made. */
    CREATING(0, "creating"),
    /** Serves requests. */
    ACTIVE(1, "active"),
    /** About to serve requests. */
    ACTIVATING(24, "activating"),
    /** Every member has everything. */
    CLEAN(2, "clean"),
    /** Waits for its turn to recover. */
    RECOVERY_WAIT(22, "recovery_wait"),
    /** Cannot recover: a member is too full. */
    RECOVERY_TOO_FULL(28, "recovery_toofull"),
    /** Members catch up by the log. */
    RECOVERING(14, "recovering"),
    /** Somebody wants it recovered first. */
    FORCED_RECOVERY(30, "forced_recovery"),
    /** Waits for an OSD that may have later writes. */
    DOWN(4, "down"),
    /** Recovery found objects of which nobody has the latest version. */
    RECOVERY_UNFOUND(5, "recovery_unfound"),
    /** Backfill found such objects. */
    BACKFILL_UNFOUND(6, "backfill_unfound"),
    /** Fewer members than the pool wants. */
    UNDERSIZED(23, "undersized"),
    /** Some objects have too few copies. */
    DEGRADED(10, "degraded"),
    /** The acting set is not the one of CRUSH. */
    REMAPPED(18, "remapped"),
    /** About to be merged with another. */
    PREMERGE(7, "premerge"),
    /** Is being compared. */
    SCRUBBING(8, "scrubbing"),
    /** Is being compared with its data. */
    DEEP_SCRUB(19, "deep"),
    /** The comparison found a difference. */
    INCONSISTENT(11, "inconsistent"),
    /** Members agree on the log. */
    PEERING(12, "peering"),
    /** Differences are mended. */
    REPAIR(13, "repair"),
    /** Waits for its turn to be copied. */
    BACKFILL_WAIT(15, "backfill_wait"),
    /** Is copied to a new member. */
    BACKFILLING(20, "backfilling"),
    /** Somebody wants it copied first. */
    FORCED_BACKFILL(31, "forced_backfill"),
    /** Cannot be copied: the new member is too full. */
    BACKFILL_TOO_FULL(21, "backfill_toofull"),
    /** No set of members has all of a history. */
    INCOMPLETE(16, "incomplete"),
    /** Agreed, but with fewer members than are needed to serve. */
    PEERED(25, "peered"),
    /** Removes a snapshot. */
    SNAP_TRIM(26, "snaptrim"),
    /** Waits for its turn to remove a snapshot. */
    SNAP_TRIM_WAIT(27, "snaptrim_wait"),
    /** Could not remove a snapshot. */
    SNAP_TRIM_ERROR(29, "snaptrim_error"),
    /** Could not be mended. */
    FAILED_REPAIR(32, "failed_repair"),
    /** Waits for members to renew the lease under which reads are served. */
    LAGGY(33, "laggy"),
    /** Waits for the leases of an earlier interval to end. */
    WAIT(34, "wait");

    private final long bit;
    private final String word;

    PgState(int position, String word) {
        this.bit = 1L << position;
        this.word = word;
    }

    /** The bit in a set. */
    public long bit() {
        return bit;
    }

    /** As Ceph prints it. */
    public String word() {
        return word;
    }

    /** Whether this is in the set. */
    public boolean isIn(long set) {
        return (set & bit) != 0;
    }

    /** The words of a set: {@code active+clean}; {@code unknown} when it is empty. */
    public static String text(long set) {
        StringBuilder text = new StringBuilder();
        for (PgState state : values()) {
            // A group that is copied does not wait for it any more.
            boolean hidden = state == BACKFILL_WAIT && BACKFILLING.isIn(set);
            if (state.isIn(set) && !hidden) {
                text.append(text.isEmpty() ? "" : "+").append(state.word);
            }
        }
        return text.isEmpty() ? "unknown" : text.toString();
    }
}
