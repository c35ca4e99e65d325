package io.sepiola.monitor;

import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdXinfo;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Whether what OSDs say of another is enough to mark it down (Ceph's OSDMonitor::check_failure, and
 * "Monitors determine OSD status" of its documentation). Pure.
 */
final class DownDecision {
    private DownDecision() {}

    /**
     * One OSD's word on another.
     *
     * @param since when it last heard of it
     * @param heard when it last said so
     */
    record Report(Instant since, Instant heard) {}

    /**
     * What the operator may set.
     *
     * @param grace the silence that is nothing unusual
     * @param reportersMin how many must agree
     * @param level the type of bucket whose OSDs count as one reporter
     * @param adjust whether OSDs that have been slow before are given more time
     * @param laggyHalflife the time after which half of that is forgotten
     */
    record Options(
            Duration grace,
            int reportersMin,
            String level,
            boolean adjust,
            Duration laggyHalflife) {}

    /** Why {@code osd} is to be marked down; nothing when it is not. */
    static Optional<String> decide(
            int osd, SortedMap<Integer, Report> reports, OsdMap map, Options options, Instant now) {
        if (reports.isEmpty() || !map.isUp(osd)) {
            return Optional.empty();
        }
        Instant since = Instant.MIN;
        TreeSet<String> subtrees = new TreeSet<>();
        boolean single = mayReport(osd, map, options.level, 2) < 2;
        for (Map.Entry<Integer, Report> entry : reports.entrySet()) {
            int reporter = entry.getKey();
            Instant its = entry.getValue().since;
            since = its.isAfter(since) ? its : since;
            subtrees.add(single ? "osd." + reporter : subtree(map, reporter, options.level));
        }
        Duration silent = Duration.between(since, now);
        boolean long_ = silent.compareTo(grace(osd, reports, map, options, now)) >= 0;
        if (!long_ || subtrees.size() < needed(osd, map, options)) {
            return Optional.empty();
        }
        return Optional.of(
                "osd."
                        + osd
                        + " failed ("
                        + reports.size()
                        + (reports.size() == 1 ? " reporter" : " reporters")
                        + " from different "
                        + (single ? "osd" : options.level)
                        + ", silent for "
                        + silent.toSeconds()
                        + " s)");
    }

    /**
     * How many must agree. Of a cluster with fewer who could report, no more are asked for; Ceph
     * asks all the same, and a silent OSD of a single host stays up there for 15 minutes.
     */
    private static int needed(int osd, OsdMap map, Options options) {
        int able = mayReport(osd, map, options.level, Math.max(2, options.reportersMin));
        if (able < 2) {
            able = map.upCount() - 1; // all in one subtree: each OSD speaks for itself
        }
        return Math.max(1, Math.min(options.reportersMin, able));
    }

    /** In how many subtrees there is an OSD that could report that one; counted up to a bound. */
    private static int mayReport(int osd, OsdMap map, String level, int most) {
        TreeSet<String> subtrees = new TreeSet<>();
        for (int other = 0; other < map.osdMax() && subtrees.size() < most; other++) {
            if (other != osd && map.isUp(other)) {
                subtrees.add(subtree(map, other, level));
            }
        }
        return subtrees.size();
    }

    /** The name of the bucket of that level around an OSD, or its own where there is none. */
    static String subtree(OsdMap map, int osd, String level) {
        int item = osd;
        while (true) {
            var parent = map.crush().parent(item);
            if (parent.isEmpty()) {
                return "osd." + osd;
            }
            item = parent.get().id();
            if (map.crush().typeName(parent.get().type()).equals(level)) {
                return map.crush().itemName(item);
            }
        }
    }

    /**
     * The grace, and more for an OSD that was slow before, and for reporters who were: then it is
     * perhaps a switch that is slow.
     */
    private static Duration grace(
            int osd, SortedMap<Integer, Report> reports, OsdMap map, Options options, Instant now) {
        if (!options.adjust) {
            return options.grace;
        }
        double seconds = laggySeconds(map.xinfo(osd), options.laggyHalflife, now);
        double ofReporters = 0;
        for (int reporter : reports.keySet()) {
            ofReporters += laggySeconds(map.xinfo(reporter), options.laggyHalflife, now);
        }
        seconds += ofReporters / reports.size();
        return options.grace.plusMillis((long) (seconds * 1000));
    }

    /** How long an OSD may be expected to be slow: less the longer ago it was. */
    static double laggySeconds(OsdXinfo xinfo, Duration halflife, Instant now) {
        double ago = Math.max(0, Duration.between(xinfo.downStamp().toInstant(), now).toSeconds());
        double decay = Math.pow(0.5, ago / Math.max(1, halflife.toSeconds()));
        return decay * Integer.toUnsignedLong(xinfo.laggyInterval()) * xinfo.laggyShare();
    }
}
