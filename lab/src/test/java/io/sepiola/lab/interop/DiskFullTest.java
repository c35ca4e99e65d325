package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * OSDs that fill up: they and their pools are near full, backfill full and full in this order;
 * writes wait or are refused, reads go on, deletes that insist too, and space that returns is used.
 */
@Tag("interop")
class DiskFullTest {
    @TempDir Path home;

    /** Connects; an operation that is held back for so long fails. */
    private static final String BEGIN =
            """
            import os, rados, sys
            cluster = rados.Rados(conffile=sys.argv[1], conf={'rados_osd_op_timeout': '10'})
            cluster.connect(); io = cluster.open_ioctx('full')
            def remove(name):
                with rados.WriteOpCtx() as op:
                    op.remove(); io.operate_write_op(op, name, flags=128)  # FULL_FORCE
            """;

    private static final String FILL =
            """
            written = 0
            try:
                while written < 1000:
                    io.write_full('o%d' % written, b'%08d' % written + b'x' * (1 << 20)); written += 1
                print('never full')
            except rados.TimedOut:
                for i in range(written):
                    assert io.read('o%d' % i, 8) == b'%08d' % i
                print('full after some' if written > 20 else 'full at once', written)
            """;

    private static final String DELETE =
            """
            names = [o.key for o in io.list_objects()]
            for name in names: remove(name)
            print(len(names))
            """;

    private static final String AGAIN =
            """
            for i in range(20): io.write_full('again%d' % i, b'y' * (1 << 20))
            assert io.read('again19', 4) == b'yyyy'
            print('writes again')
            """;

    /** Entries on objects that exist: nothing of an object's size grows. */
    private static final String FILL_OMAP =
            """
            value = os.urandom(60000); written = 0
            for o in range(8): io.write_full('m%d' % o, b'x')
            try:
                while written < 2000:
                    with rados.WriteOpCtx() as op:
                        keys = tuple('%d.%d' % (written, i) for i in range(10))
                        io.set_omap(op, keys, (value,) * 10)
                        io.operate_write_op(op, 'm%d' % (written % 8))
                    written += 1
                print('never full')
            except rados.TimedOut:
                cluster.conf_set('rados_osd_op_timeout', '60')
                assert io.read('m0') == b'x'
                print('full after some' if written > 20 else 'full at once')
            """;

    private static final String REMOVE_OMAP =
            """
            for o in range(8): remove('m%d' % o)
            cluster.conf_set('rados_osd_op_timeout', '60')
            io.set_xattr('kept', 'x', b'y' * 60000)
            print('writes again')
            """;

    private Path mountedDisk() throws IOException {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "SKIPPED: only root mounts a small disk");
        Path disk = Files.createDirectory(home.resolve("disk"));
        Program.of("mount", "-t", "tmpfs", "-o", "size=700m", "tmpfs", disk).run().ok();
        return disk;
    }

    @Test
    void statesComeInOrderAndWritesWaitForRoom() throws IOException {
        Program.need("ceph", "rados");
        try (LocalCluster cluster = LocalCluster.start(home, "states")) {
            cluster.ceph("ceph", "osd", "pool", "create", "full", "8").run().ok();
            Path file = Files.write(home.resolve("file"), new byte[4 << 20]);
            rados(cluster, "put", "old", file).ok();

            ratio(cluster, "nearfull", "0.000001");
            awaitHealth(cluster, "3 nearfull osd(s)", "4 pool(s) nearfull");
            ratio(cluster, "backfillfull", "0.000001");
            awaitHealth(cluster, "3 backfillfull osd(s)", "4 pool(s) backfillfull");
            ratio(cluster, "full", "0.000001");
            awaitHealth(cluster, "3 full osd(s)", "4 pool(s) full");
            assertThat(cluster.ceph("ceph", "osd", "dump").run().ok())
                    .contains("exists,up,full", "flags hashpspool,full");

            Program.Result held = rados(cluster, "--rados-osd-op-timeout=3", "put", "new", file);
            assertThat(held.code()).isNotZero();
            assertThat(held.err()).contains("Connection timed out");
            assertThat(rados(cluster, "ls").ok()).isEqualTo("old\n");
            rados(cluster, "get", "old", home.resolve("read")).ok();
            rados(cluster, "rm", "old", "--force-full").ok();
            assertThat(s3(cluster, "-X", "PUT", cluster.endpoint() + "/nano")).isEqualTo("507");

            CompletableFuture<Program.Result> waiting =
                    CompletableFuture.supplyAsync(() -> rados(cluster, "put", "new", file));
            ratio(cluster, "full", "0.95");
            ratio(cluster, "backfillfull", "0.90");
            ratio(cluster, "nearfull", "0.85");
            waiting.orTimeout(60, TimeUnit.SECONDS).join().ok();
            assertThat(rados(cluster, "ls").ok()).isEqualTo("new\n");
            awaitHealth(cluster, health -> !health.contains("full"));
        }
    }

    private static void ratio(LocalCluster cluster, String which, String value) {
        cluster.ceph("ceph", "osd", "set-" + which + "-ratio", value).run().ok();
    }

    private static void awaitHealth(LocalCluster cluster, String... parts) {
        awaitHealth(cluster, health -> Arrays.stream(parts).allMatch(health::contains));
    }

    private static void awaitHealth(LocalCluster cluster, Predicate<String> wanted) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        String health;
        do {
            health = cluster.ceph("ceph", "health").run().ok();
        } while (!wanted.test(health) && System.nanoTime() < end);
        assertThat(health).matches(wanted);
    }

    private static Program.Result rados(LocalCluster cluster, Object... arguments) {
        List<Object> words = new ArrayList<>(List.of("-p", "full"));
        words.addAll(Arrays.asList(arguments));
        return cluster.ceph("rados", words.toArray()).within(Duration.ofSeconds(90)).run();
    }

    @Test
    void omapsAndAttributesAreRefusedBeforeTheDiskIsFull() throws IOException {
        Program.need("ceph", "rados", "/usr/bin/python3", "mount", "curl");
        Path disk = mountedDisk();
        try (LocalCluster cluster =
                LocalCluster.start(home, "omaps", "--data-dir", disk.resolve("c").toString())) {
            cluster.ceph("ceph", "osd", "pool", "create", "full", "8").run().ok();
            cluster.ceph("rados", "-p", "full", "create", "kept").run().ok();
            Path empty = Files.createFile(home.resolve("empty"));
            assertThat(s3(cluster, "-X", "PUT", cluster.endpoint() + "/nano")).isEqualTo("200");
            assertThat(s3(cluster, "-T", empty, cluster.endpoint() + "/nano/before"))
                    .isEqualTo("200");

            assertThat(python(cluster, FILL_OMAP)).isEqualTo("full after some\n");

            String before = cluster.endpoint() + "/nano/before";
            assertThat(s3(cluster, "-T", empty, cluster.endpoint() + "/nano/after"))
                    .as("the index merges its files meanwhile: it may have room again")
                    .isIn("200", "507");
            assertThat(s3(cluster, before)).isEqualTo("200");
            assertThat(s3(cluster, "-X", "DELETE", before)).isEqualTo("204");
            assertThat(s3(cluster, before)).isEqualTo("404");
            assertThat(cluster.ceph("ceph", "-s").run().ok()).contains("3 osds: 3 up");
            cluster.verb("restart", "omaps").ok();
            assertThat(python(cluster, REMOVE_OMAP)).isEqualTo("writes again\n");
            assertThat(s3(cluster, "-T", empty, before)).isEqualTo("200");
        } finally {
            Program.of("umount", disk).run().ok();
        }
    }

    @Test
    void writesAreRefusedReadsAndDeletesGoOnAndSpaceReturns() throws IOException {
        Program.need("ceph", "/usr/bin/python3", "mount", "curl");
        Path disk = mountedDisk();
        try (LocalCluster cluster =
                LocalCluster.start(home, "full", "--data-dir", disk.resolve("c").toString())) {
            cluster.ceph("ceph", "osd", "pool", "create", "full", "8").run().ok();
            Path file = Files.write(home.resolve("file"), new byte[1 << 20]);
            assertThat(s3(cluster, "-X", "PUT", cluster.endpoint() + "/nano")).isEqualTo("200");
            assertThat(s3(cluster, "-T", file, cluster.endpoint() + "/nano/before"))
                    .isEqualTo("200");

            String first = python(cluster, FILL);
            assertThat(first).startsWith("full after some ");

            String refused = firstRefused(cluster, file);
            awaitHealth(cluster, " full osd(s)");
            assertThat(s3(cluster, refused)).isEqualTo("404");
            assertThat(s3(cluster, cluster.endpoint() + "/nano/before")).isEqualTo("200");
            assertThat(cluster.ceph("ceph", "-s").run().ok()).contains("3 osds: 3 up");
            assertThat("full after some " + python(cluster, DELETE)).isEqualTo(first);
            assertThat(python(cluster, AGAIN)).isEqualTo("writes again\n");
            assertThat(s3(cluster, "-T", file, cluster.endpoint() + "/nano/after"))
                    .isEqualTo("200");
            cluster.verb("restart", "full").ok();
            assertThat(python(cluster, AGAIN)).isEqualTo("writes again\n");
        } finally {
            Program.of("umount", disk).run().ok();
        }
    }

    /**
     * The URL of the first object that is refused for want of room. What the store's housekeeping
     * gives back meanwhile is filled first.
     */
    private static String firstRefused(LocalCluster cluster, Path file) {
        for (int i = 0; i < 100; i++) {
            String url = cluster.endpoint() + "/nano/more" + i;
            String status = s3(cluster, "-T", file, url);
            assertThat(status).isIn("200", "507");
            if (status.equals("507")) {
                return url;
            }
        }
        throw new AssertionError("100 objects were taken by a cluster that was full");
    }

    /** The status of one request, signed. */
    private static String s3(LocalCluster cluster, Object... arguments) {
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "-s",
                                "-o",
                                "/dev/null",
                                "-w",
                                "%{http_code}",
                                "--max-time",
                                "30",
                                "--aws-sigv4",
                                "aws:amz:us-east-1:s3",
                                "-H",
                                "x-amz-content-sha256: UNSIGNED-PAYLOAD",
                                "--user",
                                cluster.value("Access key") + ":" + cluster.value("Secret key")));
        words.addAll(Arrays.asList(arguments));
        return Program.of("curl", words.toArray()).run().ok();
    }

    private static String python(LocalCluster cluster, String program) {
        Program.Result result =
                Program.of("/usr/bin/python3", "-c", BEGIN + program, cluster.conf())
                        .within(Duration.ofMinutes(3))
                        .run();
        if (result.code() != 0) {
            String health = cluster.ceph("ceph", "health", "detail").run().out();
            throw new AssertionError(result.err() + "\n" + health + "\n" + cluster.logTail());
        }
        return result.out();
    }
}
