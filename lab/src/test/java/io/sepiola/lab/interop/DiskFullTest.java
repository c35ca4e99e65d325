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

/**
 * A disk that fills up: writes are refused, reads and deletes go on, and space that returns is
 * used.
 */
@Tag("interop")
class DiskFullTest {
    @TempDir Path home;

    private static final String FILL =
            """
            import rados, sys
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(); io = cluster.open_ioctx('full')
            written = 0
            try:
                while written < 1000:
                    io.write_full('o%d' % written, b'%08d' % written + b'x' * (1 << 20)); written += 1
                print('never full')
            except rados.Error as e:
                assert e.errno in (28, 122), e
                for i in range(written):
                    assert io.read('o%d' % i, 8) == b'%08d' % i
                print('full after some' if written > 20 else 'full at once', written)
            """;

    private static final String DELETE =
            """
            import rados, sys
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(); io = cluster.open_ioctx('full')
            names = [o.key for o in io.list_objects()]
            for name in names: io.remove_object(name)
            print(len(names))
            """;

    private static final String AGAIN =
            """
            import rados, sys
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(); io = cluster.open_ioctx('full')
            for i in range(20): io.write_full('again%d' % i, b'y' * (1 << 20))
            assert io.read('again19', 4) == b'yyyy'
            print('writes again')
            """;

    /** Entries on objects that exist: nothing of an object's size grows. */
    private static final String FILL_OMAP =
            """
            import os, rados, sys
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(); io = cluster.open_ioctx('full')
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
            except rados.Error as e:
                assert e.errno in (28, 122), e
                try:
                    while True: io.set_xattr('m1', 'x%d' % written, value); written += 1
                except rados.Error as e: assert e.errno in (28, 122), e
                assert io.read('m0') == b'x'
                print('full after some' if written > 20 else 'full at once')
            """;

    private static final String REMOVE_OMAP =
            """
            import rados, sys, time
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(); io = cluster.open_ioctx('full')
            for o in range(8): io.remove_object('m%d' % o)
            end = time.monotonic() + 60
            while True:
                try: io.set_xattr('kept', 'x', b'y' * 60000); break
                except rados.Error as e: assert e.errno in (28, 122) and time.monotonic() < end, e
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

            String refused = cluster.endpoint() + "/nano/" + firstRefused(cluster, file);
            assertThat(s3(cluster, refused)).isEqualTo("404");
            assertThat(s3(cluster, cluster.endpoint() + "/nano/before")).isEqualTo("200");
            assertThat(cluster.ceph("ceph", "-s").run().ok()).contains("3 osds: 3 up");
            assertThat("full after some " + python(cluster, DELETE)).isEqualTo(first);
            assertThat(s3(cluster, "-T", file, cluster.endpoint() + "/nano/after"))
                    .isEqualTo("200");
            assertThat(python(cluster, AGAIN)).isEqualTo("writes again\n");
            cluster.verb("restart", "full").ok();
            assertThat(python(cluster, AGAIN)).isEqualTo("writes again\n");
        } finally {
            Program.of("umount", disk).run().ok();
        }
    }

    /** The OSDs are not full to the same byte: some PUTs may still find one with room. */
    private static String firstRefused(LocalCluster cluster, Path file) {
        for (int i = 0; i < 100; i++) {
            String key = "more" + i;
            String status = s3(cluster, "-T", file, cluster.endpoint() + "/nano/" + key);
            if (!status.equals("200")) {
                assertThat(status).as("a PUT on a full disk").matches("5..");
                return key;
            }
        }
        throw new AssertionError("100 MiB went onto a full disk");
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
        return Program.of("/usr/bin/python3", "-c", program, cluster.conf())
                .within(Duration.ofMinutes(3))
                .run()
                .ok();
    }
}
