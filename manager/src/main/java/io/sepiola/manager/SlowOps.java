package io.sepiola.manager;

import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.DaemonHealthMetric;
import io.sepiola.protocol.osd.HealthCheck;
import io.sepiola.protocol.osd.HealthChecks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which OSDs and monitors leave clients waiting, by what they last said. Owned by the manager's
 * shard.
 */
final class SlowOps {
    private static final int KIND = 0; // DaemonHealthMetric.kind
    private static final int NAMES_MAX = 10;

    private record Slow(long count, long oldestSeconds) {}

    private final SortedMap<Integer, Slow> byOsd = new TreeMap<>();
    private final SortedMap<String, Slow> byMonitor = new TreeMap<>();

    /** What an OSD says of itself. */
    void heard(int osd, List<DaemonHealthMetric> metrics) {
        slow(metrics).ifPresent(slow -> byOsd.put(osd, slow));
    }

    /** What a monitor says of itself. */
    void heardMonitor(String monitor, List<DaemonHealthMetric> metrics) {
        slow(metrics).ifPresent(slow -> byMonitor.put(monitor, slow));
    }

    /** A monitor says no more. */
    void forgetMonitor(String monitor) {
        byMonitor.remove(monitor);
    }

    private static Optional<Slow> slow(List<DaemonHealthMetric> metrics) {
        return metrics.stream()
                .filter(metric -> metric.kind() == KIND)
                .reduce((first, last) -> last)
                .map(metric -> new Slow(metric.value() & 0xffffffffL, metric.value() >>> 32));
    }

    /** These and what else is not well. Of OSDs that are down nothing is said. */
    HealthChecks with(HealthChecks others, OsdMap map) {
        byOsd.keySet().removeIf(osd -> !map.exists(osd) || !map.isUp(osd));
        long count = 0;
        long oldest = 0;
        List<String> names = new ArrayList<>();
        Map<String, Slow> byName = new LinkedHashMap<>();
        byMonitor.forEach((monitor, slow) -> byName.put("mon." + monitor, slow));
        byOsd.forEach((osd, slow) -> byName.put("osd." + osd, slow));
        for (var entry : byName.entrySet()) {
            if (entry.getValue().count > 0) {
                count += entry.getValue().count;
                oldest = Math.max(oldest, entry.getValue().oldestSeconds);
                names.add(entry.getKey());
            }
        }
        if (names.isEmpty()) {
            return others;
        }
        String summary =
                count + " slow ops, oldest one blocked for " + oldest + " sec, " + who(names);
        SortedMap<String, HealthCheck> all = new TreeMap<>(others.checks());
        all.put("SLOW_OPS", new HealthCheck(HealthCheck.WARNING, summary, List.of(), 1));
        return new HealthChecks(all);
    }

    /** How many there are at each monitor, and on each OSD that is up. */
    SequencedMap<String, Long> counts(OsdMap map) {
        SequencedMap<String, Long> counts = new LinkedHashMap<>();
        byMonitor.forEach((monitor, slow) -> counts.put("mon." + monitor, slow.count));
        byOsd.forEach((osd, slow) -> {
            if (map.exists(osd) && map.isUp(osd)) {
                counts.put("osd." + osd, slow.count);
            }
        });
        return counts;
    }

    private static String who(List<String> names) {
        if (names.size() == 1) {
            return names.getFirst() + " has slow ops";
        }
        String some = names.stream().limit(NAMES_MAX).collect(Collectors.joining(",", "[", "]"));
        return "daemons " + some + (names.size() > NAMES_MAX ? "..." : "") + " have slow ops.";
    }
}
