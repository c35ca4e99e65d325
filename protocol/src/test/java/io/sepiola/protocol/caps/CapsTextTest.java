package io.sepiola.protocol.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.Golden;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/**
 * Texts of caps that a genuine monitor took or refused, one case each; and those that are too long.
 */
class CapsTextTest {
    /** A text, and what the monitor said of it; empty when it took it. */
    record Verdict(String kind, String caps, String said) {}

    static List<Verdict> verdicts() {
        return Golden.lines("caps/verdicts.tsv").stream()
                .filter(line -> !line.startsWith("#"))
                .map(CapsTextTest::verdict)
                .toList();
    }

    private static Verdict verdict(String line) {
        String[] cells = line.split("\t", -1);
        assertThat(cells).hasSize(3);
        return new Verdict(cells[0], cells[1].translateEscapes(), cells[2].translateEscapes());
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void isTakenOrRefusedAsCephDoes(Verdict verdict) {
        String said = "";
        try {
            CapsText.check(verdict.kind, verdict.caps);
        } catch (Malformed refused) {
            said = String.valueOf(refused.getMessage());
        }
        assertThat(said).isEqualTo(verdict.said);
    }

    @Test
    void theTableIsWhole() {
        for (String kind : List.of("mon", "mgr", "osd", "mds")) {
            assertThat(verdicts().stream().filter(verdict -> verdict.kind.equals(kind)))
                    .hasSizeGreaterThan(60)
                    .anyMatch(verdict -> verdict.said.isEmpty())
                    .anyMatch(verdict -> !verdict.said.isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mon", "mgr", "osd", "mds"})
    void lengthAndGrantsAreBounded(String kind) {
        assertThatThrownBy(() -> CapsText.check(kind, "allow r,".repeat(1 << 17)))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("at most 16384");
        assertThatThrownBy(() -> CapsText.check(kind, "allow r,".repeat(1000) + "allow r"))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("more than 256 grants");
        CapsText.check(kind, "allow r,".repeat(255) + "allow r");
    }

    @Test
    void conditionsAreBounded() {
        assertThatThrownBy(() -> MonCaps.parse("allow command a with" + many(" k%d=v")))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("more than 64 conditions");
        assertThatThrownBy(() -> MdsCaps.parse("allow rw uid=1 gids=1" + many(",%d")))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("more than 64 conditions");
    }

    private static String many(String one) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            all.append(one.formatted(i));
        }
        return all.toString();
    }

    @Test
    void aMetadataServersGrantsAreReadWhole() {
        assertThat(
                        MdsCaps.parse(
                                "allow rw path=//a/b uid=5 gids=7,3; allow all fsname=f"
                                        + " root_squash"))
                .extracting(MdsCaps::grants)
                .isEqualTo(
                        List.of(
                                new MdsCaps.Grant("rw", null, "a/b", 5L, List.of(7L, 3L), false),
                                new MdsCaps.Grant("*", "f", "", null, List.of(), true)));
        assertThat(MdsCaps.parse("allow").grants().getFirst().access()).isEqualTo("rwps");
    }
}
