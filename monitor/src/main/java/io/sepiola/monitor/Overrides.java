package io.sepiola.monitor;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The options that one monitor was told for as long as it runs, whether it leads or not. Owned by
 * the monitor's shard.
 */
final class Overrides {
    private SortedMap<String, String> values = Collections.emptySortedMap();

    SortedMap<String, String> values() {
        return values;
    }

    void set(SortedMap<String, String> newValues) {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(newValues));
    }
}
