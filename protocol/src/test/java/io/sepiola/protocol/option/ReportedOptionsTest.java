package io.sepiola.protocol.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.option.ReportedOptions.Value;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What daemons tell managers of their options. */
class ReportedOptionsTest {
    private static RunningOptions.Layer layer(String label, String value) {
        return new RunningOptions.Layer(label, new TreeMap<>(Map.of("osd_max_backfills", value)));
    }

    @Test
    void whatIsInForceComesLastAndSurvivesTheMessage() {
        RunningOptions running =
                new RunningOptions(
                        List.of(layer("override", "9"), layer("file", "5"), layer("mon", "4")));
        ReportedOptions reported = ReportedOptions.of(running);
        assertThat(reported.values())
                .containsExactly(
                        Map.entry(
                                "osd_max_backfills",
                                List.of(
                                        new Value("mon", "4"),
                                        new Value("file", "5"),
                                        new Value("override", "9"))));
        assertThat(ReportedOptions.fromBytes(reported.toBytes())).isEqualTo(reported);
    }

    @Test
    void theBytesAreCephs() {
        ReportedOptions reported =
                ReportedOptions.of(new RunningOptions(List.of(layer("file", "5"))));
        Encoder expected = new Encoder().u32(1).string("osd_max_backfills");
        expected.u32(1).u32(2).string("5").u32(0); // level 2 is the file; nothing is ignored
        assertThat(reported.toBytes()).isEqualTo(expected.toBytes());
    }

    @Test
    void whatADaemonIgnoresIsTold() {
        Encoder sent = new Encoder().u32(1).string("osd_objectstore").u32(1).u32(2);
        sent.string("memstore").u32(1).string("osd_objectstore").string("bluestore");
        ReportedOptions reported = ReportedOptions.fromBytes(sent.toBytes());
        assertThat(reported.ignored()).containsExactly("osd_objectstore");
        assertThat(reported.values().get("osd_objectstore"))
                .containsExactly(new Value("file", "memstore"));
    }

    @Test
    void defaultsAreAllThatThereAre() {
        assertThat(ReportedOptions.defaults(ReportedOptions.DEFAULTS))
                .hasSizeGreaterThan(1500)
                .containsEntry("osd_max_backfills", "1");
    }

    @Test
    void whatIsTooLongOrCutOffIsRefused() {
        assertThatThrownBy(() -> ReportedOptions.fromBytes(Bytes.zeros((1 << 20) + 1)))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> ReportedOptions.fromBytes(Bytes.zeros(3)))
                .isInstanceOf(Malformed.class);
    }
}
