package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster whose every connection is encrypted: genuine Ceph's clients work with it, are refused
 * where they do not want that, and what they write is not to be read on the wire; until they and
 * the daemons are told that it may be.
 */
@Tag("interop")
final class SecureModesTest {
    private static final int PORTS = 22_200;
    private static final String ALL_SECURE =
            """
            osd pool default size = 2
            ms cluster mode = secure
            ms service mode = secure
            ms client mode = secure
            ms mon cluster mode = secure
            ms mon service mode = secure
            ms mon client mode = secure
            """;
    private static final String HIDDEN = "a-secret-that-nobody-reads";
    private static final String FROM_CLIENT = "a-word-from-a-client-to-an-osd";
    private static final String AMONG_OSDS = "a-word-from-one-osd-to-another";

    @TempDir private Path home;

    @Test
    void whatIsSecureIsEncryptedAndWhoDoesNotWantThatStaysOut() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool", "/usr/bin/python3");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        try (Wiretap tap =
                        Wiretap.open(
                                home.resolve("tap"),
                                List.of(HIDDEN, FROM_CLIENT, AMONG_OSDS),
                                List.of("mark-one", "mark-two", "mark-three"));
                DaemonCluster cluster = new DaemonCluster(home, PORTS, 2, ALL_SECURE)) {
            cluster.create();
            cluster.ceph("osd", "pool", "create", "p", "1").run().ok();
            cluster.ceph("osd", "pool", "application", "enable", "p", "rados").run().ok();
            genuineClientsAndOursWork(cluster);
            assertThat(tap.portsOf(HIDDEN)).isEmpty();
            monitorsRefuseWhoWantsNoEncryption(cluster);
            osdsRefuseWhoWantsNoEncryption(cluster);

            cluster.ceph("tell", "osd.*", "config", "set", "ms_service_mode", "crc secure")
                    .run()
                    .ok();
            put(cluster, "open", FROM_CLIENT, "--ms-client-mode", "crc");
            assertThat(tap.portsOf(FROM_CLIENT)).as("the primary's, not the other's").hasSize(1);

            betweenOsds(cluster);
            put(cluster, "among", AMONG_OSDS);
            assertThat(tap.portsOf(AMONG_OSDS)).as("the other's alone").hasSize(1);
        }
    }

    /** Some kilobytes of one word. */
    private void put(DaemonCluster cluster, String object, String word, Object... options)
            throws IOException {
        Path file = home.resolve(object);
        Files.writeString(file, word.repeat(1000));
        rados(cluster, options, "put", object, file).run().ok();
    }

    private static Program rados(DaemonCluster cluster, Object[] options, Object... words) {
        List<Object> all = new ArrayList<>(List.of("-p", "p"));
        all.addAll(List.of(options));
        all.addAll(List.of(words));
        return cluster.client("rados", all.toArray());
    }

    private void genuineClientsAndOursWork(DaemonCluster cluster) throws IOException {
        assertThat(cluster.status()).contains("2 osds: 2 up");
        put(cluster, "hidden", HIDDEN);
        Path back = home.resolve("back");
        rados(cluster, new Object[0], "get", "hidden", back).run().ok();
        assertThat(back).hasSameBinaryContentAs(home.resolve("hidden"));
        Path ours = home.resolve("ours");
        cluster.verb("rados", "-p", "p", "get", "hidden", ours).run().ok();
        assertThat(ours).hasSameBinaryContentAs(home.resolve("hidden"));
    }

    private void monitorsRefuseWhoWantsNoEncryption(DaemonCluster cluster) throws IOException {
        Program.Result genuine =
                cluster.ceph("-s", "--ms-client-mode", "crc", "--ms-mon-client-mode", "crc").run();
        assertThat(genuine.code()).isNotZero();
        assertThat(genuine.err())
                .contains("handle_auth_bad_method")
                .contains("error connecting to the cluster");
        assertThat(Files.readString(cluster.file("mon.a.log")))
                .contains("mon.0 refuses client at ")
                .contains("which offers crc (ms_mon_client_mode)")
                .contains("where secure is allowed (ms_mon_service_mode)");
        Program.Result ours = cluster.verb("ceph", "-s", "--ms-mon-client-mode", "crc").run();
        assertThat(ours.code()).isNotZero();
        assertThat(ours.err())
                .contains("allows secure, and we offer crc; set ms_mon_client_mode")
                .doesNotContain("key");
    }

    private void osdsRefuseWhoWantsNoEncryption(DaemonCluster cluster) throws IOException {
        Program.Result refused =
                rados(
                                cluster,
                                new Object[] {
                                    "--ms-client-mode", "crc", "--rados-osd-op-timeout", "2"
                                },
                                "stat",
                                "hidden")
                        .run();
        assertThat(refused.code()).isNotZero();
        assertThat(refused.err()).contains("(110) Connection timed out");
        assertThat(
                        Files.readString(cluster.file("osd.0.log"))
                                + Files.readString(cluster.file("osd.1.log")))
                .contains(" refuses client at ")
                .contains("which offers crc (ms_client_mode)")
                .contains("where secure is allowed (ms_service_mode)");
    }

    /** Clients keep to secure connections, OSDs do not. */
    private void betweenOsds(DaemonCluster cluster) throws IOException {
        String conf = Files.readString(cluster.conf());
        Files.writeString(
                cluster.conf(),
                conf.replace("ms cluster mode = secure", "ms cluster mode = crc secure"));
        cluster.ceph("tell", "osd.0", "config", "set", "ms_cluster_mode", "crc secure").run().ok();
        assertThat(cluster.stop("osd.1")).isZero();
        cluster.start("osd.1");
        cluster.awaitHealth();
    }
}
