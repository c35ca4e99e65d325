package io.sepiola.messenger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which mode a connection gets, by what both ends are told. */
final class ConnectionModesTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Lan lan = new Lan(7);
    private final List<ConnectionMode> chosen = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "crc,        crc,        CRC",
        "crc,        secure,     ",
        "crc,        crc secure, CRC",
        "crc,        secure crc, CRC",
        "secure,     crc,        ",
        "secure,     secure,     SECURE",
        "secure,     crc secure, SECURE",
        "secure,     secure crc, SECURE",
        "crc secure, crc,        CRC",
        "crc secure, secure,     SECURE",
        "crc secure, crc secure, CRC",
        "crc secure, secure crc, CRC",
        "secure crc, crc,        CRC",
        "secure crc, secure,     SECURE",
        "secure crc, crc secure, SECURE",
        "secure crc, secure crc, SECURE",
    })
    void whoDialsPrefersAndWhoIsDialledAllows(String wanted, String allowed, ConnectionMode got) {
        Lan.Node osd = osd("ms_service_mode", allowed);
        Lan.Node client =
                node("10.0.0.1", lan.login("client.a"), EntityType.CLIENT)
                        .with(Map.of("ms_client_mode", wanted));
        dial(client, EntityType.OSD, osd.messenger.addrs());
        if (got == null) {
            assertThat(chosen).isEmpty();
            assertThat(client.journal.connected).isEmpty();
            assertThat(client.journal.events.getFirst())
                    .startsWith("denied osd at ")
                    .endsWith(
                            " allows "
                                    + allowed
                                    + ", and we offer "
                                    + wanted
                                    + "; set ms_client_mode");
        } else {
            assertThat(chosen).containsExactly(got);
            assertThat(client.journal.connected).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CLIENT, OSD, ms_client_mode,      ms_service_mode",
        "CLIENT, MGR, ms_client_mode,      ms_service_mode",
        "CLIENT, MON, ms_mon_client_mode,  ms_mon_service_mode",
        "OSD,    OSD, ms_cluster_mode,     ms_cluster_mode",
        "OSD,    MGR, ms_cluster_mode,     ms_cluster_mode",
        "MGR,    OSD, ms_cluster_mode,     ms_cluster_mode",
        "MDS,    OSD, ms_cluster_mode,     ms_cluster_mode",
        "OSD,    MON, ms_mon_client_mode,  ms_mon_service_mode",
        "MGR,    MON, ms_mon_client_mode,  ms_mon_service_mode",
        "MON,    MON, ms_mon_cluster_mode, ms_mon_cluster_mode",
    })
    void eachKindHasItsOption(EntityType from, EntityType to, String wants, String allows) {
        assertThat(ConnectionKind.dialled(from, to).option()).isEqualTo(wants);
        assertThat(ConnectionKind.accepted(to, from).option()).isEqualTo(allows);
    }

    @Test
    void unlessToldClientsAndOsdsUseCrcAndEverybodySecureTowardsMonitors() {
        Lan.Node osd = osd("", "");
        dial(node("10.0.0.1", lan.login("client.a"), EntityType.CLIENT), EntityType.OSD, osd);
        dial(node("10.0.0.3", lan.login("osd.3"), EntityType.OSD), EntityType.OSD, osd);
        assertThat(chosen).containsExactly(ConnectionMode.CRC, ConnectionMode.CRC);
        chosen.clear();
        toMonitor("10.0.0.4", "client.b");
        toMonitor("10.0.0.5", "osd.5");
        toMonitor("10.0.0.6", "mgr.x");
        toMonitor("10.0.0.7", "mon.");
        assertThat(chosen).hasSize(4).containsOnly(ConnectionMode.SECURE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.b", "osd.5", "mon."})
    void monitorsHoldOthersAndEachOtherToDifferentModes(String name) {
        boolean peer = name.equals("mon.");
        lan.monitor.modes(
                ConnectionModes.of(
                        Map.of(
                                peer ? "ms_mon_cluster_mode" : "ms_mon_service_mode",
                                "crc",
                                peer ? "ms_mon_service_mode" : "ms_mon_cluster_mode",
                                "secure")));
        toMonitor("10.0.0.4", name);
        assertThat(chosen).containsExactly(ConnectionMode.CRC);
    }

    @Test
    void amongOsdsNeitherClientsNorServicesOptionsCount() {
        Lan.Node osd = osd("ms_cluster_mode", "secure");
        Map<String, String> others = Map.of("ms_client_mode", "crc", "ms_service_mode", "crc");
        Node from = node("10.0.0.3", lan.login("osd.3"), EntityType.OSD);
        from.with(others);
        dial(from.node, EntityType.OSD, osd.messenger.addrs());
        assertThat(chosen).containsExactly(ConnectionMode.SECURE);
    }

    @Test
    void otherModesCountForConnectionsMadeLater() {
        Lan.Node osd = osd("", "");
        Node client = node("10.0.0.1", lan.login("client.a"), EntityType.CLIENT);
        dial(client, EntityType.OSD, osd);
        osd.messenger.modes(ConnectionModes.only(ConnectionMode.SECURE));
        assertThat(client.node.journal.connected.getFirst().isOpen()).isTrue();
        assertThat(client.node.journal.resets).isEmpty();
        dial(node("10.0.0.8", lan.login("client.b"), EntityType.CLIENT), EntityType.OSD, osd);
        assertThat(chosen).containsExactly(ConnectionMode.CRC, ConnectionMode.SECURE);
    }

    @Test
    void aRefusalNamesWhatBothEndsWantAndTheOptionsToSet() {
        lan.monitor.modes(ConnectionModes.of(Map.of("ms_mon_service_mode", "secure")));
        assertThat(
                        lan.monitor.refusal(
                                EntityType.CLIENT, Lan.addr("10.0.0.1", 0, 0), List.of(1, 9)))
                .isEqualTo(
                        "mon.0 refuses client at v2:10.0.0.1:0/0, which offers crc mode 9"
                                + " (ms_mon_client_mode), where secure is allowed"
                                + " (ms_mon_service_mode); set one of the two options so that they"
                                + " have a mode in common");
    }

    @ParameterizedTest
    @EnumSource(ConnectionKind.class)
    void everyOptionIsRead(ConnectionKind kind) {
        ConnectionModes modes = ConnectionModes.of(Map.of(kind.option(), " secure, crc"));
        for (ConnectionKind each : ConnectionKind.values()) {
            assertThat(modes.of(each))
                    .isEqualTo(
                            each == kind
                                    ? List.of(ConnectionMode.SECURE, ConnectionMode.CRC)
                                    : each.standard());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "none", "crc none", "Secure", "secure:crc"})
    void otherWordsAreRefusedNamingThoseThatAreKnown(String text) {
        assertThatThrownBy(() -> ConnectionModes.of(Map.of("ms_cluster_mode", text)))
                .isInstanceOf(Malformed.class)
                .hasMessage(
                        "ms_cluster_mode = '%s' is no list of connection modes; wanted crc,"
                                + " secure, or both with the preferred one first",
                        text);
    }

    @Test
    void whatIsSetGoesBeforeWhatIsSetElsewhere() {
        ConnectionModes own = ConnectionModes.of(Map.of("ms_client_mode", "secure"));
        ConnectionModes kept =
                ConnectionModes.of(
                        Map.of("ms_client_mode", "crc", "ms_mon_client_mode", "crc secure"));
        ConnectionModes both = own.over(kept);
        assertThat(both.of(ConnectionKind.CLIENT)).containsExactly(ConnectionMode.SECURE);
        assertThat(both.of(ConnectionKind.MON_CLIENT))
                .containsExactly(ConnectionMode.CRC, ConnectionMode.SECURE);
        assertThat(both.of(ConnectionKind.CLUSTER))
                .containsExactly(ConnectionMode.CRC, ConnectionMode.SECURE);
    }

    // One end that dials, and whose logins note what mode they got.

    private record Node(Lan.Node node) {
        Lan.Node with(Map<String, String> options) {
            node.messenger.modes(ConnectionModes.of(options));
            return node;
        }
    }

    private Lan.Node osd(String option, String value) {
        Lan.Node osd = lan.osd("10.0.0.2", lan.login("osd.2"), Msgr2Options.DEFAULT).listen(2);
        osd.messenger.modes(ConnectionModes.of(Map.of(option, value)));
        return osd;
    }

    private Node node(String ip, ClientAuth credentials, EntityType type) {
        return new Node(lan.new Node(ip, noting(credentials), type, Msgr2Options.DEFAULT));
    }

    private void toMonitor(String ip, String name) {
        CephxClient credentials = lan.credentials(name, lan.keys.add(name));
        Node node = node(ip, credentials, AuthName.parse(name).type());
        dial(node.node, EntityType.MON, lan.monitor.addrs());
    }

    private void dial(Node from, EntityType type, Lan.Node to) {
        dial(from.node, type, to.messenger.addrs());
    }

    private void dial(Lan.Node from, EntityType type, EntityAddrVec to) {
        from.messenger.connect(type, to, Policy.LOSSY);
        lan.simulation.runUntil(() -> !from.journal.events.isEmpty(), SOON);
    }

    private ClientAuth noting(ClientAuth credentials) {
        return peer -> {
            ClientAuth.Login login = credentials.begin(peer);
            return new ClientAuth.Login() {
                @Override
                public Bytes request() {
                    return login.request();
                }

                @Override
                public Bytes more(Bytes payload) {
                    return login.more(payload);
                }

                @Override
                public AuthSession done(long globalId, ConnectionMode mode, Bytes payload) {
                    chosen.add(mode);
                    return login.done(globalId, mode, payload);
                }
            };
        };
    }
}
