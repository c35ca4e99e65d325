package io.sepiola.manager;

import java.time.Duration;

/**
 * Whether enough is known to be told: every OSD that is up has reported, or has had its time. What
 * is not known yet would look like trouble. Owned by the manager's shard.
 */
final class Readiness {
    private static final Duration REPORTS_WAIT = Duration.ofSeconds(10);

    private boolean ready;
    private long byNanos;

    boolean isReached(PgMap map, long nanos) {
        if (!ready) {
            if (byNanos == 0) {
                byNanos = nanos + REPORTS_WAIT.toNanos();
            }
            boolean all = true;
            for (int osd = 0; osd < map.osdMap().osdMax(); osd++) {
                all &= !map.osdMap().isUp(osd) || map.osds().containsKey(osd);
            }
            ready = all || nanos - byNanos >= 0;
        }
        return ready;
    }

    /** What was known is old. */
    void reset() {
        ready = false;
        byNanos = 0;
    }
}
