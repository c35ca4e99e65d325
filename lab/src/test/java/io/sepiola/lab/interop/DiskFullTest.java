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
                for i in range(written): io.remove_object('o%d' % i)
                print('full after some' if written > 20 else 'full at once')
            """;

    private static final String AGAIN =
            """
            import rados, sys
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(); io = cluster.open_ioctx('full')
            for i in range(20): io.write_full('again%d' % i, b'y' * (1 << 20))
            assert io.read('again19', 4) == b'yyyy'
            print('writes again')
            """;

    @Test
    void writesAreRefusedReadsAndDeletesGoOnAndSpaceReturns() throws IOException {
        Program.need("ceph", "/usr/bin/python3", "mount");
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "SKIPPED: only root mounts a small disk");
        Path disk = Files.createDirectory(home.resolve("disk"));
        Program.of("mount", "-t", "tmpfs", "-o", "size=700m", "tmpfs", disk).run().ok();
        try (LocalCluster cluster =
                LocalCluster.start(home, "full", "--data-dir", disk.resolve("c").toString())) {
            cluster.ceph("ceph", "osd", "pool", "create", "full", "8").run().ok();
            String first = python(cluster, FILL);
            assertThat(first).isEqualTo("full after some\n");
            assertThat(python(cluster, AGAIN)).isEqualTo("writes again\n");
            cluster.verb("restart", "full").ok();
            assertThat(python(cluster, AGAIN)).isEqualTo("writes again\n");
        } finally {
            Program.of("umount", disk).run().ok();
        }
    }

    private static String python(LocalCluster cluster, String program) {
        return Program.of("/usr/bin/python3", "-c", program, cluster.conf())
                .within(Duration.ofMinutes(3))
                .run()
                .ok();
    }
}
