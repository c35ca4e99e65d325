package io.sepiola.manager;

import io.sepiola.base.Decoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Mark;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MMgrReport;
import io.sepiola.protocol.osd.PerfCounterType;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The OSDs' performance counters, by what they last said. Owned by the manager's shard.
 *
 * <p>A report's values := S(1/1){for each declared counter by its path: value:u64, of averages also
 * count:u64 count:u64}. Times are in nanoseconds.
 */
final class DaemonCounters {
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

    private final SortedMap<Integer, Heard> byOsd = new TreeMap<>();

    /**
     * What an OSD said, and when.
     *
     * @param before the values of the report before this one
     * @param seconds between the two; 0 when there was none
     */
    private record Heard(
            Instant at,
            NavigableMap<String, Value> values,
            NavigableMap<String, Value> before,
            double seconds) {}

    /** An OSD begins a session: it will declare its counters anew. */
    void begin(int osd) {
        byOsd.remove(osd);
    }

    /** What an OSD says; a report that cannot be read changes nothing. */
    void heard(int osd, MMgrReport report, Instant now) {
        NavigableMap<String, Value> next = new TreeMap<>(known(osd));
        report.undeclared().forEach(next::remove);
        report.declared().forEach(type -> next.put(type.path(), new Value(type, 0, 0)));
        if (next.size() > COUNTERS_MAX) {
            Mark.hit("an OSD declares more counters than are kept");
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
            Heard last = byOsd.get(osd);
            double seconds =
                    last == null ? 0 : Math.max(0, Duration.between(last.at, now).toNanos() / 1e9);
            byOsd.put(osd, new Heard(now, next, known(osd), seconds));
        } catch (Malformed malformed) {
            LOG.warn("osd.{} sent counters that cannot be read: {}", osd, malformed.getMessage());
        }
    }

    /** An OSD's, by path. */
    NavigableMap<String, Value> known(int osd) {
        Heard last = byOsd.get(osd);
        return last == null ? Collections.emptyNavigableMap() : last.values;
    }

    /** How fast a counter of an OSD rose between its last two reports. */
    double perSecond(int osd, String path) {
        Heard last = byOsd.get(osd);
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

    /** By OSD, then path; of those that are up. */
    SortedMap<Integer, NavigableMap<String, Value>> of(OsdMap map) {
        byOsd.keySet().removeIf(osd -> !map.exists(osd) || !map.isUp(osd));
        SortedMap<Integer, NavigableMap<String, Value>> all = new TreeMap<>();
        byOsd.forEach((osd, last) -> all.put(osd, last.values));
        return all;
    }
}
