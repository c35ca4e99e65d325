package io.sepiola.base;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts how often odd branches were taken, so that a test can show that it reached one. */
public final class Mark {
    private static final Map<String, LongAdder> HITS = new ConcurrentHashMap<>();

    private Mark() {}

    /** Called from the odd branch; the name says what happened. Any thread. */
    public static void hit(String name) {
        HITS.computeIfAbsent(name, key -> new LongAdder()).increment();
    }

    /** How often {@code name} was hit in this process. */
    public static long count(String name) {
        LongAdder hits = HITS.get(name);
        return hits == null ? 0 : hits.sum();
    }

    /** All marks hit in this process, by name. */
    public static Map<String, Long> all() {
        Map<String, Long> copy = new TreeMap<>();
        HITS.forEach((name, hits) -> copy.put(name, hits.sum()));
        return copy;
    }
}
