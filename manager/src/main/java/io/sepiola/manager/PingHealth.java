package io.sepiola.manager;

import io.sepiola.crush.CrushBucket;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.HealthCheck;
import io.sepiola.protocol.osd.PingTimes;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/** Between whom heartbeats are slow, as Ceph judges. Pure. */
final class PingHealth {
    private static final double GRACE_SECONDS = 20; // osd_heartbeat_grace
    private static final double GRACE_PART = 0.05; // mon_warn_on_slow_ping_ratio
    private static final long OLD_SECONDS = 20 * 60;

    /** From where on an average is slow, in microseconds, unless options say otherwise. */
    static final long SLOW_MICROS = (long) (GRACE_SECONDS * GRACE_PART * 1e6);

    private static final int DETAIL_MAX = 10;

    private record Pair(long micros, int from, int to, boolean improving) {}

    private static final Comparator<Pair> SLOWEST_FIRST =
            Comparator.comparingLong(Pair::micros)
                    .thenComparingInt(Pair::from)
                    .thenComparingInt(Pair::to)
                    .reversed();

    private PingHealth() {}

    /**
     * From where on an average is slow, in microseconds: mon_warn_on_slow_ping_time in
     * milliseconds, or when it is 0 the part mon_warn_on_slow_ping_ratio of the OSDs' grace.
     */
    static long slowMicros(ModuleOptions options) {
        double millis = options.fraction("mon_warn_on_slow_ping_time", 0);
        double grace = options.fraction("osd_heartbeat_grace", GRACE_SECONDS);
        double part = options.fraction("mon_warn_on_slow_ping_ratio", GRACE_PART);
        return Math.round(millis > 0 ? millis * 1e3 : grace * part * 1e6);
    }

    /** Adds what is not well: averages above {@code slowMicros}. */
    static void add(
            PgMap map, Instant now, long slowMicros, SortedMap<String, HealthCheck> checks) {
        add(map, now, slowMicros, checks, false, "back");
        add(map, now, slowMicros, checks, true, "front");
    }

    private static void add(
            PgMap map,
            Instant now,
            long slowMicros,
            SortedMap<String, HealthCheck> checks,
            boolean front,
            String network) {
        List<Pair> slow = new ArrayList<>();
        map.osds()
                .forEach((from, stat) ->
                        stat.pings()
                                .forEach((to, times) -> {
                                    if (isRecent(times, now)) {
                                        judge(from, to, times.averages(front), slowMicros, slow);
                                    }
                                }));
        if (slow.isEmpty()) {
            return;
        }
        slow.sort(SLOWEST_FIRST);
        List<String> detail = new ArrayList<>();
        for (Pair pair : slow.subList(0, Math.min(slow.size(), DETAIL_MAX))) {
            detail.add(text(pair, network, map.osdMap()));
        }
        if (slow.size() > DETAIL_MAX) {
            detail.add(
                    "Truncated long network list.  Use ceph daemon mgr.# dump_osd_network for more"
                            + " information");
        }
        String summary =
                "Slow OSD heartbeats on "
                        + network
                        + " (longest "
                        + millis(slow.getFirst().micros)
                        + "ms)";
        checks.put(
                "OSD_SLOW_PING_TIME_" + network.toUpperCase(Locale.ROOT),
                new HealthCheck(HealthCheck.WARNING, summary, detail, slow.size()));
    }

    private static boolean isRecent(PingTimes times, Instant now) {
        long age = now.getEpochSecond() - Integer.toUnsignedLong(times.lastUpdate());
        return age <= OLD_SECONDS;
    }

    private static void judge(int from, int to, long[] averages, long slowMicros, List<Pair> slow) {
        long most = Math.max(averages[0], Math.max(averages[1], averages[2]));
        if (most > slowMicros) {
            boolean improving = averages[0] < averages[1] && averages[1] < averages[2];
            slow.add(new Pair(most, from, to, improving));
        }
    }

    private static String text(Pair pair, String network, OsdMap map) {
        return "Slow OSD heartbeats on "
                + network
                + " from "
                + name(pair.from, map)
                + " to "
                + name(pair.to, map)
                + " "
                + millis(pair.micros)
                + " msec"
                + (pair.improving ? " possibly improving" : "");
    }

    /** With what is above its host, the root aside: a bad switch may be the rack's. */
    private static String name(int osd, OsdMap map) {
        TreeSet<String> above = new TreeSet<>();
        Optional<CrushBucket> bucket = map.crush().parent(osd);
        while (bucket.isPresent()) {
            String type = map.crush().typeName(bucket.get().type());
            if (!type.equals("root") && !type.equals("host")) {
                above.add(map.crush().itemName(bucket.get().id()));
            }
            bucket = map.crush().parent(bucket.get().id());
        }
        return "osd."
                + osd
                + " ["
                + String.join(",", above)
                + "]"
                + (map.isUp(osd) ? "" : " (down)");
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%d.%03d", micros / 1000, micros % 1000);
    }
}
