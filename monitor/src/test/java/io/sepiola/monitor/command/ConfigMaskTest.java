package io.sepiola.monitor.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.crush.CrushEditor;
import io.sepiola.monitor.state.Change;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.UUID;

/** Options for a place of the CRUSH hierarchy or a class of devices. */
class ConfigMaskTest {
    private static final String OPTION = "osd_max_backfills";
    private final Typist typist = new Typist();

    /** osd.0 is an ssd on host a in rack r, osd.1 an hdd on host b. */
    @BeforeEach
    void place() {
        OsdMap first = OsdMap.initial(new UUID(1, 2), Utime.ZERO, CrushEditor.initial("osd"));
        typist.state =
                typist.state.apply(List.of(new Change.OsdMapStep(OsdMapIncremental.whole(first))));
        for (int osd = 0; osd < 2; osd++) {
            done("osd new", "uuid", new UUID(7, osd).toString());
            String host = osd == 0 ? "a" : "b";
            done("osd crush add", "id", osd, "weight", 1.0, "args", List.of("host=" + host));
        }
        done("osd crush add-bucket", "name", "r", "type", "rack");
        done("osd crush move", "name", "a", "args", List.of("rack=r"));
        done("osd crush set-device-class", "class", "ssd", "ids", List.of("0"));
        done("osd crush set-device-class", "class", "hdd", "ids", List.of("1"));
    }

    private void done(String prefix, Object... members) {
        Reply reply = typist.type(prefix, members);
        assertThat(reply.result()).as(prefix + ": " + reply.text()).isZero();
    }

    private void set(String who, String value) {
        done("config set", "who", who, "name", OPTION, "value", value);
    }

    private String given(String who, String host) {
        return typist.state.settingsOf(AuthName.parse(who), host).getOrDefault(OPTION, "nothing");
    }

    private String shown(String prefix, String... members) {
        return typist.type(prefix, (Object[]) members).output().toUtf8();
    }

    @Test
    void onlyThoseThatMatchAreGivenIt() {
        set("osd/class:ssd", "4");
        assertThat(given("osd.0", "a")).isEqualTo("4");
        assertThat(given("osd.1", "b")).isEqualTo("nothing");
        set("osd/host:b", "5");
        assertThat(given("osd.1", "b")).isEqualTo("5");
        set("global/rack:r", "6");
        assertThat(given("mgr.x", "a")).isEqualTo("6");
        assertThat(given("mgr.x", "b")).isEqualTo("nothing");
        assertThat(given("mgr.x", "")).isEqualTo("nothing");
        set("osd/host:b/class:ssd", "7");
        assertThat(given("osd.1", "b")).isEqualTo("5");
    }

    @Test
    void theMorePreciseMaskWinsAndAsInCephAlsoOverThePlainOneThatFollows() {
        set("osd", "1");
        set("osd/class:ssd", "2");
        assertThat(given("osd.0", "a")).isEqualTo("2");
        set("osd/rack:r", "3");
        assertThat(given("osd.0", "a")).isEqualTo("3");
        set("osd/host:a", "4");
        assertThat(given("osd.0", "a")).isEqualTo("4");
        set("osd.0", "5");
        assertThat(given("osd.0", "a")).isEqualTo("4");
        set("osd.0/host:a", "6");
        assertThat(given("osd.0", "a")).isEqualTo("6");
        assertThat(given("osd.1", "b")).isEqualTo("1");
    }

    @Test
    void whoMovesIsGivenOthers() {
        set("osd/host:b", "5");
        assertThat(given("osd.0", "a")).isEqualTo("nothing");
        done("osd crush set", "id", 0, "weight", 1.0, "args", List.of("host=b"));
        assertThat(given("osd.0", "a")).isEqualTo("5");
    }

    @Test
    void masksAreShown() {
        set("osd.0/class:ssd", "6");
        set("osd/class:ssd/host:a", "4");
        set("osd", "3");
        set("global/host:a", "2");
        done("config set", "who", "mon", "name", "debug_mon", "value", "5");
        assertThat(shown("config dump").lines().map(String::stripTrailing))
                .containsExactly(
                        "WHO        MASK              LEVEL     OPTION             VALUE  RO",
                        "global     host:a            advanced  osd_max_backfills  2",
                        "  mon                        advanced  debug_mon          5/5",
                        "  osd      host:a/class:ssd  advanced  osd_max_backfills  4",
                        "  osd                        advanced  osd_max_backfills  3",
                        "    osd.0  class:ssd         advanced  osd_max_backfills  6");
        assertThat(shown("config dump", "format", "json"))
                .contains(
                        "\"mask\":\"host:a/class:ssd\",\"location_type\":\"host\","
                                + "\"location_value\":\"a\",\"device_class\":\"ssd\"}")
                .contains(
                        "\"value\":\"3\",\"level\":\"advanced\",\"can_update_at_runtime\":true,"
                                + "\"mask\":\"\"}");
        assertThat(shown("config get", "who", "osd.0", "format", "json"))
                .contains(
                        "\"section\":\"osd\",\"mask\":{\"location_type\":\"host\","
                                + "\"location_value\":\"a\",\"device_class\":\"ssd\"}");
        assertThat(shown("config get", "who", "osd", "key", OPTION)).isEqualTo("3\n");
        assertThat(shown("config dump", "format", "xml"))
                .startsWith("<config><option><section>global</section>")
                .contains("<mask>class:ssd</mask><device_class>ssd</device_class></option>");
    }

    @Test
    void oneMaskIsRemovedByItsTextInAnyOrder() {
        set("osd/class:ssd/host:a", "4");
        set("osd", "3");
        done("config rm", "who", "osd/class:ssd/host:a", "name", OPTION);
        assertThat(typist.state.settings().sections()).containsOnlyKeys("osd");
        assertThat(shown("config log")).contains("- osd/host:a/class:ssd/osd_max_backfills = 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"osd/class", "nosuch/class:ssd", "osd/", "/osd", "osd/ho st:a", ""})
    void whatIsNoTargetIsRefused(String who) {
        Reply reply = typist.type("config set", "who", who, "name", OPTION, "value", "1");
        assertThat(reply.result()).isEqualTo(-22);
        assertThat(reply.text()).isEqualTo("unrecognized config target '" + who + "'");
    }

    @Test
    void aMaskIsNobodyToBeAskedFor() {
        Reply reply = typist.type("config get", "who", "osd/class:ssd");
        assertThat(reply.text()).isEqualTo("unrecognized entity 'osd/class:ssd'");
    }
}
