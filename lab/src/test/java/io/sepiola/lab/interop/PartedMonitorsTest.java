package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.lab.interop.Namespaces.Network;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Three monitors on hosts of their own, one of which loses its network, the leader or another: the
 * two go on, and the one tells nobody beside it anything that has been overtaken meanwhile.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PartedMonitorsTest {
    private static final int PORTS = 28_300;
    private static final int CHANGES = 8;
    private static final int MANY = 3;
    private static final int TIMED_OUT = 124;
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir private static Path directory;
    private static Namespaces network;
    private static DaemonCluster cluster;

    /** A monitor has a machine of its own; all else is in the hub. */
    private static final class Hosts implements DaemonCluster.Site {
        @Override
        public String monitor(String name) {
            return Network.PUBLIC.address(machine(name));
        }

        @Override
        public List<String> runner(String daemon) {
            return daemon.startsWith("mon.")
                    ? network.on(machine(daemon.substring(4)))
                    : network.inHub();
        }

        @Override
        public String sections() {
            return "[mgr]\npublic addr = %1$s\n[osd]\npublic addr = %1$s\ncluster addr = %1$s\n"
                    .formatted(Network.PUBLIC.address(-1));
        }
    }

    private static int machine(String monitor) {
        return monitor.charAt(0) - 'a';
    }

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "ceph-authtool", "monmaptool");
        Namespaces.need();
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        network = new Namespaces(MANY);
        cluster = new DaemonCluster(directory, PORTS, 1, "", new Hosts(), MANY);
        cluster.create();
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

    private static JsonNode quorum() {
        return JsonMapper.builder()
                .build()
                .readTree(cluster.ceph("quorum_status", "-f", "json").run().ok());
    }

    private static boolean allAgree() {
        return quorum().path("quorum").size() == MANY;
    }

    /** What a client on a monitor's own host is told by it, within so long. */
    private static Program.Result beside(String monitor, Duration patience, Object... words) {
        List<Object> all =
                new ArrayList<>(
                        List.of(patience.toSeconds(), "ceph", "-m", cluster.monitorAddr(monitor)));
        all.addAll(List.of(words));
        return Program.of("timeout", all.toArray())
                .env("CEPH_CONF", cluster.conf().toString())
                .by(network.on(machine(monitor)))
                .run();
    }

    @ParameterizedTest(name = "the leader is cut off: {0}")
    @ValueSource(booleans = {true, false})
    void aMinorityTellsNothingThatIsOvertaken(boolean leader) {
        cluster.until("all agree", PartedMonitorsTest::allAgree);
        String leads = quorum().path("quorum_leader_name").asString();
        List<String> others = new ArrayList<>(cluster.monitorNames());
        others.remove(leads);
        String alone = leader ? leads : others.getFirst();

        network.unplug(machine(alone), Network.PUBLIC);
        int answers = 0;
        List<String> pools = new ArrayList<>();
        try {
            for (int change = 0; change < CHANGES; change++) {
                String pool = "p" + leader + change;
                cluster.ceph("osd", "pool", "create", pool, "1").run().ok();
                pools.add(pool);
                Program.Result told = beside(alone, SHORT, "osd", "pool", "ls");
                if (told.code() == 0) { // it may hand out what it has, when that is the newest
                    answers++;
                    assertThat(told.out().lines()).as("told by mon.%s", alone).containsAll(pools);
                } else {
                    assertThat(told.code()).as(told.out() + told.err()).isEqualTo(TIMED_OUT);
                }
            }
            Program.Result change = beside(alone, LONG, "osd", "pool", "create", "q" + leader, "1");
            assertThat(change.code()).as(change.out() + change.err()).isEqualTo(TIMED_OUT);
            cluster.until("it is missed", () -> quorum().path("quorum").size() == MANY - 1);
        } finally {
            network.mend(machine(alone));
        }
        System.out.printf(
                "PartedMonitorsTest: mon.%s alone, %d changes by the others, %d answers by it%n",
                alone, CHANGES, answers);
        assertThat(answers).as("nothing new can have reached it").isZero();
        cluster.until("all agree again", PartedMonitorsTest::allAgree);
        cluster.until(
                "it knows all",
                () -> {
                    Program.Result told = beside(alone, LONG, "osd", "pool", "ls");
                    return told.code() == 0 && told.out().lines().toList().containsAll(pools);
                });
    }
}
