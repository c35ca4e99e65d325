package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * W4 with Ceph's own tools: a pool's groups are split in place and placed apart, then merged again,
 * while librados appends; and a pool that is deleted meanwhile leaves nothing.
 */
@Tag("interop")
class SplitTest {
    private static final Duration SETTLED_MAX = Duration.ofSeconds(120);

    /** Appends to objects in turn, and writes down how often each append was acknowledged. */
    private static final String WRITER =
            """
            import rados, sys, os, time
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(); io = cluster.open_ioctx('load')
            done = {}; i = 0
            while i < 240 or not os.path.exists(sys.argv[2] + '.stop'):
                begun = []
                for k in range(16):
                    name = 'object-%d' % (i % 240); i += 1
                    begun.append((name, io.aio_append(name, b'0123456789')))
                for name, c in begun:
                    c.wait_for_complete()
                    if c.get_return_value() == 0: done[name] = done.get(name, 0) + 1
                    else: sys.exit('%s: %d' % (name, c.get_return_value()))
                time.sleep(0.005)
            with open(sys.argv[2], 'w') as out:
                for name in done: out.write('%s %d\\n' % (name, done[name]))
            """;

    private static final String READER =
            """
            import rados, sys
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(); io = cluster.open_ioctx('load')
            bad = []; count = 0; listed = [o.key for o in io.list_objects()]
            for line in open(sys.argv[2]):
                name, times = line.split(); count += 1
                if io.read(name, 1 << 22) != b'0123456789' * int(times): bad.append(name)
                if listed.count(name) != 1: bad.append('%s listed %d times' % (name, listed.count(name)))
            print(count, len(listed), len(bad), bad[:5])
            """;

    @TempDir private Path home;

    @Test
    void groupsSplitAndMergeUnderLoad() throws IOException, InterruptedException {
        Program.need("ceph", "rados", "/usr/bin/python3");
        Path written = home.resolve("written");
        try (LocalCluster cluster = LocalCluster.start(home, "split")) {
            ceph(cluster, "osd pool create load 8 8");
            ceph(cluster, "osd pool application enable load test");
            ceph(cluster, "osd pool create gone 16 16");
            ceph(cluster, "config set mon mon_allow_pool_delete true");
            Process writer =
                    Program.of("/usr/bin/python3", "-c", WRITER, cluster.conf(), written)
                            .start(home.resolve("writer.log"));
            ceph(cluster, "osd pool set load pg_num 32");
            ceph(cluster, "osd pool delete gone gone --yes-i-really-really-mean-it");
            settle(cluster, 32);
            ceph(cluster, "osd pool set load pg_num 24");
            settle(cluster, 24);
            Files.createFile(home.resolve("written.stop"));
            int code = writer.waitFor();
            assertThat(code).as(Files.readString(home.resolve("writer.log"))).isZero();
            assertThat(read(cluster, written)).isEqualTo("240 240 0 []");
            assertThat(ceph(cluster, "health")).isEqualTo("HEALTH_OK\n");
            assertThat(ceph(cluster, "df --format json")).contains("\"objects\":240");
            assertThat(groupsOf(ceph(cluster, "pg dump pgs_brief"), pool(cluster))).isEqualTo(24);
            onDisk(cluster);
            cluster.start();
            assertThat(read(cluster, written)).isEqualTo("240 240 0 []");
        }
    }

    /** Every object is listed in the group that the map names, and in no other. */
    private static void onDisk(LocalCluster cluster) {
        String map = ceph(cluster, "osd map load object-7");
        String group = map.replaceAll("(?s).*\\(([0-9]+\\.[0-9a-f]+)\\) -> up.*", "$1");
        String pool = pool(cluster);
        cluster.verb("stop", "split").ok();
        String data = "--data-path " + cluster.directory().resolve("osd.0") + " --op list";
        String all = cluster.sepiola(words("ceph-objectstore-tool " + data)).run().ok();
        assertThat(all.lines().filter(line -> line.contains("\"oid\":\"object-7\"")))
                .singleElement()
                .asString()
                .startsWith("[\"" + group.trim() + "\",");
        assertThat(all.lines().filter(line -> line.startsWith("[\"" + pool + "."))).hasSize(240);
        String groups =
                cluster.sepiola(
                                words(
                                        "ceph-objectstore-tool "
                                                + data.replace(" list", " list-pgs")))
                        .run()
                        .ok();
        assertThat(groupsOf(groups, pool)).isEqualTo(24);
        long gone = Long.parseLong(pool) + 1;
        assertThat(groupsOf(groups, "" + gone)).as("groups of the deleted pool").isZero();
    }

    private static Object[] words(String line) {
        return line.split(" ");
    }

    private static String pool(LocalCluster cluster) {
        return ceph(cluster, "osd pool stats load").replaceAll("(?s).*id ([0-9]+).*", "$1");
    }

    private static long groupsOf(String lines, String pool) {
        return lines.lines().filter(line -> line.startsWith(pool + ".")).count();
    }

    private static String read(LocalCluster cluster, Path written) {
        return Program.of("/usr/bin/python3", "-c", READER, cluster.conf(), written)
                .run()
                .ok()
                .trim();
    }

    private static String ceph(LocalCluster cluster, String line) {
        return cluster.ceph("ceph", (Object[]) line.split(" ")).run().ok();
    }

    private static void settle(LocalCluster cluster, int count) {
        long end = System.nanoTime() + SETTLED_MAX.toNanos();
        String wanted = "(?s).*'load'[^\n]* pg_num " + count + " pgp_num " + count + " autoscale.*";
        while (true) {
            String pools = ceph(cluster, "osd pool ls detail");
            String groups = ceph(cluster, "pg stat");
            boolean settled =
                    pools.matches(wanted)
                            && groups.matches("(?s)[0-9]+ pgs: [0-9]+ active\\+clean;.*");
            if (settled) {
                return;
            }
            assertThat(System.nanoTime()).as(pools + groups).isLessThan(end);
            LockSupport.parkNanos(500_000_000);
        }
    }
}
