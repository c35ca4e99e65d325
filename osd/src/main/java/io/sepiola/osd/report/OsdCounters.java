package io.sepiola.osd.report;

import static io.sepiola.protocol.perf.PerfCounters.AVERAGE;
import static io.sepiola.protocol.perf.PerfCounters.NUMBER;
import static io.sepiola.protocol.perf.PerfCounters.RISING;
import static io.sepiola.protocol.perf.PerfCounters.TIME;

import io.sepiola.base.Clock;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdOpResult;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PerfCounterType;
import io.sepiola.protocol.osd.StoreLatency;
import io.sepiola.protocol.perf.PerfCounters;
import io.sepiola.protocol.perf.PerfCounters.Counter;
import io.sepiola.protocol.tell.OperationHistory;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What an OSD has done since it started, under Ceph's names (osd_perf_counters.cc). Owned by the
 * OSD's shard.
 */
public final class OsdCounters {
    private static final int BYTES = 0;
    private static final int NO_UNIT = 1;

    private static final int CRITICAL = 10;
    private static final int LATENCY = 9;
    private static final int INTERESTING = 8;
    private static final int USEFUL = 5;
    private static final int FOR_DEBUGGING = 0;

    /** By what they are called where there is little room. */
    private static final Map<String, String> NICKS =
            Map.of(
                    "op", "ops",
                    "op_in_bytes", "wr",
                    "op_out_bytes", "rd",
                    "op_latency", "l",
                    "recovery_ops", "rop",
                    "recovery_bytes", "rbt",
                    "numpg", "pgs",
                    "stat_bytes", "size",
                    "stat_bytes_used", "used");

    /** Operations of one kind. */
    private static final class Ops {
        private long count;
        private long bytesIn;
        private long bytesOut;
        private long nanos;

        void add(long in, long out, long took) {
            count++;
            bytesIn += in;
            bytesOut += out;
            nanos += took;
        }
    }

    private final Clock clock;
    private final Ops all = new Ops();
    private final Ops reads = new Ops();
    private final Ops writes = new Ops();
    private final Ops both = new Ops();
    private final Ops replicated = new Ops();
    private final NavigableMap<String, Counter> counters = new TreeMap<>();
    private final PerfCounters shown = new PerfCounters();
    private final OperationHistory history;
    private long commitNanos;
    private long commitCount;
    private long commitNanosTold;
    private long commitCountTold;
    private OsdStat stat = OsdStat.ZERO;

    /** All at 0; nothing is recovered. */
    public OsdCounters(Clock clock) {
        this(clock, () -> 0, () -> 0);
    }

    /**
     * All at 0.
     *
     * @param recoveryCount objects whose recovery has begun
     * @param recoveryBytes moved by it
     */
    public OsdCounters(Clock clock, LongSupplier recoveryCount, LongSupplier recoveryBytes) {
        this.clock = clock;
        this.history = new OperationHistory(clock, "osd_op_history");
        ops("op", "Client operations", CRITICAL, all);
        bytes("op_in_bytes", "Client operations total write size", INTERESTING, () -> all.bytesIn);
        bytes("op_out_bytes", "Client operations total read size", INTERESTING, () -> all.bytesOut);
        times("op_latency", "Latency of client operations (including queue time)", LATENCY, all);
        ops("op_r", "Client read operations", USEFUL, reads);
        bytes("op_r_out_bytes", "Client data read", USEFUL, () -> reads.bytesOut);
        times("op_r_latency", "Latency of read operation (including queue time)", USEFUL, reads);
        ops("op_w", "Client write operations", USEFUL, writes);
        bytes("op_w_in_bytes", "Client data written", USEFUL, () -> writes.bytesIn);
        times("op_w_latency", "Latency of write operation (including queue time)", USEFUL, writes);
        ops("op_rw", "Client read-modify-write operations", USEFUL, both);
        bytes(
                "op_rw_in_bytes",
                "Client read-modify-write operations write in",
                USEFUL,
                () -> both.bytesIn);
        bytes(
                "op_rw_out_bytes",
                "Client read-modify-write operations read out ",
                USEFUL,
                () -> both.bytesOut);
        times(
                "op_rw_latency",
                "Latency of read-modify-write operation (including queue time)",
                USEFUL,
                both);
        ops("subop", "Suboperations", FOR_DEBUGGING, replicated);
        bytes(
                "subop_in_bytes",
                "Suboperations total size",
                FOR_DEBUGGING,
                () -> replicated.bytesIn);
        times("subop_latency", "Suboperations latency", FOR_DEBUGGING, replicated);
        ops("subop_w", "Replicated writes", FOR_DEBUGGING, replicated);
        bytes(
                "subop_w_in_bytes",
                "Replicated written data size",
                FOR_DEBUGGING,
                () -> replicated.bytesIn);
        times("subop_w_latency", "Replicated writes latency", FOR_DEBUGGING, replicated);
        rising("recovery_ops", "Started recovery operations", INTERESTING, recoveryCount);
        bytes("recovery_bytes", "recovery bytes", INTERESTING, recoveryBytes);
        state("numpg", "Placement groups", USEFUL, NO_UNIT, () -> stat.pgCount());
        state("stat_bytes", "OSD size", USEFUL, BYTES, () -> stat.kib() << 10);
        state("stat_bytes_used", "Used space", USEFUL, BYTES, () -> stat.kibUsed() << 10);
        state(
                "stat_bytes_avail",
                "Available space",
                FOR_DEBUGGING,
                BYTES,
                () -> stat.kibAvailable() << 10);
        shown.add( // told to nobody but those who ask the OSD
                new Counter(
                        new PerfCounterType(
                                "bluestore.commit_lat",
                                "Average commit latency",
                                "c_l",
                                TIME | AVERAGE,
                                CRITICAL,
                                NO_UNIT),
                        () -> commitNanos,
                        () -> commitCount));
    }

    private void ops(String name, String description, int priority, Ops of) {
        rising(name, description, priority, () -> of.count);
    }

    private void rising(String name, String description, int priority, LongSupplier value) {
        add(name, description, NUMBER | RISING, priority, NO_UNIT, value, () -> 0);
    }

    private void bytes(String name, String description, int priority, LongSupplier value) {
        add(name, description, NUMBER | RISING, priority, BYTES, value, () -> 0);
    }

    private void times(String name, String description, int priority, Ops of) {
        add(name, description, TIME | AVERAGE, priority, NO_UNIT, () -> of.nanos, () -> of.count);
    }

    private void state(
            String name, String description, int priority, int unit, LongSupplier value) {
        add(name, description, NUMBER, priority, unit, value, () -> 0);
    }

    private void add(
            String name,
            String description,
            int kind,
            int priority,
            int unit,
            LongSupplier value,
            LongSupplier count) {
        PerfCounterType type =
                new PerfCounterType(
                        "osd." + name,
                        description,
                        NICKS.getOrDefault(name, ""),
                        kind,
                        priority,
                        unit);
        Counter counter = new Counter(type, value, count);
        counters.put(type.path(), counter);
        shown.add(counter);
    }

    /** By path, in order. */
    NavigableMap<String, Counter> counters() {
        return counters;
    }

    /** As they are shown to who asks the OSD; what the manager is told is not reset by it. */
    public PerfCounters shown() {
        return shown;
    }

    /** Which operations took long. */
    public OperationHistory history() {
        return history;
    }

    /** The OSD's state as it is being reported. */
    void reported(OsdStat now) {
        stat = now;
    }

    /**
     * A client has its answer.
     *
     * @param arrivedNanos when the operation came, by the shard's clock
     */
    public void answered(
            MOSDOp op,
            boolean reading,
            boolean writing,
            int result,
            List<OsdOpResult> results,
            long arrivedNanos) {
        if (result < 0) {
            return; // as Ceph counts
        }
        long in = writing ? bytesIn(op) : 0;
        long out = 0;
        for (OsdOpResult each : results) {
            out += each.output().size();
        }
        long took = clock.nanos() - arrivedNanos;
        all.add(in, out, took);
        (reading && writing ? both : writing ? writes : reads).add(in, out, took);
    }

    private static long bytesIn(MOSDOp op) {
        long sum = 0;
        for (OsdOp one : op.ops()) {
            sum +=
                    switch (one) {
                        case OsdOp.Write o -> o.data().size();
                        case OsdOp.WriteFull o -> o.data().size();
                        case OsdOp.WriteSame o -> o.data().size();
                        case OsdOp.Append o -> o.data().size();
                        default -> 0;
                    };
        }
        return sum;
    }

    /**
     * A write of another primary is on disk here.
     *
     * @param bytes of its transaction
     * @param arrivedNanos when it came, by the shard's clock
     */
    public void replicated(long bytes, long arrivedNanos) {
        replicated.add(bytes, 0, clock.nanos() - arrivedNanos);
        committed(arrivedNanos);
    }

    /**
     * The store has made a write durable.
     *
     * @param submittedNanos when it was given to it
     */
    public void committed(long submittedNanos) {
        commitNanos += clock.nanos() - submittedNanos;
        commitCount++;
    }

    /** How long the store took for each write since this was asked last. */
    public StoreLatency latency() {
        long count = commitCount - commitCountTold;
        long nanos = commitNanos - commitNanosTold;
        commitCountTold = commitCount;
        commitNanosTold = commitNanos;
        int millis = count == 0 ? 0 : (int) (nanos / count / 1_000_000);
        return new StoreLatency(millis, millis); // what is committed is applied
    }
}
