package io.sepiola.protocol.perf;

import io.sepiola.protocol.osd.PerfCounterType;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What a daemon has counted, as {@code perf dump} and {@code perf schema} show it: counters under
 * the names of their loggers. Who counts keeps the numbers, and is asked for them when they are
 * shown. Owned by whoever owns the counters.
 */
public final class PerfCounters {
    /** The bits of a counter's kind. */
    public static final int TIME = 1;

    /** A plain number. */
    public static final int NUMBER = 2;

    /** A sum, of which the average is told. */
    public static final int AVERAGE = 4;

    /** Never falls. */
    public static final int RISING = 8;

    private static final int NANO_DIGITS = 9;

    /**
     * A counter, and where it stands.
     *
     * @param type its path is {@code LOGGER.NAME}
     * @param value times in nanoseconds; of averages the sum
     * @param count of what an average is made of
     */
    public record Counter(PerfCounterType type, LongSupplier value, LongSupplier count) {
        /** A counter that is no average. */
        public static Counter of(PerfCounterType type, LongSupplier value) {
            return new Counter(type, value, () -> 0);
        }

        /** Whether it is told with a count. */
        public boolean isAverage() {
            return (type.kind() & AVERAGE) != 0;
        }
    }

    /** One that is shown, and where it stood when it was set to 0. */
    private static final class Shown {
        private final Counter counter;
        private long valueBefore;
        private long countBefore;

        Shown(Counter counter) {
            this.counter = counter;
        }

        /** What is a state stays as it is. */
        void reset() {
            if (counter.type.kind() != NUMBER) {
                valueBefore = counter.value.getAsLong();
                countBefore = counter.count.getAsLong();
            }
        }

        Object dump() {
            long value = counter.value.getAsLong() - valueBefore;
            boolean time = (counter.type.kind() & TIME) != 0;
            if (!counter.isAverage()) {
                return time ? (Object) seconds(value) : (Object) value;
            }
            long count = counter.count.getAsLong() - countBefore;
            Map<String, Object> average = new LinkedHashMap<>();
            average.put("avgcount", count);
            average.put("sum", time ? (Object) seconds(value) : (Object) value);
            if (time) {
                average.put("avgtime", seconds(count == 0 ? 0 : value / count));
            }
            return average;
        }

        private static BigDecimal seconds(long nanos) {
            return BigDecimal.valueOf(nanos, NANO_DIGITS)
                    .setScale(NANO_DIGITS, RoundingMode.UNNECESSARY);
        }

        Map<String, Object> schema() {
            PerfCounterType type = counter.type;
            boolean time = (type.kind() & TIME) != 0;
            String value = time ? "real" : "integer";
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("type", type.kind());
            all.put("metric_type", (type.kind() & RISING) != 0 ? "counter" : "gauge");
            all.put("value_type", counter.isAverage() ? value + "-integer-pair" : value);
            all.put("description", type.description());
            all.put("nick", type.nick());
            all.put("priority", type.priority());
            all.put("units", type.unit() == 0 ? "bytes" : "none");
            return all;
        }
    }

    private final SortedMap<String, Map<String, Shown>> loggers = new TreeMap<>();

    /** No counters yet. */
    public PerfCounters() {}

    /** One more; within a logger they are shown in the order of their coming. */
    public void add(Counter counter) {
        String path = counter.type.path();
        int dot = path.indexOf('.');
        loggers.computeIfAbsent(path.substring(0, dot), key -> new LinkedHashMap<>())
                .put(path.substring(dot + 1), new Shown(counter));
    }

    /** All, by path; their values are not those from 0 on that are shown after a reset. */
    public NavigableMap<String, Counter> counters() {
        NavigableMap<String, Counter> all = new TreeMap<>();
        loggers.values()
                .forEach(logger ->
                        logger.values()
                                .forEach(shown ->
                                        all.put(shown.counter.type.path(), shown.counter)));
        return all;
    }

    /**
     * Their values, by logger and name.
     *
     * @param logger the only one that is wanted; empty for all
     * @param name the only counter that is wanted; empty for all
     */
    public SortedMap<String, Object> dump(String logger, String name) {
        SortedMap<String, Object> all = new TreeMap<>();
        loggers.forEach((each, counters) -> {
            if (logger.isEmpty() || logger.equals(each)) {
                Map<String, Object> values = new LinkedHashMap<>();
                counters.forEach((own, counter) -> {
                    if (name.isEmpty() || name.equals(own)) {
                        values.put(own, counter.dump());
                    }
                });
                all.put(each, values);
            }
        });
        return all;
    }

    /** What they are, by logger and name. */
    public SortedMap<String, Object> schema() {
        SortedMap<String, Object> all = new TreeMap<>();
        loggers.forEach((logger, counters) -> {
            Map<String, Object> schemas = new LinkedHashMap<>();
            counters.forEach((name, counter) -> schemas.put(name, counter.schema()));
            all.put(logger, schemas);
        });
        return all;
    }

    /** Their values as Ceph 18's {@code counter dump} has them: each logger once for its labels. */
    public SortedMap<String, Object> labelledDump() {
        return labelled(dump("", ""));
    }

    /** What they are, in the same form. */
    public SortedMap<String, Object> labelledSchema() {
        return labelled(schema());
    }

    /** Nothing here has labels. */
    private static SortedMap<String, Object> labelled(SortedMap<String, Object> loggers) {
        SortedMap<String, Object> all = new TreeMap<>();
        loggers.forEach((logger, counters) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("labels", Map.of());
            one.put("counters", counters);
            all.put(logger, List.of(one));
        });
        return all;
    }

    /**
     * Shows them from 0 on. Who counts goes on counting, for those who look at differences.
     *
     * @param logger whose; {@code all} for all
     * @return what is answered, by its key
     */
    public Map<String, Object> reset(String logger) {
        if (!logger.equals("all") && !loggers.containsKey(logger)) {
            return Map.of("error", "Not find: " + logger);
        }
        loggers.forEach((each, counters) -> {
            if (logger.equals("all") || logger.equals(each)) {
                counters.values().forEach(Shown::reset);
            }
        });
        return Map.of("success", "perf reset " + logger);
    }
}
