package io.sepiola.cluster.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Daemons in the background, found by their pids, on a host of this machine. */
class DaemonsTest {
    private static final Daemon MANAGER = Daemon.mgr("x");

    /** Takes a daemon's words and runs until it is told to end. */
    private static final String LAUNCHER =
            """
            #!/bin/sh
            for word; do
              [ "$before" = --pid-file ] && pid=$word
              before=$word
            done
            tail -f /dev/null &
            child=$!
            trap 'kill $child; rm -f "$pid"; exit 0' TERM
            echo $$ > "$pid"
            wait
            """;

    @TempDir private Path folder;
    private HostLayout layout = new HostLayout("");
    private Path launcher;

    @BeforeEach
    void install() throws IOException {
        layout = new HostLayout(folder.toString());
        launcher = Path.of(layout.launcher());
        Files.createDirectories(launcher.getParent());
        launch(LAUNCHER);
    }

    @AfterEach
    void end() {
        try (Host host = host(new LocalDoor().open("a"))) {
            new Daemons(host).stop(MANAGER);
        }
    }

    private void launch(String script) throws IOException {
        Files.writeString(launcher, script);
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
    }

    private Host host(Link link) {
        return host(link, layout);
    }

    private Host host(Link link, HostLayout where) {
        DeployLog log =
                new DeployLog(
                        new PrintStream(System.out, true, StandardCharsets.UTF_8),
                        DeployLog.Level.ERROR,
                        folder.resolve("log"),
                        Clock.systemUTC());
        return Host.over(link, "a", where, log.speaker("a"));
    }

    @Test
    void aDaemonIsStartedOnceAndEnded() throws IOException {
        try (Host host = host(new LocalDoor().open("a"))) {
            Daemons daemons = new Daemons(host);
            assertThat(daemons.isRunning(MANAGER)).isFalse();
            assertThat(daemons.start(MANAGER)).isTrue();
            Path file = Path.of(MANAGER.pidFile(layout));
            String pid = Files.readString(file);
            assertThat(daemons.start(MANAGER)).as("the second time").isFalse();
            assertThat(file).hasContent(pid);
            assertThat(daemons.stop(MANAGER)).isTrue();
            assertThat(daemons.isRunning(MANAGER)).isFalse();
            assertThat(daemons.stop(MANAGER)).as("the second time").isFalse();
        }
    }

    @Test
    void whoHasRemovedItsFileIsWaitedForAllTheSame() throws IOException {
        launch(LAUNCHER.replace("; exit 0", "; sleep 1; exit 0"));
        try (Host host = host(new LocalDoor().open("a"))) {
            Daemons daemons = new Daemons(host);
            assertThat(daemons.start(MANAGER)).isTrue();
            String pid = Files.readString(Path.of(MANAGER.pidFile(layout))).strip();
            assertThat(words(pid)).contains("--pid-file");
            assertThat(daemons.stop(MANAGER)).isTrue();
            assertThat(words(pid)).doesNotContain("--pid-file");
        }
    }

    /** A process's words; none when it has ended. */
    private static String words(String pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    @Test
    void anotherProgramThatHasThePidNowIsLeftAlone() throws IOException {
        try (Host host = host(new LocalDoor().open("a"))) {
            Path file = Path.of(MANAGER.pidFile(layout));
            Files.createDirectories(file.getParent());
            Files.writeString(file, ProcessHandle.current().pid() + "\n");
            Daemons daemons = new Daemons(host);
            assertThat(daemons.isRunning(MANAGER)).isFalse();
            assertThat(daemons.stop(MANAGER)).isFalse();
            assertThat(daemons.start(MANAGER)).isTrue();
        }
    }

    @Test
    void aDaemonThatDoesNotStartSaysWhy() throws IOException {
        launch("#!/bin/sh\necho 'sepiola: mgr.x: no key' >&2\nexit 1\n");
        try (Host host = host(new LocalDoor().open("a"))) {
            assertThatThrownBy(() -> new Daemons(host).start(MANAGER))
                    .isInstanceOf(DeployFailure.class)
                    .hasMessage("mgr.x does not start on a: sepiola: mgr.x: no key");
        }
    }

    /** A host on which somebody else than root is let in. */
    private static Link guest(boolean sudo, boolean systemd, List<String> commands) {
        return new Link() {
            @Override
            public Answer run(String command, InputStream input) {
                commands.add(command);
                String facts = "1000\nguest\nbox.example.org\nx86_64\n%s\nDebian\n";
                return commands.size() == 1
                        ? new Answer(0, facts.formatted(systemd ? "systemd" : "none"), "")
                        : new Answer(sudo ? 0 : 1, "", "");
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void whoIsNotRootNeedsSudo() {
        List<String> commands = new ArrayList<>();
        try (Host host = host(guest(true, false, commands))) {
            assertThat(host.machine()).isEqualTo("box");
            host.run("cat '/a b'");
        }
        assertThat(commands).last().isEqualTo("sudo -n sh -c 'cat '\\''/a b'\\'''");
        assertThatThrownBy(() -> host(guest(false, false, new ArrayList<>())))
                .isInstanceOf(DeployFailure.class)
                .hasMessageContaining("guest ALL = (root) NOPASSWD: ALL");
    }

    @Test
    void systemdRunsAWholeMachinesDaemons() {
        List<String> commands = new ArrayList<>();
        try (Host host = host(guest(true, true, commands), new HostLayout(""))) {
            new Daemons(host).stop(Daemon.osd(3));
        }
        assertThat(commands)
                .last()
                .isEqualTo("sudo -n sh -c 'systemctl disable --now sepiola-osd@3.service'");
    }
}
