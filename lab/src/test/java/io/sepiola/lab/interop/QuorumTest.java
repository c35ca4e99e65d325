package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Three monitors of one cluster, each a process: whoever leads is killed, again and again, under a
 * loop of changes by genuine Ceph's {@code ceph}. What was acknowledged is there, once; the others
 * go on, and clients find them.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class QuorumTest {
    private static final int KILLS = Integer.getInteger("kills", 10);
    private static final int CHANGES = 3;
    private static final int TIMED_OUT = 124;

    /** A pool that the other test asks for without an answer: it may be made later. */
    private static final String LONELY = "lonely";

    @TempDir private static Path directory;
    private static DaemonCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool", "monmaptool");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        cluster = new DaemonCluster(directory, 31_300, 3, "mon allow pool delete = true", 3);
        cluster.create();
        cluster.ceph("osd", "pool", "create", "p", "8").run().ok();
        cluster.ceph("osd", "pool", "application", "enable", "p", "rados").run().ok();
        cluster.awaitHealth();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static JsonNode json(Object... words) {
        return JsonMapper.builder().build().readTree(cluster.ceph(words).run().ok());
    }

    private static String leader() {
        return json("quorum_status", "-f", "json").path("quorum_leader_name").asString();
    }

    private static int elections() {
        return json("quorum_status", "-f", "json").path("election_epoch").asInt();
    }

    /** One of the others, a different one from time to time. */
    private static String survivor(String leader, int kill) {
        List<String> others = new ArrayList<>(cluster.monitorNames());
        others.remove(leader);
        return others.get(kill % others.size());
    }

    private static boolean allAgree() {
        return json("quorum_status", "-f", "json").path("quorum").size() == 3;
    }

    @Test
    void noChangeIsLostAndNoneDoneTwiceWhileLeadersDie() throws IOException {
        assertThat(cluster.status()).contains("mon: 3 daemons, quorum a,b,c (age ");
        int idsBefore = json("osd", "dump", "-f", "json").path("pool_max").asInt();
        int made = 0;
        long slowestNanos = 0;
        int electionsBefore = elections();
        for (int kill = 0; kill < KILLS; kill++) {
            String leader = leader();
            cluster.kill("mon." + leader);
            String survivor = survivor(leader, kill);
            for (int change = 0; change < CHANGES; change++) {
                long begin = System.nanoTime();
                cluster.ceph("config", "set", "client", "rbd_cache_size", 1000 + made).run().ok();
                slowestNanos = Math.max(slowestNanos, System.nanoTime() - begin);
                // The others know of one monitor only, which follows or has just begun to lead.
                at(survivor, "osd", "pool", "create", "p" + made, "1").ok();
                made++;
            }
            String status = cluster.status();
            assertThat(status).contains("1/3 mons down, quorum ", ", out of quorum: " + leader);
            assertThat(leader()).isNotEqualTo(leader);
            int elections = elections();
            assertThat(elections).isEven().isGreaterThan(electionsBefore);
            electionsBefore = elections;
            objectsGoInAndOut(kill);
            cluster.start("mon." + leader);
            cluster.until("mon." + leader + " agrees again", QuorumTest::allAgree);
        }
        System.out.printf(
                "QuorumTest: %d leaders killed, %d pools made; slowest change %.1f s%n",
                KILLS, made, slowestNanos / 1e9);

        List<String> names = new ArrayList<>();
        SortedSet<Integer> ids = new TreeSet<>();
        for (JsonNode pool : json("osd", "pool", "ls", "detail", "-f", "json")) {
            if (!pool.path("pool_name").asString().equals(LONELY)) {
                names.add(pool.path("pool_name").asString());
                ids.add(pool.path("pool_id").asInt());
            }
        }
        assertThat(names).startsWith("p").hasSize(made + 1);
        for (int pool = 0; pool < made; pool++) { // in this order, and none was made twice
            assertThat(names.get(pool + 1)).isEqualTo("p" + pool);
        }
        assertThat(ids).hasSize(names.size());
        assertThat(ids.last()).as("every id was used").isLessThanOrEqualTo(idsBefore + made + 1);
        assertThat(cluster.ceph("config", "get", "client", "rbd_cache_size").run().ok().strip())
                .isEqualTo(String.valueOf(1000 + made - 1));
    }

    @Test
    void everyMonitorServes() throws IOException {
        String leader = leader();
        int number = 0;
        for (String name : cluster.monitorNames()) {
            assertThat(at(name, "status").ok()).contains("mon: 3 daemons, quorum a,b,c (age ");
            String pool = "by-" + name;
            at(name, "osd", "pool", "create", pool, "1").ok();
            assertThat(at(name, "osd", "pool", "ls").ok().lines()).contains(pool);
            // rados looks for the pool in the map that this monitor sends.
            Path file = cluster.file("by");
            java.nio.file.Files.writeString(file, "by " + name);
            Object[] words = {"-m", cluster.monitorAddr(name), "-p", pool, "put", "o", file};
            client("rados", words).ok();
            at(name, "config", "set", "client", "rbd_cache_size", 500 + number).ok();
            assertThat(at(name, "config", "get", "client", "rbd_cache_size").ok().strip())
                    .isEqualTo(String.valueOf(500 + number));
            number++;
            at(name, "osd", "pool", "delete", pool, pool, "--yes-i-really-really-mean-it").ok();
            assertThat(at(name, "osd", "pool", "ls").ok().lines()).doesNotContain(pool);
        }
        assertThat(leader()).as("nobody was lost over it").isEqualTo(leader);
    }

    @Test
    void everyMonitorSaysTheSame() {
        for (String name : cluster.monitorNames()) {
            assertThat(at(name, "mon", "stat").ok()).contains("quorum 0,1,2 a,b,c");
            assertThat(jsonAt(name, "quorum_status").path("quorum_leader_name").asString())
                    .isEqualTo(leader());
            assertThat(jsonAt(name, "mon", "dump").path("quorum").size()).isEqualTo(3);
            assertThat(jsonAt(name, "node", "ls", "mon").valueStream().findFirst().orElseThrow())
                    .hasToString("[\"a\",\"b\",\"c\"]");
            for (JsonNode count : jsonAt(name, "versions").path("mon")) {
                assertThat(count.asInt()).isEqualTo(3);
            }
            JsonNode features = jsonAt(name, "features");
            assertThat(features.path("mon").get(0).path("num").asInt()).isEqualTo(3);
            assertThat(features.path("osd").get(0).path("num").asInt()).isEqualTo(3);
            assertThat(features.path("mgr").get(0).path("num").asInt()).isEqualTo(1);
        }
        cluster.until(
                "the status is the same everywhere",
                () -> {
                    List<String> said = new ArrayList<>();
                    for (String name : cluster.monitorNames()) {
                        said.add(at(name, "-s").ok().replaceAll("(age|since) [0-9]+[smhd]", "$1"));
                    }
                    return said.stream().distinct().count() == 1;
                });
    }

    @Test
    void everyMonitorAnswersForItself() {
        String leader = leader();
        for (String name : cluster.monitorNames()) {
            String daemon = "mon." + name;
            for (String way : List.of("tell", "daemon")) {
                JsonNode status = json(way, daemon, "mon_status");
                assertThat(status.path("name").asString()).isEqualTo(name);
                assertThat(status.path("state").asString())
                        .isEqualTo(name.equals(leader) ? "leader" : "peon");
                assertThat(status.path("quorum").toString()).isEqualTo("[0,1,2]");
                assertThat(json(way, daemon, "sessions").isArray()).isTrue();
                assertThat(json(way, daemon, "dump_historic_ops").path("ops")).isNotEmpty();
                assertThat(json(way, daemon, "perf", "dump").path("mon").has("num_sessions"))
                        .isTrue();
            }
            json("daemon", daemon, "config", "set", "mon_max_pg_per_osd", "321");
            assertThat(json("tell", daemon, "config", "get", "mon_max_pg_per_osd").toString())
                    .contains("321");
            cluster.until(
                    "the manager has heard of it from " + daemon,
                    () ->
                            cluster.ceph("config", "show", daemon, "mon_max_pg_per_osd")
                                    .run()
                                    .out()
                                    .startsWith("321"));
            json("tell", daemon, "config", "unset", "mon_max_pg_per_osd");
        }
    }

    private static JsonNode jsonAt(String monitor, Object... words) {
        Object[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "-f";
        all[words.length + 1] = "json";
        return JsonMapper.builder().build().readTree(at(monitor, all).ok());
    }

    /** What {@code ceph} says that knows of one monitor only. */
    private static Program.Result at(String monitor, Object... words) {
        Object[] all = new Object[words.length + 2];
        all[0] = "-m";
        all[1] = cluster.monitorAddr(monitor);
        System.arraycopy(words, 0, all, 2, words.length);
        return client("ceph", all);
    }

    private static Program.Result client(String program, Object... words) {
        return Program.of(program, words)
                .env("CEPH_CONF", cluster.conf().toString())
                .within(DaemonCluster.PATIENCE)
                .run();
    }

    private static void objectsGoInAndOut(int number) throws IOException {
        Path file = cluster.file("object");
        java.nio.file.Files.writeString(file, "content " + number);
        rados("put", "o" + number, file).run().ok();
        assertThat(rados("get", "o" + number, "-").run().ok()).isEqualTo("content " + number);
    }

    private static Program rados(Object... words) {
        Object[] all = new Object[words.length + 2];
        all[0] = "-p";
        all[1] = "p";
        System.arraycopy(words, 0, all, 2, words.length);
        return Program.of("rados", all).env("CEPH_CONF", cluster.conf().toString());
    }

    @Test
    void oneOfThreeAloneServesNobody() {
        String leader = leader();
        for (String name : cluster.monitorNames()) {
            if (!name.equals(leader)) {
                cluster.kill("mon." + name);
            }
        }
        Program.Result alone = // the client itself would wait for good
                Program.of("timeout", "10", "ceph", "osd", "pool", "create", LONELY)
                        .env("CEPH_CONF", cluster.conf().toString())
                        .run();
        Program.Result read =
                Program.of("timeout", "5", "ceph", "osd", "dump")
                        .env("CEPH_CONF", cluster.conf().toString())
                        .run();
        JsonNode status = json("daemon", "mon." + leader, "mon_status");
        for (String name : cluster.monitorNames()) {
            if (!name.equals(leader)) {
                cluster.start("mon." + name);
            }
        }
        cluster.until("all agree again", QuorumTest::allAgree);
        assertThat(alone.code()).as(alone.out() + alone.err()).isEqualTo(TIMED_OUT);
        assertThat(read.code()).as(read.out() + read.err()).isEqualTo(TIMED_OUT);
        assertThat(status.path("state").asString()).as("%s", status).isEqualTo("probing");
        assertThat(status.path("quorum").isEmpty()).isTrue();
    }
}
