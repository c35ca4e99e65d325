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

/**
 * Three OSD processes, a monitor and a manager under a genuine load of at least 100 writes a
 * second: one OSD is killed, all are killed at once, the power goes. Each time every group is
 * active+clean within 120 s; in the end every acknowledged write reads back and all copies are
 * equal. {@code -Dcrashes=full} is the full form: 25 kills of one, 10 of all, 5 power cuts, and not
 * 3 of each.
 */
@Tag("interop")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CrashTest {
    private static final boolean FULL = "full".equals(System.getProperty("crashes"));
    private static final int KILLS = FULL ? 25 : 3;
    private static final int KILLS_OF_ALL = FULL ? 10 : 3;
    private static final int CUTS = FULL ? 5 : 3;
    private static final int PORTS = 31_700;
    private static final int PACE = 500; // writes a second
    private static final int RATE_MIN = 100; // acknowledged writes a second, before each fault
    private static final Duration CLEAN_MAX = Duration.ofSeconds(120);
    private static final long DISK_SIZE = 8L << 30; // sparse

    /** Ends when every group is active+clean by a report that is newer than the fault. */
    private static final String AWAIT_CLEAN =
            """
            import json, rados, sys, time
            conf, osds, epoch, limit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
            begin = time.monotonic(); text = ''
            cluster = rados.Rados(conffile=conf); cluster.connect(timeout=60)
            while time.monotonic() < begin + limit:
                code, out, err = cluster.mon_command(json.dumps({'prefix': 'osd dump', 'format': 'json'}), b'')
                dump = json.loads(out); up = [o for o in dump['osds'] if o['up']]
                since = max([epoch] + [o['up_from'] for o in up])
                if len(up) == osds and since > epoch:
                    code, out, err = cluster.mgr_command(json.dumps({'prefix': 'pg dump', 'dumpcontents': ['pgs'], 'format': 'json'}), b'')
                    pgs = json.loads(out)['pg_stats'] if code == 0 else []
                    text = [(p['pgid'], p['state'], p['reported_epoch']) for p in pgs]
                    if pgs and all(p['state'] == 'active+clean' and int(p['reported_epoch']) >= since for p in pgs):
                        print('clean'); break
                time.sleep(0.2)
            else: print('not clean', text)
            """;

    @TempDir private static Path directory;
    private static LoopDisk diskOrNull;
    private static DaemonCluster cluster;
    private static int written; // objects, by all loads so far

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool", "/usr/bin/python3");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        Path home = Files.createDirectories(directory.resolve("disk"));
        if (LoopDisk.isPossible()) {
            diskOrNull = LoopDisk.mount(directory.resolve("image"), home, DISK_SIZE);
        }
        cluster = new DaemonCluster(home, PORTS);
        cluster.create();
        cluster.ceph("osd", "pool", "create", "crash", "16").run().ok();
        cluster.ceph("osd", "pool", "set", "crash", "min_size", "2").run().ok();
        cluster.ceph("osd", "pool", "application", "enable", "crash", "rados").run().ok();
        cluster.awaitHealth();
        if (diskOrNull != null) {
            diskOrNull.settle(); // ceph.conf and keyrings, which are the test's
        }
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
        if (diskOrNull != null) {
            diskOrNull.close();
        }
    }

    /** One kind of fault, and the return from it. */
    private interface Fault {
        void strike(int count) throws IOException;
    }

    private static void repeat(String what, int count, Fault fault) throws IOException {
        long slowest = 0;
        long rate = Long.MAX_VALUE;
        String round = what.replaceAll("[^a-z]", "");
        try (RecordedLoad load = RecordedLoad.start(cluster, "crash", directory, round, PACE)) {
            for (int i = 0; i < count; i++) {
                rate = Math.min(rate, load.awaitRate(RATE_MIN));
                int epoch = epoch();
                fault.strike(i);
                long begin = System.nanoTime(); // all processes are started again
                awaitClean(epoch);
                slowest = Math.max(slowest, System.nanoTime() - begin);
            }
            load.awaitRate(1); // the same client is served again
            RecordedLoad.Verdict verdict = load.readBack();
            written += verdict.objects();
            System.out.printf(
                    "%s x %d under at least %d writes/s: %d acknowledged writes of %d objects read"
                            + " back, %d wrong; slowest return to active+clean %.1f s%n",
                    what,
                    count,
                    rate,
                    verdict.writes(),
                    verdict.objects(),
                    verdict.wrong(),
                    slowest / 1e9);
            assertThat(verdict.wrong()).as(verdict.text()).isZero();
            assertThat(verdict.failed()).as(verdict.text()).isZero();
            assertThat(verdict.writes()).isGreaterThan(count * RATE_MIN);
        }
    }

    private static int epoch() {
        String first = cluster.ceph("osd", "dump").run().ok().lines().findFirst().orElseThrow();
        return Integer.parseInt(first.replace("epoch ", "").strip());
    }

    private static void awaitClean(int epoch) {
        String answer =
                cluster.python(AWAIT_CLEAN, DaemonCluster.OSDS, epoch, CLEAN_MAX.toSeconds())
                        .within(CLEAN_MAX.plusSeconds(60))
                        .run()
                        .ok();
        assertThat(answer).isEqualTo("clean\n");
    }

    @Test
    @Order(1)
    void oneOsdIsKilled() throws IOException {
        repeat(
                "kill -9 of one OSD",
                KILLS,
                count -> {
                    String osd = "osd." + count % DaemonCluster.OSDS;
                    cluster.kill(osd);
                    cluster.start(osd);
                });
    }

    @Test
    @Order(2)
    void everyDaemonIsKilledAtOnce() throws IOException {
        repeat(
                "kill -9 of every daemon",
                KILLS_OF_ALL,
                count -> {
                    cluster.killAll();
                    startAll();
                });
    }

    @Test
    @Order(3)
    void thePowerGoes() throws IOException {
        if (diskOrNull == null) {
            LoopDisk.skip();
        }
        repeat(
                "power cut",
                CUTS,
                count -> {
                    diskOrNull.cut(); // the daemons still run, and may acknowledge nothing now
                    cluster.killAll();
                    diskOrNull.restore();
                    startAll();
                });
    }

    @Test
    @Order(4)
    void allCopiesAreEqualInTheEnd() {
        int objects = cluster.compareStopped(DaemonCluster.OSDS);
        System.out.println("after all of these " + objects + " objects are equal on every OSD");
        assertThat(objects).isGreaterThanOrEqualTo(written);
    }

    private static void startAll() {
        for (String daemon : List.of("mon.a", "mgr.x", "osd.0", "osd.1", "osd.2")) {
            cluster.start(daemon);
        }
    }
}
