package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One of four OSDs is lost for good and marked out: how long it takes until what it held is on the
 * others again, and what a client notices of it; genuine Ceph does the same beside. The build loses
 * a little; {@code lab/bin/bench-rebuild} loses an OSD that holds 5 GB.
 */
@Tag("interop")
@Timeout(value = 40, unit = TimeUnit.MINUTES)
class RebuildBenchTest {
    private static final boolean FULL = Boolean.getBoolean("bench.full");
    private static final int OSDS = 4;
    private static final int COPIES = 3;
    private static final int OBJECT_BYTES = 4 << 20;
    private static final long LOST_BYTES = FULL ? 5_000_000_000L : 100_000_000L;
    private static final int QUIET_SECONDS = FULL ? 20 : 3;

    private static final String BLOCK_BYTES = "bluestore block size = 17179869184";

    @TempDir Path directory;

    /**
     * Fills the pool; has 4 KiB written and read, one after the other, while all is quiet and until
     * every group has all its copies again after osd.3 was marked out; prints one line of JSON.
     * Times are in seconds, latencies in milliseconds.
     */
    private static final String PROBE =
            """
            import json, os, random, rados, subprocess, sys, threading, time
            conf, objects, size, quiet = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
            cluster = rados.Rados(conffile=conf); cluster.connect(timeout=60)
            io = cluster.open_ioctx('b'); data = os.urandom(size)
            def command(**words):
                code, out, err = cluster.mon_command(json.dumps(dict(words, format='json')), b'')
                assert code == 0, err
                return json.loads(out) if out.strip() else {}
            slots = threading.Semaphore(16); failed = []
            def done(c):
                if c.get_return_value() != 0: failed.append(c.get_return_value())
                slots.release()
            begin = time.monotonic()
            for i in range(objects):
                slots.acquire(); io.aio_write_full('big-%d' % i, data, oncomplete=done)
            for i in range(16): slots.acquire()
            filled = time.monotonic() - begin
            assert not failed, failed[:3]
            block = os.urandom(4096); dice = random.Random(1)
            for i in range(400): io.write_full('small-%d' % i, block)
            def probe(until):
                times = []
                while not until():
                    name = 'small-%d' % dice.randrange(400); start = time.monotonic()
                    if len(times) % 2: assert len(io.read(name)) == 4096
                    else: io.write_full(name, block)
                    times.append((time.monotonic() - start) * 1e3)
                    time.sleep(0.01)
                times.sort()
                return {'count': len(times), 'p50': times[len(times) // 2], 'p99': times[len(times) * 99 // 100]}
            end = time.monotonic() + quiet
            answer = {'filled': filled, 'quiet': probe(lambda: time.monotonic() > end)}
            print('ready', flush=True); sys.stdin.readline()
            command(prefix='osd out', ids=['3']); begin = time.monotonic()
            whole = threading.Event(); moved = []
            def watch():
                while not whole.wait(0.25):
                    map = command(prefix='status')['pgmap']
                    clean = sum(s['count'] for s in map.get('pgs_by_state', []) if s['state_name'] == 'active+clean')
                    if clean != map['num_pgs']: moved.append(1)
                    if moved and clean == map['num_pgs'] and not map.get('degraded_objects'):
                        answer['rebuilt'] = time.monotonic() - begin; whole.set()
            threading.Thread(target=watch, daemon=True).start()
            answer['busy'] = probe(whole.is_set)
            print(json.dumps(answer), flush=True)
            """;

    /** What was measured of one side; see {@link #PROBE}. */
    private record Figures(double rebuiltMbPerS, double quietMs, double busyMs, double medianMs) {}

    @Test
    void printsRatios() throws IOException {
        Program.need("ceph", "rados", "ceph-osd", "ceph-authtool", "/usr/bin/python3");
        Figures ours = ours();
        Figures theirs = theirs();
        System.out.printf(
                Locale.ROOT,
                "bench-rebuild: one of %d OSDs lost, with %.1f GB%n%-30s %10s %10s %8s%n",
                OSDS,
                LOST_BYTES / 1e9,
                "figure",
                "Sepiola",
                "Ceph",
                "ratio");
        row("rebuilt-MB/s", ours.rebuiltMbPerS, theirs.rebuiltMbPerS);
        row("4KiB-p50-rebuilding-ms", ours.medianMs, theirs.medianMs);
        row("4KiB-p99-quiet-ms", ours.quietMs, theirs.quietMs);
        row("4KiB-p99-rebuilding-ms", ours.busyMs, theirs.busyMs);
        row("p99-rebuilding/quiet", ours.busyMs / ours.quietMs, theirs.busyMs / theirs.quietMs);
        assertThat(ours.rebuiltMbPerS).isPositive();
        assertThat(theirs.rebuiltMbPerS).isPositive();
    }

    private static void row(String figure, double ours, double theirs) {
        System.out.printf(
                Locale.ROOT, "%-30s %10.2f %10.2f %8.2f%n", figure, ours, theirs, ours / theirs);
    }

    private Figures ours() throws IOException {
        Path home = Files.createDirectory(directory.resolve("ours"));
        try (DaemonCluster cluster = new DaemonCluster(home, 32_100, OSDS, BLOCK_BYTES)) {
            cluster.create();
            return measure("Sepiola", cluster.conf(), () -> cluster.kill("osd.3"));
        } finally {
            Program.of("rm", "-rf", home).within(Duration.ofMinutes(1)).run().ok();
        }
    }

    private Figures theirs() throws IOException {
        String[] settings = {BLOCK_BYTES, "osd recovery sleep = 0", "bluestore cache size = 0"};
        try (GenuineCluster cluster = GenuineCluster.start(directory, 32_200, OSDS, settings)) {
            return measure("Ceph", cluster.conf(), () -> cluster.kill(3));
        }
    }

    private static Figures measure(String side, Path conf, Runnable kill) throws IOException {
        ceph(conf, "osd", "pool", "create", "b", 32);
        ceph(conf, "osd", "pool", "application", "enable", "b", "rados");
        long objects = LOST_BYTES * OSDS / COPIES / OBJECT_BYTES;
        Process probe =
                new ProcessBuilder(
                                "/usr/bin/python3",
                                "-c",
                                PROBE,
                                conf.toString(),
                                Long.toString(objects),
                                Integer.toString(OBJECT_BYTES),
                                Integer.toString(QUIET_SECONDS))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var out = probe.inputReader();
                var in = probe.outputWriter()) {
            assertThat(out.readLine()).as("%s is filled", side).isEqualTo("ready");
            kill.run();
            awaitDown(conf);
            in.write("\n");
            in.flush();
            String line = out.readLine();
            assertThat(line).as("%s has all its copies again", side).isNotNull();
            System.out.println("bench-rebuild: " + side + " " + line);
            JsonNode answer = JsonMapper.builder().build().readTree(line);
            return new Figures(
                    LOST_BYTES / 1e6 / answer.path("rebuilt").asDouble(),
                    answer.path("quiet").path("p99").asDouble(),
                    answer.path("busy").path("p99").asDouble(),
                    answer.path("busy").path("p50").asDouble());
        } finally {
            probe.destroyForcibly();
        }
    }

    private static void awaitDown(Path conf) {
        Program count = Program.of("ceph", "osd", "stat").env("CEPH_CONF", conf.toString());
        for (int i = 0; !count.run().ok().contains(" 3 up"); i++) {
            assertThat(i).as("asked whether osd.3 is down").isLessThan(100);
        }
    }

    private static void ceph(Path conf, Object... words) {
        Program.of("ceph", words).env("CEPH_CONF", conf.toString()).run().ok();
    }
}
