package io.sepiola.monitor.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** Options are set, refused, remembered, and put back. */
class ConfigCommandsTest {
    private final Typist typist = new Typist();

    private Reply set(String who, String name, String value) {
        return typist.type("config set", "who", who, "name", name, "value", value);
    }

    private String get(String who, String key) {
        return typist.type("config get", "who", who, "key", key).output().toUtf8().strip();
    }

    @ParameterizedTest(name = "{0} = {1} is kept as {2}")
    @CsvSource({
        "osd_max_backfills, 3, 3",
        "osd_max_backfills, 2K, 2000",
        "bluestore_cache_size, 1G, 1073741824",
        "mon_allow_pool_delete, 1, true",
        "mon_allow_pool_delete, FALSE, false",
        "mon_osd_min_up_ratio, .5, ",
        "mon_osd_min_up_ratio, 0.5, 0.500000",
        "debug_osd, 5, 5/5",
        "debug_osd, 10/20, 10/20",
        "osd objectstore, memstore, memstore",
        "osd-max-backfills, 4, 4",
        "bluestore_compression_mode, force, force",
        "ms_cluster_mode, secure, secure",
        "ms_mon_client_mode, crc secure, crc secure",
    })
    void valuesAreKeptInOneForm(String name, String value, String kept) {
        Reply reply = set("osd", name, value);
        if (kept == null) {
            assertThat(reply.result()).isEqualTo(-22);
            return;
        }
        assertThat(reply.result()).as(reply.text()).isZero();
        assertThat(get("osd.0", name)).isEqualTo(kept);
    }

    @ParameterizedTest(name = "{0} {1} = {2}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "osd|osd_max_backfils|3|unrecognized config option 'osd_max_backfils'; did you mean"
                        + " 'osd_max_backfills'?",
                "osd|qqqqqqqqqq|3|unrecognized config option 'qqqqqqqqqq'",
                "osd|osd_max_backfills|abc|error parsing value: The option value 'abc' seems to be"
                        + " invalid",
                "osd|osd_max_backfills|-1|error parsing value: The option value '-1' seems to be"
                        + " invalid",
                "osd|bluestore_compression_mode|x|error parsing value: 'x' is not one of the"
                        + " permitted values: none, passive, aggressive, force",
                "osd|ms_cluster_mode|crc plain|error parsing value: ms_cluster_mode = 'crc plain'"
                        + " is no list of connection modes; wanted crc, secure, or both with the"
                        + " preferred one first",
                "osd|fsid|x|fsid is special and cannot be stored by the mon",
                "nosuch|osd_max_backfills|3|unrecognized config target 'nosuch'",
            })
    void whatDoesNotFitIsRefused(String who, String name, String value, String text) {
        Reply reply = set(who, name, value);
        assertThat(reply.result()).isEqualTo(-22);
        assertThat(reply.text()).isEqualTo(text);
        assertThat(typist.state.settings().sections()).isEmpty();
    }

    @Test
    void changesAreRememberedAndTakenBack() {
        set("osd", "osd_max_backfills", "3");
        set("osd.1", "debug_osd", "5");
        set("osd", "osd_max_backfills", "4");
        set("osd", "osd_max_backfills", "4"); // changes nothing
        typist.type("config rm", "who", "osd.1", "name", "debug_osd");
        assertThat(typist.state.settings().version()).isEqualTo(5);
        String log = typist.type("config log", "num", 2).output().toUtf8();
        assertThat(log.replaceAll("--- 2030.*", "---"))
                .isEqualTo(
                        """
                        --- 5 ---
                        - osd.1/debug_osd = 5/5
                        --- 4 ---
                        - osd/osd_max_backfills = 3
                        + osd/osd_max_backfills = 4
                        """);

        assertThat(typist.type("config reset", "num", 3).result()).isZero();
        assertThat(get("osd.0", "osd_max_backfills")).isEqualTo("3");
        assertThat(get("osd.1", "debug_osd")).isEqualTo("5/5");
        assertThat(typist.state.settings().history().getLast().why()).isEqualTo("reset to 3");
        assertThat(typist.type("config reset", "num", 1).result()).isZero();
        assertThat(typist.state.settings().sections()).isEmpty();
        assertThat(typist.type("config reset", "num", 99).result()).isEqualTo(-22);
    }

    @Test
    void theHistoryIsBounded() {
        for (int i = 0; i < 250; i++) {
            set("osd", "osd_max_backfills", Integer.toString(i + 2));
        }
        assertThat(typist.state.settings().history()).hasSize(200);
        assertThat(typist.type("config reset", "num", 50).result()).isEqualTo(-22);
        assertThat(typist.type("config reset", "num", 51).result()).isZero();
        assertThat(get("osd", "osd_max_backfills")).isEqualTo("51");
    }

    @Test
    void aFilesOptionsAreTakenOverAndTheRestComesBack() {
        Bytes file =
                Bytes.utf8(
                        """
                        [global]
                        fsid = 00000000-0000-0000-0000-000000000001
                        mon allow pool delete = true
                        [osd]
                        osd max backfills = 7
                        nonsense = 1
                        [elsewhere]
                        osd max backfills = 8
                        """);
        Reply reply = typist.type(file, "config assimilate-conf");
        assertThat(reply.output().toUtf8())
                .contains("[osd]\n\tnonsense = 1\n")
                .contains("[global]\n\tfsid = ")
                .contains("[elsewhere]\n\tosd_max_backfills = 8\n");
        assertThat(get("osd.3", "osd_max_backfills")).isEqualTo("7");
        assertThat(get("mon.a", "mon_allow_pool_delete")).isEqualTo("true");
        assertThat(typist.type(Bytes.utf8("= ["), "config assimilate-conf").result())
                .isEqualTo(-22);
    }

    @Test
    void whatAMonitorIsToldGoesBeforeWhatIsAgreed() {
        set("mon", "mon_max_pg_per_osd", "300");
        String name = "mon_max_pg_per_osd";
        Reply reply = typist.tell("config set", "var", name, "val", List.of("400"));
        assertThat(reply.output().toUtf8()).contains("mon_max_pg_per_osd = '400' ");
        assertThat(typist.tell("config get", "var", name).output().toUtf8()).contains("\"400\"");
        assertThat(typist.tell("config diff", "format", "json").output().toUtf8())
                .contains(
                        "\"mon_max_pg_per_osd\":{\"default\":\"250\",\"mon\":\"300\","
                                + "\"override\":\"400\",\"final\":\"400\"}");
        assertThat(typist.tell("config show", "format", "json").output().toUtf8())
                .contains("\"mon_max_pg_per_osd\":\"400\"", "\"osd_max_backfills\":\"1\"");
        assertThat(typist.tell("config set", "var", "x", "val", List.of("1")).result())
                .isEqualTo(-2);
        assertThat(typist.tell("config unset", "var", name).output().toUtf8()).isEqualTo("{}\n");
        assertThat(typist.tell("config get", "var", name).output().toUtf8()).contains("\"300\"");
        assertThat(typist.tell("injectargs", "injected_args", List.of("--" + name + "=7")).text())
                .isEqualTo(name + " = '7' ");
        assertThat(get("mon", name)).as("agreed").isEqualTo("300");
    }

    @Test
    void defaultsAreCephs() {
        assertThat(get("osd", "osd_max_backfills")).isEqualTo("1");
        assertThat(get("mon", "mon_osd_down_out_interval")).isEqualTo("600");
        String help =
                typist.type("config help", "key", "mon_osd_down_out_interval").output().toUtf8();
        assertThat(help)
                .startsWith("mon_osd_down_out_interval - an OSD that is down for so long")
                .contains("  (int, advanced)\n  Default: 600\n");
        assertThat(typist.type("config help", "key", "nosuch").result()).isEqualTo(-2);
        assertThat(typist.type("config ls").output().toUtf8().lines().count()).isGreaterThan(1_700);
    }
}
