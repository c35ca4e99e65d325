package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * OSDs whose disks are not what they were: emptied, put back to an older copy, or away for so long
 * that the maps in between are gone. Each ends as docs/failure.md says.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DisksTest {
    @TempDir private static Path directory;
    private static DaemonCluster cluster;

    private static final String WRITE =
            """
            import rados, sys
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(timeout=60); io = cluster.open_ioctx('d')
            for i in range(100): io.write_full('o%d' % i, (sys.argv[2] + '-%d|' % i).encode() * 100)
            """;

    private static final String READ =
            """
            import rados, sys
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(timeout=60); io = cluster.open_ioctx('d')
            print(sorted(set(io.read('o%d' % i, 9000).decode().split('-')[0] for i in range(100))))
            """;

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool", "/usr/bin/python3", "cp");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        cluster =
                new DaemonCluster(
                        directory,
                        31_700,
                        DaemonCluster.OSDS,
                        "mon min osdmap epochs = 20\n        osd beacon report interval = 2");
        cluster.create();
        cluster.ceph("osd", "pool", "create", "d", "8").run().ok();
        // One copy may serve alone: who comes back alone with an old one must not.
        cluster.ceph("osd", "pool", "set", "d", "min_size", "1").run().ok();
        cluster.ceph("osd", "pool", "application", "enable", "d", "rados").run().ok();
        cluster.awaitHealth();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static void write(String word) {
        cluster.python(WRITE, word).run().ok();
    }

    private static void assertHolds(String word) {
        assertThat(cluster.python(READ).run().ok()).isEqualTo("['" + word + "']\n");
    }

    /** Runs an OSD that cannot go on; what it says last. */
    private static String refusal(int osd) {
        Program.Result result = cluster.verb("osd", "-i", osd).within(Duration.ofMinutes(2)).run();
        assertThat(result.code()).as(result.err()).isEqualTo(1);
        return result.err();
    }

    /** As docs/failure.md says: the id is kept, and its store is made anew. */
    private static void makeAgain(int osd) throws IOException {
        cluster.ceph("osd", "destroy", osd, "--yes-i-really-mean-it").run().ok();
        Program.of("rm", "-r", cluster.file("osd." + osd)).run().ok();
        cluster.makeOsd(osd);
        cluster.start("osd." + osd);
        cluster.awaitHealth();
        assertThat(cluster.compareStores()).isEqualTo(100);
    }

    @Test
    void anOsdPutBackToAnOlderCopyOfItsDiskDoesNotServeIt() throws IOException {
        write("old");
        Path home = cluster.file("osd.1");
        Path copy = cluster.file("copy");
        assertThat(cluster.stop("osd.1")).isZero();
        Program.of("cp", "-a", home, copy).run().ok();
        cluster.start("osd.1");
        cluster.awaitHealth();
        write("new");
        for (int osd = 0; osd < DaemonCluster.OSDS; osd++) {
            cluster.kill("osd." + osd);
        }
        Program.of("rm", "-r", home).run().ok();
        Program.of("mv", copy, home).run().ok();

        assertThat(refusal(1)).contains("osd.1", "older copy of itself", "ceph osd destroy 1");

        cluster.start("osd.0");
        cluster.start("osd.2");
        cluster.until("two OSDs are up", () -> cluster.status().contains("2 up"));
        assertHolds("new");
        makeAgain(1);
        assertHolds("new");
    }

    @Test
    void anOsdWhoseStoreIsEmptyIsRefusedItsOldIdentityUntilItIsMadeAgain() throws IOException {
        write("kept");
        cluster.kill("osd.2");
        String fsid = osdFsid(2);
        wipe(2, UUID.randomUUID().toString());
        assertThat(refusal(2)).contains("osd.2", fsid, "ceph osd destroy 2");
        wipe(2, fsid);
        assertThat(refusal(2)).contains("osd.2", "empty or an older copy", "ceph osd destroy 2");
        makeAgain(2);
        assertHolds("kept");
    }

    /**
     * osd.0 missed what was written last; of the two who have it one is made again, one is down.
     */
    @Test
    void anOsdMadeAgainDoesNotSpeakForItsNamesake() throws IOException {
        cluster.ceph("osd", "pool", "set", "d", "min_size", "2").run().ok();
        write("old");
        assertThat(cluster.stop("osd.0")).isZero();
        write("new");
        cluster.kill("osd.1");
        cluster.kill("osd.2");
        cluster.ceph("osd", "down", "1", "2").run().ok();
        cluster.until("no OSD is up", () -> cluster.status().contains("0 up"));

        cluster.ceph("osd", "destroy", 2, "--yes-i-really-mean-it").run().ok();
        Program.of("rm", "-r", cluster.file("osd.2")).run().ok();
        cluster.makeOsd(2);
        cluster.start("osd.0");
        cluster.start("osd.2");
        cluster.until("two OSDs are up", () -> cluster.status().contains("2 up"));
        cluster.until("all groups are down", () -> cluster.status().contains("8 down"));
        assertThat(cluster.ceph("health", "detail").run().ok())
                .contains("Reduced data availability: 8 pgs");
        String group = cluster.ceph("pg", "ls", "down").run().ok().lines().toList().get(1);
        String query = cluster.ceph("pg", group.split(" ")[0], "query").run().ok();
        assertThat(query)
                .contains("peering is blocked due to down osds")
                .containsPattern(
                        "\"osd\": 1,\\s+\"current_lost_at\": 0,\\s+\"comment\": \"starting or")
                .containsPattern(
                        "\"osd\": 2,\\s+\"current_lost_at\": 0,\\s+\"comment\": \"was made");
        assertThat(cluster.ceph("osd", "blocked-by").run().ok()).containsPattern("(?m)^ *2 +8$");

        cluster.start("osd.1");
        cluster.awaitHealth();
        assertHolds("new");
        assertThat(cluster.compareStores()).isEqualTo(100);
        cluster.ceph("osd", "pool", "set", "d", "min_size", "1").run().ok();
    }

    @Test
    void anOsdThatWasAwayWhileTheMapsWereTrimmedCatchesUp() throws IOException {
        write("before");
        assertThat(cluster.stop("osd.0")).isZero();
        int last = epoch();
        write("meanwhile");
        // Without it groups are not clean, and what they may need is kept; so they get along
        // without it.
        cluster.ceph("osd", "pool", "set", "d", "size", "2").run().ok();
        cluster.ceph("osd", "out", "0").run().ok();
        cluster.until("groups are clean", () -> cluster.status().contains("8 active+clean"));
        cluster.python(CHURN, 120).run().ok();
        cluster.until(
                "maps are trimmed", () -> cluster.ceph("osd", "dump", last + 1).run().code() != 0);
        write("after");
        cluster.start("osd.0");
        cluster.ceph("osd", "in", "0").run().ok();
        cluster.ceph("osd", "pool", "set", "d", "size", "3").run().ok();
        cluster.awaitHealth();
        assertHolds("after");
        assertThat(cluster.compareStores()).isEqualTo(100);
    }

    private static final String CHURN =
            """
            import rados, sys, json
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(timeout=60)
            for i in range(int(sys.argv[2])):
                word = 'set' if i % 2 == 0 else 'unset'
                code, _, err = cluster.mon_command(json.dumps({'prefix': 'osd ' + word, 'key': 'noscrub'}), b'')
                assert code == 0, err
            """;

    private static int epoch() {
        String first = cluster.ceph("osd", "dump").run().ok().lines().findFirst().orElseThrow();
        return Integer.parseInt(first.replace("epoch ", "").strip());
    }

    private static String osdFsid(int osd) {
        String line =
                cluster.ceph("osd", "dump")
                        .run()
                        .ok()
                        .lines()
                        .filter(text -> text.startsWith("osd." + osd + " "))
                        .findFirst()
                        .orElseThrow();
        return line.substring(line.lastIndexOf(' ') + 1).strip();
    }

    /** A new file system where the old one was: nothing but the key is there. */
    private static void wipe(int osd, String fsid) throws IOException {
        Path home = cluster.file("osd." + osd);
        byte[] key = Files.readAllBytes(home.resolve("keyring"));
        Program.of("rm", "-r", home).run().ok();
        Files.createDirectories(home);
        Files.write(home.resolve("keyring"), key);
        cluster.verb("osd", "-i", osd, "--mkfs", "--osd-uuid", fsid).run().ok();
    }
}
