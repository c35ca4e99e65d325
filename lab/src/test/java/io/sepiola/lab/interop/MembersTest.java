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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Monitors that come and go while genuine Ceph's {@code ceph} makes one pool after another: one
 * that stands alone is told of a second, and killed while it hands its log over; three more join by
 * themselves, two are removed, the leader among them, and one loses its disk. No pool that was
 * acknowledged is lost, and every monitor says the same.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MembersTest {
    /** Asks with genuine Ceph's librados, by one session. */
    private static final String ASK =
            """
            import json, rados, sys
            file, monitor = sys.argv[1:3]
            cluster = rados.Rados(conffile=file, conf={'mon_host': monitor})
            cluster.connect(timeout=60)
            for prefix in sys.argv[3:]:
                command = json.dumps({'prefix': prefix, 'format': 'json'})
                result, out, said = cluster.mon_command(command, b'', timeout=60)
                assert result == 0, (prefix, result, said)
                print(out.decode().strip())
            cluster.shutdown() # else its threads may crash the interpreter's end
            """;

    @TempDir private static Path directory;
    private static DaemonCluster cluster;

    private final List<String> monitors = new ArrayList<>(List.of("a"));
    private final Pools pools = new Pools();

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "ceph-authtool", "monmaptool", "python3");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        cluster = new DaemonCluster(directory, 21_100, 1, "mon max pg per osd = 100000", 1);
        cluster.create();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Makes pools, one after another. */
    private static final class Pools implements Runnable {
        private final List<String> made = new ArrayList<>();
        private volatile boolean ends;
        private volatile long slowestNanos;
        private final Thread thread = new Thread(this, "pools");

        @Override
        public void run() {
            for (int number = 0; !ends; number++) {
                long begin = System.nanoTime();
                String name = "p" + number;
                if (cluster.ceph("osd", "pool", "create", name, "1").run().code() == 0) {
                    slowestNanos = Math.max(slowestNanos, System.nanoTime() - begin);
                    synchronized (made) {
                        made.add(name);
                    }
                }
            }
        }

        List<String> acknowledged() {
            synchronized (made) {
                return List.copyOf(made);
            }
        }

        void end() throws InterruptedException {
            ends = true;
            thread.join();
        }
    }

    private static Program.Result at(String monitor, Object... words) {
        Object[] all = new Object[words.length + 2];
        all[0] = "-m";
        all[1] = cluster.monitorAddr(monitor);
        System.arraycopy(words, 0, all, 2, words.length);
        return cluster.ceph(all).within(DaemonCluster.PATIENCE).run();
    }

    /** What the monitors say, by one session with one of them. */
    private record Said(JsonNode quorum, JsonNode map, JsonNode status, List<String> pools) {
        static Said by(String monitor) {
            String out =
                    cluster.python(
                                    ASK,
                                    cluster.monitorAddr(monitor),
                                    "quorum_status",
                                    "mon dump",
                                    "status",
                                    "osd pool ls")
                            .run()
                            .ok();
            List<JsonNode> answers =
                    out.lines().map(line -> JsonMapper.builder().build().readTree(line)).toList();
            return new Said(answers.get(0), answers.get(1), answers.get(2), texts(answers.get(3)));
        }

        String leader() {
            return quorum.path("quorum_leader_name").asString();
        }
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    /** Whether each monitor has heard that all that there should be are in the quorum. */
    private boolean agrees() {
        TreeSet<String> all = new TreeSet<>(monitors);
        return monitors.stream()
                .map(Said::by)
                .allMatch(said ->
                        new TreeSet<>(texts(said.quorum.path("quorum_names"))).equals(all)
                                && said.map.path("mons").size() == all.size());
    }

    private String leader() {
        return Said.by(monitors.getFirst()).leader();
    }

    /** Every monitor serves, says the same as the others, and knows every pool. */
    private void everybodyAgrees(String after) {
        cluster.until("all agree, " + after, this::agrees);
        List<String> acknowledged = pools.acknowledged();
        TreeSet<String> seen = new TreeSet<>();
        for (String name : monitors) {
            Said said = Said.by(name);
            seen.add(said.leader() + ", map " + said.map.path("epoch").asInt());
            assertThat(said.map.path("quorum").size()).isEqualTo(monitors.size());
            assertThat(said.status.path("monmap").path("num_mons").asInt())
                    .as("status by mon.%s, %s", name, after)
                    .isEqualTo(monitors.size());
            assertThat(said.status.path("health").path("checks").has("MON_DOWN")).isFalse();
            assertThat(said.pools)
                    .as("pools by mon.%s, %s", name, after)
                    .containsAll(acknowledged)
                    .doesNotHaveDuplicates();
            // Without asking for settings first, Ceph's clients stay with the monitor named.
            Object[] words = {"--no-mon-config", "-m", cluster.monitorAddr(name), "lspools"};
            Program.Result alone =
                    cluster.client("rados", words).within(DaemonCluster.PATIENCE).run();
            assertThat(alone.ok().lines().toList())
                    .as("pools by mon.%s alone, %s", name, after)
                    .containsAll(acknowledged);
        }
        assertThat(seen).as("what %s say, %s", monitors, after).hasSize(1);
        System.out.printf(
                "MembersTest: %s: %s, led by mon.%s, %d pools%n",
                after, monitors, seen.first(), acknowledged.size());
    }

    private void join(String name) {
        cluster.addMonitor(name);
        monitors.add(name);
        everybodyAgrees("mon." + name + " joined");
    }

    private void growFromOne() throws IOException {
        String addr = cluster.monitorAddr("b");
        assertThat(at("a", "mon", "add", "b", addr.replace("v2:", "")).err())
                .contains("adding mon.b at " + addr);
        cluster.kill("mon.a");
        cluster.start("mon.a");
        join("b");
        join("c");
        String all = String.join(",", cluster.monitorAddrs("a", "b", "c"));
        String conf = Files.readString(cluster.conf());
        Files.writeString(cluster.conf(), conf.replace(cluster.monitorAddr("a"), all));
    }

    private void remove(String name, String by) throws IOException {
        monitors.remove(name);
        assertThat(at(by, "mon", "rm", name).code()).isZero();
        assertThat(cluster.awaitEnd("mon." + name)).as("exit code of mon.%s", name).isZero();
        assertThat(Files.readString(cluster.file("mon." + name + ".log")))
                .contains("mon." + name + " was removed from the cluster's monitors");
        everybodyAgrees("mon." + name + " is removed");
    }

    private void loseDisk(String name) throws IOException {
        cluster.kill("mon." + name);
        try (var files = Files.walk(cluster.file("mon." + name))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        cluster.addMonitor(name);
        everybodyAgrees("mon." + name + " has a new disk");
    }

    @Test
    void monitorsComeAndGoAndNothingIsLost() throws Exception {
        everybodyAgrees("at the beginning");
        pools.thread.start();
        growFromOne();
        join("d");
        join("e");
        remove(leader().equals("c") ? "b" : "c", "d");
        remove(leader(), monitors.getLast());
        List<String> others = new ArrayList<>(monitors);
        others.remove(leader());
        loseDisk(others.getFirst());
        pools.end();
        System.out.printf("MembersTest: slowest pool %.1f s%n", pools.slowestNanos / 1e9);

        String removed = monitors.contains("a") ? "c" : "a";
        Program.Result again = cluster.verb("mon", "-i", removed).run();
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("was removed from the cluster");
        assertThat(at(monitors.getFirst(), "mon", "rm", "x").err()).contains("does not exist");

        monitors.forEach(name -> cluster.kill("mon." + name));
        monitors.forEach(name -> cluster.start("mon." + name));
        everybodyAgrees("all started again");
    }
}
