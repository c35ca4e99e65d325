package io.sepiola.osd.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Simulation;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.message.MMgrReport;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdOpResult;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PerfCounterType;
import io.sepiola.protocol.osd.SnapContext;
import io.sepiola.protocol.osd.StoreLatency;
import io.sepiola.protocol.perf.CounterReport;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is counted, and how a manager is told. */
class OsdCountersTest {
    private final Simulation simulation = new Simulation(1);
    private final OsdCounters counters = new OsdCounters(simulation.clock());
    private final CounterReport report = new CounterReport(counters::counters);
    private final Map<String, PerfCounterType> declared = new TreeMap<>();

    /** As a manager reads it: values by path, of averages sum and count. */
    private Map<String, List<Long>> told() {
        MMgrReport message = report.next("3", List.of(), Bytes.EMPTY);
        message.undeclared().forEach(declared::remove);
        message.declared().forEach(type -> declared.put(type.path(), type));
        Map<String, List<Long>> values = new HashMap<>();
        Decoder in = new Decoder(message.packed());
        in.struct(
                1,
                (version, body) -> {
                    declared.forEach((path, type) -> {
                        List<Long> one = new ArrayList<>(List.of(body.u64()));
                        if ((type.kind() & 4) != 0) {
                            one.add(body.u64());
                            assertThat(body.u64()).isEqualTo(one.get(1));
                        }
                        values.put(path, one);
                    });
                    return values;
                });
        in.expectEnd();
        return values;
    }

    private void answered(OsdOp op, boolean writes, String output, Duration took) {
        MOSDOp message =
                new MOSDOp(
                        1,
                        SpgId.replicated(new PgId(1, 5)),
                        5,
                        9,
                        0,
                        new OsdReqId(new EntityName(EntityType.CLIENT, 4115), 1, 0),
                        0,
                        Utime.ZERO,
                        new ObjectLocator(1, "", "", -1),
                        "foo",
                        List.of(op),
                        HObject.HEAD,
                        SnapContext.NONE,
                        0,
                        0);
        long begun = simulation.clock().nanos();
        simulation.run(took);
        counters.answered(
                message,
                !writes,
                writes,
                0,
                List.of(OsdOpResult.of(op, 0, Bytes.utf8(output))),
                begun);
    }

    @Test
    void readsAndWritesAreCountedApart() {
        answered(new OsdOp.WriteFull(Bytes.utf8("12345"), 0), true, "", Duration.ofMillis(7));
        answered(new OsdOp.Stat(), false, "ab", Duration.ofMillis(2));
        answered(new OsdOp.Stat(), false, "c", Duration.ofMillis(3));
        assertThat(told())
                .containsEntry("osd.op", List.of(3L))
                .containsEntry("osd.op_w", List.of(1L))
                .containsEntry("osd.op_w_in_bytes", List.of(5L))
                .containsEntry("osd.op_w_latency", List.of(7_000_000L, 1L))
                .containsEntry("osd.op_r", List.of(2L))
                .containsEntry("osd.op_r_out_bytes", List.of(3L))
                .containsEntry("osd.op_r_latency", List.of(5_000_000L, 2L))
                .containsEntry("osd.op_latency", List.of(12_000_000L, 3L))
                .containsEntry("osd.op_rw", List.of(0L))
                .doesNotContainKey("osd.subop"); // of less priority than is wanted
    }

    @Test
    void countersAreDeclaredOnceInASessionAndAsTheManagerWants() {
        assertThat(report.next("3", List.of(), Bytes.EMPTY).declared()).isNotEmpty();
        assertThat(report.next("3", List.of(), Bytes.EMPTY).declared()).isEmpty();
        report.begin();
        assertThat(told()).containsKey("osd.op_r");
        report.priorityMin(8);
        assertThat(told()).containsKey("osd.op").doesNotContainKey("osd.op_r");
        report.priorityMin(0);
        assertThat(told()).containsKeys("osd.op", "osd.op_r", "osd.subop");
    }

    @Test
    void aStoresLatencyIsTheAverageSinceTheLastReport() {
        assertThat(counters.latency()).isEqualTo(StoreLatency.ZERO);
        long begun = simulation.clock().nanos();
        simulation.run(Duration.ofMillis(10));
        counters.committed(begun);
        simulation.run(Duration.ofMillis(20));
        counters.replicated(100, begun);
        assertThat(counters.latency()).isEqualTo(new StoreLatency(20, 20));
        assertThat(counters.latency()).isEqualTo(StoreLatency.ZERO);
        report.priorityMin(0);
        assertThat(told())
                .containsEntry("osd.subop", List.of(1L))
                .containsEntry("osd.subop_in_bytes", List.of(100L))
                .containsEntry("osd.subop_w_latency", List.of(30_000_000L, 1L));
    }
}
