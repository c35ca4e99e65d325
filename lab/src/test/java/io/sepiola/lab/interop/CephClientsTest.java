package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Ceph's own {@code ceph} and {@code rados} programs against a cluster of one process. */
@Tag("interop")
class CephClientsTest {
    @TempDir static Path home;
    private static LocalCluster cluster;

    @BeforeAll
    static void start() {
        Program.need("ceph", "rados");
        cluster = LocalCluster.start(home, "clients");
    }

    @AfterAll
    static void purge() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static String ceph(Object... arguments) {
        return cluster.ceph("ceph", arguments).run().ok();
    }

    private static String rados(Object... arguments) {
        return cluster.ceph("rados", arguments).within(Duration.ofMinutes(3)).run().ok();
    }

    private static void pool(String name) {
        ceph("osd", "pool", "create", name, "16", "16");
        ceph("osd", "pool", "application", "enable", name, "test");
    }

    @Test
    void statusIsHealthyWithEverythingUp() {
        String status = ceph("-s");
        assertThat(status)
                .contains("HEALTH_OK")
                .containsPattern("osd: 3 osds: 3 up \\(since .*\\), 3 in \\(since .*\\)")
                .contains("active+clean")
                .doesNotContain("degraded", "undersized", "unknown");
        assertThat(ceph("health", "detail")).contains("HEALTH_OK");
        assertThat(ceph("-s", "-f", "json")).contains("\"num_up_osds\":3", "\"num_in_osds\":3");
    }

    @Test
    void treeAndUsageAndMapsArePrinted() {
        assertThat(ceph("osd", "tree")).contains("root default", "osd.0", "osd.1", "osd.2", "up");
        assertThat(ceph("df")).contains("RAW STORAGE", "TOTAL", "POOLS");
        assertThat(ceph("osd", "dump")).contains("max_osd 3", "osd.0 up   in");
        assertThat(ceph("mon", "dump")).contains("mon.a");
        assertThat(ceph("pg", "stat")).contains("active+clean");
        assertThat(ceph("osd", "df")).contains("TOTAL");
        assertThat(ceph("versions")).contains("16.2");
    }

    @Test
    void aPoolIsMadeAndKeepsAnObject() {
        ceph("osd", "pool", "create", "HPC_Pool", "128", "128");
        ceph("osd", "pool", "set", "HPC_Pool", "size", "3");
        Path file = home.resolve("helloceph");
        write(file, "hello ceph\n".getBytes());
        rados("-p", "HPC_Pool", "put", "object1", file);
        assertThat(rados("-p", "HPC_Pool", "ls")).isEqualTo("object1\n");
        assertThat(rados("-p", "HPC_Pool", "get", "object1", "-")).isEqualTo("hello ceph\n");
        assertThat(ceph("osd", "map", "HPC_Pool", "object1"))
                .containsPattern(
                        "osdmap e\\d+ pool 'HPC_Pool' \\(\\d+\\) object 'object1' -> pg"
                            + " \\d+\\.bac5debc \\(\\d+\\.3c\\) -> up \\(\\[[012],[012],[012]\\],"
                            + " p[012]\\) acting");
        assertThat(rados("-p", "HPC_Pool", "stat", "object1")).contains("size 11");
        rados("-p", "HPC_Pool", "rm", "object1");
        assertThat(rados("-p", "HPC_Pool", "ls")).isEmpty();
        assertThat(cluster.ceph("rados", "-p", "HPC_Pool", "get", "object1", "-").run().code())
                .isNotZero();
    }

    @Test
    void attributesAndOmapComeBack() {
        pool("attributes");
        rados("-p", "attributes", "create", "o");
        rados("-p", "attributes", "setxattr", "o", "colour", "sepia");
        rados("-p", "attributes", "setxattr", "o", "shape", "oval");
        assertThat(rados("-p", "attributes", "getxattr", "o", "colour")).isEqualTo("sepia");
        assertThat(rados("-p", "attributes", "listxattr", "o").lines())
                .containsExactly("colour", "shape");
        rados("-p", "attributes", "rmxattr", "o", "shape");
        assertThat(rados("-p", "attributes", "listxattr", "o").lines()).containsExactly("colour");

        rados("-p", "attributes", "setomapval", "o", "k1", "v1");
        rados("-p", "attributes", "setomapval", "o", "k2", "v2");
        assertThat(rados("-p", "attributes", "listomapkeys", "o").lines())
                .containsExactly("k1", "k2");
        assertThat(rados("-p", "attributes", "getomapval", "o", "k2")).contains("v2");
        rados("-p", "attributes", "rmomapkey", "o", "k1");
        assertThat(rados("-p", "attributes", "listomapvals", "o"))
                .contains("k2")
                .doesNotContain("k1");
        rados("-p", "attributes", "setomapheader", "o", "head");
        assertThat(rados("-p", "attributes", "getomapheader", "o")).contains("head");
        rados("-p", "attributes", "clearomap", "o");
        assertThat(rados("-p", "attributes", "listomapkeys", "o")).isEmpty();
    }

    @Test
    void sizesFromNothingTo64MiB() throws IOException {
        pool("sizes");
        Random random = new Random(5);
        for (int size : List.of(0, 1, 4095, 4096, 4097, 1 << 20, 64 << 20)) {
            byte[] data = new byte[size];
            random.nextBytes(data);
            Path file = home.resolve("size" + size);
            write(file, data);
            rados("-p", "sizes", "put", "o" + size, file);
            Path back = home.resolve("back" + size);
            rados("-p", "sizes", "get", "o" + size, back);
            assertThat(Files.mismatch(file, back)).as("size %d", size).isEqualTo(-1);
            Files.delete(file);
            Files.delete(back);
        }
        write(home.resolve("tail"), "tail".getBytes());
        rados("-p", "sizes", "append", "o1", home.resolve("tail"));
        assertThat(rados("-p", "sizes", "stat", "o1")).contains("size 5");
        rados("-p", "sizes", "truncate", "o1", "3");
        assertThat(rados("-p", "sizes", "stat", "o1")).contains("size 3");
    }

    @Test
    void tenThousandObjectsAreListedOnceEach() {
        pool("many");
        String python =
                """
                import rados, sys
                cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect()
                io = cluster.open_ioctx('many')
                pending = []
                for i in range(10000):
                    pending.append(io.aio_write_full('object-%05d' % i, b'x'))
                    if len(pending) == 128:
                        for c in pending: c.wait_for_complete(); assert c.get_return_value() == 0
                        pending = []
                for c in pending: c.wait_for_complete(); assert c.get_return_value() == 0
                """;
        Program.of("/usr/bin/python3", "-c", python, cluster.conf())
                .within(Duration.ofMinutes(3))
                .run()
                .ok();
        List<String> listed = rados("-p", "many", "ls").lines().toList();
        assertThat(listed).hasSize(10_000);
        assertThat(new TreeSet<>(listed)).hasSize(10_000);
    }

    @Test
    void radosBenchRunsWithoutAnError() {
        pool("bench");
        rados("-p", "bench", "bench", "3", "write", "-b", "65536", "--no-cleanup");
        assertThat(rados("-p", "bench", "bench", "3", "seq")).contains("Bandwidth");
        assertThat(rados("-p", "bench", "bench", "3", "rand")).contains("Bandwidth");
        rados("-p", "bench", "cleanup");
        assertThat(rados("-p", "bench", "ls")).isEmpty();
    }

    @Test
    void keysAreMadeGivenAndTakenAway() {
        Path keyring = home.resolve("app.keyring");
        write(
                keyring,
                ceph("auth", "get-or-create", "client.app", "mon", "allow r", "osd", "allow rw")
                        .getBytes());
        assertThat(ceph("auth", "get-key", "client.app")).isNotBlank();
        assertThat(ceph("auth", "ls")).contains("client.app", "client.admin");
        cluster.ceph("ceph", "-n", "client.app", "-k", keyring, "-s").run().ok();
        assertThat(
                        cluster.ceph(
                                        "ceph",
                                        "-n",
                                        "client.app",
                                        "-k",
                                        keyring,
                                        "osd",
                                        "pool",
                                        "create",
                                        "no")
                                .run()
                                .code())
                .as("a reader may not make pools")
                .isEqualTo(13);
        ceph("auth", "del", "client.app");
        assertThat(cluster.ceph("ceph", "-n", "client.app", "-k", keyring, "-s").run().code())
                .isNotZero();
    }

    @Test
    void wrongCommandsGetEinvalAndASentence() {
        Program.Result missing =
                cluster.ceph("ceph", "osd", "pool", "set", "nopool", "size", "3").run();
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("ENOENT");
        Program.Result mistyped = cluster.ceph("ceph", "osd", "out", "osd.notanumber").run();
        assertThat(mistyped.code()).isEqualTo(22);
    }

    @Test
    void ourOwnVerbsPrintTheSame() {
        assertThat(cluster.sepiola("ceph", "-c", cluster.conf(), "osd", "ls").run().ok())
                .isEqualTo(ceph("osd", "ls"));
        assertThat(cluster.sepiola("ceph", "-c", cluster.conf(), "osd", "tree").run().ok())
                .isEqualTo(ceph("osd", "tree"));
        pool("verbs");
        Path file = home.resolve("verb");
        write(file, "by our own verb".getBytes());
        cluster.sepiola("rados", "-c", cluster.conf(), "-p", "verbs", "put", "o", file).run().ok();
        assertThat(rados("-p", "verbs", "get", "o", "-")).isEqualTo("by our own verb");
        assertThat(cluster.sepiola("rados", "-c", cluster.conf(), "-p", "verbs", "ls").run().ok())
                .isEqualTo("o\n");
        assertThat(cluster.sepiola("rados", "-c", cluster.conf(), "lspools").run().ok())
                .isEqualTo(rados("lspools"));
    }

    private static void write(Path file, byte[] data) {
        try {
            Files.write(file, data);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
