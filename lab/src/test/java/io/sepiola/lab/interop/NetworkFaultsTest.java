package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.lab.interop.Namespaces.Network;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Four hosts of one OSD each, on a public and a cluster network of which parts fail: who is marked
 * down, who is not, and who comes back. Genuine {@code ceph} and {@code rados} look on from the
 * monitor's side of the public network.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class NetworkFaultsTest {
    private static final int PORTS = 29_500;
    private static final int OSDS = 4;
    private static final Duration GRACE = Duration.ofSeconds(6);

    /** Only noticing is made quicker than by default. */
    private static final String OPTIONS =
            """
            osd heartbeat interval = 1
            osd heartbeat grace = %d
            """
                    .formatted(GRACE.toSeconds());

    @TempDir private static Path directory;
    private static Namespaces network;
    private static DaemonCluster cluster;
    private static Path content;

    /** The monitor, the manager and clients are in the hub; an OSD has a machine of its own. */
    private static final class Rack implements DaemonCluster.Site {
        @Override
        public String monitor(String name) {
            return Network.PUBLIC.address(-1);
        }

        @Override
        public String sections() {
            StringBuilder text = new StringBuilder();
            for (int osd = 0; osd < OSDS; osd++) {
                text.append("[osd.").append(osd).append("]\n");
                text.append("public addr = ").append(Network.PUBLIC.address(osd)).append('\n');
                text.append("cluster addr = ").append(Network.CLUSTER.address(osd)).append('\n');
            }
            return text.toString();
        }

        @Override
        public List<String> runner(String daemon) {
            return daemon.startsWith("osd.")
                    ? network.on(Integer.parseInt(daemon.substring(4)))
                    : network.inHub();
        }
    }

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool", "/usr/bin/python3");
        Namespaces.need();
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        content = Files.writeString(directory.resolve("content"), "sepiola ".repeat(500));
        network = new Namespaces(OSDS);
        cluster = new DaemonCluster(directory, PORTS, OSDS, OPTIONS, new Rack());
        cluster.create();
        cluster.ceph("osd", "pool", "create", "n", "32").run().ok();
        cluster.ceph("osd", "pool", "application", "enable", "n", "rados").run().ok();
        cluster.awaitHealth();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
        if (network != null) {
            network.close();
        }
    }

    private static List<String> others(int osd, Network which) {
        List<String> others = new ArrayList<>();
        for (int other = 0; other < OSDS; other++) {
            if (other != osd) {
                others.add(which.address(other));
            }
        }
        return others;
    }

    private static String tree() {
        return cluster.ceph("osd", "tree").run().ok();
    }

    private static boolean isUp(int osd) {
        return tree().lines()
                .filter(line -> line.contains(" osd." + osd + " "))
                .allMatch(line -> line.contains(" up "));
    }

    /** For so long, all OSDs but that one are up whenever somebody looks. */
    private static void assertOthersUp(int but, Duration span) {
        long end = System.nanoTime() + span.toNanos();
        cluster.until(
                span + " have passed",
                () -> {
                    for (int osd = 0; osd < OSDS; osd++) {
                        assertThat(osd == but || isUp(osd)).as("osd.%d is up", osd).isTrue();
                    }
                    return System.nanoTime() > end;
                });
    }

    /** How often an OSD has said that it is marked down although it lives. */
    private static long markdowns(int osd) throws IOException {
        try (var lines = Files.lines(cluster.file("osd." + osd + ".log"))) {
            return lines.filter(line -> line.contains("is marked down by epoch")).count();
        }
    }

    private static void put(String object) {
        cluster.client("rados", "-p", "n", "put", object, content).run().ok();
    }

    private static void assertReads(String object) throws IOException {
        Path back = directory.resolve("back");
        cluster.client("rados", "-p", "n", "get", object, back).run().ok();
        assertThat(back).hasSameBinaryContentAs(content);
    }

    @Test
    void everyOsdIsAHostOfItsOwn() {
        assertThat(tree()).contains("host box0", "host box1", "host box2", "host box3");
    }

    @Test
    void ofALinkThatWorksOneWayNobodyGoesDown() throws IOException {
        put("before");
        for (Network which : Network.values()) {
            network.muteTowards(0, which, List.of(which.address(1)));
        }
        assertOthersUp(-1, GRACE.multipliedBy(3));
        network.mend(0);
        put("after");
        cluster.awaitHealth();
        assertReads("before");
        assertReads("after");
    }

    @Test
    void whoHearsNobodyGoesDownAndStaysAway() throws IOException {
        long before = markdowns(2);
        for (Network which : Network.values()) {
            network.deafenTo(2, which, others(2, which));
        }
        cluster.until("the deaf one is down", () -> !isUp(2));
        put("while-deaf");
        assertOthersUp(2, GRACE.multipliedBy(3));
        assertThat(isUp(2)).as("it does not join as long as it hears nobody").isFalse();
        assertThat(markdowns(2) - before).as("how often it was marked down").isEqualTo(1);
        network.mend(2);
        cluster.until("it is up again", () -> isUp(2));
        cluster.awaitHealth();
        assertReads("while-deaf");
    }

    @Test
    void whoseClusterNetworkFailsGoesDownAndReturnsWhenItIsMended() throws IOException {
        long before = markdowns(3);
        network.unplug(3, Network.CLUSTER);
        cluster.until("it is down", () -> !isUp(3));
        assertThat(cluster.ceph("health", "detail").run().ok())
                .contains("OSD_HOST_DOWN: 1 host (1 osds) down")
                .contains("host box3 (root=default) (1 osds) is down")
                .contains("osd.3 (root=default,host=box3) is down");
        put("while-cut");
        assertOthersUp(3, GRACE.multipliedBy(2));
        assertThat(isUp(3)).as("it does not join by the public network alone").isFalse();
        assertThat(markdowns(3) - before).as("how often it was marked down").isEqualTo(1);
        network.mend(3);
        cluster.until("it is up again", () -> isUp(3));
        cluster.awaitHealth();
        assertReads("while-cut");
    }

    /** Writes objects and reads them: the ones led by others than osd.1, or all ("any"). */
    private static final String SERVED =
            """
            import json, rados, sys
            conf, led = sys.argv[1:]
            cluster = rados.Rados(conffile=conf, conf={'rados_osd_op_timeout': '60'})
            cluster.connect(timeout=60); io = cluster.open_ioctx('n')
            def primary(name):
                ask = {'prefix': 'osd map', 'pool': 'n', 'object': name, 'format': 'json'}
                code, out, err = cluster.mon_command(json.dumps(ask), b'', timeout=60)
                assert code == 0, err
                return json.loads(out)['acting_primary']
            names = [n for n in ('o%d' % i for i in range(60)) if led == 'any' or primary(n) != 1]
            for name in names: io.write_full(name, name.encode())
            assert all(io.read(name) == name.encode() for name in names)
            print('served', len(names) >= 10)
            """;

    /**
     * F29: what the monitors decide comes by the other OSDs. Groups that it leads itself wait, if
     * they have other members now: the monitors are to know of it first.
     */
    @Test
    void whoIsCutFromTheMonitorsOnlyLearnsMapsFromItsPeers() throws IOException {
        List<String> hub = List.of(Network.PUBLIC.address(-1));
        long before = markdowns(1);
        network.muteTowards(1, Network.PUBLIC, hub);
        network.deafenTo(1, Network.PUBLIC, hub);
        cluster.ceph("osd", "out", "2").run().ok();
        assertThat(onTheFirstHost(SERVED, "others")).isEqualTo("served True\n");
        assertOthersUp(-1, GRACE.multipliedBy(3));
        assertThat(markdowns(1) - before).as("how often it was marked down").isZero();
        network.mend(1);
        cluster.ceph("osd", "in", "2").run().ok();
        cluster.awaitHealth();
        assertThat(onTheFirstHost(SERVED, "any")).isEqualTo("served True\n");
    }

    /** What a program prints on the host of osd.0, from where all OSDs and monitors are heard. */
    private static String onTheFirstHost(String script, String argument) {
        return Program.of("/usr/bin/python3", "-c", script, cluster.conf(), argument)
                .within(Duration.ofMinutes(4))
                .by(network.on(0))
                .run()
                .ok();
    }
}
