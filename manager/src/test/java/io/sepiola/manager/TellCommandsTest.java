package io.sepiola.manager;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one manager is told of itself. */
class TellCommandsTest {
    private final ModuleOptions options =
            new ModuleOptions("x", new TreeMap<>(Map.of("mgr_tick_period", "7")));
    private final TellCommands tells =
            new TellCommands(
                    "x",
                    options,
                    new ManagerCounters().shown(),
                    options::override,
                    () -> new TellCommands.Status(5, true));

    private String tell(String json) {
        return tells.run(List.of(json)).orElseThrow().output().toUtf8();
    }

    @Test
    void answersArePrettyUnlessJsonIsWanted() {
        assertThat(tell("{\"prefix\":\"mgr_status\"}"))
                .isEqualTo("{\n    \"mgrmap_epoch\": 5,\n    \"initialized\": true\n}\n");
        assertThat(tell("{\"prefix\":\"mgr_status\",\"format\":\"json\"}"))
                .isEqualTo("{\"mgrmap_epoch\":5,\"initialized\":true}");
    }

    @Test
    void optionsComeFromTheMonitorsThenFromTheFile() {
        assertThat(tell("{\"prefix\":\"config get\",\"var\":\"mgr_tick_period\"}"))
                .contains("\"7\"");
        options.told(Map.of("mgr_tick_period", "9"));
        assertThat(tell("{\"prefix\":\"config get\",\"var\":\"mgr_tick_period\"}"))
                .contains("\"9\"");
        assertThat(tell("{\"prefix\":\"config diff\",\"format\":\"json\"}"))
                .isEqualTo(
                        "{\"diff\":{\"mgr_tick_period\":{\"default\":\"2\",\"file\":\"7\","
                                + "\"mon\":\"9\",\"final\":\"9\"}}}");
        assertThat(tell("{\"prefix\":\"config show\",\"format\":\"json\"}"))
                .startsWith("{\"name\":\"mgr.x\",\"cluster\":\"ceph\",")
                .contains("\"mgr_tick_period\":\"9\"");
    }

    @Test
    void whatItIsToldGoesBeforeAllElseUntilItIsUnset() {
        options.told(Map.of("mgr_tick_period", "9"));
        assertThat(
                        tell(
                                "{\"prefix\":\"config set\",\"var\":\"mgr_tick_period\","
                                        + "\"val\":[\"4\"],\"format\":\"json\"}"))
                .isEqualTo("{\"success\":\"mgr_tick_period = '4' \"}");
        assertThat(options.text("mgr_tick_period", "")).isEqualTo("4");
        assertThat(
                        tell(
                                "{\"prefix\":\"config unset\",\"var\":\"mgr_tick_period\","
                                        + "\"format\":\"json\"}"))
                .isEqualTo("{}");
        assertThat(options.text("mgr_tick_period", "")).isEqualTo("9");
        Command.Answer injected =
                tells.run(
                                List.of(
                                        "{\"prefix\":\"injectargs\",\"injected_args\":"
                                                + "[\"--mgr_tick_period=3\"]}"))
                        .orElseThrow();
        assertThat(injected.text()).isEqualTo("mgr_tick_period = '3' ");
        assertThat(injected.output().toUtf8()).isEqualTo("{}\n");
    }

    @Test
    void whatComesInIsCounted() {
        assertThat(tell("{\"prefix\":\"perf dump\",\"format\":\"json\"}"))
                .isEqualTo(
                        "{\"AsyncMessenger::Worker-0\":{\"msgr_recv_messages\":0,"
                                + "\"msgr_created_connections\":0,"
                                + "\"msgr_active_connections\":0}}");
        assertThat(tell("{\"prefix\":\"counter schema\"}"))
                .contains("\"labels\": {},\n", "\"metric_type\": \"counter\"");
    }

    @Test
    void whatIsTheClustersIsNotAnswered() {
        assertThat(tells.run(List.of("{\"prefix\":\"pg stat\"}"))).isEmpty();
        assertThat(tells.run(List.of("{\"prefix\":\"config show\",\"who\":\"osd.0\"}"))).isEmpty();
    }

    @Test
    void whatCannotBeAnsweredIsRefused() {
        assertThat(tells.run(List.of("{")).orElseThrow().result()).isEqualTo(-22);
        assertThat(tells.run(List.of("{\"prefix\":\"config get\"}")).orElseThrow().result())
                .isEqualTo(-22);
        String nosuch = "{\"prefix\":\"config help\",\"var\":\"nosuch\"}";
        assertThat(tells.run(List.of(nosuch)).orElseThrow().result()).isEqualTo(-2);
    }

    @Test
    void itsOwnCommandsAreNotTheClusters() {
        String all = tell("{\"prefix\":\"get_command_descriptions\"}");
        assertThat(all)
                .contains("\"sig\":[\"mgr_status\"],")
                .contains("\"sig\":[\"pg\",\"stat\"]")
                .containsPattern("\"mgr_status\".{1,120}\"flags\":0")
                .containsPattern("\"pg\",\"stat\".{1,160}\"flags\":8");
    }
}
