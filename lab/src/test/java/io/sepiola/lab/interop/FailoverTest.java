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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An operator's view of an OSD that fails: who notices, what the cluster says, who takes over, and
 * how it returns, while clients go on; and of a monitor that does. Four OSD processes, three
 * monitors; genuine {@code ceph}, {@code rados} and librados.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FailoverTest {
    private static final int PORTS = 29_400;
    private static final int OSDS = 4;
    private static final int MONITORS = 3;
    private static final int SIZE = 3;
    private static final int PGS = 16;
    private static final int GRACE_SECONDS = 10;
    private static final int PACE = 150; // writes a second, while three monitors run here too

    /** Only noticing and marking out are made quicker than by default. */
    private static final String OPTIONS =
            """
            osd heartbeat interval = 2
            osd heartbeat grace = %d
            osd op complaint time = 2
            """
                    .formatted(GRACE_SECONDS);

    @TempDir private static Path directory;
    private static DaemonCluster cluster;
    private static Path content;

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool", "/usr/bin/python3", "kill");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        content = Files.writeString(directory.resolve("content"), "sepiola ".repeat(2000));
        cluster = new DaemonCluster(directory, PORTS, OSDS, OPTIONS, MONITORS);
        cluster.create();
        cluster.ceph("osd", "pool", "create", "w", PGS).run().ok();
        cluster.ceph("osd", "pool", "application", "enable", "w", "rados").run().ok();
        cluster.awaitHealth();
        for (int i = 0; i < 4; i++) {
            put("o" + i);
        }
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static void put(String object) {
        rados("put", object, content).run().ok();
    }

    private static void assertReads(String object) throws IOException {
        Path back = directory.resolve("back");
        rados("get", object, back).run().ok();
        assertThat(back).hasSameBinaryContentAs(content);
    }

    private static Program rados(Object... words) {
        Object[] all = new Object[words.length + 2];
        all[0] = "-p";
        all[1] = "w";
        System.arraycopy(words, 0, all, 2, words.length);
        return cluster.client("rados", all);
    }

    /** Who leads the group of an object. */
    private static int primary(String object) {
        String text = cluster.ceph("osd", "map", "w", object).run().ok();
        return Integer.parseInt(text.replaceAll("(?s).*acting \\(.*, p([0-9]+)\\).*", "$1"));
    }

    /** The line of {@code ceph osd tree} about an OSD: STATUS, REWEIGHT, PRI-AFF are its end. */
    private static String tree(int osd) {
        return cluster.ceph("osd", "tree")
                .run()
                .ok()
                .lines()
                .filter(line -> line.contains(" osd." + osd + " "))
                .findFirst()
                .orElseThrow()
                .replaceAll(" +", " ");
    }

    /**
     * A group by {@code ceph pg ls}.
     *
     * @param acting as printed, {@code [1,0]p1}
     */
    private record Group(String id, String state, String acting) {
        boolean has(int osd) {
            return acting.matches("\\[(.*,)?" + osd + "(,.*)?\\]p[0-9]+");
        }
    }

    private static List<Group> groups() {
        List<String> lines = cluster.ceph("pg", "ls-by-pool", "w").run().ok().lines().toList();
        List<String> head = List.of(lines.getFirst().strip().split(" +"));
        return lines.stream()
                .skip(1)
                .filter(line -> line.matches("[0-9]+\\..*"))
                .map(line -> List.of(line.strip().split(" +")))
                .map(row ->
                        new Group(
                                row.getFirst(),
                                row.get(head.indexOf("STATE")),
                                row.get(head.indexOf("ACTING"))))
                .toList();
    }

    private static void awaitDown(int osd) {
        cluster.until("osd." + osd + " is down", () -> tree(osd).contains(" down "));
    }

    /** Every group is where it should be, and nobody keeps a copy that is needed no more. */
    private static void awaitNoStrays() {
        cluster.until(
                "no copies are left over",
                () -> IntStream.range(0, OSDS).map(FailoverTest::groupCount).sum() == SIZE * PGS);
    }

    private static int groupCount(int osd) {
        String status = cluster.ceph("tell", "osd." + osd, "status").run().ok();
        return Integer.parseInt(status.replaceAll("(?s).*\"num_pgs\" ?: ?([0-9]+).*", "$1"));
    }

    @Test
    @Order(1)
    void anOsdIsKilledItsGroupsAreRebuiltElsewhereAndItReturns() throws IOException {
        int victim = primary("o1");
        try (RecordedLoad load = RecordedLoad.start(cluster, "w", directory, "w8", PACE)) {
            load.awaitRate(1);
            long begin = System.nanoTime();
            cluster.kill("osd." + victim);
            awaitDown(victim);
            System.out.printf(
                    "W8: osd.%d is down %.1f s after kill -9%n",
                    victim, (System.nanoTime() - begin) / 1e9);
            assertThat(System.nanoTime() - begin)
                    .as("its address refuses: nobody waits for the grace")
                    .isLessThan(Duration.ofSeconds(GRACE_SECONDS).toNanos());
            degradedAndServing(victim);
            load.awaitRate(1);

            cluster.ceph("config", "set", "mon", "mon_osd_down_out_interval", 3).run().ok();
            cluster.until("it is out", () -> cluster.status().contains("3 in"));
            assertThat(tree(victim)).contains(" down 0 ");
            cluster.until(
                    "its groups are whole again without it",
                    () ->
                            groups().stream()
                                    .allMatch(group ->
                                            group.state().equals("active+clean")
                                                    && !group.has(victim)
                                                    && group.acting().split(",").length == SIZE));
            assertThat(cluster.status()).doesNotContain("degraded").doesNotContain("osds down");
            cluster.ceph("config", "rm", "mon", "mon_osd_down_out_interval").run().ok();
            load.awaitRate(1);

            cluster.start("osd." + victim);
            cluster.until("it is up and in again", () -> tree(victim).contains(" up 1.00000 "));
            load.awaitRate(1);
            cluster.awaitHealth();
            assertThat(groups()).anyMatch(group -> group.has(victim));
            RecordedLoad.Verdict verdict = load.readBack();
            System.out.printf(
                    "W8: %d acknowledged writes of %d objects read back, %d wrong, %d failed%n",
                    verdict.writes(), verdict.objects(), verdict.wrong(), verdict.failed());
            assertThat(verdict.wrong()).as(verdict.text()).isZero();
            assertThat(verdict.failed()).as(verdict.text()).isZero();
            assertThat(verdict.objects()).isGreaterThan(100);
        }
        assertReads("o1");
        assertReads("degraded");
    }

    private static String leader() {
        String text = cluster.ceph("quorum_status", "-f", "json").run().ok();
        return text.replaceAll("(?s).*\"quorum_leader_name\":\"([a-z])\".*", "$1");
    }

    @Test
    @Order(2)
    void aMonitorOfThreeIsKilledAndTheOthersGoOn() throws IOException {
        try (RecordedLoad load = RecordedLoad.start(cluster, "w", directory, "mon", PACE)) {
            load.awaitRate(1);
            String leader = leader();
            cluster.kill("mon." + leader);
            put("without-a-monitor");
            load.awaitRate(1);
            assertThat(cluster.status()).contains("1/3 mons down, quorum ", "4 up");
            assertThat(leader()).isNotEqualTo(leader);

            int victim = primary("o1");
            cluster.kill("osd." + victim);
            awaitDown(victim);
            assertReads("without-a-monitor");
            cluster.start("osd." + victim);
            cluster.start("mon." + leader);
            cluster.until(
                    "three agree",
                    () -> cluster.status().contains("mon: 3 daemons, quorum a,b,c (age "));
            cluster.awaitHealth();
            RecordedLoad.Verdict verdict = load.readBack();
            System.out.printf(
                    "W8: without mon.%s %d acknowledged writes, %d wrong, %d failed%n",
                    leader, verdict.writes(), verdict.wrong(), verdict.failed());
            assertThat(verdict.wrong()).as(verdict.text()).isZero();
            assertThat(verdict.failed()).as(verdict.text()).isZero();
        }
    }

    private static void degradedAndServing(int victim) throws IOException {
        cluster.until(
                "its groups serve without it",
                () ->
                        groups().stream()
                                                .filter(group ->
                                                        group.state().contains("undersized"))
                                                .filter(group -> !group.has(victim))
                                                .filter(group -> group.state().startsWith("active"))
                                                .count()
                                        > 0
                                && groups().stream().noneMatch(group -> group.has(victim)));
        cluster.until("ceph -s says so", () -> cluster.status().contains("degraded"));
        assertThat(cluster.status()).contains("HEALTH_WARN", "1 osds down", "3 up", "4 in");
        assertThat(cluster.ceph("health", "detail").run().ok())
                .contains("OSD_DOWN", "osd." + victim + " (root=default,host=", ") is down")
                .contains("PG_DEGRADED: Degraded data redundancy: ");
        assertThat(tree(victim)).contains(" down 1.00000 ");
        assertThat(primary("o1")).as("another member leads").isNotEqualTo(victim);
        put("degraded");
        assertReads("o1");
        assertReads("degraded");
    }

    @Test
    @Order(3)
    void anOsdThatReturnsSoonCatchesUpFromTheLog() throws IOException {
        cluster.ceph("osd", "set", "noout").run().ok();
        int victim = primary("o2");
        cluster.kill("osd." + victim);
        awaitDown(victim);
        assertThat(cluster.ceph("health", "detail").run().ok())
                .contains("OSDMAP_FLAGS", "noout flag(s) set");
        rados("bench", 2, "write", "-b", 4096, "-t", 4, "--no-cleanup").run().ok();
        put("while-away");
        cluster.ceph("osd", "unset", "noout").run().ok();
        cluster.start("osd." + victim);
        cluster.until(
                "all is well, and nothing was copied whole",
                () -> {
                    String status = cluster.status();
                    assertThat(status).doesNotContain("backfill");
                    return DaemonCluster.isWell(status) && status.contains(PGS + " active+clean");
                });
        assertReads("while-away");
    }

    @Test
    @Order(4)
    void aShortPauseIsNothingAndAfterALongOneTheOsdComesBackByItself() throws IOException {
        int victim = primary("o3");
        long pid = cluster.process("osd." + victim).pid();
        signal("STOP", pid);
        long short_ = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        cluster.until("three seconds have passed", () -> System.nanoTime() > short_);
        signal("CONT", pid);
        assertThat(tree(victim)).contains(" up ");
        assertReads("o3");

        signal("STOP", pid);
        awaitDown(victim);
        put("o3");
        signal("CONT", pid);
        cluster.until("it is up", () -> tree(victim).contains(" up "));
        assertThat(cluster.process("osd." + victim).pid()).isEqualTo(pid);
        cluster.awaitHealth();
        for (int osd = 0; osd < OSDS; osd++) {
            assertThat(tree(osd)).as("who was paused blamed nobody").contains(" up ");
        }
        assertReads("o3");
    }

    @Test
    @Order(5)
    void whatWaitsForLongIsNamed() throws InterruptedException {
        cluster.ceph("osd", "set", "nodown").run().ok();
        int primary = primary("slow");
        long pid = cluster.process("osd." + otherMember("slow", primary)).pid();
        signal("STOP", pid);
        Process put = rados("put", "slow", content).start(directory.resolve("slow.out"));
        String slow = "\\[WRN\\] SLOW_OPS: 1 slow ops, oldest one blocked for [0-9]+ sec, ";
        try {
            cluster.until(
                    "the waiting operation is named",
                    () ->
                            health().matches(
                                            "(?s).*"
                                                    + slow
                                                    + "osd\\."
                                                    + primary
                                                    + " has slow ops\n.*"));
            assertThat(cluster.ceph("tell", "osd." + primary, "dump_ops_in_flight").run().ok())
                    .contains("\"num_ops\": 1", "slow", "waiting for sub ops", "client_info");
        } finally {
            signal("CONT", pid); // the tests that follow find it well, whatever was found here
        }
        cluster.until("nothing waits", () -> !health().contains("SLOW_OPS"));
        assertThat(put.waitFor()).isZero();
        cluster.ceph("osd", "unset", "nodown").run().ok();
        cluster.awaitHealth();
    }

    private static String health() {
        return cluster.ceph("health", "detail").run().ok();
    }

    /** A member of an object's group that does not lead it. */
    private static int otherMember(String object, int primary) {
        String text = cluster.ceph("osd", "map", "w", object).run().ok();
        String acting = text.replaceAll("(?s).*acting \\(\\[([0-9,]+)\\].*", "$1");
        return Stream.of(acting.split(","))
                .mapToInt(Integer::parseInt)
                .filter(osd -> osd != primary)
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Order(6)
    void slowHeartbeatsAreNamed() {
        long pid = cluster.process("osd.0").pid();
        long begin = System.nanoTime();
        boolean[] stopped = new boolean[1];
        cluster.until(
                "more than a minute of pauses has passed",
                () -> {
                    long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
                    boolean stop = seconds % 5 != 0; // four of five, well within the grace
                    if (stop != stopped[0]) {
                        signal(stop ? "STOP" : "CONT", pid);
                        stopped[0] = stop;
                    }
                    return seconds > 75 && !stop;
                });
        cluster.until("it is told", () -> health().contains("OSD_SLOW_PING_TIME_BACK"));
        assertThat(health())
                .containsPattern(
                        "\\[WRN\\] OSD_SLOW_PING_TIME_BACK: Slow OSD heartbeats on back"
                                + " \\(longest [0-9]+\\.[0-9]{3}ms\\)\n")
                .containsPattern(
                        "    Slow OSD heartbeats on back from osd\\.[0-9] \\[\\] to osd\\.0 \\[\\]"
                                + " [0-9]+\\.[0-9]{3} msec");
        System.out.println(health());
    }

    @Test
    @Order(7)
    void allCopiesAreEqualInTheEnd() {
        cluster.until("all is clean", () -> cluster.status().contains(PGS + " active+clean"));
        awaitNoStrays();
        int objects = cluster.compareStopped(SIZE);
        System.out.println("W8: " + objects + " objects have " + SIZE + " equal copies each");
        assertThat(objects).isGreaterThan(100);
    }

    private static void signal(String name, long pid) {
        Program.of("kill", "-" + name, pid).run().ok();
    }
}
