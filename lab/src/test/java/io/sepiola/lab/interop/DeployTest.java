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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A cluster on hosts that have SSH servers and a JDK, set up by {@code sepiola ceph-deploy} as W9
 * types it, looked at by genuine Ceph's clients, and taken down again. One host has no JDK.
 */
@Tag("interop")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DeployTest {
    private static final int HOSTS = 3;
    private static final int WITHOUT_JDK = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long POLL_NANOS = 200_000_000;

    @TempDir private static Path directory;
    private static SshHosts hosts;

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados");
        SshHosts.need();
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        hosts = SshHosts.start(directory, HOSTS + 1);
    }

    @AfterAll
    static void stop() {
        if (hosts != null) {
            hosts.close();
        }
    }

    /** Everything that is typed to set the cluster up, in order. */
    private static List<Object[]> typed() {
        return List.of(
                words(
                        "new --cluster-network 10.71.2.0/24 --public-network 10.71.1.99/24"
                                + " box0 box1 box2"),
                words("install --mon --mgr --rgw --mds box0"),
                words("install --osd box1 box2"),
                words("mon create-initial"),
                words("gatherkeys box0"),
                words("mgr create box0"),
                words("admin box0 box1"),
                words("osd prepare box0:/ceph/storage01 box1:/ceph/storage01"),
                words("osd activate box0:/ceph/storage01 box1:/ceph/storage01"),
                words("osd create --data /ceph/storage01 box2"),
                words("rgw create box0"),
                words("config push box0 box1 box2"),
                words("config pull box2"));
    }

    private static Object[] words(String line) {
        return line.split(" ");
    }

    @Test
    void aClusterIsSetUpAndTakenDown() throws IOException {
        List<Object[]> typed = typed();
        hosts.deploy(typed.getFirst()).run().ok();
        assertThat(Files.readString(hosts.work().resolve("ceph.conf")))
                .contains("mon_initial_members = box0, box1, box2")
                .contains("mon_host = 10.71.1.10,10.71.1.11,10.71.1.12")
                .contains("cluster_network = 10.71.2.0/24");
        appendSettings();
        for (Object[] words : typed.subList(1, typed.size())) {
            String said = said(words);
            assertThat(said).contains("[box", "][INFO  ] ").doesNotContain("ERROR");
        }
        assertSecret(hosts.work().resolve("ceph.client.admin.keyring"));
        assertSecret(hosts.root(1).resolve("etc/ceph/ceph.client.admin.keyring"));
        assertServes();
        assertNothingChangesTheSecondTime(typed);
        assertThat(said(words("osd list box1"))).contains("Status         up", "osd.1");
        takeDown();
    }

    /** An operator's own, written into the file that {@code new} has made. */
    private static void appendSettings() throws IOException {
        Path conf = hosts.work().resolve("ceph.conf");
        Files.writeString(
                conf,
                Files.readString(conf)
                        + """
                        osd_pool_default_pg_autoscale_mode = off
                        bluestore_block_size = 2147483648
                        [client.rgw.box0]
                        rgw_frontends = beast endpoint=0.0.0.0:7480
                        """);
    }

    /** What a verb says that ends well. */
    private static String said(Object... words) {
        Program.Result result = hosts.deploy(words).run();
        result.ok();
        return result.err();
    }

    private static void assertSecret(Path file) throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .as("mode of %s", file)
                .isEqualTo("rw-------");
    }

    private static void assertServes() throws IOException {
        hosts.client("ceph", "osd", "pool", "create", "p", "8").run().ok();
        hosts.client("ceph", "osd", "pool", "application", "enable", "p", "rados").run().ok();
        String status = awaitHealth();
        assertThat(status)
                .contains("mon: 3 daemons, quorum box0,box1,box2 (age ")
                .contains("mgr: box0(active")
                .contains("osd: 3 osds: 3 up");
        assertThat(hosts.client("ceph", "osd", "tree").run().ok())
                .contains("host box0", "host box1", "host box2");
        assertThat(hosts.client("ceph", "osd", "dump").run().ok())
                .contains("v2:10.71.1.10:", "v2:10.71.2.10:", "v2:10.71.2.12:");
        Path content = Files.writeString(directory.resolve("content"), "sepiola ".repeat(500));
        Path back = directory.resolve("back");
        hosts.client("rados", "-p", "p", "put", "object", content).run().ok();
        hosts.client("rados", "-p", "p", "get", "object", back).run().ok();
        assertThat(back).hasSameBinaryContentAs(content);
        assertThat(hosts.operator(Program.of("curl", "-sS", "http://10.71.1.10:7480/")).run().ok())
                .as("who has no key is refused, by the gateway")
                .contains("<Code>AccessDenied</Code>");
    }

    private static String awaitHealth() {
        AtomicReference<String> status = new AtomicReference<>("");
        until(
                "HEALTH_OK",
                () -> {
                    status.set(hosts.client("ceph", "-s").run().ok());
                    return DaemonCluster.isWell(status.get())
                            && status.get().contains("active+clean");
                });
        return status.get();
    }

    private static void assertNothingChangesTheSecondTime(List<Object[]> typed) throws IOException {
        List<ProcessHandle> before = daemons();
        assertThat(before).hasSize(3 + 1 + 3 + 1);
        for (ProcessHandle daemon : before) { // as log rotation does it
            Program.of("kill", "-HUP", daemon.pid()).run().ok();
        }
        for (Object[] words : typed) {
            assertThat(said(words))
                    .as("the second '%s'", List.of(words))
                    .contains("already")
                    .doesNotContain("ERROR")
                    .doesNotContain("] wrote", "] made", "] started", "] copied", "] Storing");
        }
        assertThat(daemons()).isEqualTo(before);
    }

    private static List<ProcessHandle> daemons() throws IOException {
        List<ProcessHandle> all = new ArrayList<>();
        for (int box = 0; box < HOSTS; box++) {
            all.addAll(hosts.daemons(box));
        }
        return all.stream().sorted().toList();
    }

    private static void takeDown() throws IOException {
        Program.Result tooEarly = hosts.deploy("purgedata", "box0").run();
        assertThat(tooEarly.code()).isEqualTo(1);
        assertThat(tooEarly.err()).contains("Sepiola is still installed on box0");
        List<ProcessHandle> before = daemons();
        assertThat(said("purge", "box0", "box1", "box2"))
                .contains("stopped mon.box0", "stopped osd.1", "stopped client.rgw.box0");
        assertThat(before).noneMatch(SshHosts::lives);
        assertThat(hosts.root(0).resolve("opt/sepiola")).doesNotExist();
        assertThat(hosts.root(0).resolve("ceph/storage01/fsid")).exists();
        said("purgedata", "box0", "box1", "box2");
        for (int box = 0; box < HOSTS; box++) {
            assertThat(hosts.root(box).resolve("var/lib/ceph")).doesNotExist();
            assertThat(hosts.root(box).resolve("etc/ceph")).doesNotExist();
            assertThat(hosts.root(box).resolve("ceph/storage01")).isEmptyDirectory();
        }
        assertThat(said("purge", "box0")).contains("not installed");
        assertThat(said("purgedata", "box0")).contains("no data");
        said("forgetkeys");
        assertThat(hosts.work().resolve("ceph.client.admin.keyring")).doesNotExist();
    }

    private static String refused(Object... words) {
        Program.Result result = hosts.deploy(words).run();
        assertThat(result.code()).as(result.err()).isEqualTo(1);
        return result.err();
    }

    @Test
    void aHostWithoutAJdkIsToldWhatToInstall() {
        assertThat(refused("install", "box" + WITHOUT_JDK))
                .contains("[box3][ERROR ] there is no JDK 25 on box3; install one there")
                .contains("temurin-25-jdk")
                .contains("[ceph_deploy][ERROR ] failed to install on: box3");
        assertThat(hosts.root(WITHOUT_JDK).resolve("opt/sepiola/cluster/target/sepiola.jar"))
                .doesNotExist();
    }

    @Test
    void aHostThatDoesNotAnswerIsNamed() throws IOException {
        hosts.configure(SshHosts.alias("silent", "10.71.1.200"));
        assertThat(refused("install", "silent"))
                .contains("[silent][ERROR ] silent cannot be reached at 10.71.1.200");
        assertThat(refused("install", "no-such-host.invalid"))
                .contains("no address is known for no-such-host.invalid");
    }

    @Test
    void aHostOfAnotherKeyIsNotTrusted() throws IOException {
        Path other = directory.resolve("other.key");
        SshHosts.makeKey(other);
        Path known = directory.resolve("known_otherwise");
        Files.writeString(known, SshHosts.address(2) + " " + SshHosts.publicKey(other) + "\n");
        hosts.configure(
                SshHosts.alias("impostor", SshHosts.address(2))
                        + "  UserKnownHostsFile "
                        + known
                        + "\n  StrictHostKeyChecking accept-new\n");
        for (String option : List.of("-v", "--accept-new-host-keys")) {
            assertThat(refused(option, "admin", "impostor"))
                    .contains("impostor shows another key")
                    .contains("ssh-keygen -f " + known + " -R 10.71.1.12");
        }
    }

    @Test
    void aHostOfUnknownKeyIsTakenOverOnlyWhenTheOperatorSaysSo() throws IOException {
        Path known = directory.resolve("known_nobody");
        Files.createFile(known);
        hosts.configure(
                SshHosts.alias("stranger", SshHosts.address(2))
                        + "  UserKnownHostsFile "
                        + known
                        + "\n");
        assertThat(refused("config", "pull", "stranger"))
                .contains("the key of stranger (ssh-ed25519) is not known")
                .contains("ssh-keyscan -p 22 10.71.1.12 >> " + known);
        assertThat(known).isEmptyFile();
        assertThat(refused("--accept-new-host-keys", "config", "pull", "stranger"))
                .contains("/etc/ceph/ceph.conf is not there on stranger");
        assertThat(known)
                .hasContent(
                        SshHosts.address(2)
                                + " "
                                + SshHosts.publicKey(directory.resolve("box2.key")));
        assertThat(refused("config", "pull", "stranger")).contains("is not there on stranger");
    }

    @Test
    void keysMayBeTheAgentsAlone() throws IOException {
        Path socket = directory.resolve("agent");
        Path key = hosts.ssh().resolve("id_ed25519");
        Path away = directory.resolve("id_away");
        Process agent =
                Program.of("ssh-agent", "-D", "-a", socket).start(directory.resolve("agent.out"));
        try {
            until("the agent listens", () -> Files.exists(socket));
            Program.of("ssh-add", key).env("SSH_AUTH_SOCK", socket.toString()).run().ok();
            Files.move(key, away);
            assertThat(refused("config", "pull", "box2")).contains("root is not let in on box2");
            Program.Result withAgent =
                    hosts.deploy("config", "pull", "box2")
                            .env("SSH_AUTH_SOCK", socket.toString())
                            .run();
            assertThat(withAgent.err()).contains("[box2][DEBUG ] connected to host: root@box2");
        } finally {
            if (Files.exists(away)) {
                Files.move(away, key);
            }
            agent.destroy();
        }
    }

    private static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() < end).as(what).isTrue();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
