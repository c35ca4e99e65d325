package io.sepiola.osd.daemon;

import io.sepiola.osd.heartbeat.Heartbeats;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Counts how often this OSD was marked down although it lives. Who comes back again and again
 * (flaps) makes every group peer each time; beyond the bound it had better stay away until somebody
 * has looked at its network. Owned by the OSD's shard.
 */
final class Markdowns {
    private final int countMax;
    private final Duration period;
    private final ArrayDeque<Long> at = new ArrayDeque<>(); // nanos

    /** By osd_max_markdown_count and osd_max_markdown_period. */
    Markdowns(Heartbeats.Options options) {
        this(options.markdownCountMax(), options.markdownPeriod());
    }

    /** More than {@code countMax} within {@code period} are too many. */
    Markdowns(int countMax, Duration period) {
        this.countMax = countMax;
        this.period = period;
    }

    /** Once more; whether these are too many. */
    boolean again(long nowNanos) {
        at.addLast(nowNanos);
        while (nowNanos - at.getFirst() > period.toNanos()) {
            at.removeFirst();
        }
        return at.size() > countMax;
    }

    /** Why the OSD ends. */
    String reason(int osd) {
        return "osd."
                + osd
                + " was marked down "
                + at.size()
                + " times within "
                + period.toSeconds()
                + " s although it lives, so it ends here (osd_max_markdown_count = "
                + countMax
                + "); check that the other OSDs reach its public and its cluster address, then"
                + " start it again";
    }
}
