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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Pools are compressed as genuine Ceph's commands say, what they hold survives {@code kill -9},
 * recovery, scrub and the tools, and {@code ceph df} counts it.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CompressedPoolsTest {
    private static final int PORTS = 29_000;
    private static final int SIZE = 1 << 20;
    private static final int COPIES = DaemonCluster.OSDS;
    private static final List<String> ALGORITHMS = List.of("snappy", "zlib", "zstd", "lz4");

    @TempDir private static Path directory;
    private static DaemonCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool", "/usr/bin/python3");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        cluster =
                new DaemonCluster(
                        directory, PORTS, COPIES, "bluestore compression algorithm = lz4");
        cluster.create();
        byte[] soft = new byte[SIZE];
        byte[] hard = new byte[SIZE];
        new Random(1).nextBytes(hard);
        for (int i = 0; i < SIZE; i++) {
            soft[i] = i % 64 < 48 ? (byte) (i >> 12) : hard[i];
        }
        Files.write(cluster.file("soft"), soft);
        Files.write(cluster.file("hard"), hard);
        for (String algorithm : ALGORITHMS) {
            pool(algorithm);
            set(algorithm, "compression_algorithm", algorithm).ok();
            set(algorithm, "compression_mode", "aggressive").ok();
        }
        pool("modes");
        cluster.awaitHealth();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static void pool(String name) {
        cluster.ceph("osd", "pool", "create", name, "1").run().ok();
        cluster.ceph("osd", "pool", "application", "enable", name, "rados").run().ok();
    }

    private static Program.Result set(String pool, String variable, String value) {
        return cluster.ceph("osd", "pool", "set", pool, variable, value).run();
    }

    private static void put(String pool, String object, String content) {
        rados(pool, "put", object, cluster.file(content)).ok();
    }

    private static Program.Result rados(String pool, Object... words) {
        Object[] all = new Object[words.length + 2];
        all[0] = "-p";
        all[1] = pool;
        System.arraycopy(words, 0, all, 2, words.length);
        return Program.of("rados", all)
                .env("CEPH_CONF", cluster.conf().toString())
                .within(DaemonCluster.PATIENCE)
                .run();
    }

    private static void assertEqual(String pool, String object, String content) throws IOException {
        Path got = cluster.file("got");
        rados(pool, "get", object, got).ok();
        assertThat(
                        Arrays.equals(
                                Files.readAllBytes(got), Files.readAllBytes(cluster.file(content))))
                .as("%s in %s is as written", object, pool)
                .isTrue();
    }

    /** What {@code ceph df detail} has of a pool. */
    private static JsonNode df(String pool) {
        String text = cluster.ceph("df", "detail", "--format", "json").run().ok();
        for (JsonNode each : JsonMapper.shared().readTree(text).get("pools")) {
            if (each.get("name").asString().equals(pool)) {
                return each.get("stats");
            }
        }
        throw new AssertionError("no " + pool + " in " + text);
    }

    private static void awaitDf(String what, String pool, Predicate<JsonNode> right) {
        cluster.until(what + " in " + pool, () -> right.test(df(pool)));
    }

    private static boolean counts(JsonNode stats, long stored, long compressed) {
        long used = stats.get("compress_bytes_used").asLong();
        return stats.get("stored").asLong() == stored
                && stats.get("compress_under_bytes").asLong() == COPIES * compressed
                && used > 0
                && used < COPIES * compressed * 7 / 8
                && stats.get("bytes_used").asLong() == COPIES * (stored - compressed) + used;
    }

    @Test
    @Order(1)
    void settingsAreCheckedAndShown() {
        assertThat(set("modes", "compression_mode", "often").err())
                .isEqualTo("Error EINVAL: unrecognized compression mode 'often'\n");
        assertThat(set("modes", "compression_algorithm", "rar").err())
                .isEqualTo("Error EINVAL: unrecognized compression_algorithm 'rar'\n");
        assertThat(set("modes", "compression_required_ratio", "1.5").err())
                .isEqualTo(
                        "Error EINVAL: compression_required_ratio is out of range (0-1): '1.5'\n");
        assertThat(set("modes", "compression_required_ratio", "much").err())
                .startsWith("Error EINVAL: error parsing float value 'much': ");
        assertThat(set("modes", "compression_max_blob_size", "huge").err())
                .startsWith("Error EINVAL: error parsing integer value 'huge': ");
        assertThat(set("zlib", "compression_max_blob_size", "131072").err())
                .isEqualTo("set pool 2 compression_max_blob_size to 131072\n");
        assertThat(get("zlib", "compression_mode")).isEqualTo("compression_mode: aggressive\n");
        assertThat(get("zlib", "compression_max_blob_size"))
                .isEqualTo("compression_max_blob_size: 131072\n");
        assertThat(set("zlib", "compression_max_blob_size", "0").code()).isZero();
        assertThat(cluster.ceph("osd", "pool", "get", "modes", "compression_mode").run().err())
                .isEqualTo("Error ENOENT: option 'compression_mode' is not set on pool 'modes'\n");
        assertThat(
                        cluster.ceph("config", "set", "osd", "bluestore_compression_mode", "often")
                                .run()
                                .code())
                .isEqualTo(22);
    }

    private static String get(String pool, String variable) {
        return cluster.ceph("osd", "pool", "get", pool, variable).run().ok();
    }

    @Test
    @Order(2)
    void everyAlgorithmIsReadBackAndCounted() throws IOException {
        for (String algorithm : ALGORITHMS) {
            put(algorithm, "soft", "soft");
            put(algorithm, "hard", "hard");
        }
        for (String algorithm : ALGORITHMS) {
            assertEqual(algorithm, "soft", "soft");
            assertEqual(algorithm, "hard", "hard");
            awaitDf("soft data are compressed", algorithm, df -> counts(df, 2 * SIZE, SIZE));
        }
        String[] titles = {"USED COMPR", "UNDER COMPR"};
        assertThat(cluster.ceph("df", "detail").run().ok()).contains(titles).contains("3 MiB");
        assertThat(rados("zlib", "df").ok()).contains(titles);
    }

    /** Writes {@code soft} with a hint: librados has it, its Python has not. */
    private static final String HINTED =
            """
            import ctypes, sys
            lib = ctypes.CDLL('librados.so.2'); p = ctypes.c_void_p
            def ok(r):
                assert r == 0, r
            cluster, io, op = p(), p(), p()
            ok(lib.rados_create(ctypes.byref(cluster), b'admin'))
            ok(lib.rados_conf_read_file(cluster, sys.argv[1].encode()))
            ok(lib.rados_connect(cluster))
            ok(lib.rados_ioctx_create(cluster, sys.argv[2].encode(), ctypes.byref(io)))
            data = open(sys.argv[5], 'rb').read()[:int(sys.argv[6])]
            lib.rados_create_write_op.restype = p
            op = p(lib.rados_create_write_op())
            size, length = ctypes.c_uint64(len(data)), ctypes.c_size_t(len(data))
            lib.rados_write_op_set_alloc_hint2(op, size, size, ctypes.c_uint32(int(sys.argv[4])))
            lib.rados_write_op_write_full(op, data, length)
            ok(lib.rados_write_op_operate(op, io, sys.argv[3].encode(), None, 0))
            print('done')
            """;

    private static void putHinted(String object, int flags, int size) {
        Object[] words = {"modes", object, flags, cluster.file("soft"), size};
        assertThat(cluster.python(HINTED, words).run().ok()).isEqualTo("done\n");
    }

    /** How many of three objects each mode compresses: of four sizes, so that the sum tells. */
    @Test
    @Order(3)
    void modesAndHintsDecide() {
        List<String> modes = List.of("none", "passive", "aggressive", "force");
        long stored = 0;
        long under = 0;
        for (int index = 0; index < modes.size(); index++) {
            String mode = modes.get(index);
            int size = 16_384 << 2 * index;
            set("modes", "compression_mode", mode).ok();
            putHinted(mode + "-unhinted", 0, size);
            putHinted(mode + "-compressible", 256, size);
            putHinted(mode + "-incompressible", 512, size);
            stored += 3L * size;
            under += (long) index * size;
        }
        long wanted = COPIES * under;
        long all = stored;
        awaitDf(
                "none, one, two, and all are compressed",
                "modes",
                df ->
                        df.get("compress_under_bytes").asLong() == wanted
                                && df.get("stored").asLong() == all);
        set("modes", "compression_mode", "unset").ok();
        cluster.ceph("config", "set", "osd", "bluestore_compression_mode", "force").run().ok();
        cluster.until(
                "the OSDs' own mode counts for a pool without one",
                () -> {
                    put("modes", "own", "soft");
                    return df("modes").get("compress_under_bytes").asLong()
                            == wanted + COPIES * SIZE;
                });
        cluster.ceph("config", "rm", "osd", "bluestore_compression_mode").run().ok();
    }

    @Test
    @Order(4)
    void survivesKillRecoveryScrubAndTools() throws IOException {
        for (String algorithm : ALGORITHMS) { // over parts of what is compressed
            put(algorithm, "mixed", "soft");
            rados(algorithm, "put", "mixed", cluster.file("hard"), "--offset", 500_000).ok();
        }
        cluster.killAll();
        cluster.start("mon.a");
        cluster.start("mgr.x");
        cluster.start("osd.0");
        cluster.start("osd.1");
        cluster.until("two OSDs are up", () -> cluster.status().contains("3 osds: 2 up"));
        for (String algorithm : ALGORITHMS) {
            put(algorithm, "late", "soft");
            rados(algorithm, "put", "soft", cluster.file("hard"), "--offset", SIZE).ok();
        }
        cluster.start("osd.2");
        cluster.awaitHealth();
        assertThat(cluster.compareStores()).isGreaterThan(4 * 4);
        for (String algorithm : ALGORITHMS) {
            assertEqual(algorithm, "late", "soft");
            assertEqual(algorithm, "hard", "hard");
            awaitDf("everything is counted", algorithm, df -> df.get("stored").asLong() > 5 * SIZE);
        }
        scrubDeep();
        assertThat(cluster.stop("osd.2")).isZero();
        assertThat(
                        cluster.verb(
                                        "ceph-bluestore-tool",
                                        "fsck",
                                        "--deep",
                                        "1",
                                        "--path",
                                        cluster.file("osd.2"))
                                .run()
                                .ok())
                .isEqualTo("fsck success\n");
        Path late = cluster.file("late");
        objectstoreTool("--pgid", "3.0", "late", "get-bytes", late);
        assertThat(Files.mismatch(late, cluster.file("soft"))).isEqualTo(-1);
        Path group = cluster.file("group");
        objectstoreTool("--pgid", "3.0", "--op", "export", "--file", group);
        assertThat(Files.size(group)).as("whole objects").isGreaterThan(5L * SIZE);
    }

    private static void objectstoreTool(Object... words) {
        List<Object> all =
                new ArrayList<>(
                        List.of("ceph-objectstore-tool", "--data-path", cluster.file("osd.2")));
        all.addAll(List.of(words));
        cluster.verb(all.toArray()).run().ok();
    }

    private static void scrubDeep() {
        String before = stamps();
        cluster.ceph("osd", "deep-scrub", "all").run().ok();
        cluster.until(
                "every group is scrubbed",
                () -> {
                    List<String> then = before.lines().toList();
                    return stamps().lines().noneMatch(then::contains);
                });
        assertThat(cluster.ceph("health", "detail").run().ok()).isEqualTo("HEALTH_OK\n");
    }

    /** When each group was scrubbed last, a line each. */
    private static String stamps() {
        String text = cluster.ceph("pg", "dump", "pgs", "--format", "json").run().ok();
        StringBuilder lines = new StringBuilder();
        for (JsonNode pg : JsonMapper.shared().readTree(text).get("pg_stats")) {
            lines.append(pg.get("pgid").asString())
                    .append(' ')
                    .append(pg.get("last_deep_scrub_stamp").asString())
                    .append('\n');
        }
        return lines.toString();
    }
}
