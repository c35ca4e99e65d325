package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How many changes of the OSD map three monitors agree on in a second, and how long one takes;
 * genuine Ceph's three do the same beside. {@code -Dbench.full=true} measures for longer.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class QuorumBenchTest {
    private static final int SECONDS = Boolean.getBoolean("bench.full") ? 20 : 4;
    private static final int CLIENTS = 16;

    @TempDir Path directory;

    /** Clients that each add to the blocklist, one entry after the other, for so many seconds. */
    private static final String PROBE =
            """
            import json, rados, sys, threading, time
            conf, clients, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
            def command(cluster, **words):
                code, out, err = cluster.mon_command(json.dumps(dict(words, format='json')), b'')
                assert code == 0, (words, code, err)
                return out
            def epoch(cluster):
                return json.loads(command(cluster, prefix='osd dump'))['epoch']
            def client(number, end, times):
                cluster = rados.Rados(conffile=conf); cluster.connect(timeout=60)
                count = 0
                while time.monotonic() < end:
                    begin = time.monotonic()
                    command(cluster, prefix='osd blocklist', blocklistop='add',
                            addr='10.%d.%d.%d:0/%d' % (number, count // 250, count % 250, int(seconds)))
                    times.append((time.monotonic() - begin) * 1e3); count += 1
                cluster.shutdown()
            watch = rados.Rados(conffile=conf); watch.connect(timeout=60)
            before, times, begin = epoch(watch), [], time.monotonic()
            threads = [threading.Thread(target=client, args=(i + 1, begin + seconds, times)) for i in range(clients)]
            for t in threads: t.start()
            for t in threads: t.join()
            took = time.monotonic() - begin
            times.sort()
            print(json.dumps({'changes': len(times) / took, 'epochs': (epoch(watch) - before) / took,
                              'p50': times[len(times) // 2], 'p99': times[len(times) * 99 // 100]}))
            """;

    /** Changes and maps in a second, and a change's latency in milliseconds. */
    private record Figures(double changes, double epochs, double median, double tail) {}

    @Test
    void printsRatios() throws IOException {
        Program.need("ceph", "/usr/bin/python3", "ceph-mon");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        Figures oneOfOurs;
        Figures manyOfOurs;
        Path home = directory.resolve("ours");
        java.nio.file.Files.createDirectory(home);
        try (DaemonCluster cluster = new DaemonCluster(home, 28_500, 0, "", 3)) {
            cluster.create();
            oneOfOurs = measure(cluster.conf(), 1);
            manyOfOurs = measure(cluster.conf(), CLIENTS);
        }
        Figures oneOfTheirs;
        Figures manyOfTheirs;
        try (GenuineMonitors monitors = new GenuineMonitors(directory.resolve("ceph"), 28_600)) {
            oneOfTheirs = measure(monitors.conf(), 1);
            manyOfTheirs = measure(monitors.conf(), CLIENTS);
        }
        System.out.printf(
                Locale.ROOT,
                "bench-quorum: 3 monitors, one change of the OSD map each, for %d s%n"
                        + "%-30s %10s %10s %8s%n",
                SECONDS,
                "figure",
                "Sepiola",
                "Ceph",
                "ratio");
        rows("1-client", oneOfOurs, oneOfTheirs);
        rows(CLIENTS + "-clients", manyOfOurs, manyOfTheirs);
        assertThat(oneOfOurs.changes).isPositive();
        assertThat(manyOfOurs.changes).isPositive();
    }

    private static void rows(String load, Figures ours, Figures theirs) {
        row(load + "-changes/s", ours.changes, theirs.changes);
        row(load + "-maps/s", ours.epochs, theirs.epochs);
        row(load + "-p50-ms", ours.median, theirs.median);
        row(load + "-p99-ms", ours.tail, theirs.tail);
    }

    private static void row(String figure, double ours, double theirs) {
        System.out.printf(
                Locale.ROOT, "%-30s %10.2f %10.2f %8.2f%n", figure, ours, theirs, ours / theirs);
    }

    private static Figures measure(Path conf, int clients) {
        JsonNode said =
                JsonMapper.builder()
                        .build()
                        .readTree(
                                Program.of("/usr/bin/python3", "-c", PROBE, conf, clients, SECONDS)
                                        .within(Duration.ofMinutes(2))
                                        .run()
                                        .ok());
        return new Figures(
                said.path("changes").asDouble(),
                said.path("epochs").asDouble(),
                said.path("p50").asDouble(),
                said.path("p99").asDouble());
    }
}
