package io.sepiola.monitor.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

final class TextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1, 1 B",
        "1023, 1023 B",
        "1024, 1 KiB",
        "50000, 49 KiB",
        "913465344, 871 MiB",
        "7855949312, 7.3 GiB",
        "25769803776, 24 GiB",
        "245760, 240 KiB",
        "15711898624, 15 GiB"
    })
    void bytesAsCephShowsThem(long bytes, String shown) {
        assertThat(Units.bytes(bytes)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "1000, 1k", "1230, 1.23k", "21360000, 21.36M"})
    void countsAsCephShowsThem(long count, String shown) {
        assertThat(Units.count(count)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "0.035447120666503906, 0.035447120666503906",
        "3, 3",
        "1.0427657798572909e-05, 1.0427657798572909e-05",
        "0.0077972412109375, 0.0077972412109375",
        "4.0824827, 4.0824826999999999"
    })
    void numbersAsCephWritesThem(double value, String written) {
        assertThat(JsonText.number(value)).isEqualTo(written);
    }

    @Test
    void aRatioIsAFloat() {
        assertThat(JsonText.number(0.95f)).isEqualTo("0.94999998807907104");
    }

    @Test
    void ages() {
        assertThat(Units.age(Duration.ofSeconds(40))).isEqualTo("40s");
        assertThat(Units.age(Duration.ofSeconds(130))).isEqualTo("2m");
        assertThat(Units.age(Duration.ofHours(50))).isEqualTo("2d");
    }

    @Test
    void prettyJson() {
        var node = JsonText.object();
        node.put("a", 1);
        node.putArray("b");
        node.putArray("c").add("x\"y");
        assertThat(JsonText.pretty(node))
                .isEqualTo(
                        "{\n"
                                + "    \"a\": 1,\n"
                                + "    \"b\": [],\n"
                                + "    \"c\": [\n"
                                + "        \"x\\\"y\"\n"
                                + "    ]\n"
                                + "}\n");
        assertThat(JsonText.compact(node)).isEqualTo("{\"a\":1,\"b\":[],\"c\":[\"x\\\"y\"]}");
    }
}
