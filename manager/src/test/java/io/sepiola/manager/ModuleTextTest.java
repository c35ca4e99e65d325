package io.sepiola.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Texts and numbers beside those of a genuine manager's modules, and of Python. */
class ModuleTextTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "0, \"    0 \"",
                "99999, \"99999 \"",
                "256260, \"250.2k\"",
                "12884901888, \"12288M\"",
                "100000, \"97.65k\"",
                "1099511627776, \" 1024G\"",
            })
    void sizesAreAsWideAsTheirColumn(long size, String text) {
        assertThat(ModuleText.bytes(size, 6)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "119, 119s",
        "120, 2m",
        "7199, 119m",
        "7200, 2h",
        "172799, 47h",
        "172800, 2d",
        "1209600, 2w",
        "7257600, 2M",
        "63072000, 2y"
    })
    void spansHaveTheUnitThatFits(long seconds, String text) {
        assertThat(ModuleText.span(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @Test
    void tablesKeepTheirBlanks() {
        List<ModuleText.Side> sides =
                List.of(ModuleText.Side.LEFT, ModuleText.Side.RIGHT, ModuleText.Side.CENTER);
        assertThat(
                        ModuleText.table(
                                List.of("ID", "SIZE", "NEW"),
                                sides,
                                List.of(List.of("abc", "1", "*"), List.of("d", "12345", ""))))
                .isEqualTo("ID    SIZE  NEW  \nabc      1   *   \nd    12345       ");
        assertThat(ModuleText.table(List.of("ID", "SIZE", "NEW"), sides, List.of())).isEmpty();
    }

    @Test
    void jsonIsPythons() {
        String text = "{\"b\":[1,\"ü\\n\"],\"a\":{},\"c\":[],\"d\":0.5,\"e\":null}";
        assertThat(ModuleText.json(JsonMapper.shared().readTree(text)))
                .isEqualTo(
                        """
                        {
                            "a": {},
                            "b": [
                                1,
                                "\\u00fc\\n"
                            ],
                            "c": [],
                            "d": 0.5,
                            "e": null
                        }\
                        """);
        assertThat(ModuleText.number(1790000000.25)).isEqualTo("1790000000.25");
        assertThat(ModuleText.number(1)).isEqualTo("1.0");
    }

    @Test
    void aCrashIsToldByItsTrace() {
        String crash =
                """
                {"backtrace": ["/lib/x86_64-linux-gnu/libc.so.6(+0x3c050) [0x7f]",
                               "(OSD::f(int)+0x17) [0x55d7]"],
                 "assert_msg": "osd/OSD.cc: In function 'void f()' thread 7f time \
                2026-11-29T20:00:00.1+0000\\nosd/OSD.cc: 77: FAILED ceph_assert(x)\\n"}
                """;
        assertThat(CrashReport.signature(JsonMapper.shared().readTree(crash)))
                .as("as a genuine manager has it")
                .isEqualTo("dcc8d5c3add79d844e1bead245b680055e49dd02a748142d69cf27f9bb978935");
        Instant time = Instant.parse("2026-11-29T20:00:00.123456Z");
        assertThat(CrashReport.time("2026-11-29T20:00:00.123456Z")).contains(time);
        assertThat(CrashReport.time("2026-11-29 20:00:00.123456")).contains(time);
        assertThat(CrashReport.time("yesterday")).isEmpty();
        assertThat(CrashReport.stamp(time)).isEqualTo("2026-11-29 20:00:00.123456");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.7, 0", "1, 1", "1.5, 1", "3, 4", "5.9, 4", "6, 8", "97, 128", "95, 64"})
    void groupsAreRoundedToAPowerOfTwo(double count, int rounded) {
        assertThat(AutoscalePlan.nearestPowerOfTwo(count)).isEqualTo(rounded);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.1, 0.1124629160182849",
        "0.5, 0.5204998778130465",
        "1, 0.8427007929497149",
        "2.5, 0.999593047982555",
        "5.9, 1",
        "7, 1"
    })
    void theErrorFunctionIsGausss(double x, double y) {
        assertThat(Balance.erf(x)).isCloseTo(y, within(1e-14));
    }
}
