package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Monitor, manager, three OSDs and a gateway, each in a process of its own: an OSD is lost or
 * stopped, writes go on, it returns, and in the end all three hold the same.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DaemonsTest {
    private static final int KILLS = Integer.getInteger("kills.osd", 3);
    private static final int ACKNOWLEDGED_MIN = 300; // in each round of the load

    @TempDir private static Path directory;
    private static DaemonCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool", "/usr/bin/python3");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        cluster = new DaemonCluster(directory, 28_100);
        cluster.create();
        cluster.ceph("osd", "pool", "create", "d", "16").run().ok();
        cluster.ceph("osd", "pool", "set", "d", "size", "3").run().ok();
        cluster.ceph("osd", "pool", "set", "d", "min_size", "2").run().ok();
        cluster.ceph("osd", "pool", "application", "enable", "d", "rados").run().ok();
        cluster.awaitHealth();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** One round of work of every kind; later rounds change what earlier ones have left. */
    private static final String WORK =
            """
            import rados, sys, hashlib
            def data(name, size): return (hashlib.sha256(name.encode()).digest() * (size // 32 + 1))[:size]
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(timeout=60)
            io = cluster.open_ioctx('d'); r = sys.argv[2]
            for i in range(40):
                n = 'keep-%s-%d' % (r, i)
                io.write_full(n, data(n, i * 3001 % 90000)); io.set_xattr(n, 'round', r.encode())
            for i in range(20):
                n = 'shared-%d' % i
                io.write(n, data(r + n, 5000), (i * 7919) % 20000)
                io.append(n, r.encode()); io.set_xattr(n, 'last', (r * 3).encode())
                with rados.WriteOpCtx() as op:
                    io.set_omap(op, tuple('%s-%03d' % (r, k) for k in range(30)), tuple(data(r, k) for k in range(30)))
                    io.operate_write_op(op, 'map-%d' % i)
            for i in range(20):
                io.write_full('brief-%d' % i, b'x')
            for i in range(10):
                io.remove_object('brief-%d' % i)
            for i in range(10):
                io.trunc('shared-%d' % i, 9000)
            print('done')
            """;

    private static final String CHECK =
            """
            import rados, sys, hashlib
            def data(name, size): return (hashlib.sha256(name.encode()).digest() * (size // 32 + 1))[:size]
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(timeout=60)
            io = cluster.open_ioctx('d'); names = set(o.key for o in io.list_objects())
            for r in sys.argv[2:]:
                for i in range(40):
                    n = 'keep-%s-%d' % (r, i)
                    assert n in names, n + ' is not listed'
                    assert io.read(n, 100000) == data(n, i * 3001 % 90000), n + ' differs'
                    assert io.get_xattr(n, 'round') == r.encode()
                with rados.ReadOpCtx() as op:
                    it, _ = io.get_omap_vals(op, '', r + '-', 100); io.operate_read_op(op, 'map-7')
                    assert len(list(it)) == 30, 'omap'
            assert 'brief-3' not in names and 'brief-13' in names
            print('same')
            """;

    private static void work(String round) {
        assertThat(cluster.python(WORK, round).run().ok()).isEqualTo("done\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"killed", "stopped"})
    void anOsdIsLostWritesGoOnAndItReturns(String how) {
        String osd = how.equals("killed") ? "osd.1" : "osd.2";
        work(how + "Before");
        if (how.equals("killed")) {
            cluster.kill(osd);
        } else {
            assertThat(cluster.stop(osd)).as("exit code on SIGTERM").isZero();
            assertThat(cluster.file(osd + ".pid")).doesNotExist();
        }
        cluster.until(osd + " is seen to be down", () -> cluster.status().contains("2 up"));
        work(how + "Without");
        cluster.until(
                "groups are undersized and degraded",
                () -> cluster.status().contains("active+undersized+degraded"));
        assertThat(cluster.status()).contains("HEALTH_WARN", "1 osds down", "objects degraded");
        cluster.start(osd);
        cluster.awaitHealth();
        assertThat(cluster.pid(osd)).isEqualTo(cluster.process(osd).pid());
        int objects = cluster.compareStores();
        System.out.println("one OSD " + how + ": " + objects + " objects equal on all three");
        assertThat(objects).isGreaterThan(100);
        assertThat(cluster.python(CHECK, how + "Before", how + "Without").run().ok())
                .isEqualTo("same\n");
    }

    /** Keeps 16 writes under way and notes each that was acknowledged, until it is ended. */
    private static final String LOAD =
            """
            import rados, sys, threading, hashlib
            conf, log, round_ = sys.argv[1], open(sys.argv[2], 'a', buffering=1), sys.argv[3]
            def content(name): return (hashlib.sha256(name.encode()).digest() * 256)[:8192 - len(name)]
            cluster = rados.Rados(conffile=conf); cluster.connect(timeout=60); io = cluster.open_ioctx('d')
            lock = threading.Lock(); slots = threading.Semaphore(16); i = 0
            def done(c, name):
                if c.get_return_value() == 0:
                    with lock: log.write(name + '\\n')
                slots.release()
            while True:
                slots.acquire(); name = 'load%s-%d' % (round_, i); i += 1
                io.aio_write_full(name, content(name), oncomplete=lambda c, name=name: done(c, name))
            """;

    private static final String READ_BACK =
            """
            import rados, sys, hashlib
            def content(name): return (hashlib.sha256(name.encode()).digest() * 256)[:8192 - len(name)]
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(timeout=60); io = cluster.open_ioctx('d')
            names = open(sys.argv[2]).read().split('\\n')[:-1]; bad = []
            for name in names:
                try:
                    if io.read(name, 10000) != content(name): bad.append(name + ' differs')
                except rados.ObjectNotFound: bad.append(name + ' is lost')
            print(len(names), len(bad), bad[:5])
            """;

    @Test
    void nothingAcknowledgedIsLostWhenAnOsdIsKilledUnderLoad()
            throws IOException, InterruptedException {
        Path acknowledged = Files.createFile(directory.resolve("acknowledged"));
        for (int kill = 0; kill < KILLS; kill++) {
            Process load =
                    cluster.python(LOAD, acknowledged, kill).start(directory.resolve("load.log"));
            try {
                awaitMore(acknowledged, load);
                cluster.kill("osd." + kill % DaemonCluster.OSDS);
                awaitMore(acknowledged, load); // writes go on without it
                cluster.start("osd." + kill % DaemonCluster.OSDS);
                awaitMore(acknowledged, load);
            } finally {
                load.destroyForcibly().waitFor();
            }
            cluster.awaitHealth();
        }
        int objects = cluster.compareStores();
        String verdict = cluster.python(READ_BACK, acknowledged).run().ok();
        List<String> words = List.of(verdict.trim().split(" ", 3));
        System.out.println(
                "an OSD killed under load x "
                        + KILLS
                        + ": "
                        + words.get(0)
                        + " acknowledged objects read back, "
                        + objects
                        + " equal on all three");
        assertThat(Integer.parseInt(words.get(0))).isGreaterThan(KILLS * 3 * ACKNOWLEDGED_MIN);
        assertThat(words.get(1)).as(verdict).isEqualTo("0");
    }

    private static void awaitMore(Path log, Process load) {
        long before = lines(log);
        cluster.until(
                "more writes are acknowledged",
                () -> {
                    assertThat(load.isAlive()).as("the load runs").isTrue();
                    return lines(log) > before + ACKNOWLEDGED_MIN;
                });
    }

    private static long lines(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void s3GoesThroughAGatewayProcess() throws IOException {
        Program.need("s3cmd");
        cluster.verb(
                        "radosgw-admin",
                        "user",
                        "create",
                        "--uid=d",
                        "--access-key=dkey",
                        "--secret=dsecret",
                        "--display-name=d")
                .run()
                .ok();
        cluster.start("client.rgw.a");
        cluster.until("S3 answers", () -> s3cmd("ls").run().code() == 0);
        byte[] content = new byte[5_000_000];
        new SplittableRandom(1).nextBytes(content);
        Path file = Files.write(directory.resolve("content"), content);
        Path back = directory.resolve("back");
        s3cmd("mb", "s3://bucket").run().ok();
        s3cmd("put", file, "s3://bucket/key").run().ok();
        s3cmd("get", "s3://bucket/key", back).run().ok();
        assertThat(back).hasSameBinaryContentAs(file);
        assertThat(cluster.stop("client.rgw.a")).as("exit code on SIGTERM").isZero();
        cluster.awaitHealth();
    }

    private static Program s3cmd(Object... words) {
        String host = "127.0.0.1:" + cluster.gatewayPort();
        List<Object> all =
                new ArrayList<>(
                        List.of(
                                "--config=/dev/null",
                                "--no-ssl",
                                "--host=" + host,
                                "--host-bucket=" + host,
                                "--access_key=dkey",
                                "--secret_key=dsecret"));
        all.addAll(List.of(words));
        return Program.of("s3cmd", all.toArray());
    }

    @Test
    void anOsdThatTheMonitorsDoNotKnowSaysHowToMakeItKnown() {
        cluster.verb("osd", "-i", 7, "--mkfs", "--mkkey").run().ok();
        Program.Result unknown =
                cluster.verb("osd", "-i", 7, "-k", cluster.file("osd.0/keyring")).run();
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err().lines()).singleElement().asString().contains("no key of osd.7");
        cluster.ceph("auth", "add", "osd.7", "mon", "allow profile osd")
                .run(); // with a key of the monitors' choice
        Program.Result refused = cluster.verb("osd", "-i", 7).run();
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err().lines())
                .singleElement()
                .asString()
                .contains("osd.7", "refuse the login", "keyring");
        cluster.ceph("auth", "get", "osd.7", "-o", cluster.file("osd.7/keyring")).run().ok();
        Program.Result unmade = cluster.verb("osd", "-i", 7).run();
        assertThat(unmade.code()).isEqualTo(1);
        assertThat(unmade.err().lines())
                .singleElement()
                .asString()
                .contains("know no osd.7", "ceph osd new");
    }
}
