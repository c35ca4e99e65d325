package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.lab.interop.Namespaces.Network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Hosts with an SSH server each, in network namespaces, and an operator beside them with keys, an
 * SSH configuration and a working directory. The hosts {@code box0}, {@code box1}... have one file
 * system, so each has a root of its own in it.
 */
final class SshHosts implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long POLL_NANOS = 20_000_000;

    private final Path directory;
    private final int count;
    private final Namespaces network;
    private final List<Process> servers = new ArrayList<>();

    private SshHosts(Path directory, int count) {
        this.directory = directory;
        this.count = count;
        this.network = new Namespaces(count);
    }

    /** Skips the test where there can be none. */
    static void need() {
        Program.need("/usr/sbin/sshd", "ssh-keygen", "ssh-agent", "ssh-add");
        Namespaces.need();
    }

    /** So many, and all but the last have the JDK of this machine. */
    static SshHosts start(Path directory, int count) throws IOException {
        SshHosts hosts = new SshHosts(directory, count);
        try {
            hosts.makeKeys();
            Files.createDirectories(Path.of("/run/sshd")); // sshd wants it
            for (int box = 0; box < count; box++) {
                hosts.startServer(box, box == count - 1);
            }
            return hosts;
        } catch (IOException | RuntimeException | AssertionError failed) {
            hosts.close();
            throw failed;
        }
    }

    private void makeKeys() throws IOException {
        Files.createDirectories(ssh());
        Files.createDirectories(work());
        makeKey(ssh().resolve("id_ed25519"));
        StringBuilder config = new StringBuilder();
        StringBuilder known = new StringBuilder();
        for (int box = 0; box < count; box++) {
            Path key = directory.resolve("box" + box + ".key");
            makeKey(key);
            known.append(address(box)).append(' ').append(publicKey(key)).append('\n');
            config.append(alias("box" + box, address(box)));
        }
        Files.writeString(ssh().resolve("config"), config);
        Files.writeString(ssh().resolve("known_hosts"), known);
        Files.writeString(
                home().resolve(".cephdeploy.conf"),
                "[ceph-deploy-global]\nroot = " + directory.resolve("roots") + "/$host\n");
    }

    /** Words for the operator's SSH configuration. */
    static String alias(String name, String address) {
        return "Host " + name + "\n  HostName " + address + "\n  User root\n";
    }

    /** More of it. */
    void configure(String more) throws IOException {
        Path file = ssh().resolve("config");
        Files.writeString(file, Files.readString(file) + more);
    }

    static void makeKey(Path file) {
        Program.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file).run().ok();
    }

    /** Type and key of a key's public half. */
    static String publicKey(Path file) throws IOException {
        String[] words = Files.readString(Path.of(file + ".pub")).split(" ");
        return words[0] + " " + words[1];
    }

    /** With SHLVL, bash takes none of what the user's own .bashrc would add to each command. */
    private void startServer(int box, boolean withoutJdk) throws IOException {
        Path config =
                Files.writeString(
                        directory.resolve("box" + box + ".sshd"),
                        """
                        Port 22
                        ListenAddress %s
                        HostKey %s
                        PidFile none
                        AuthorizedKeysFile %s
                        StrictModes no
                        UsePAM no
                        PasswordAuthentication no
                        PermitRootLogin prohibit-password
                        SetEnv SHLVL=1
                        """
                                .formatted(
                                        address(box),
                                        directory.resolve("box" + box + ".key"),
                                        ssh().resolve("id_ed25519.pub")));
        List<String> prefix = new ArrayList<>(network.on(box));
        if (withoutJdk) {
            prefix.addAll(withoutJdk());
        }
        Path log = directory.resolve("box" + box + ".sshd.log");
        servers.add(Program.of("/usr/sbin/sshd", "-D", "-e", "-f", config).by(prefix).start(log));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.readString(log).contains("Server listening")) {
            assertThat(System.nanoTime() < end && servers.getLast().isAlive())
                    .as(() -> "the SSH server of box" + box + " starts; see " + log)
                    .isTrue();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Where JDKs are, this namespace sees nothing. */
    private static List<String> withoutJdk() throws IOException {
        StringBuilder script = new StringBuilder();
        List<Path> folders =
                List.of(Path.of("/usr/lib/jvm"), Path.of(System.getProperty("java.home")));
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                script.append("[ ! -d ").append(folder.toRealPath());
                script.append(" ] || mount -t tmpfs none ").append(folder.toRealPath());
                script.append(" || exit 1; ");
            }
        }
        return List.of("sh", "-c", script + "exec \"$@\"", "sh");
    }

    static String address(int box) {
        return Network.PUBLIC.address(box);
    }

    /** Where the operator's home directory is. */
    Path home() {
        return directory.resolve("home");
    }

    Path ssh() {
        return home().resolve(".ssh");
    }

    /** The operator's working directory. */
    Path work() {
        return directory.resolve("work");
    }

    /** What a host takes for its file system. */
    Path root(int box) {
        return directory.resolve("roots").resolve("box" + box);
    }

    /** A program that the operator runs, in the working directory. */
    Program operator(Program program) {
        return program.by(List.of("sh", "-c", "cd " + work() + " && exec \"$@\"", "sh"))
                .by(network.inHub())
                .env("HOME", home().toString())
                .env("SSH_AUTH_SOCK", "")
                .within(Duration.ofMinutes(3));
    }

    /** {@code sepiola ceph-deploy ...}, as the operator types it. */
    Program deploy(Object... words) {
        List<Object> all = new ArrayList<>(List.of("ceph-deploy"));
        all.addAll(List.of(words));
        return operator(Program.sepiola(all.toArray()));
    }

    /** Genuine Ceph's program, with what is in the working directory. */
    Program client(String program, Object... words) {
        List<Object> all =
                new ArrayList<>(List.of("-c", "ceph.conf", "-k", "ceph.client.admin.keyring"));
        all.addAll(List.of(words));
        return operator(Program.of(program, all.toArray()));
    }

    /** The processes of the daemons that have written their pids on a host. */
    List<ProcessHandle> daemons(int box) throws IOException {
        Path folder = root(box).resolve("run/ceph");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<ProcessHandle> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".pid")).toList()) {
                long pid = Long.parseLong(Files.readString(file).strip());
                Path words = Path.of("/proc/" + pid + "/cmdline");
                if (Files.exists(words) && Files.readString(words).contains(root(box).toString())) {
                    ProcessHandle.of(pid).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /** Not when it has ended and nobody has asked after it: it has no words any more. */
    static boolean lives(ProcessHandle process) {
        try {
            return !Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).isEmpty();
        } catch (IOException gone) {
            return false;
        }
    }

    @Override
    public void close() {
        for (int box = 0; box < count; box++) {
            try {
                daemons(box).forEach(ProcessHandle::destroyForcibly);
            } catch (IOException unreadable) {
                System.err.println("daemons of box" + box + " are left: " + unreadable);
            }
        }
        for (Process server : servers) {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroy();
            try {
                if (!server.waitFor(10, TimeUnit.SECONDS)) {
                    server.destroyForcibly();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                server.destroyForcibly();
            }
        }
        network.close();
    }
}
