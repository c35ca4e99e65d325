package io.sepiola.monitor.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** What clients may send instead of a command. */
final class CommandLineTest {
    @Tag("X11")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "\"status\"",
                "{}",
                "{\"prefix\":7}",
                "{\"prefix\":null}",
                "{\"prefix\":\"status\",\"format\":\"smoke\"}",
                "{\"prefix\":\"osd pool set\", \"pool\":\"x\", \"var\": \"recovery_priority\":"
                        + " \"5\"}"
            })
    void notACommand(String text) {
        assertRefused(text);
    }

    @Tag("X11")
    @Test
    void tooDeep() {
        assertRefused(
                "{\"prefix\":\"status\",\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
    }

    @Tag("X11")
    @Test
    void tooLong() {
        assertRefused("{\"prefix\":\"status\",\"x\":\"" + "x".repeat(64 << 20) + "\"}");
    }

    @Test
    void tooManyDigits() {
        assertRefused("{\"prefix\":\"status\",\"x\":" + "9".repeat(100_000) + "}");
    }

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> CommandLine.parse(List.of(text)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.result()).isEqualTo(Errno.EINVAL);
                            assertThat(refused.sentence())
                                    .isNotEmpty()
                                    .hasSizeLessThan(300)
                                    .doesNotContain("Source", "StreamRead");
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    n:CephInt         ; "7"      ; -22
                    n:CephInt         ; 7        ; 0
                    n:CephInt         ; 7.5      ; -22
                    n:CephInt         ; 99999999999999999999 ; -22
                    n:CephInt[0]      ; -1       ; -22
                    n:CephInt[0|10]   ; 11       ; -22
                    n:CephFloat[0.0]  ; 0.5      ; 0
                    n:CephFloat[0.0]  ; "x"      ; -22
                    n:CephFloat[0.0|1.0] ; 1.5   ; -22
                    n:CephBool        ; true     ; 0
                    n:CephBool        ; "--yes"  ; 0
                    n:CephBool        ; "maybe"  ; -22
                    n:CephOsdName     ; "osd.3"  ; 0
                    n:CephOsdName     ; 3        ; 0
                    n:CephOsdName     ; -3       ; -22
                    n:CephOsdName     ; "mon.a"  ; -22
                    n:CephUUID        ; "x"      ; -22
                    n:CephString      ; {}       ; -22
                    n:CephString      ; ["a"]    ; -22
                    n:CephString:N    ; ["a"]    ; 0
                    n:CephString:N    ; []       ; -22
                    n:CephString:N    ; [["a"]]  ; -22
                    n:CephChoices=a|b ; "a"      ; 0
                    n:CephString      ; null     ; -22
                    n:CephString:opt  ; null     ; 0
                    """)
    void arguments(String signature, String value, int result) {
        Row row = Row.of("test", signature, "mon", "r", 0, "", null);
        CommandLine line = CommandLine.parse(List.of("{\"prefix\":\"test\",\"n\":" + value + "}"));
        int actual = 0;
        try {
            row.check(line.members());
        } catch (Refused refused) {
            actual = refused.result();
        }
        assertThat(actual).isEqualTo(result);
    }
}
