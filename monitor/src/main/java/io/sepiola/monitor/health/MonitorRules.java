package io.sepiola.monitor.health;

import io.sepiola.monitor.health.Health.Check;
import io.sepiola.monitor.health.Health.Severity;
import io.sepiola.protocol.map.MonMap;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Finds monitors that are missing, with Ceph's words (HealthMonitor). */
public final class MonitorRules {
    private MonitorRules() {}

    /** Adds what is wrong; {@code present} are the ranks of those that agree at present. */
    public static void check(SortedMap<String, Check> checks, MonMap map, List<Integer> present) {
        List<String> detail = new ArrayList<>();
        for (int rank = 0; rank < map.size(); rank++) {
            if (!present.contains(rank)) {
                String name = map.ranks().get(rank);
                detail.add(
                        "mon."
                                + name
                                + " (rank "
                                + rank
                                + ") addr "
                                + map.byRank(rank).orElseThrow().addrs()
                                + " is down (out of quorum)");
            }
        }
        if (!detail.isEmpty()) {
            String quorum =
                    present.stream()
                            .map(rank -> map.ranks().get(rank))
                            .collect(Collectors.joining(","));
            String summary = detail.size() + "/" + map.size() + " mons down, quorum " + quorum;
            checks.put("MON_DOWN", new Check(Severity.WARN, summary, detail.size(), detail));
        }
    }
}
