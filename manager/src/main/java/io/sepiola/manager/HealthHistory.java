package io.sepiola.manager;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which health checks there have been since this manager began, by code, with their severity. Owned
 * by the manager's shard.
 */
final class HealthHistory {
    private static final int CODES_MAX = 1000;

    private final SortedMap<String, String> severities = new TreeMap<>();

    /** The checks of now; the first severity of each is kept, as Ceph does. */
    void saw(SortedMap<String, String> checks) {
        checks.forEach((code, severity) -> {
            if (severities.size() < CODES_MAX) {
                severities.putIfAbsent(code, severity);
            }
        });
    }

    SortedMap<String, String> seen() {
        return Collections.unmodifiableSortedMap(severities);
    }
}
