package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The life of a cluster of one process, and what a person is told when something is in the way. */
@Tag("interop")
class ClusterVerbTest {
    private static final int STARTS_AT_ONCE = 6;

    @TempDir Path home;

    @Test
    void startStatusStopStartKeepsObjectsAndKeys() throws IOException {
        Program.need("ceph", "rados");
        try (LocalCluster cluster = LocalCluster.start(home, "life")) {
            assertThat(cluster.verb("status", "life").ok()).contains("HEALTH_OK");
            assertThat(cluster.verb("ls").ok()).contains("life", "running");
            assertThat(cluster.verb("start", "life").ok()).isEqualTo(cluster.printed());
            cluster.ceph("ceph", "osd", "pool", "create", "p", "8").run().ok();
            cluster.ceph("ceph", "osd", "pool", "application", "enable", "p", "test").run().ok();
            cluster.ceph("rados", "-p", "p", "put", "o", cluster.conf()).run().ok();
            String before = cluster.printed();

            cluster.verb("stop", "life").ok();
            assertThat(cluster.verb("status", "life").code()).isEqualTo(2);
            assertThat(cluster.verb("ls").ok()).contains("stopped");
            cluster.start();

            assertThat(cluster.printed()).isEqualTo(before);
            assertThat(cluster.ceph("rados", "-p", "p", "get", "o", "-").run().ok())
                    .isEqualTo(Files.readString(cluster.conf()));
            cluster.verb("restart", "life").ok();
            assertThat(cluster.verb("status", "life").ok()).contains("HEALTH_OK");
            assertThat(cluster.verb("logs", "life").ok()).isNotBlank();
            assertThat(cluster.verb("purge", "life").code()).as("not sure").isNotZero();
        }
    }

    @Test
    void secretsAreReadableByTheirOwnerOnly() throws IOException {
        try (LocalCluster cluster = LocalCluster.start(home, "modes", "--osds", "1")) {
            for (String name :
                    new String[] {
                        "keyring", "daemons.keyring", "s3.credentials", "sepiola.cluster"
                    }) {
                assertThat(
                                PosixFilePermissions.toString(
                                        Files.getPosixFilePermissions(
                                                cluster.directory().resolve(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Program.Result result = start("taken", "--ports", port);
            assertThat(result.code()).isNotZero();
            assertThat(result.err()).contains("port " + port, "--ports").hasLineCount(1);
        }
    }

    @Test
    void aForeignDirectoryIsLeftAlone() throws IOException {
        Path foreign = Files.createDirectory(home.resolve("foreign"));
        Files.writeString(foreign.resolve("thesis.tex"), "mine");
        Program.Result result = start("f", "--data-dir", foreign);
        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains("thesis.tex", "--data-dir").hasLineCount(1);
        assertThat(foreign.resolve("thesis.tex")).hasContent("mine");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNamed() {
        for (String path : new String[] {"/proc/nothing", "/dev/null/below"}) {
            Program.Result result = start("unwritable", "--ports", 28_390, "--data-dir", path);
            assertThat(result.code()).isNotZero();
            assertThat(result.err()).contains(path, "--data-dir").hasLineCount(1);
        }
        Program.Result noState =
                sepiola("cluster", "start", "unwritable", "--ports", 28_390)
                        .env("XDG_STATE_HOME", "/proc/nothing")
                        .run();
        assertThat(noState.code()).isNotZero();
        assertThat(noState.err()).contains("/proc/nothing", "XDG_STATE_HOME").hasLineCount(1);
    }

    @Test
    void addressesThatNobodyCanDialAreNamed() {
        for (String address : new String[] {"0.0.0.0", "::", "192.0.2.7", "localhost", "x"}) {
            Program.Result result = start("a", "--ports", 28_390, "--address", address);
            assertThat(result.code()).isNotZero();
            assertThat(result.err()).contains("--address " + address).hasLineCount(1);
        }
    }

    @Test
    void oneDirectoryHasOneProcessAndOneName() throws IOException, InterruptedException {
        Program.need("ceph");
        try (LocalCluster cluster = LocalCluster.start(home, "one", "--osds", "1")) {
            Program.Result other = start("two", "--data-dir", cluster.directory());
            assertThat(other.code()).isNotZero();
            assertThat(other.err()).contains("belongs to cluster 'one'").hasLineCount(1);

            ProcessHandle process = cluster.process();
            process.destroyForcibly();
            process.onExit().join();
            assertThat(cluster.verb("ls").ok()).contains("stopped");
            // A pid that was left behind and now is another program's.
            Path pid = cluster.directory().resolve("pid");
            Files.writeString(pid, ProcessHandle.current().pid() + "\n");
            assertThat(cluster.verb("status", "one").out()).contains("is stopped");

            List<Process> starts = new ArrayList<>();
            List<Path> logs = new ArrayList<>();
            for (int i = 0; i < STARTS_AT_ONCE; i++) {
                Path log = home.resolve("start." + i);
                logs.add(log);
                starts.add(cluster.sepiola("cluster", "start", "one").start(log));
                // Apart, so that each finds the first at another step.
                LockSupport.parkNanos(250_000_000);
            }
            for (int i = 0; i < STARTS_AT_ONCE; i++) {
                assertThat(starts.get(i).waitFor()).as(Files.readString(logs.get(i))).isZero();
                assertThat(logs.get(i)).hasContent(cluster.printed());
            }
            assertThat(cluster.ceph("ceph", "health").run().ok()).isEqualTo("HEALTH_OK\n");
        }
    }

    /** A process that lies dead, or still has to die, when the next start comes. */
    @Test
    void startGoesOnOnceAKilledProcessIsGone() throws IOException, InterruptedException {
        Program.need("ceph");
        try (LocalCluster cluster = LocalCluster.start(home, "dying", "--osds", "1")) {
            ProcessHandle process = cluster.process();
            Program.of("kill", "-STOP", process.pid()).run().ok();
            Path log = home.resolve("start.log");
            Process start = cluster.sepiola("cluster", "start", "dying").start(log);
            assertThat(start.waitFor(3, TimeUnit.SECONDS))
                    .as("neither answers nor is dead: %s", Files.readString(log))
                    .isFalse();
            process.destroyForcibly();
            assertThat(start.waitFor()).as(Files.readString(log)).isZero();
            assertThat(cluster.process().pid()).isNotEqualTo(process.pid());
            for (int i = 0; i < 3; i++) {
                cluster.process().destroyForcibly(); // and not waited for
                cluster.start();
                assertThat(cluster.ceph("ceph", "health").run().ok()).isEqualTo("HEALTH_OK\n");
            }
        }
    }

    @Test
    void aClusterInMemoryServesAndForgets() throws IOException {
        Program.need("ceph", "rados");
        try (LocalCluster cluster = LocalCluster.start(home, "brief", "--memory")) {
            cluster.ceph("ceph", "osd", "pool", "create", "p", "8").run().ok();
            cluster.ceph("ceph", "osd", "pool", "application", "enable", "p", "test").run().ok();
            cluster.ceph("rados", "-p", "p", "put", "o", cluster.conf()).run().ok();
            assertThat(cluster.ceph("rados", "-p", "p", "get", "o", "-").run().ok())
                    .isEqualTo(Files.readString(cluster.conf()));
            assertThat(cluster.directory().resolve("osd.0/block")).doesNotExist();

            cluster.verb("restart", "brief").ok();
            assertThat(cluster.verb("status", "brief").ok()).contains("HEALTH_OK");
            assertThat(cluster.ceph("rados", "lspools").run().ok().lines()).doesNotContain("p");
        }
    }

    @Test
    void everyClusterHasKeysOfItsOwn() {
        try (LocalCluster one = LocalCluster.start(home, "mine", "--osds", "1", "--memory");
                LocalCluster other = LocalCluster.start(home, "yours", "--osds", "1", "--memory")) {
            for (String each : new String[] {"Access key", "Secret key"}) {
                assertThat(one.value(each)).isNotEqualTo(other.value(each)).isNotBlank();
            }
            assertThat(key(one)).isNotEqualTo(key(other)).isNotBlank();
        }
    }

    private static String key(LocalCluster cluster) {
        return cluster.sepiola("ceph", "-c", cluster.conf(), "auth", "get-key", "client.admin")
                .run()
                .ok();
    }

    @Test
    void nothingListensBeyondLoopback() throws IOException {
        try (LocalCluster cluster = LocalCluster.start(home, "ports", "--osds", "1")) {
            Program.need("ss");
            String mine = "pid=" + cluster.process().pid() + ",";
            List<String> listening =
                    Program.of("ss", "-Hltnp")
                            .run()
                            .ok()
                            .lines()
                            .filter(l -> l.contains(mine))
                            .toList();
            assertThat(listening).hasSizeGreaterThan(5);
            assertThat(listening)
                    .allMatch(line -> line.contains("127.0.0.1]:") || line.contains(" 127.0.0.1:"));
        }
    }

    @Test
    void progressIsShownOnATerminalAndTheLogIsFollowed() throws IOException, InterruptedException {
        Program.need("script");
        try (LocalCluster cluster = LocalCluster.start(home, "shown", "--osds", "1")) {
            Path log = home.resolve("followed");
            Process follower = cluster.sepiola("cluster", "logs", "-f", "shown").start(log);
            try {
                awaitText(log, "ready");
                cluster.verb("stop", "shown").ok();
                String root = System.getProperty("root");
                Program.Result typed =
                        Program.of(
                                        "script",
                                        "-qec",
                                        root + "/sepiola cluster start shown",
                                        "/dev/null")
                                .env("HOME", home.toString())
                                .env("XDG_STATE_HOME", home.resolve("state").toString())
                                .env("XDG_DATA_HOME", home.resolve("data").toString())
                                .run();
                assertThat(typed.ok())
                        .contains("cluster 'shown': starting the monitor", "\033[K", "Endpoint: ");
                awaitText(log, "starting the monitor");
            } finally {
                follower.destroyForcibly();
                assertThat(follower.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(home.resolve("data/sepiola/shown")).as("purged").doesNotExist();
    }

    private static void awaitText(Path file, String text) throws IOException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!Files.readString(file).contains(text)) {
            assertThat(System.nanoTime()).as("%s in %s", text, file).isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Test
    void unknownNamesAndBadNumbersAreNamed() {
        assertThat(sepiola("cluster", "stop", "nosuch").run().err())
                .contains("no cluster 'nosuch'");
        assertThat(start("x", "--osds", "0").err()).contains("--osds 0", "1 to 32");
        assertThat(start("x", "--osds", "2", "--replicas", "3").err()).contains("--replicas 3");
        assertThat(start("../x").err()).contains("no cluster name");
    }

    @Test
    void withoutAJdkTheLauncherSaysWhatToInstall() {
        Program.Result result =
                Program.of(
                                "/bin/bash",
                                "-c",
                                "find_jdk() { return 1; }; source <(sed 's/^find_jdk() {/unused()"
                                        + " {/' \"$0\") --help",
                                System.getProperty("root") + "/sepiola")
                        .run();
        assertThat(result.code()).isEqualTo(69);
        assertThat(result.err()).contains("JDK 25", "JAVA_HOME");
    }

    private Program.Result start(Object... arguments) {
        Object[] words = new Object[arguments.length + 2];
        words[0] = "cluster";
        words[1] = "start";
        System.arraycopy(arguments, 0, words, 2, arguments.length);
        return sepiola(words).run();
    }

    private Program sepiola(Object... arguments) {
        return Program.sepiola(arguments)
                .env("HOME", home.toString())
                .env("XDG_STATE_HOME", home.resolve("state").toString())
                .env("XDG_DATA_HOME", home.resolve("data").toString());
    }
}
