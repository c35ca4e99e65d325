package io.sepiola.monitor.command;

import io.sepiola.monitor.text.PoolText;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;

/**
 * Sets how many placement groups a pool has. People set targets; the manager brings the pool there
 * by steps that it sets as {@code pg_num_actual} and {@code pgp_num_actual}.
 */
final class PgNumSetting {
    private final PoolChange change;
    private final OsdMap map;
    private final long id;
    private final PgPool pool;
    private final long count;

    /**
     * A wish.
     *
     * @throws Refused when the pool does not allow any
     */
    PgNumSetting(PoolChange change, OsdMap map, long id, long count) {
        this.change = change;
        this.map = map;
        this.id = id;
        this.pool = map.pool(id).orElseThrow();
        this.count = count;
    }

    private void allowed(String variable) {
        if (pool.hasFlag(PgPool.FLAG_NOPGCHANGE)) {
            throw new Refused(
                    Errno.EPERM,
                    "pool "
                            + variable
                            + " change is disabled; you must unset nopgchange flag for the pool"
                            + " first");
        }
    }

    private void inRange() {
        long max = change.pgNumMax();
        if (count < 1 || count > max) {
            throw new Refused(
                    Errno.ERANGE,
                    "'pg_num' must be greater than 0 and less than or equal to "
                            + max
                            + " (you may adjust 'mon max pool pg num' for higher values)");
        }
    }

    private void created() {
        if (pool.hasFlag(PgPool.FLAG_CREATING)) {
            throw new Refused(
                    Errno.EBUSY, "cannot adjust pg_num while initial PGs are being created");
        }
    }

    /** Where pg_num shall go; pgp_num goes with it, if it was to go to the same number. */
    void pgNum() {
        allowed("pg_num");
        if (count == pool.pgNumTarget()) {
            return;
        }
        inRange();
        created();
        if (count > pool.pgNumTarget()) {
            change.checkCount(map, id, count, pool.size());
        }
        within("pg_num_min", true);
        within("pg_num_max", false);
        boolean together = pool.pgpNumTarget() == pool.pgNumTarget();
        change.change(
                id,
                next -> {
                    next.pgNumTarget((int) count);
                    if (together || pool.pgpNumTarget() > count) {
                        next.pgpNumTarget((int) count);
                    }
                });
    }

    private void within(String option, boolean least) {
        PoolOption found = pool.options().get(PoolText.optionKey(option));
        long limit = found instanceof PoolOption.Whole(long number) ? number : 0;
        if (limit > 0 && (least ? count < limit : count > limit)) {
            throw Refused.invalid(
                    "specified pg_num " + count + (least ? " < " : " > ") + option + " " + limit);
        }
    }

    /** Where pgp_num shall go. */
    void pgpNum() {
        allowed("pgp_num");
        if (count < 1) {
            throw Refused.invalid("specified pgp_num must > 0, but you set to " + count);
        }
        if (count > pool.pgNumTarget()) {
            throw Refused.invalid("specified pgp_num " + count + " > pg_num " + pool.pgNumTarget());
        }
        change.change(id, next -> next.pgpNumTarget((int) count));
    }

    /** The manager has the pool split into so many groups, or has its last one merged. */
    void pgNumActual() {
        allowed("pg_num");
        if (count == pool.pgNum() && count == pool.pgNumPending()) {
            return;
        }
        inRange();
        created();
        int epoch = map.epoch() + 1;
        if (count >= pool.pgNum()) {
            change.change(
                    id,
                    next ->
                            next.pgNum((int) count)
                                    .pgNumPending((int) count)
                                    .forcedResendPrenautilus(epoch)
                                    .forcedResendPreluminous(epoch));
            return;
        }
        if (count < pool.pgpNum()) {
            throw Refused.invalid("specified pg_num " + count + " < pgp_num " + pool.pgpNum());
        }
        if (count < pool.pgNum() - 1) {
            throw Refused.invalid(
                    "specified pg_num "
                            + count
                            + " < pg_num ("
                            + pool.pgNum()
                            + ") - 1; only single pg decrease is currently supported");
        }
        change.change(
                id,
                next ->
                        next.pgNumPending((int) count)
                                .forcedResendPrenautilus(epoch)
                                .forcedResendPreluminous(epoch));
    }

    /** The manager has groups placed apart, or again together. */
    void pgpNumActual() {
        allowed("pgp_num");
        if (count < 1 || count > pool.pgNum()) {
            throw Refused.invalid("specified pgp_num " + count + " > pg_num " + pool.pgNum());
        }
        if (count > pool.pgNumPending()) {
            throw Refused.invalid(
                    "specified pgp_num " + count + " > pg_num_pending " + pool.pgNumPending());
        }
        change.change(id, next -> next.pgpNum((int) count));
    }
}
