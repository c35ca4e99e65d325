package io.sepiola.protocol.perf;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.protocol.message.MMgrReport;
import io.sepiola.protocol.osd.DaemonHealthMetric;
import io.sepiola.protocol.osd.PerfCounterType;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Tells a manager the counters that it wants: each is declared once in a session, its value goes
 * into every report. Owned by the daemon's shard.
 *
 * <p>packed := S(1/1){for each declared counter by its path: value:u64, of averages also count:u64
 * count:u64}. Times are in nanoseconds.
 */
public final class CounterReport {
    /** No measurements of queries (u32), of tasks (u8), and none of another kind (u8). */
    private static final Bytes NOTHING_MORE = Bytes.zeros(6);

    private static final int PRIORITY_MIN_DEFAULT = 5; // mgr_stats_threshold

    private final Supplier<NavigableMap<String, PerfCounters.Counter>> counters;
    private final TreeSet<String> declared = new TreeSet<>();
    private int priorityMin = PRIORITY_MIN_DEFAULT;

    /**
     * Nothing is declared yet.
     *
     * @param counters what there is, by path
     */
    public CounterReport(Supplier<NavigableMap<String, PerfCounters.Counter>> counters) {
        this.counters = counters;
    }

    /** Another session: nothing is declared there. */
    public void begin() {
        declared.clear();
    }

    /** Counters of less than that priority are not wanted. */
    public void priorityMin(int priority) {
        priorityMin = priority;
    }

    /**
     * The next report.
     *
     * @param config what has changed of the daemon's options; empty for nothing
     */
    public MMgrReport next(String daemon, List<DaemonHealthMetric> health, Bytes config) {
        List<PerfCounterType> more = new ArrayList<>();
        Encoder packed = new Encoder();
        int begun = packed.beginStruct(1, 1);
        TreeSet<String> undeclared = new TreeSet<>(declared);
        for (PerfCounters.Counter counter : counters.get().values()) {
            PerfCounterType type = counter.type();
            if (type.priority() < priorityMin) {
                continue;
            }
            undeclared.remove(type.path());
            if (declared.add(type.path())) {
                more.add(type);
            }
            packed.u64(counter.value().getAsLong());
            if (counter.isAverage()) {
                long count = counter.count().getAsLong();
                packed.u64(count).u64(count);
            }
        }
        packed.endSized(begun);
        declared.removeAll(undeclared);
        return new MMgrReport(
                daemon,
                more,
                packed.toBytes(),
                List.copyOf(undeclared),
                "",
                Optional.empty(),
                health,
                config,
                NOTHING_MORE);
    }
}
