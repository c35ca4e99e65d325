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

/** The life of a cluster of one process, and what a person is told when something is in the way. */
@Tag("interop")
class ClusterVerbTest {
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
            for (String name : new String[] {"keyring", "s3.credentials", "sepiola.cluster"}) {
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
