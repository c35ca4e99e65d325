package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What Ceph has as the manager's modules, asked by genuine {@code ceph}: progress, crashes,
 * autoscaler and balancer, with the outputs of a genuine 16.2.15; and a second manager that takes
 * over with all of it when the first dies.
 */
@Tag("interop")
@Timeout(value = 6, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ManagerModulesTest {
    private static final String CRASH =
            "2026-11-29T20:00:00.123456Z_11111111-2222-3333-4444-555555555555";

    @TempDir private static Path directory;
    private static DaemonCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        cluster = new DaemonCluster(directory, 22_100, 4, "osd pool default size = 2");
        cluster.create();
        // Looks at things often, not once a minute.
        for (String module : List.of("progress", "pg_autoscaler", "balancer")) {
            set("mgr", "mgr/" + module + "/sleep_interval", "1");
        }
        ceph("osd", "pool", "create", "data", "64");
        ceph("osd", "pool", "application", "enable", "data", "rados");
        cluster.awaitHealth();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static String ceph(Object... words) {
        return cluster.ceph(words).run().ok();
    }

    private static void set(String who, String option, String value) {
        ceph("config", "set", who, option, value);
    }

    private static JsonNode json(Object... words) {
        List<Object> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-f", "json"));
        return JsonMapper.shared().readTree(ceph(all.toArray()));
    }

    private static boolean healthHas(String code) {
        return json("health", "detail").path("checks").has(code);
    }

    private static void crash(String timestamp) throws IOException {
        String report =
                """
                {"crash_id": "%s", "timestamp": "%s", "process_name": "ceph-osd",
                 "entity_name": "osd.0", "utsname_hostname": "h1",
                 "backtrace": ["/lib/x86_64-linux-gnu/libc.so.6(+0x3c050) [0x7f]",
                               "(OSD::f(int)+0x17) [0x55d7]"],
                 "assert_msg": "osd/OSD.cc: In function 'void f()' thread 7f time \
                2026-11-29T20:00:00.1+0000\\nosd/OSD.cc: 77: FAILED ceph_assert(x)\\n"}
                """
                        .formatted(CRASH, timestamp);
        Path file = Files.writeString(directory.resolve("crash.json"), report);
        ceph("crash", "post", "-i", file);
    }

    @Test
    @Order(1)
    void aCrashIsKeptWarnedOfAndAcknowledged() throws IOException {
        assertThat(ceph("crash", "ls")).isBlank();
        assertThat(ceph("crash", "stat")).isEqualTo("0 crashes recorded\n");
        String now = Instant.now().truncatedTo(ChronoUnit.MICROS).toString();
        crash(now);
        assertThat(ceph("crash", "ls-new"))
                .isEqualTo(
                        """
                        ID                                                                ENTITY  NEW \s
                        %s  osd.0    *  \s
                        """
                                .formatted(CRASH));
        JsonNode info = JsonMapper.shared().readTree(ceph("crash", "info", CRASH));
        assertThat(info.path("stack_sig").asString(""))
                .as("what a genuine manager makes of that trace")
                .isEqualTo("dcc8d5c3add79d844e1bead245b680055e49dd02a748142d69cf27f9bb978935");
        cluster.until("there is a warning", () -> healthHas("RECENT_CRASH"));
        assertThat(ceph("health", "detail"))
                .contains("[WRN] RECENT_CRASH: 1 daemons have recently crashed")
                .contains("    osd.0 crashed on host h1 at " + now);
        ceph("crash", "archive-all");
        cluster.until("the warning is gone", () -> !healthHas("RECENT_CRASH"));
        assertThat(ceph("crash", "ls-new")).isBlank();
        assertThat(ceph("crash", "ls")).contains(CRASH + "  osd.0        ");
        Program.Result unknown = cluster.ceph("crash", "info", "nope").run();
        assertThat(unknown.ok() + unknown.err()).contains("crash info: nope not found");
        Path bad = Files.writeString(directory.resolve("bad.json"), "{\"crash_id\":\"x\"}");
        Program.Result malformed = cluster.ceph("crash", "post", "-i", bad).run();
        assertThat(malformed.ok() + malformed.err())
                .contains("malformed crash metadata: missing 'timestamp' field");
    }

    @Test
    @Order(2)
    void progressIsShownWhileDataMove() throws IOException {
        assertThat(cluster.ceph("progress").run().err()).contains("Nothing in progress");
        Path file = Files.write(directory.resolve("content"), new byte[2_000_000]);
        for (int n = 0; n < 20; n++) {
            cluster.client("rados", "-p", "data", "put", "o" + n, file).run().ok();
        }
        ceph("osd", "out", "3");
        cluster.until(
                "it is said what goes on, or what did",
                () -> ceph("progress").contains("Rebalancing after osd.3 marked out ("));
        cluster.until(
                "it is over",
                () -> {
                    JsonNode all = JsonMapper.shared().readTree(ceph("progress", "json"));
                    return all.path("events").isEmpty() && !all.path("completed").isEmpty();
                });
        assertThat(ceph("progress"))
                .contains("[Complete]: Rebalancing after osd.3 marked out (")
                .contains("    [============================]");
        JsonNode done =
                JsonMapper.shared().readTree(ceph("progress", "json")).path("completed").path(0);
        assertThat(done.propertyNames())
                .containsExactlyInAnyOrder(
                        "add_to_ceph_s:", "finished_at", "id", "message", "refs", "started_at");
        cluster.until(
                "the monitors know",
                () ->
                        json("status").path("progress_events").isEmpty()
                                && !ceph("-s").contains("progress:"));
        ceph("osd", "in", "3");
        cluster.until("all is well", () -> ceph("-s").contains("64 active+clean"));
    }

    @Test
    @Order(3)
    void theAutoscalerWarnsAndScales() {
        ceph("osd", "pool", "create", "small", "2");
        ceph("osd", "pool", "application", "enable", "small", "rados");
        ceph("osd", "pool", "set", "small", "pg_autoscale_mode", "warn");
        String status = ceph("osd", "pool", "autoscale-status");
        assertThat(status.lines().findFirst().orElseThrow().strip().split(" {2,}"))
                .containsExactly(
                        "POOL",
                        "SIZE",
                        "TARGET SIZE",
                        "RATE",
                        "RAW CAPACITY",
                        "RATIO",
                        "TARGET RATIO",
                        "EFFECTIVE RATIO",
                        "BIAS",
                        "PG_NUM",
                        "NEW PG_NUM",
                        "AUTOSCALE",
                        "BULK");
        cluster.until("there is a warning", () -> healthHas("POOL_TOO_FEW_PGS"));
        assertThat(ceph("health", "detail"))
                .contains("1 pools have too few placement groups")
                .contains("Pool small has 2 placement groups, should have 32");
        ceph("osd", "pool", "set", "small", "pg_autoscale_mode", "on");
        cluster.until(
                "the pool has 32 groups",
                () -> json("osd", "pool", "get", "small", "pg_num").path("pg_num").asInt(0) == 32);
        cluster.until("there is no warning", () -> !healthHas("POOL_TOO_FEW_PGS"));
        cluster.until(
                "and that was progress",
                () ->
                        ceph("progress")
                                .contains("PG autoscaler increasing pool 2 PGs from 2 to 32"));
        JsonNode row = null;
        for (JsonNode each : json("osd", "pool", "autoscale-status")) {
            row = each.path("pool_name").asString("").equals("small") ? each : row;
        }
        assertThat(row).isNotNull();
        assertThat(row.path("pg_num_final").asInt(0)).isEqualTo(32);
        assertThat(row.path("would_adjust").asBoolean(true)).isFalse();
        assertThat(row.propertyNames()).hasSize(20);
    }

    /** Groups by OSD. */
    private static Map<Integer, Integer> groups() {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (JsonNode osd : json("osd", "df").path("nodes")) {
            counts.put(osd.path("id").asInt(-1), osd.path("pgs").asInt(0));
        }
        return counts;
    }

    private static int spread() {
        Map<Integer, Integer> counts = groups();
        return counts.values().stream().max(Integer::compare).orElse(0)
                - counts.values().stream().min(Integer::compare).orElse(0);
    }

    @Test
    @Order(4)
    void theBalancerEvensGroupsOutByPlanAndByItself() {
        set("mgr", "mgr/balancer/upmap_max_deviation", "1");
        JsonNode status = JsonMapper.shared().readTree(ceph("balancer", "status"));
        assertThat(status.path("mode").asString("")).isEqualTo("upmap");
        assertThat(status.path("active").asBoolean(true)).as("as ceph.conf says").isFalse();
        cluster.until("all is well", () -> ceph("-s").contains("96 active+clean"));
        assertThat(ceph("balancer", "eval"))
                .matches("current cluster score [01]\\.[0-9]{6} \\(lower is better\\)\\n");
        Program.Result unknown = cluster.ceph("balancer", "eval", "nope").run();
        assertThat(unknown.code()).isEqualTo(22);
        assertThat(unknown.err()).contains("Error EINVAL: option \"nope\" not a plan or a pool");
        ceph("balancer", "optimize", "first");
        assertThat(JsonMapper.shared().readTree(ceph("balancer", "ls"))).hasToString("[\"first\"]");
        assertThat(ceph("balancer", "show", "first")).isEqualTo("upmap plan\n");
        assertThat(ceph("balancer", "eval", "first"))
                .matches("plan \"first\" score [01]\\.[0-9]{6} \\(lower is better\\)\\n");
        ceph("balancer", "execute", "first");
        assertThat(json("osd", "dump").path("pg_upmap_items")).isNotEmpty();
        assertThat(JsonMapper.shared().readTree(ceph("balancer", "ls"))).isEmpty();
        ceph("balancer", "on");
        Program.Result busy = cluster.ceph("balancer", "optimize", "second").run();
        assertThat(busy.err()).contains("Balancer enabled, disable to optimize manually");
        cluster.until("every OSD has about as many groups", () -> spread() <= 4);
        cluster.until(
                "there is nothing left to do",
                () ->
                        JsonMapper.shared()
                                .readTree(ceph("balancer", "status"))
                                .path("no_optimization_needed")
                                .asBoolean(false));
        ceph("balancer", "off");
        assertThat(cluster.ceph("balancer", "optimize", "third").run().err())
                .contains("Error EALREADY: Unable to find further optimization");
    }

    @Test
    @Order(5)
    void anotherManagerTakesOverWithAllOfIt() throws IOException {
        set("mon", "mon_mgr_beacon_grace", "10");
        cluster.makeManager("y");
        cluster.start("mgr.y");
        cluster.until("y stands by", () -> ceph("-s").contains("standbys: y"));
        assertThat(json("mgr", "stat").path("num_standby").asInt(0)).isEqualTo(1);
        assertThat(json("mgr", "dump").path("standbys").path(0).path("name").asString(""))
                .isEqualTo("y");
        ceph("mgr", "fail");
        cluster.until(
                "y is active, and x stands by",
                () -> isActive("y") && ceph("-s").contains("standbys: x"));
        assertThat(ceph("crash", "ls")).contains(CRASH);
        ceph("mgr", "fail", "y");
        cluster.until("x is active", () -> isActive("x"));
        assertThat(cluster.ceph("mgr", "fail", "z").run().err())
                .contains("Daemon not found 'z', already failed?");
        cluster.until("y stands by", () -> ceph("-s").contains("standbys: y"));
        cluster.kill("mgr.x");
        cluster.until("y is active", () -> isActive("y"));
        cluster.until("it knows all groups", () -> ceph("-s").contains("96 active+clean"));
        cluster.until(
                "it knows what x had done",
                () ->
                        ceph("progress")
                                .contains("[Complete]: Rebalancing after osd.3 marked out ("));
        assertThat(ceph("osd", "pool", "autoscale-status")).contains("small");
        assertThat(ceph("log", "last", "100"))
                .contains("Manager daemon x is unresponsive, replacing it with standby daemon y");
    }

    private static boolean isActive(String name) {
        JsonNode stat = json("mgr", "stat");
        return stat.path("active_name").asString("").equals(name)
                && stat.path("available").asBoolean(false);
    }
}
