package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Clients with 39 sets of caps ask for everything that python3-rados can ask for, of a genuine Ceph
 * and of ours: whatever the one refuses, the other refuses, cell by cell.
 */
@Tag("interop")
@Tag("X6")
@Tag("X7")
@Tag("X8")
@Tag("X9")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class CapsTableTest {
    private static final int PORTS = 30_100;
    private static final int GENUINE_PORTS = 30_200;
    private static final List<Integer> DENIED = List.of(-1, -13); // EPERM, EACCES
    private static final int ROWS = 39;
    private static final String OPTIONS = "osd pool default size = 1\nmon allow pool delete = true";

    @TempDir static Path home;

    /** One request of one client. */
    private record Cell(List<String> caps, String asked) {
        /** Why the answers may differ; empty when they may not. */
        String exception() {
            String mgr = caps.get(1);
            String osd = caps.get(2);
            if (asked.contains(" exec ") || asked.endsWith("lock")) {
                return "there are no object classes yet: what Ceph runs is refused here";
            }
            if (asked.startsWith("mon: osd in ")) {
                return "Ceph 16 asks for the caps of 'osd info', which begins so: r is enough";
            }
            if (asked.matches("(mgr:|tell mgr).*") && mgr.contains("network")) {
                return "Ceph 16's manager knows no client's address, and grants a network nothing";
            }
            if (asked.matches("tell (osd|pg)") && osd.contains("* network")) {
                return "Ceph 16's OSDs overlook the network there";
            }
            return asked.equals("mgr: nonsense") ? "which of two refusals there is" : "";
        }

        /** Whether the very code is to be the same. */
        boolean isExact() {
            return asked.startsWith("osd ") && !asked.matches(".* (watch|notify)");
        }
    }

    @Test
    void everyCellIsRefusedWhereCephRefusesIt() throws IOException {
        Program.need("ceph-mon", "ceph-osd", "ceph-mgr", "ceph", "rados", "/usr/bin/python3");
        Map<Cell, Integer> genuine;
        try (GenuineCluster ceph =
                GenuineCluster.start(
                        home,
                        GENUINE_PORTS,
                        1,
                        "osd objectstore = memstore",
                        "osd pool default pg num = 1",
                        "paxos propose interval = 0.02",
                        "paxos min wait = 0.01")) {
            genuine = cells(ceph.conf(), "genuine");
        }
        Path directory = Files.createDirectory(home.resolve("ours"));
        Map<Cell, Integer> ours;
        try (DaemonCluster cluster = new DaemonCluster(directory, PORTS, 1, OPTIONS)) {
            cluster.create();
            ours = cells(cluster.conf(), "ours");
            refusalsAreSaidAsCephSaysThem(cluster);
        }
        compare(genuine, ours);
    }

    private static Map<Cell, Integer> cells(Path conf, String name) throws IOException {
        Path script = home.resolve("cap-cells.py");
        try (InputStream in = CapsTableTest.class.getResourceAsStream("cap-cells.py")) {
            Files.write(script, Objects.requireNonNull(in).readAllBytes());
        }
        Path answers = home.resolve(name + ".jsonl");
        Program.of("/usr/bin/python3", script, conf, answers)
                .within(Duration.ofMinutes(3))
                .run()
                .ok();
        JsonMapper mapper = new JsonMapper();
        Map<Cell, Integer> cells = new LinkedHashMap<>();
        for (String line : Files.readAllLines(answers)) {
            JsonNode node = mapper.readTree(line);
            List<String> caps = node.get("caps").valueStream().map(JsonNode::stringValue).toList();
            cells.put(
                    new Cell(caps, node.get("asked").stringValue()), node.get("result").intValue());
        }
        return cells;
    }

    private static void compare(Map<Cell, Integer> genuine, Map<Cell, Integer> ours) {
        assertThat(ours.keySet()).isEqualTo(genuine.keySet());
        assertThat(genuine).hasSizeGreaterThan(12_000);
        assertThat(genuine.keySet().stream().map(Cell::caps).distinct()).hasSize(ROWS);
        SoftAssertions all = new SoftAssertions();
        int compared = 0;
        for (Map.Entry<Cell, Integer> entry : ours.entrySet()) {
            Cell cell = entry.getKey();
            int wanted = genuine.get(cell);
            if (!cell.exception().isEmpty()) {
                continue;
            }
            compared++;
            if (cell.isExact()) {
                all.assertThat(entry.getValue()).as("%s", cell).isEqualTo(wanted);
            } else {
                all.assertThat(DENIED.contains(entry.getValue()))
                        .as("%s is refused: Ceph %d, here %d", cell, wanted, entry.getValue())
                        .isEqualTo(DENIED.contains(wanted));
            }
        }
        all.assertAll();
        assertThat(compared).isGreaterThan(11_000);
        // No class's call is let through that Ceph stops.
        ours.forEach((cell, result) -> {
            if (DENIED.contains(genuine.get(cell)) && cell.exception().contains("classes")) {
                assertThat(result).as("%s", cell).isIn(DENIED);
            }
        });
    }

    /** Some cells by hand, as people see them. */
    private static void refusalsAreSaidAsCephSaysThem(DaemonCluster cluster) {
        Path keyring = cluster.file("reader");
        cluster.ceph(
                        "auth",
                        "get-or-create",
                        "client.reader",
                        "mon",
                        "allow r",
                        "osd",
                        "allow r",
                        "-o",
                        keyring)
                .run()
                .ok();
        Object[] who = {"-n", "client.reader", "--keyring", keyring};
        assertRefused(
                cluster.client("ceph", with(who, "osd", "out", "0")).run(),
                13,
                "Error EACCES: access denied");
        assertRefused(
                cluster.client("ceph", with(who, "config-key", "ls")).run(),
                13,
                "Error EACCES: access denied");
        assertRefused(
                cluster.client("ceph", with(who, "auth", "ls")).run(),
                13,
                "Error EACCES: access denied");
        assertRefused(
                cluster.client("ceph", with(who, "pg", "stat")).run(),
                13,
                "Error EACCES: access denied: does your client key have mgr caps? See "
                    + "http://docs.ceph.com/en/latest/mgr/administrator/#client-authentication");
        assertRefused(
                cluster.client("ceph", with(who, "tell", "osd.0", "version")).run(),
                13,
                "Error EACCES: problem getting command descriptions from osd.0");
        assertRefused(
                cluster.client("rados", with(who, "-p", "p", "put", "new", keyring)).run(),
                1,
                "error putting p/new: (1) Operation not permitted");
        assertThat(cluster.client("rados", with(who, "-p", "p", "ls")).run().ok()).contains("obj1");
        assertRefused(
                cluster.ceph("auth", "caps", "client.reader", "osd", "allow rq").run(),
                22,
                "Error EINVAL: osd capability parse failed, stopped at 'q' of 'allow rq'");
    }

    private static void assertRefused(Program.Result result, int code, String said) {
        assertThat(result.err()).contains(said);
        assertThat(result.code()).isEqualTo(code);
    }

    private static Object[] with(Object[] who, Object... words) {
        Object[] all = Arrays.copyOf(who, who.length + words.length);
        System.arraycopy(words, 0, all, who.length, words.length);
        return all;
    }
}
