package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Genuine {@code ceph tell} and {@code ceph daemon} at daemons of their own. */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TellTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private static Path directory;
    private static DaemonCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool", "/usr/bin/python3");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        cluster = new DaemonCluster(directory, 28_400, 1, "osd pool default min size = 1");
        cluster.create();
        cluster.ceph("osd", "pool", "create", "d", "8").run().ok();
        cluster.ceph("osd", "pool", "set", "d", "size", "1", "--yes-i-really-mean-it").run();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static JsonNode ask(String way, String daemon, String... words) {
        List<Object> all = new ArrayList<>(List.of(way, daemon));
        all.addAll(List.of(words));
        return JSON.readTree(cluster.ceph(all.toArray()).run().ok());
    }

    @ParameterizedTest
    @CsvSource({
        "mon.a, version, release",
        "mgr.x, version, release",
        "osd.0, version, release",
        "mon.a, mon_status, quorum",
        "mgr.x, mgr_status, mgrmap_epoch",
        "osd.0, status, num_pgs",
        "mon.a, ops, num_ops",
        "mon.a, dump_historic_ops, size",
        "mon.a, dump_historic_ops_by_duration, ops",
        "mon.a, dump_historic_slow_ops, Ops",
        "osd.0, dump_ops_in_flight, num_ops",
        "osd.0, dump_historic_ops, size",
        "osd.0, dump_historic_ops_by_duration, ops",
        "osd.0, dump_historic_slow_ops, Ops",
        "osd.0, perf dump, osd",
        "osd.0, perf schema, osd",
        "mon.a, perf dump, cluster",
        "mon.a, perf schema, mon",
        "mgr.x, perf dump, AsyncMessenger::Worker-0",
        "mgr.x, perf schema, AsyncMessenger::Worker-0",
        "osd.0, counter dump, osd",
        "mon.a, counter schema, cluster",
        "mgr.x, counter dump, AsyncMessenger::Worker-0",
        "mon.a, config help mon_osd_full_ratio, option",
        "mgr.x, config help mgr_tick_period, option",
        "osd.0, config help osd_max_scrubs, option"
    })
    void bothWaysLeadToTheSameAnswer(String daemon, String command, String key) {
        JsonNode told = ask("tell", daemon, command.split(" "));
        JsonNode throughTheSocket = ask("daemon", daemon, command.split(" "));
        assertThat(throughTheSocket.has(key)).as("%s", throughTheSocket).isTrue();
        assertThat(List.copyOf(throughTheSocket.propertyNames()))
                .isEqualTo(List.copyOf(told.propertyNames()));
    }

    @Test
    void optionsAreShownAndSetThroughTheSocket() {
        assertThat(ask("daemon", "osd.0", "config", "set", "osd_max_scrubs", "3").toString())
                .contains("osd_max_scrubs = '3'");
        assertThat(ask("tell", "osd.0", "config", "get", "osd_max_scrubs").toString())
                .isEqualTo("{\"osd_max_scrubs\":\"3\"}");
        for (String daemon : List.of("mon.a", "mgr.x", "osd.0")) {
            assertThat(ask("daemon", daemon, "config", "show").path("name").asString())
                    .isEqualTo(daemon);
            assertThat(ask("tell", daemon, "config", "diff").has("diff")).isTrue();
        }
        for (String daemon : List.of("mon.a", "mgr.x", "osd.0")) {
            ask("daemon", daemon, "config", "set", "debug_ms", "3");
            assertThat(ask("tell", daemon, "config", "get", "debug_ms").toString())
                    .isEqualTo("{\"debug_ms\":\"3/3\"}");
            assertThat(ask("tell", daemon, "config", "unset", "debug_ms").toString())
                    .isEqualTo("{}");
            assertThat(ask("daemon", daemon, "config", "diff", "get", "debug_ms").toString())
                    .isEqualTo("{\"diff\":{}}");
            assertThat(ask("daemon", daemon, "log", "flush").toString()).isEqualTo("{}");
        }
        Path socket = cluster.file("osd.0.asok");
        assertThat(cluster.ceph("--admin-daemon", socket, "status").run().ok())
                .contains("\"whoami\": 0");
        assertThat(cluster.ceph("daemon", "osd.0", "nosuch").run().code()).isEqualTo(22);
    }

    @Test
    void aMonitorRemembersWhatItWasAskedFor() {
        ask("tell", "mon.a", "config", "set", "mon_op_history_size", "5000");
        cluster.ceph("config-key", "set", "tell/secret", "cuttlebone").run().ok();
        JsonNode done = ask("daemon", "mon.a", "dump_historic_ops_by_duration");
        assertThat(done.toString())
                .contains(
                        "mon_command([{prefix=config-key set, key=tell/secret}] v 0)",
                        "kv:wait_for_finished_proposal")
                .doesNotContain("cuttlebone");
        assertThat(List.copyOf(done.path("ops").path(0).propertyNames()))
                .containsExactly("description", "initiated_at", "age", "duration", "type_data");
        assertThat(List.copyOf(done.at("/ops/0/type_data/info").propertyNames()))
                .containsExactly("seq", "src_is_mon", "source", "forwarded_to_leader");
        ask("tell", "mon.a", "config", "set", "mon_op_history_size", "0");
        assertThat(ask("tell", "mon.a", "dump_historic_ops").path("ops")).isEmpty();
        ask("tell", "mon.a", "config", "unset", "mon_op_history_size");
    }

    @Test
    void theManagerKnowsWhatOsdsRunWith() {
        cluster.ceph("config", "set", "osd", "osd_scrub_sleep", "0.25").run().ok();
        cluster.until(
                "the manager has heard of it",
                () ->
                        cluster.ceph("config", "show", "osd.0", "osd_scrub_sleep")
                                .run()
                                .out()
                                .startsWith("0.25"));
        String all = cluster.ceph("config", "show", "osd.0").run().ok();
        assertThat(all).startsWith("NAME").contains("OVERRIDES", "IGNORES");
        assertThat(all.lines().filter(line -> line.contains("osd_scrub_sleep")).toList().toString())
                .contains("0.250000", "mon");
        assertThat(ask("config", "show-with-defaults", "mgr.x", "-f", "json").toString())
                .contains(
                        "{\"name\":\"osd_max_backfills\",\"value\":\"1\",\"source\":\"default\"}");
        assertThat(cluster.ceph("config", "show", "osd.77").run().code()).isEqualTo(2);
    }

    @Test
    void theManagerKnowsWhatMonitorsRunWith() {
        cluster.ceph("tell", "mon.a", "config", "set", "mon_max_pg_per_osd", "321").run().ok();
        cluster.until(
                "the manager has heard of it",
                () ->
                        cluster.ceph("config", "show", "mon.a", "mon_max_pg_per_osd")
                                .run()
                                .out()
                                .startsWith("321"));
        String all = cluster.ceph("config", "show", "mon.a").run().ok();
        assertThat(all.lines().filter(line -> line.contains("mon_max_pg_per_osd")).toList())
                .singleElement()
                .asString()
                .contains("321", "override");
        assertThat(ask("config", "show-with-defaults", "mon.a", "-f", "json").toString())
                .contains(
                        "{\"name\":\"osd_max_backfills\",\"value\":\"1\",\"source\":\"default\"}");
        cluster.ceph("tell", "mon.a", "config", "unset", "mon_max_pg_per_osd").run().ok();
        assertThat(cluster.ceph("config", "show", "mon.nosuch").run().code()).isEqualTo(2);
    }

    @Test
    void aBenchWritesAndLeavesNothing() {
        JsonNode measured = ask("tell", "osd.0", "bench", "8388608", "1048576");
        assertThat(List.copyOf(measured.propertyNames()))
                .containsExactly(
                        "bytes_written", "blocksize", "elapsed_sec", "bytes_per_sec", "iops");
        assertThat(measured.path("bytes_written").asLong()).isEqualTo(8_388_608);
        assertThat(measured.path("iops").asDouble()).isPositive();
        assertThat(cluster.ceph("tell", "osd.0", "bench", "1048576", "1").run().code())
                .isEqualTo(22);
        assertThat(ask("daemon", "osd.0", "heap", "stats").has("heap_bytes_used")).isTrue();
    }

    @Test
    void whatClientsDoIsCountedAndRemembered() {
        assertThat(ask("tell", "osd.0", "perf", "reset", "all").toString())
                .isEqualTo("{\"success\":\"perf reset all\"}");
        Path file = cluster.conf();
        Program.of("rados", "-c", file, "-p", "d", "put", "known", file).run().ok();
        JsonNode counted = ask("daemon", "osd.0", "perf", "dump", "osd").path("osd");
        assertThat(counted.path("op_w").asLong()).as("%s", counted).isPositive();
        assertThat(counted.path("op_latency").path("avgcount").asLong())
                .isEqualTo(counted.path("op").asLong());
        assertThat(counted.path("op_latency").path("sum").asDouble()).isPositive();
        assertThat(ask("tell", "osd.0", "perf", "dump", "osd", "op_w").toString())
                .matches("\\{\"osd\":\\{\"op_w\":[0-9]+}}");
        assertThat(ask("daemon", "osd.0", "dump_historic_ops").path("ops").toString())
                .contains("known", "\"initiated\"", "\"done\"");
        assertThat(ask("daemon", "mon.a", "perf", "dump").path("cluster").path("num_osd").asInt())
                .isEqualTo(1);
        assertThat(ask("tell", "mon.a", "sessions").toString())
                .contains("\"entity_name\":\"osd.0\"", "\"entity_name\":\"mgr.x\"");
        String columns =
                cluster.ceph("daemonperf", cluster.file("osd.0.asok"), "1", "1").run().ok();
        assertThat(columns).contains("osd", "ops");
    }

    @Test
    void theMonitorsTellWhenTheyKnowAnOsdsReport() {
        long report = ask("tell", "osd.0", "flush_pg_stats").asLong();
        assertThat(report >>> 32).as("the epoch at which it came up").isPositive();
        cluster.until(
                "the monitors know of the report",
                () -> ask("osd", "last-stat-seq", "0").asLong() >= report);
    }

    @Test
    void theSocketGoesWithItsDaemonAndAStaleOneIsReplaced() {
        Path socket = cluster.file("mgr.x.asok");
        cluster.kill("mgr.x");
        assertThat(socket).exists();
        cluster.start("mgr.x");
        cluster.until(
                "the manager answers",
                () -> cluster.ceph("daemon", "mgr.x", "mgr_status").run().code() == 0);
        assertThat(cluster.stop("mgr.x")).isZero();
        assertThat(socket).doesNotExist();
        cluster.start("mgr.x");
        cluster.until(
                "the manager is active again",
                () -> cluster.ceph("tell", "mgr.x", "version").run().code() == 0);
    }
}
