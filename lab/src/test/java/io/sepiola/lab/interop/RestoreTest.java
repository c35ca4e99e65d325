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
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * All monitors lose their disks; the cluster goes on from a backup, with several monitors and with
 * one, and genuine Ceph's clients find their data, also what is younger than the backup.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RestoreTest {
    private static final List<String> MONITORS = List.of("a", "b", "c");

    @TempDir private static Path directory;
    private static DaemonCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool", "monmaptool");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        cluster = new DaemonCluster(directory, 21_200, 3, "mon allow pool delete = true", 3);
        cluster.create();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static void makePool(String name) {
        cluster.ceph("osd", "pool", "create", name, "4").run().ok();
        cluster.ceph("osd", "pool", "application", "enable", name, "rados").run().ok();
    }

    private static void put(String pool) throws IOException {
        Path file = cluster.file("object");
        Files.writeString(file, "of " + pool);
        rados("-p", pool, "put", "o", file).ok();
    }

    private static Program.Result rados(Object... words) {
        return cluster.client("rados", words).within(DaemonCluster.PATIENCE).run();
    }

    private static void isThere(String pool) {
        assertThat(rados("-p", pool, "get", "o", "-").ok()).isEqualTo("of " + pool);
    }

    private static Path backup(String monitor, String name) {
        Path file = cluster.file(name);
        Program.Result said =
                cluster.verb("mon", "backup", "--mon-data", home(monitor), "-o", file).run();
        assertThat(said.ok()).contains("pools. Whoever can read it has all keys");
        return file;
    }

    private static Path home(String monitor) {
        return cluster.file("mon." + monitor);
    }

    private static Program.Result restore(Path backup, String monitor, Object... more) {
        Object[] words = new Object[more.length + 5];
        words[0] = "mon";
        words[1] = "restore";
        words[2] = backup;
        words[3] = "-i";
        words[4] = monitor;
        System.arraycopy(more, 0, words, 5, more.length);
        return cluster.verb(words).run();
    }

    private static void refuses(Program.Result result, String why) {
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).startsWith("sepiola: ").contains(why);
    }

    private static void loseAllMonitors() throws IOException {
        for (String name : MONITORS) {
            if (cluster.process("mon." + name) != null) {
                cluster.kill("mon." + name);
            }
            if (!Files.exists(home(name))) {
                continue;
            }
            try (var files = Files.walk(home(name))) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static int osdMapEpoch() {
        String dump = cluster.ceph("osd", "dump").run().ok();
        return Integer.parseInt(dump.lines().findFirst().orElseThrow().replace("epoch ", ""));
    }

    @Test
    void aClusterGoesOnFromABackup() throws IOException {
        makePool("before");
        put("before");
        Path backup = backup("b", "monitors.backup");
        makePool("later");
        put("later");
        cluster.awaitHealth();
        refuses(restore(backup, "a"), "holds a monitor already");

        int epoch = osdMapEpoch();
        loseAllMonitors();
        refuseWhatIsNoBackup(backup);
        Path map = cluster.file("monmap");
        for (String name : MONITORS) {
            assertThat(restore(backup, name, "--monmap", map).ok())
                    .contains("Restore a, b, c from the same file");
        }
        MONITORS.forEach(name -> cluster.start("mon." + name));
        assertThat(osdMapEpoch()).isGreaterThan(epoch + 90_000);
        assertThat(cluster.ceph("osd", "pool", "ls").run().ok().lines())
                .contains("before")
                .doesNotContain("later");
        cluster.awaitHealth();
        isThere("before");
        makePool("later"); // gets its number again; the OSDs have kept what they do not know
        cluster.awaitHealth();
        isThere("later");
        onlyOneGoesOn();
    }

    private static void refuseWhatIsNoBackup(Path backup) throws IOException {
        byte[] content = Files.readAllBytes(backup);
        content[content.length / 2] ^= 1;
        Path damaged = cluster.file("damaged");
        Files.write(damaged, content);
        refuses(restore(damaged, "a"), "its checksum does not fit");
        refuses(restore(cluster.file("ceph.conf"), "a"), "is no backup of monitors");
        refuses(
                restore(backup, "a", "--fsid", "00000000-0000-0000-0000-000000000001"),
                "is of cluster");
        Path map = cluster.file("monmap");
        refuses(restore(backup, "x", "--monmap", map), "names a, b, c, and not 'x'");
        refuses(restore(backup, "x"), "say where the monitor is to be");
    }

    /** From a stopped monitor's store; the daemons run on meanwhile. */
    private static void onlyOneGoesOn() throws IOException {
        MONITORS.forEach(name -> cluster.kill("mon." + name));
        Path backup = backup("c", "stopped.backup");
        loseAllMonitors();
        assertThat(restore(backup, "a").ok()).contains("It is the only monitor of the cluster");
        String conf = Files.readString(cluster.conf());
        String all = String.join(",", MONITORS.stream().map(cluster::monitorAddr).toList());
        Files.writeString(cluster.conf(), conf.replace(all, cluster.monitorAddr("a")));
        cluster.start("mon.a");
        cluster.awaitHealth();
        isThere("before");
        isThere("later");
        assertThat(cluster.ceph("mon", "stat").run().ok()).contains(": 1 mons at {a=v2:");
        Path again = backup("a", "running.backup");
        assertThat(Files.size(again)).isPositive();
    }
}
