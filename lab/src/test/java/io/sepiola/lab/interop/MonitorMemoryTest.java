package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a monitor's process takes of a machine's memory when its cluster is large. */
@Tag("interop")
class MonitorMemoryTest {
    private static final int PORTS = 21_400;
    private static final int OSDS = 1_000;
    private static final int CLIENTS = 10;
    private static final long RESIDENT_MAX_KIB = 200 << 10;

    /** Makes OSDs known, then lets many clients read the map and the status at once. */
    private static final String FILL =
            """
            import json, rados, sys, threading, uuid
            conf, osds, clients = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
            def connected():
                cluster = rados.Rados(conffile=conf); cluster.connect(timeout=60)
                return cluster
            def run(cluster, **command):
                code, out, err = cluster.mon_command(json.dumps(command), b'', timeout=60)
                assert code == 0, err
                return out
            admin = connected()
            for osd in range(osds):
                run(admin, prefix='osd new', uuid=str(uuid.uuid4()), id=osd)
            all = [connected() for i in range(clients)]
            def read(cluster):
                for i in range(10):
                    assert len(json.loads(run(cluster, prefix='osd dump', format='json'))['osds']) == osds
                    run(cluster, prefix='osd tree', format='json'); run(cluster, prefix='status')
            threads = [threading.Thread(target=read, args=(c,)) for c in all]
            for t in threads: t.start()
            for t in threads: t.join()
            for c in all: c.shutdown()
            print('read')
            """;

    @TempDir Path home;

    @Test
    void aMapOfAThousandOsdsFitsIntoTwoHundredMebibytes() throws IOException {
        Program.need("ceph", "crushtool", "/usr/bin/python3");
        try (DaemonCluster cluster = new DaemonCluster(home, PORTS, 0, "")) {
            cluster.create();
            assertThat(cluster.python(FILL, OSDS, CLIENTS).within(Duration.ofMinutes(4)).run().ok())
                    .isEqualTo("read\n");
            Path crush = home.resolve("crush");
            Object[] layers = {"host", "straw2", "20", "root", "straw2", "0"};
            Object[] words = new Object[layers.length + 5];
            System.arraycopy(
                    new Object[] {"-o", crush, "--build", "--num_osds", OSDS}, 0, words, 0, 5);
            System.arraycopy(layers, 0, words, 5, layers.length);
            Program.of("crushtool", words).run().ok();
            cluster.ceph("osd", "setcrushmap", "-i", crush).run().ok();
            assertThat(cluster.ceph("osd", "ls").run().ok().lines()).hasSize(OSDS);
            assertThat(cluster.ceph("osd", "tree").run().ok()).contains("host49", "osd.999");
            long resident = residentKib(cluster.process("mon.a").pid());
            System.out.printf(
                    "a monitor with a map of %d OSDs, read by %d clients: %d MiB resident%n",
                    OSDS, CLIENTS, resident >> 10);
            assertThat(resident).isLessThan(RESIDENT_MAX_KIB);
        }
    }

    private static long residentKib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
