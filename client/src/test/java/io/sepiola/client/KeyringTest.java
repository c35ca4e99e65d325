package io.sepiola.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.KeyType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class KeyringTest {
    private static final AuthName ADMIN = AuthName.parse("client.admin");
    private static final Bytes SECRET = Bytes.hex("000102030405060708090a0b0c0d0e0f");
    private static final String KEY =
            new CryptoKey(KeyType.AES, new Utime(7, 8), SECRET).toBase64();

    private static final String TEXT =
            "[client.admin]\n\tkey = "
                    + KEY
                    + "\n\tcaps mds = \"allow *\"\n\tcaps mon = \"profile \\\"x\\\"\"\n"
                    + "[mon.]\n\tkey = "
                    + KEY
                    + "\n";

    @Test
    void isReadAndWritten() {
        Keyring keyring = Keyring.parse(TEXT);
        assertThat(keyring.entries()).hasSize(2);
        Keyring.Entry admin = keyring.get(ADMIN).orElseThrow();
        assertThat(admin.cryptoKey().secret()).isEqualTo(SECRET);
        assertThat(admin.caps())
                .containsEntry("mds", "allow *")
                .containsEntry("mon", "profile \"x\"");
        assertThat(keyring.cryptoKey(ADMIN).secret()).isEqualTo(SECRET);
        assertThat(Keyring.parse(keyring.toText()).entries()).isEqualTo(keyring.entries());
        assertThat(keyring.get(AuthName.parse("mon."))).isPresent();
    }

    @Test
    void isNeverShown() {
        assertThat(Keyring.parse(TEXT).toString()).doesNotContain(KEY);
        assertThat(Keyring.parse(TEXT).get(ADMIN).orElseThrow().toString()).doesNotContain(KEY);
    }

    @Test
    void badKeysAreRefused() {
        assertThatThrownBy(() -> Keyring.parse("[client.admin]\nkey = AAAA\n"))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("base64 of type");
        assertThatThrownBy(() -> Keyring.parse("[client.admin]\ncaps mon = x\n"))
                .hasMessageContaining("has no key");
        assertThatThrownBy(() -> Keyring.parse("[nobody]\nkey = " + KEY + "\n"))
                .hasMessageContaining("nobody");
    }

    @Test
    void isFoundWhereTheConfigurationSays(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("ceph.client.admin.keyring");
        Files.writeString(file, TEXT);
        CephConf conf =
                CephConf.empty(ADMIN)
                        .with("keyring", folder + "/missing," + folder + "/$cluster.$name.keyring");
        assertThat(Keyring.find(conf).get(ADMIN)).isPresent();
        assertThat(Keyring.find(CephConf.empty(ADMIN).with("key", KEY)).get(ADMIN)).isPresent();
    }

    @Test
    void whereItWasLookedForIsNamed(@TempDir Path folder) throws IOException {
        CephConf none = CephConf.empty(ADMIN).with("keyring", folder + "/none");
        assertThatThrownBy(() -> Keyring.find(none))
                .isInstanceOf(RadosException.class)
                .hasMessageContaining(folder + "/none")
                .hasMessageContaining("client.admin");
        Files.writeString(folder.resolve("k"), "[client.other]\nkey = " + KEY + "\n");
        CephConf other = CephConf.empty(ADMIN).with("keyring", folder + "/k");
        assertThatThrownBy(() -> Keyring.find(other)).hasMessageContaining("client.other");
    }
}
