package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.Ciphers;
import io.sepiola.monitor.state.Draft;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.auth.RotatingSecrets;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Who is let in, and how rotating secrets are made. */
class MonitorKeysTest {
    private final Simulation simulation = new Simulation(1);
    private MonitorState state = MonitorState.blank(new UUID(1, 2));
    private String serviceTtl = "3600";
    private final MonitorKeys keys = new MonitorKeys(() -> state.auth(), this::option);

    private String option(String name) {
        return name.equals("auth_mon_ticket_ttl") ? "259200" : serviceTtl;
    }

    private void maintain(Duration later) {
        Draft draft = new Draft(state, simulation.clock());
        MonitorKeys.maintain(
                draft, this::option, simulation.random(), simulation.clock().now().plus(later));
        state = draft.state();
    }

    private List<KeyType> rotating() {
        return keys.rotating(EntityType.OSD).orElseThrow().secrets().values().stream()
                .map(secret -> secret.key().type())
                .toList();
    }

    @Test
    void whoHasAKeyOfATypeThatIsNotAllowedIsUnknown() {
        AuthName name = AuthName.parse("client.a");
        CryptoKey key =
                CryptoKey.generate(KeyType.AES, simulation.random(), simulation.clock().now());
        state = state.apply(new Change.AuthSet(name, new EntityAuth(key, new TreeMap<>())));
        assertThat(keys.entity(name)).isPresent();
        state =
                state.apply(
                        new Change.CiphersSet(
                                new Ciphers(
                                        Set.of(KeyType.AES256K),
                                        KeyType.AES256K,
                                        KeyType.AES256K)));
        assertThat(keys.entity(name)).isEmpty();
    }

    /** The secrets that are in use stay in use until they expire: nobody loses a ticket. */
    @Test
    void rotatingSecretsBecomeOfAnotherTypeOneByOne() {
        maintain(Duration.ZERO);
        assertThat(rotating()).containsExactly(KeyType.AES, KeyType.AES, KeyType.AES);
        state = state.apply(new Change.CiphersSet(Ciphers.NEW));
        maintain(Duration.ZERO);
        assertThat(rotating()).containsOnly(KeyType.AES);
        maintain(Duration.ofHours(2));
        assertThat(rotating()).containsExactly(KeyType.AES, KeyType.AES, KeyType.AES256K);
        maintain(Duration.ofHours(4));
        assertThat(rotating()).containsOnly(KeyType.AES256K);
    }

    @Test
    void ticketsAndSecretsLastAsLongAsTheOptionSays() {
        serviceTtl = "60.5";
        assertThat(keys.validity(EntityType.OSD)).isEqualTo(Duration.ofMillis(60_500));
        assertThat(keys.validity(EntityType.AUTH)).isEqualTo(Duration.ofDays(3));
        maintain(Duration.ZERO);
        RotatingSecrets secrets = keys.rotating(EntityType.OSD).orElseThrow();
        assertThat(secrets.validity()).contains(Duration.ofMillis(60_500));
        maintain(Duration.ofSeconds(122));
        assertThat(keys.rotating(EntityType.OSD).orElseThrow().newest())
                .isEqualTo(secrets.newest() + 1);
        serviceTtl = "0";
        assertThat(keys.validity(EntityType.OSD)).isEqualTo(Duration.ofSeconds(10));
    }

    /** Its daemons may be older than this monitor. */
    @Test
    void aClusterFromBeforeThereWasAChoiceGoesOnAsItWas() {
        assertThat(state.apply(new Change.CiphersSet(Ciphers.NEW)).auth().ciphers())
                .isEqualTo(Ciphers.NEW);
        Bytes written = MonitorState.CODEC.toBytes(state.apply(new Change.CiphersSet(Ciphers.NEW)));
        byte[] old =
                written.slice(0, written.size() - Ciphers.CODEC.toBytes(Ciphers.NEW).size())
                        .toArray();
        old[0] = 2;
        assertThat(MonitorState.CODEC.fromBytes(Bytes.of(old)).auth().ciphers())
                .isEqualTo(Ciphers.OLD);
        assertThat(MonitorState.CODEC.fromBytes(written).auth().ciphers()).isEqualTo(Ciphers.NEW);
    }
}
