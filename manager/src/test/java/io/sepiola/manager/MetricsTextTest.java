package io.sepiola.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.protocol.message.MMgrReport;
import io.sepiola.protocol.osd.PerfCounterType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How metrics are written, and what is taken of daemons that say what makes no sense. */
class MetricsTextTest {
    private static final Instant NOW = Instant.parse("2026-11-20T21:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "osd.op_w_latency, ceph_osd_op_w_latency",
        "osd_flag_nodeep-scrub, ceph_osd_flag_nodeep_scrub",
        "AsyncMessenger::Worker-0.msgr, ceph_AsyncMessenger_Worker_0_msgr",
        "a b/c+, ceph_a_b_c_plus",
        "count-, ceph_count_minus",
        "tü\"{, ceph_t___"
    })
    void namesAreMadeAsCephMakesThem(String path, String name) {
        assertThat(MetricsText.name(path)).isEqualTo(name);
    }

    @Test
    void whatStandsInLabelsCannotEndThem() {
        MetricsText text = new MetricsText();
        text.metric("gauge", "x", "a\nb\\", "name").sample(1.5, "q\"\\\n");
        text.metric("counter", "y", "why").sample(Double.POSITIVE_INFINITY);
        assertThat(text.toString())
                .isEqualTo(
                        """
                        # HELP ceph_x a\\nb\\\\
                        # TYPE ceph_x gauge
                        ceph_x{name="q\\"\\\\\\n"} 1.5
                        # HELP ceph_y why
                        # TYPE ceph_y counter
                        ceph_y +Inf
                        """);
        assertThat(text.has("x")).isTrue();
        assertThat(text.has("z")).isFalse();
    }

    private static MMgrReport report(List<PerfCounterType> declared, Bytes packed) {
        return new MMgrReport(
                "0",
                declared,
                packed,
                List.of(),
                "",
                Optional.empty(),
                List.of(),
                Bytes.EMPTY,
                Bytes.EMPTY);
    }

    private static Bytes packed(long... values) {
        Encoder out = new Encoder();
        int begun = out.beginStruct(1, 1);
        for (long value : values) {
            out.u64(value);
        }
        out.endSized(begun);
        return out.toBytes();
    }

    @Test
    void aReportThatCannotBeReadChangesNothing() {
        DaemonCounters<Integer> counters = new DaemonCounters<>("osd.");
        List<PerfCounterType> types =
                List.of(
                        new PerfCounterType("osd.b", "times", "", 5, 9, 1),
                        new PerfCounterType("osd.a", "number", "", 10, 9, 1));
        counters.heard(0, report(types, packed(7, 2_500_000_000L, 3, 3)), NOW);
        assertThat(counters.known(0).get("osd.a").shown()).isEqualTo(7);
        assertThat(counters.known(0).get("osd.b").shown()).isEqualTo(2.5);
        assertThat(counters.known(0).get("osd.b").count()).isEqualTo(3);
        counters.heard(0, report(List.of(), packed(8)), NOW);
        assertThat(counters.known(0).get("osd.a").shown()).isEqualTo(7);
        counters.heard(0, report(List.of(), packed(9, 9, 4, 4)), NOW.plusSeconds(2));
        assertThat(counters.known(0).get("osd.a").shown()).isEqualTo(9);
        assertThat(counters.perSecond(0, "osd.a")).isEqualTo(1);
        assertThat(counters.perSecond(0, "osd.c")).isZero();
        assertThat(counters.perSecond(1, "osd.a")).isZero();
        assertThat(counters.of(osd -> true).get("osd.a").keySet()).containsExactly("osd.0");
        assertThat(counters.of(osd -> osd != 0)).isEmpty();
        counters.begin(0);
        assertThat(counters.known(0)).isEmpty();
    }
}
