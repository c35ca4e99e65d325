package io.sepiola.protocol.perf;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.osd.PerfCounterType;
import io.sepiola.protocol.perf.PerfCounters.Counter;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How counters are shown. */
class PerfCountersTest {
    private final PerfCounters counters = new PerfCounters();
    private long ops = 5;
    private long nanos = 3_000_000_001L;
    private long count = 2;

    @BeforeEach
    void declare() {
        counters.add(Counter.of(new PerfCounterType("osd.op", "Ops", "ops", 10, 10, 1), () -> ops));
        counters.add(
                new Counter(
                        new PerfCounterType("osd.op_latency", "Latency", "l", 5, 9, 1),
                        () -> nanos,
                        () -> count));
        counters.add(
                Counter.of(new PerfCounterType("store.bytes", "Size", "", 2, 5, 0), () -> ops));
    }

    @Test
    void averagesAreToldWithTheirSumInSeconds() {
        assertThat(counters.dump("", "").toString())
                .isEqualTo(
                        "{osd={op=5, op_latency={avgcount=2, sum=3.000000001,"
                                + " avgtime=1.500000000}}, store={bytes=5}}");
        count = 0;
        assertThat(counters.dump("osd", "op_latency").toString()).contains("avgtime=0E-9}");
    }

    @Test
    void oneLoggerOrCounterCanBeAskedFor() {
        assertThat(counters.dump("store", "").toString()).isEqualTo("{store={bytes=5}}");
        assertThat(counters.dump("osd", "op").toString()).isEqualTo("{osd={op=5}}");
        assertThat(counters.dump("osd", "nosuch").toString()).isEqualTo("{osd={}}");
        assertThat(counters.dump("nosuch", "")).isEmpty();
    }

    @Test
    void theSchemaSaysWhatTheyAre() {
        assertThat(counters.schema().toString())
                .startsWith(
                        "{osd={op={type=10, metric_type=counter, value_type=integer,"
                                + " description=Ops, nick=ops, priority=10, units=none},")
                .contains(
                        "op_latency={type=5, metric_type=gauge, value_type=real-integer-pair,",
                        "bytes={type=2, metric_type=gauge, value_type=integer,",
                        "units=bytes}");
    }

    @Test
    void aResetShowsWhatRisesFromNothingAndStatesAsTheyAre() {
        assertThat(counters.reset("all")).containsEntry("success", "perf reset all");
        ops = 7;
        nanos += 1_000_000_000;
        count++;
        assertThat(counters.dump("", "").toString())
                .isEqualTo(
                        "{osd={op=2, op_latency={avgcount=1, sum=1.000000000,"
                                + " avgtime=1.000000000}}, store={bytes=7}}");
        assertThat(counters.reset("osd")).containsEntry("success", "perf reset osd");
        assertThat(counters.reset("nosuch")).containsEntry("error", "Not find: nosuch");
        assertThat(counters.dump("osd", "op").toString()).isEqualTo("{osd={op=0}}");
    }
}
