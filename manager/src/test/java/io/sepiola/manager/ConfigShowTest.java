package io.sepiola.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.manager.Command.Refused;
import io.sepiola.protocol.message.MMgrOpen;
import io.sepiola.protocol.message.MMgrReport;
import io.sepiola.protocol.option.ReportedOptions;
import io.sepiola.protocol.option.RunningOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the manager shows of options that daemons have told it. */
class ConfigShowTest {
    private static final String JSON = ",'format':'json'";

    private final DaemonConfigs configs = new DaemonConfigs();

    /** Of layers such as {@code file mgr_tick_period=7}, that in force first. */
    private static ReportedOptions options(String... layers) {
        return ReportedOptions.of(
                new RunningOptions(
                        Arrays.stream(layers)
                                .map(text -> text.split("[ =]"))
                                .map(cells ->
                                        new RunningOptions.Layer(
                                                cells[0],
                                                new TreeMap<>(Map.of(cells[1], cells[2]))))
                                .toList()));
    }

    private void open(Bytes config) {
        Bytes defaults = ReportedOptions.DEFAULTS;
        configs.begin("osd.0", new MMgrOpen("0", "", Optional.empty(), config, defaults));
    }

    private void report(Bytes config) {
        configs.heard(
                "osd.0",
                new MMgrReport(
                        "0",
                        List.of(),
                        Bytes.EMPTY,
                        List.of(),
                        "",
                        Optional.empty(),
                        List.of(),
                        config,
                        Bytes.EMPTY));
    }

    /** Asks, with apostrophes for quotes. */
    private String show(String who, String more, boolean withDefaults) {
        String text = "{'prefix':'config show','who':'" + who + "'" + more + "}";
        Command command = Command.parse(List.of(text.replace('\'', '"')));
        return new ConfigShow("mgr.x", options("file mgr_tick_period=7"), configs)
                .run(command, withDefaults)
                .output()
                .toUtf8()
                .replace('"', '\'');
    }

    private String show(String who, String more) {
        return show(who, more, false);
    }

    @Test
    void anOsdsOptionsAreThoseItToldLast() {
        open(options("mon a=4").toBytes());
        report(Bytes.EMPTY);
        assertThat(show("osd.0", JSON)).isEqualTo("[{'name':'a','value':'4','source':'mon'}]");
        report(options("override a=9", "file b=1", "mon a=4").toBytes());
        assertThat(show("osd.0", JSON))
                .isEqualTo(
                        "[{'name':'a','value':'9','source':'override',"
                                + "'overrides':[{'source':'mon','value':'4'}]},"
                                + "{'name':'b','value':'1','source':'file'}]");
        assertThat(show("osd.0", "").lines())
                .containsExactly(
                        "NAME  VALUE  SOURCE    OVERRIDES  IGNORES",
                        "a     9      override  mon[4]            ",
                        "b     1      file                        ");
    }

    @Test
    void whatADaemonIgnoresIsMarked() {
        Encoder sent = new Encoder().u32(1).string("a").u32(1).u32(2).string("1");
        open(sent.u32(1).string("a").string("2").toBytes());
        assertThat(show("osd.0", JSON)).contains("'ignores':'mon'");
        assertThat(show("osd.0", "")).containsPattern("file +mon");
    }

    @Test
    void aManagerKnowsItselfAndDefaults() {
        assertThat(show("mgr.x", "")).contains("mgr_tick_period  7      file");
        assertThat(show("mgr.x", ",'key':'mgr-tick-period'")).isEqualTo("7\n");
        assertThat(show("mgr.x", ",'key':'osd_max_scrubs'")).isEqualTo("1\n");
        assertThat(show("mgr.x", JSON, true))
                .contains(
                        "{'name':'mgr_tick_period','value':'7','source':'file'}",
                        "{'name':'osd_max_scrubs','value':'1','source':'default'}");
    }

    @ParameterizedTest
    @CsvSource({
        "osd.0, '', -2, no config state for daemon osd.0",
        "mon.a, '', -2, ceph tell mon.a config show",
        "osd, '', -22, TYPE.ID",
        "mgr.x, mgr_tick_perio, -2, did you mean 'mgr_tick_period'?"
    })
    void whatIsNotKnownIsRefused(String who, String key, int result, String why) {
        String more = key.isEmpty() ? "" : ",'key':'" + key + "'";
        assertThatThrownBy(() -> show(who, more))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.answer().result()).isEqualTo(result);
                            assertThat(refused.answer().text()).contains(why);
                        });
    }

    @Test
    void aManagerThatIsNotActiveAnyMoreForgets() {
        open(options("mon a=4").toBytes());
        assertThat(configs.of("osd.0")).isPresent();
        configs.forget();
        assertThat(configs.of("osd.0")).isEmpty();
        open(Bytes.zeros(3));
        assertThat(configs.of("osd.0")).as("cannot be read").isEmpty();
    }
}
