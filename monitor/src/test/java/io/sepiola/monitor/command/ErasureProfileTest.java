package io.sepiola.monitor.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.monitor.state.Change;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgPool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** Profiles, beside what a genuine monitor of 16.2 made of the same words. */
class ErasureProfileTest {
    private final Typist typist = new Typist();

    private Reply set(String name, String words, boolean force) {
        List<String> profile =
                words == null || words.isEmpty() ? List.of() : List.of(words.split(" "));
        return typist.type(
                "osd erasure-code-profile set", "name", name, "profile", profile, "force", force);
    }

    private String shown(String name) {
        return typist.type("osd erasure-code-profile get", "name", name)
                .output()
                .toUtf8()
                .strip()
                .replace('\n', ' ');
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "k=2 m=1|k=2 m=1 plugin=jerasure technique=reed_sol_van w=8",
                "|k=2 m=2 plugin=jerasure technique=reed_sol_van w=8",
                "k|k=7 m=2 plugin=jerasure technique=reed_sol_van w=8",
                "m=|k=2 m=3 plugin=jerasure technique=reed_sol_van w=8",
                "k=2 m=1 =3|=3 k=2 m=1 plugin=jerasure technique=reed_sol_van w=8",
                "k=2 m=1 stripe_unit=4K|k=2 m=1 plugin=jerasure stripe_unit=4K"
                        + " technique=reed_sol_van w=8",
                "technique=cauchy_good|k=2 m=2 packetsize=2048 plugin=jerasure"
                        + " technique=cauchy_good w=8",
                "technique=cauchy_orig w=9 packetsize=100|k=2 m=2 packetsize=100 plugin=jerasure"
                        + " technique=cauchy_orig w=9",
            })
    void whatIsLeftOutIsFilledIn(String words, String kept) {
        assertThat(set("p", words, false).result()).isZero();
        assertThat(shown("p").replaceAll("(crush-\\S*|jerasure-\\S*) ", "")).isEqualTo(kept);
        assertThat(shown("p"))
                .contains(
                        "crush-device-class= crush-failure-domain=host crush-root=default"
                                + " jerasure-per-chunk-alignment=false");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "technique=reed_sol_r6_op|k=2 m=2 plugin=jerasure technique=reed_sol_r6_op w=8",
                "technique=liberation|k=2 m=2 packetsize=2048 plugin=jerasure technique=liberation"
                        + " w=7",
                "technique=blaum_roth|k=2 m=2 packetsize=2048 plugin=jerasure technique=blaum_roth"
                        + " w=7",
                "technique=liber8tion|k=2 m=2 packetsize=2048 plugin=jerasure technique=liber8tion"
                        + " w=8",
                "plugin=isa|k=7 m=3 plugin=isa technique=reed_sol_van",
                "plugin=isa technique=cauchy k=5 m=5|k=5 m=5 plugin=isa technique=cauchy",
                "plugin=isa k=21 m=4|k=21 m=4 plugin=isa technique=reed_sol_van",
            })
    void othersKnowNoAlignmentOfChunks(String words, String kept) {
        assertThat(set("p", words, false).result()).isZero();
        assertThat(shown("p"))
                .isEqualTo(
                        "crush-device-class= crush-failure-domain=host crush-root=default " + kept);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "k=abc m=1, -22",
        "k=1 m=1, -22",
        "k=2 m=0, -22",
        "k=-1 m=-1, -22",
        "plugin=nosuch, -5",
        "plugin=, -5",
        "technique=nosuch, -2",
        "plugin=isa technique=foo, -2",
        "ruleset-root=default, -22",
        "stripe_unit=5, -22",
        "stripe_unit=x, -22",
        "stripe_unit=1024, -22",
        "w=9, -22",
        "crush-failure-domain=, -22",
        "k=2 m=1 mapping=DD, -22",
        "technique=reed_sol_r6_op m=3, -22",
        "technique=reed_sol_r6_op w=7, -22",
        "technique=liberation k=8, -22",
        "technique=liberation w=8, -22",
        "technique=liberation packetsize=9, -22",
        "technique=liberation packetsize=0, -22",
        "technique=liberation stripe_unit=4096, -22",
        "technique=blaum_roth w=9, -22",
        "technique=liber8tion w=7, -22",
        "technique=liber8tion m=3, -22",
        "technique=liber8tion k=9, -22",
        "technique=cauchy_good w=40, -22",
        "plugin=isa k=33 m=3, -22",
        "plugin=isa k=5 m=5, -22",
        "plugin=isa k=22 m=4, -22",
        "plugin=isa stripe_unit=5, -22",
    })
    void whatNoPluginTakesIsRefused(String words, int result) {
        Reply reply = set("p", words, false);
        assertThat(reply.result()).isEqualTo(result);
        assertThat(reply.text()).isNotBlank();
        assertThat(shown("p")).isEmpty();
    }

    @Test
    void anAwkwardUnitOfStripesIsTakenByForce() {
        assertThat(set("p", "stripe_unit=1024", true).result()).isZero();
        assertThat(set("q", "stripe_unit=1000", true).result()).isEqualTo(-22);
    }

    @Test
    void aProfileIsOverriddenByForceAlone() {
        assertThat(set("p", "k=2 m=1", false).result()).isZero();
        int epoch = typist.state.osdMaps().newest().epoch();
        assertThat(set("p", "k=2 m=1", false).result()).isZero();
        assertThat(typist.state.osdMaps().newest().epoch()).isEqualTo(epoch);
        Reply other = set("p", "k=3 m=1", false);
        assertThat(other.result()).isEqualTo(-1);
        assertThat(other.text()).contains("k=2", "k=3");
        assertThat(set("p", "k=3 m=1", true).result()).isZero();
        assertThat(shown("p")).contains("k=3");
    }

    @Test
    void aProfileIsRemovedUnlessAPoolUsesIt() {
        set("p", "k=2 m=1", false);
        PgPool pool = PgPool.builder().type(PgPool.ERASURE).erasureCodeProfile("p").build();
        typist.state =
                typist.state.apply(
                        List.of(
                                new Change.OsdMapStep(
                                        OsdMapIncremental.after(typist.state.osdMaps().newest())
                                                .modified(Utime.ZERO)
                                                .newPool(1, pool)
                                                .newPoolName(1, "coded")
                                                .build()
                                                .sealed(typist.state.osdMaps().newest()))));
        Reply busy = typist.type("osd erasure-code-profile rm", "name", "p");
        assertThat(busy.result()).isEqualTo(-16);
        assertThat(busy.text()).startsWith("coded pool(s) are using");
        set("q", "", false);
        assertThat(typist.type("osd erasure-code-profile ls").output().toUtf8())
                .isEqualTo("p\nq\n");
        assertThat(typist.type("osd erasure-code-profile rm", "name", "q"))
                .isEqualTo(Reply.said(""));
        assertThat(typist.type("osd erasure-code-profile rm", "name", "q").text())
                .isEqualTo("erasure-code-profile q does not exist");
    }
}
