package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.client.Keyring;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.auth.KeyType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keys of both types in one cluster: genuine clients of Ceph 16.2, which know {@code aes} alone,
 * and ours with a key of type {@code aes256k}.
 */
@Tag("interop")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class KeyTypesTest {
    private static final int PORTS = 30_300;
    private static final String OPTIONS =
            "osd pool default size = 1\nmon warn on pool no redundancy = false";

    @TempDir Path home;

    private DaemonCluster cluster;

    private String ceph(String line) {
        return cluster.ceph((Object[]) line.split(" ")).run().ok();
    }

    private Program ours(String verb, Path keyring, String line) {
        List<Object> words = new ArrayList<>(List.of(verb, "-n", "client.new", "-k", keyring));
        words.addAll(List.of(line.split(" ")));
        return cluster.verb(words.toArray());
    }

    private static KeyType typeIn(Path keyring, String name) {
        return Keyring.load(keyring).cryptoKey(AuthName.parse(name)).type();
    }

    @Test
    void clientsOfBothTypesReadWhatTheOtherWrote() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool");
        try (DaemonCluster started = new DaemonCluster(home, PORTS, 1, OPTIONS)) {
            cluster = started;
            cluster.create();
            ceph("osd pool create p 8");
            ceph("osd pool application enable p test");
            assertThat(ceph("mon dump"))
                    .contains("auth_service_cipher aes256k", "auth_preferred_cipher aes\n");
            cluster.until("all is well", () -> ceph("health").equals("HEALTH_OK\n"));

            Path keyring = cluster.file("new.keyring");
            Files.writeString(
                    keyring,
                    cluster.ceph(
                                    "auth",
                                    "get-or-create",
                                    "client.new",
                                    "mon",
                                    "allow r",
                                    "osd",
                                    "allow rw",
                                    "--key-type",
                                    "aes256k")
                            .run()
                            .ok());
            assertThat(typeIn(keyring, "client.new")).isEqualTo(KeyType.AES256K);
            Path text = Files.writeString(cluster.file("text"), "of the new client\n");
            Path copy = cluster.file("copy");
            ours("rados", keyring, "-p p put a " + text).run().ok();
            cluster.client("rados", "-p", "p", "get", "a", copy).run().ok();
            assertThat(copy).hasContent("of the new client\n");
            Files.writeString(text, "of the old one\n");
            cluster.client("rados", "-p", "p", "put", "b", text).run().ok();
            ours("rados", keyring, "-p p get b " + copy).run().ok();
            assertThat(copy).hasContent("of the old one\n");
            assertThat(ours("ceph", keyring, "health").run().ok()).isEqualTo("HEALTH_OK\n");

            anOsdGetsANewKey();
            theOldKeyIsWorthNothing(keyring);
            oldKeysAreToldOf();
        }
    }

    private void anOsdGetsANewKey() throws IOException {
        cluster.stop("osd.0");
        Path keyring = cluster.file("osd.0/keyring");
        Files.writeString(keyring, ceph("auth rotate osd.0 --key-type=aes256k"));
        assertThat(typeIn(keyring, "osd.0")).isEqualTo(KeyType.AES256K);
        cluster.start("osd.0");
        cluster.until("the OSD is back", () -> cluster.status().contains("1 osds: 1 up"));
        cluster.client("rados", "-p", "p", "get", "a", cluster.file("copy")).run().ok();
    }

    private void theOldKeyIsWorthNothing(Path keyring) {
        ceph("auth rotate client.new --key-type aes256k");
        Program.Result refused = ours("ceph", keyring, "health").run();
        assertThat(refused.code()).isNotZero();
        assertThat(refused.err()).contains("refused the login", "client.new");
    }

    private void oldKeysAreToldOf() {
        ceph("mon set auth_preferred_cipher aes256k");
        assertThat(ceph("health detail"))
                .contains(
                        "[WRN] AUTH_INSECURE_CLIENT_KEY_TYPE",
                        "the key of client.admin is of type aes",
                        "[ERR] AUTH_INSECURE_SERVICE_KEY_TYPE",
                        "AUTH_INSECURE_KEYS_ALLOWED")
                .doesNotContain("osd.0", "client.new");
        Program.Result refused =
                cluster.ceph("mon", "set", "auth_allowed_ciphers", "aes256k").run();
        assertThat(refused.err()).contains("EPERM", "client.admin");
    }
}
