package io.sepiola.monitor.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.monitor.health.HealthRules;
import io.sepiola.monitor.health.PgDigest;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.Ciphers;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.auth.RotatingSecrets;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Types of keys: who gets which, who is let in, and what is told of old ones. */
class AuthKeysTest {
    private final Typist typist = new Typist();
    private final SplittableRandom random = new SplittableRandom(1);

    @BeforeEach
    void aNewCluster() {
        typist.state = typist.state.apply(new Change.CiphersSet(Ciphers.NEW));
        add("client.admin", KeyType.AES);
        add("osd.0", KeyType.AES);
        rotate(KeyType.AES256K);
    }

    private void add(String name, KeyType type) {
        CryptoKey key = CryptoKey.generate(type, random, typist.facts.now);
        EntityAuth auth = new EntityAuth(key, new TreeMap<>(Map.of("mon", "allow *")));
        typist.state = typist.state.apply(new Change.AuthSet(AuthName.parse(name), auth));
    }

    private void rotate(KeyType type) {
        RotatingSecrets secrets =
                RotatingSecrets.EMPTY.rotated(type, typist.facts.now, Duration.ofHours(1), random);
        typist.state = typist.state.apply(new Change.SecretsRotated(EntityType.OSD, secrets));
    }

    private KeyType typeOf(String name) {
        return typist.state.auth().entities().get(AuthName.parse(name)).key().type();
    }

    private Reply set(String name, String value) {
        return typist.type("mon set", "name", name, "value", value);
    }

    private Iterable<String> wrong() {
        return new HealthRules(option -> "0")
                        .check(typist.state, PgDigest.UNKNOWN, new TreeMap<>(), typist.facts.now)
                        .checks()
                        .keySet()
                        .stream()
                        .filter(code -> code.startsWith("AUTH"))
                        .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "auth get-or-create, aes, AES", "auth get-or-create, aes256k, AES256K",
        "auth get-or-create-key, aes256k, AES256K", "auth add, aes256k, AES256K",
        "auth add, preferred, AES", "auth get-or-create, AES256K, AES256K",
    })
    void keysAreOfTheTypeThatIsAskedFor(String command, String label, KeyType type) {
        Reply reply = typist.type(command, "entity", "client.a", "key_type", label);
        assertThat(reply.result()).as(reply.text()).isZero();
        assertThat(typeOf("client.a")).isEqualTo(type);
        String key = typist.type("auth print-key", "entity", "client.a").output().toUtf8();
        assertThat(CryptoKey.parse(key).type()).isEqualTo(type);
        assertThat(typist.type("auth get", "entity", "client.a").output().toUtf8()).contains(key);
        assertThat(typist.type("auth ls").output().toUtf8()).contains(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "des", "", "aes256"})
    void anotherTypeIsRefusedEvenWhereThereIsAKey(String label) {
        for (String command : List.of("auth get-or-create", "auth rotate")) {
            assertThat(typist.type(command, "entity", "osd.0", "key_type", label).text())
                    .contains("no type of keys");
        }
    }

    @Test
    void anEntityKeepsItsKeyUntilItIsRotated() {
        CryptoKey before = typist.state.auth().entities().get(AuthName.parse("osd.0")).key();
        assertThat(
                        typist.type("auth get-or-create", "entity", "osd.0", "key_type", "aes256k")
                                .output()
                                .toUtf8())
                .contains(before.toBase64());
        String keyring =
                typist.type("auth rotate", "entity", "osd.0", "key_type", "aes256k")
                        .output()
                        .toUtf8();
        EntityAuth after = typist.state.auth().entities().get(AuthName.parse("osd.0"));
        assertThat(after.key().type()).isEqualTo(KeyType.AES256K);
        assertThat(after.caps()).containsEntry("mon", "allow *");
        assertThat(keyring)
                .contains("[osd.0]", after.key().toBase64(), "caps mon = \"allow *\"")
                .doesNotContain(before.toBase64());
        assertThat(typist.type("auth rotate", "entity", "osd.9").result()).isEqualTo(-2);
    }

    @Test
    void keysAreTakenOfEitherTypeAndNotOfOneThatIsNotLetIn() {
        String old = CryptoKey.generate(KeyType.AES, random, typist.facts.now).toBase64();
        String fresh = CryptoKey.generate(KeyType.AES256K, random, typist.facts.now).toBase64();
        Bytes keyring = Bytes.utf8("[client.x]\n\tkey = " + fresh + "\n");
        assertThat(typist.type(keyring, "auth import").result()).isZero();
        assertThat(typeOf("client.x")).isEqualTo(KeyType.AES256K);
        typist.type("auth rotate", "entity", "client.admin", "key_type", "aes256k");
        set("auth_preferred_cipher", "aes256k");
        assertThat(set("auth_allowed_ciphers", "aes256k").result()).isZero();
        Bytes another = Bytes.utf8("[client.y]\n\tkey = " + old + "\n");
        assertThat(typist.type(another, "auth import").text()).contains("auth_allowed_ciphers");
        assertThat(typist.type(another, "auth add", "entity", "client.y").result()).isEqualTo(-22);
        assertThat(typist.type("auth add", "entity", "client.z", "key_type", "aes").result())
                .isEqualTo(-22);
        assertThat(typist.state.auth().entities()).doesNotContainKey(AuthName.parse("client.y"));
    }

    @Test
    void whatIsSetIsShown() {
        assertThat(set("auth_preferred_cipher", "aes").text()).isEqualTo("already set");
        assertThat(set("auth_preferred_cipher", "aes256k").result()).isZero();
        assertThat(typist.type("auth add", "entity", "client.n").result()).isZero();
        assertThat(typeOf("client.n")).isEqualTo(KeyType.AES256K);
        assertThat(typist.type("mon dump").output().toUtf8())
                .endsWith(
                        "auth_service_cipher aes256k\n"
                                + "auth_allowed_ciphers aes, aes256k\n"
                                + "auth_preferred_cipher aes256k\n");
        assertThat(typist.type("mon dump", "format", "json").output().toUtf8())
                .contains(
                        "\"auth_service_cipher\":{\"name\":\"aes256k\",\"value\":2}",
                        "\"auth_allowed_ciphers\":[{\"name\":\"aes\",\"value\":1},");
        for (String bad : List.of("", ",", "des", "none", "aes,des")) {
            assertThat(set("auth_allowed_ciphers", bad).result()).as(bad).isEqualTo(-22);
        }
    }

    @Test
    void nobodyLocksThemselfOut() {
        assertThat(set("auth_allowed_ciphers", "aes256k").text()).contains("auth_preferred_cipher");
        set("auth_preferred_cipher", "aes256k");
        Reply refused = set("auth_allowed_ciphers", "aes256k");
        assertThat(refused.result()).isEqualTo(-1);
        assertThat(refused.text()).contains("client.admin", "rotate it first");
        typist.type("auth rotate", "entity", "client.admin");
        assertThat(set("auth_allowed_ciphers", "aes256k").result()).isZero();
    }

    /** A cluster of today says nothing of keys that its clients cannot do without. */
    @Test
    void oldKeysAreToldOfOnceNewOnesArePreferred() {
        assertThat(wrong()).isEmpty();
        set("auth_preferred_cipher", "aes256k");
        assertThat(wrong())
                .containsExactly(
                        "AUTH_INSECURE_CLIENT_KEY_TYPE",
                        "AUTH_INSECURE_KEYS_ALLOWED",
                        "AUTH_INSECURE_KEYS_CREATABLE",
                        "AUTH_INSECURE_SERVICE_KEY_TYPE");
        typist.type("auth rotate", "entity", "client.admin");
        typist.type("auth rotate", "entity", "osd.0");
        assertThat(wrong())
                .containsExactly("AUTH_INSECURE_KEYS_ALLOWED", "AUTH_INSECURE_KEYS_CREATABLE");
        set("auth_allowed_ciphers", "aes256k");
        assertThat(wrong()).isEmpty();
    }

    @Test
    void ticketsSealedUnderOldKeysAreToldOfAlways() {
        set("auth_service_cipher", "aes");
        assertThat(wrong()).containsExactly("AUTH_INSECURE_SERVICE_TICKETS");
        rotate(KeyType.AES);
        set("auth_service_cipher", "aes256k");
        assertThat(wrong()).containsExactly("AUTH_INSECURE_ROTATING_SERVICE_KEY_TYPE");
        rotate(KeyType.AES256K);
        assertThat(wrong()).isEmpty();
    }
}
