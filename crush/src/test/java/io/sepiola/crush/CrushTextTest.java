package io.sepiola.crush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.stream.Stream;

class CrushTextTest {
    static Stream<String> compiled() {
        return CrushGolden.names(".bin").map(name -> "crush/" + name);
    }

    static Stream<String> all() {
        return Stream.concat(
                compiled(), Stream.of("osdmap/big.crush", "osdmap/big-weightsets.crush"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void decompilesAsCrushtool(String name) {
        CrushMap map = CrushMap.CODEC.fromBytes(CrushGolden.bytes(name + ".bin"));
        assertThat(CrushText.decompile(map)).isEqualTo(CrushGolden.text(name + ".txt"));
    }

    @ParameterizedTest
    @MethodSource("compiled")
    void compilesAsCrushtool(String name) {
        Bytes golden = CrushGolden.bytes(name + ".bin");
        CrushMap map = CrushText.compile(CrushGolden.text(name + ".txt"));
        assertThat(map.toBytes().toHex()).isEqualTo(golden.toHex());
    }

    @ParameterizedTest
    @ValueSource(strings = {"osdmap/big.crush", "osdmap/big-weightsets.crush"})
    void textSurvivesTheWayThroughAMap(String name) {
        String text = CrushGolden.text(name + ".txt");
        assertThat(CrushText.decompile(CrushText.compile(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tunable speed 1 | line 1: unknown tunable 'speed'",
                "device zero osd.0 | line 1: expected a number, found 'zero'",
                "host a { } | line 1: type 'host' is not declared above",
                "type 0 osd;type 1 host;host a { id -1 } | line 3: expected alg, found '}'",
                "type 1 host;host a {;alg straw2;item osd.9 } | line 4: item 'osd.9' is not"
                        + " declared above",
                "device 0 osd.0;type 1 host;host a { alg straw2;item osd.0 weight -1 } | line 4:"
                        + " weight -1 is not between 0 and 100",
                "device 0 osd.0;type 1 host;host a { alg straw2;item osd.0 weight 100.1 } | line"
                        + " 4: weight 100.1 is not between 0 and 100",
                "device 0 osd.0;type 1 host;host a { alg straw2;item osd.0 weight NaN } | line 4:"
                        + " expected a weight, found 'NaN'",
                "device 0 osd.0;type 1 host;host a { alg straw2;item osd.0 pos 1 } | position 1 in"
                        + " a bucket of 1 items",
                "type 1 host;type 2 rack;rack r { alg list item a };host a { alg list item r } |"
                        + " line 3: buckets 'r' and 'a' contain each other",
                "type 1 host;rule r { id 0;type replicated min_size 1;max_size 2 step take nowhere;"
                        + "step emit } | line 4: item 'nowhere' is not declared above",
                "type 1 host;rule r { id 0;min_size 1 } | line 3: expected type, found 'min_size'",
                "type 1 host;host a { alg straw9 } | line 2: unknown algorithm 'straw9'",
                "type 1 host;host a { alg list };device 0 osd.0 | line 3: type 'device' is not"
                        + " declared above",
                "rule r { | line 1: the text ends where",
                "type 1 host;rule r { id 0 type erasure min_size 1 max_size 2;step emit };host a {"
                        + " alg list } | line 4: expected rule or choose_args, found 'host'",
                "choose_args 0 { { bucket_id -7 } } | line 1: no bucket has the id -7",
            })
    void namesTheLineOfAnError(String text, String message) {
        assertThatThrownBy(() -> CrushText.compile(text.replace(';', '\n')))
                .isInstanceOf(CrushException.class)
                .hasMessageContaining(message);
    }

    @Test
    void everyTruncationOfATextIsAnErrorOrAMap() {
        String text = CrushGolden.text("crush/choose-args.txt");
        for (int size = 0; size < text.length(); size += 7) {
            try {
                CrushText.compile(text.substring(0, size));
            } catch (CrushException expected) {
                assertThat(expected.getMessage()).startsWith("line ");
            }
        }
    }
}
