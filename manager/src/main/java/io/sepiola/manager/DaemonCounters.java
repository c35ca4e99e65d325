package io.sepiola.manager;

import io.sepiola.base.Decoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Mark;
import io.sepiola.protocol.message.MMgrReport;
import io.sepiola.protocol.osd.PerfCounterType;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The performance counters of daemons of one kind, by what they last said. Owned by the manager's
 * shard.
 *
 * <p>A report's values := S(1/1){for each declared counter by its path: value:u64, of averages also
 * count:u64 count:u64}. Times are in nanoseconds.
 */
final class DaemonCounters<K extends Comparable<K>> {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonCounters.class);
    private static final int COUNTERS_MAX = 4096; // of one daemon

    /** A counter's value; {@code count} is of averages. */
    record Value(PerfCounterType type, long sum, long count) {
        private static final int TIME = 1;
        private static final int AVERAGE = 4;
        private static final int RISING = 8;
        private static final int HISTOGRAM = 16;

        boolean isAverage() {
            return (type.kind() & AVERAGE) != 0;
        }

        boolean isHistogram() {
            return (type.kind() & HISTOGRAM) != 0;
        }

        boolean isRising() {
            return (type.kind() & (AVERAGE | RISING)) != 0;
        }

        /** In seconds, of times. */
        double shown() {
            return (type.kind() & TIME) != 0 ? sum / 1e9 : sum;
        }
    }

    private final String kind;
    private final SortedMap<K, Heard> byDaemon = new TreeMap<>();

    /**
     * None.
     *
     * @param kind what their names begin with, such as {@code osd.}
     */
    DaemonCounters(String kind) {
        this.kind = kind;
    }

    /**
     * What a daemon said, and when.
     *
     * @param before the values of the report before this one
     * @param seconds between the two; 0 when there was none
     */
    private record Heard(
            Instant at,
            NavigableMap<String, Value> values,
            NavigableMap<String, Value> before,
            double seconds) {}

    /** A daemon begins a session: it will declare its counters anew. */
    void begin(K daemon) {
        byDaemon.remove(daemon);
    }

    /** What a daemon says; a report that cannot be read changes nothing. */
    void heard(K daemon, MMgrReport report, Instant now) {
        NavigableMap<String, Value> next = new TreeMap<>(known(daemon));
        report.undeclared().forEach(next::remove);
        report.declared().forEach(type -> next.put(type.path(), new Value(type, 0, 0)));
        if (next.size() > COUNTERS_MAX) {
            Mark.hit("a daemon declares more counters than are kept");
            return;
        }
        try {
            Decoder in = new Decoder(report.packed());
            in.struct(
                    1,
                    (version, body) -> {
                        next.replaceAll((path, known) -> read(known, body));
                        return next;
                    });
            Heard last = byDaemon.get(daemon);
            double seconds =
                    last == null ? 0 : Math.max(0, Duration.between(last.at, now).toNanos() / 1e9);
            byDaemon.put(daemon, new Heard(now, next, known(daemon), seconds));
        } catch (Malformed malformed) {
            LOG.warn(
                    "{}{} sent counters that cannot be read: {}",
                    kind,
                    daemon,
                    malformed.getMessage());
        }
    }

    /** A daemon's, by path. */
    NavigableMap<String, Value> known(K daemon) {
        Heard last = byDaemon.get(daemon);
        return last == null ? Collections.emptyNavigableMap() : last.values;
    }

    /** How fast a counter of a daemon rose between its last two reports. */
    double perSecond(K daemon, String path) {
        Heard last = byDaemon.get(daemon);
        Value value = last == null ? null : last.values.get(path);
        Value before = last == null ? null : last.before.get(path);
        return last == null || value == null || before == null || last.seconds == 0
                ? 0
                : Math.max(0, value.sum - before.sum) / last.seconds;
    }

    private static Value read(Value known, Decoder in) {
        long sum = in.u64();
        long count = known.isAverage() ? in.u64() : 0;
        if (known.isAverage()) {
            in.u64(); // the same again
        }
        return new Value(known.type, sum, count);
    }

    /** By path, then the daemon's whole name; of those that live, in their order. */
    SortedMap<String, SequencedMap<String, Value>> of(Predicate<K> lives) {
        byDaemon.keySet().removeIf(lives.negate());
        SortedMap<String, SequencedMap<String, Value>> all = new TreeMap<>();
        byDaemon.forEach((daemon, last) ->
                last.values.forEach((path, value) ->
                        all.computeIfAbsent(path, p -> new LinkedHashMap<>())
                                .put(kind + daemon, value)));
        return all;
    }
}
