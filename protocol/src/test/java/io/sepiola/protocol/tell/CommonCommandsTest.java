package io.sepiola.protocol.tell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.osd.PerfCounterType;
import io.sepiola.protocol.perf.PerfCounters;
import io.sepiola.protocol.tell.CommonCommands.Refusal;
import io.sepiola.protocol.tell.CommonCommands.Told;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What every daemon answers alike. */
class CommonCommandsTest {
    private static final String NAME = "osd_max_scrubs";

    /** One whose file has a value. */
    private static final class Fake implements CommonCommands.Daemon {
        private final PerfCounters counters = new PerfCounters();
        private RunningOptions running =
                new RunningOptions(
                        List.of(
                                new RunningOptions.Layer(
                                        "file", new TreeMap<>(Map.of(NAME, "3")))));

        Fake() {
            counters.add(
                    PerfCounters.Counter.of(
                            new PerfCounterType("osd.op", "Ops", "", 10, 5, 1), () -> 7));
        }

        @Override
        public String name() {
            return "osd.0";
        }

        @Override
        public RunningOptions running() {
            return running;
        }

        @Override
        public void override(SortedMap<String, String> values) {
            running = running.withOverrides(values);
        }

        @Override
        public PerfCounters counters() {
            return counters;
        }
    }

    private final Fake daemon = new Fake();

    /** Runs a command, with words such as {@code var=osd_max_scrubs}. */
    private Told tell(String prefix, String... words) {
        CommonCommands.Row row =
                CommonCommands.ROWS.stream()
                        .filter(each -> each.prefix().equals(prefix))
                        .findFirst()
                        .orElseThrow();
        return row.action()
                .run(
                        daemon,
                        name ->
                                Arrays.stream(words)
                                        .filter(word -> word.startsWith(name + "="))
                                        .map(word -> word.substring(name.length() + 1))
                                        .toList());
    }

    @Test
    void whatIsSetCountsUntilItIsUnset() {
        assertThat(tell("config set", "var=osd-max-scrubs", "val=4").output())
                .isEqualTo(Map.of("success", "osd_max_scrubs = '4' "));
        assertThat(tell("config get", "var=osd max scrubs").output()).isEqualTo(Map.of(NAME, "4"));
        assertThat(tell("config unset", "var=osd_max_scrubs"))
                .isEqualTo(new CommonCommands.Told("osd_max_scrubs = '3' ", Map.of()));
        assertThat(tell("config get", "var=osd_max_scrubs").output()).isEqualTo(Map.of(NAME, "3"));
        assertThat(tell("config unset", "var=osd_max_scrubs"))
                .as("what is not set can be unset")
                .isEqualTo(new CommonCommands.Told("", Map.of()));
    }

    @Test
    void differencesOfOneOptionAreThatOnes() {
        assertThat(tell("config diff get", "var=osd_max_scrubs").output())
                .isEqualTo(
                        Map.of(
                                "diff",
                                Map.of(NAME, Map.of("default", "1", "file", "3", "final", "3"))));
        assertThat(tell("config diff get", "var=osd_max_backfills").output())
                .isEqualTo(Map.of("diff", Map.of()));
        assertThat(tell("config diff").output().toString()).startsWith("{diff={osd_max_scrubs=");
    }

    @Test
    void allOptionsAreShownAfterTheDaemonsName() {
        Map<String, ?> all = tell("config show").output();
        assertThat(List.copyOf(all.keySet())).startsWith("name", "cluster").contains(NAME);
        assertThat(all.get("name")).isEqualTo("osd.0");
        assertThat(all).hasSizeGreaterThan(1500);
    }

    @Test
    void anOptionIsDescribedOrAllAre() {
        assertThat(tell("config help", "var=osd_max_scrubs").output().toString())
                .startsWith("{option={name=osd_max_scrubs, type=int, level=advanced, desc=")
                .contains("default=1, daemon_default=, ", "can_update_at_runtime=true");
        assertThat(tell("config help").output().get("options"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSizeGreaterThan(1500);
    }

    @Test
    void severalAreInjected() {
        Told told = tell("injectargs", "injected_args=--osd_max_scrubs=2 --osd-scrub-sleep 0.5");
        assertThat(told)
                .isEqualTo(
                        new Told("osd_max_scrubs = '2' osd_scrub_sleep = '0.500000' ", Map.of()));
        assertThat(daemon.running().overrides())
                .isEqualTo(Map.of(NAME, "2", "osd_scrub_sleep", "0.500000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "osd_max_scrubs=2",
                "--nosuch=1",
                "--osd_max_scrubs=x",
                "--osd_max_scrubs"
            })
    void whatIsNoOptionIsNotInjected(String arguments) {
        assertThatThrownBy(() -> tell("injectargs", "injected_args=" + arguments))
                .isInstanceOf(Refusal.class);
        assertThat(daemon.running().overrides()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "config get, var=osd_max_scrub, -2, did you mean 'osd_max_scrubs'?",
        "config diff get, var=nosuch, -2, unrecognized",
        "config help, var=nosuch, -2, unrecognized",
        "config set, var=nosuch, -2, unrecognized",
        "config set, var=osd_max_scrubs, -22, invalid",
        "config unset, var=nosuch, -22, unrecognized"
    })
    void refusalsHaveCephsCodes(String prefix, String word, int result, String why) {
        assertThatThrownBy(() -> tell(prefix, word, "val=x"))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> {
                            assertThat(refusal.result()).isEqualTo(result);
                            assertThat(refusal.why()).contains(why);
                        });
    }

    @Test
    void countersAreShownWithAndWithoutLabels() {
        assertThat(tell("perf dump").output().toString()).isEqualTo("{osd={op=7}}");
        assertThat(tell("counter dump").output().toString())
                .isEqualTo("{osd=[{labels={}, counters={op=7}}]}");
        assertThat(tell("counter schema").output().toString())
                .startsWith("{osd=[{labels={}, counters={op={type=10, metric_type=counter,");
        assertThat(tell("perf reset", "var=all").output())
                .isEqualTo(Map.of("success", "perf reset all"));
        assertThat(tell("perf dump", "logger=osd").output().toString()).isEqualTo("{osd={op=0}}");
    }

    @Test
    void theHeapIsShownAndReleased() {
        assertThat(tell("heap", "heapcmd=stats").output())
                .containsOnlyKeys("heap_bytes_used", "heap_bytes_committed", "heap_bytes_max");
        assertThat((Long) tell("heap", "heapcmd=release").output().get("heap_bytes_used"))
                .isPositive();
        assertThatThrownBy(() -> tell("heap", "heapcmd=dump")).isInstanceOf(Refusal.class);
    }

    @Test
    void theLogIsAlwaysFlushed() {
        assertThat(tell("log flush")).isEqualTo(new Told("", Map.of()));
        assertThat(tell("log reopen")).isEqualTo(new Told("", Map.of()));
    }
}
