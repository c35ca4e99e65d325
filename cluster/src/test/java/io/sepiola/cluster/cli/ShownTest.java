package io.sepiola.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

/** What the verbs print, in the shapes of the genuine tools. */
class ShownTest {
    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "1023,1023 B",
        "1024,1 KiB",
        "8192,8 KiB",
        "1536,1.5 KiB",
        "8225000000,7.7 GiB",
        "913309696,871 MiB",
        "25165824000,23 GiB"
    })
    void sizes(long bytes, String shown) {
        assertThat(Shown.bytes(bytes)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "77.375,77.375",
        "75.20416666,75.2042",
        "0.0238014,0.0238014",
        "0.000517068,0.000517068",
        "0.00001234567,1.23457e-05",
        "1234567,1.23457e+06",
        "100000,100000",
        "-2.5,-2.5"
    })
    void numbers(double value, String shown) {
        assertThat(Shown.number(value)).isEqualTo(shown);
    }

    @Test
    void values() {
        assertThat(HexDump.of(Bytes.utf8("v1")))
                .isEqualTo(
                        "00000000  76 31                                             |v1|\n"
                                + "00000002\n");
        assertThat(HexDump.of(Bytes.utf8("0123456789abcdef\n")))
                .isEqualTo(
                        "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66 "
                            + " |0123456789abcdef|\n"
                            + "00000010  0a                                                |.|\n"
                            + "00000011\n");
        assertThat(HexDump.of(Bytes.zeros(64)).lines()).hasSize(3).element(1).isEqualTo("*");
    }

    @Test
    void wordsAsAShellSplitsThem() {
        assertThat(ShellWords.split(" a  'b c' \"d 'e'\" f\\ g '' "))
                .containsExactly("a", "b c", "d 'e'", "f g", "");
    }

    @Test
    void jsonSurvivesReadingAndWriting() {
        String json = "{\"a\": [1, 2.5, true, null, \"x\\n\\\"\"], \"b\": {}}";
        assertThat(JsonText.write(JsonText.read(json))).isEqualTo(json);
        assertThatThrownBy(() -> JsonText.read("{\"a\": ")).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> JsonText.read("[".repeat(200))).isInstanceOf(Malformed.class);
    }

    @Test
    void optionsOfRados() {
        RadosArguments arguments =
                RadosArguments.parse(
                        List.of(
                                "-p",
                                "pool",
                                "bench",
                                "10",
                                "write",
                                "-t",
                                "4",
                                "-b",
                                "64K",
                                "--no-cleanup",
                                "--run-name=x"),
                        Map.of());
        assertThat(arguments.words()).containsExactly("bench", "10", "write");
        assertThat(arguments.size("block-size", 0)).isEqualTo(65_536);
        assertThat(arguments.value("run-name")).hasValue("x");
        assertThat(arguments.has("no-cleanup")).isTrue();
        assertThatThrownBy(() -> RadosArguments.parse(List.of("--frob"), Map.of()))
                .hasMessageContaining("--frob");
        assertThatThrownBy(() -> RadosArguments.parse(List.of("ls", "-p"), Map.of()))
                .hasMessageContaining("-p");
        assertThatThrownBy(() -> RadosArguments.sizeOf("4X", "size")).hasMessageContaining("4X");
    }

    @Test
    void optionsOfCeph() {
        CephArguments arguments =
                CephArguments.parse(
                        List.of(
                                "-f",
                                "json",
                                "osd",
                                "tree",
                                "--connect-timeout=5",
                                "-s",
                                "-o",
                                "x"),
                        Map.of());
        assertThat(arguments.words()).containsExactly("osd", "tree");
        assertThat(arguments.format()).hasValue("json");
        assertThat(arguments.connectTimeoutSeconds()).hasValue(5);
        assertThat(arguments.status()).isTrue();
        assertThatThrownBy(() -> CephArguments.parse(List.of("-f", "csv"), Map.of()))
                .hasMessageContaining("csv");
    }

    @ParameterizedTest
    @CsvSource({
        "tell osd.3 version,osd.3",
        "tell osd.* version,osd.*",
        "tell mon.a version,mon.a",
        "tell mgr version,mgr",
        "tell 1.f query,pg.1.f",
        "pg 1.0 query,pg.1.0",
        "pg dump,mon.",
        "osd tree,mon."
    })
    void targets(String words, String shown) {
        assertThat(CommandTarget.of(List.of(words.split(" "))).shown()).isEqualTo(shown);
    }

    @Test
    void tellingNobodyIsRefused() {
        assertThatThrownBy(() -> CommandTarget.of(List.of("tell", "foo", "x")))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> CommandTarget.of(List.of("tell", "osd.x", "x")))
                .isInstanceOf(Malformed.class);
    }
}
