package io.sepiola.monitor.state;

import java.util.SortedMap;
import java.util.TreeMap;

/** Changed copies of sorted maps. */
final class Sorted {
    private Sorted() {}

    static <K extends Comparable<? super K>, V> SortedMap<K, V> with(
            SortedMap<K, V> map, K key, V value) {
        SortedMap<K, V> copy = new TreeMap<>(map);
        copy.put(key, value);
        return copy;
    }

    static <K extends Comparable<? super K>, V> SortedMap<K, V> without(
            SortedMap<K, V> map, K key) {
        SortedMap<K, V> copy = new TreeMap<>(map);
        copy.remove(key);
        return copy;
    }
}
