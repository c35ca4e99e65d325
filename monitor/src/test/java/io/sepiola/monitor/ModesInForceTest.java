package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.messenger.Connection;
import io.sepiola.messenger.ConnectionKind;
import io.sepiola.messenger.ConnectionMode;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Which modes a monitor's messenger is told. */
final class ModesInForceTest {
    private static final UUID FSID = new UUID(1, 2);
    private static final List<ConnectionMode> SECURE = List.of(ConnectionMode.SECURE);
    private static final List<ConnectionMode> CRC = List.of(ConnectionMode.CRC);

    private final FakeMessenger messenger =
            new FakeMessenger(new EntityName(EntityType.MON, 0), new Deaf());
    private final MonitorOptions options =
            MonitorOptions.of(
                            "a",
                            FSID,
                            EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", 3300), 0))
                    .with(Map.of("ms_mon_service_mode", "crc", "ms_mon_cluster_mode", "crc"));

    private List<ConnectionMode> of(ConnectionKind kind) {
        return messenger.modes().of(kind);
    }

    @Test
    void whatIsAgreedGoesBeforeTheFileAsSoonAsItIs() {
        MonitorState before = MonitorState.blank(FSID);
        ModesInForce modes = new ModesInForce(options, messenger, before);
        assertThat(of(ConnectionKind.MON_SERVICE)).isEqualTo(CRC);

        List<Change> changes =
                List.of(
                        new Change.ConfigSet("mon", "ms_mon_service_mode", "secure"),
                        new Change.ConfigSet("mon.b", "ms_mon_cluster_mode", "secure"));
        MonitorState after = before.apply(changes);
        modes.committed(after, changes);
        assertThat(of(ConnectionKind.MON_SERVICE)).isEqualTo(SECURE);
        assertThat(of(ConnectionKind.MON_CLUSTER)).as("mon.b alone").isEqualTo(CRC);

        List<Change> removal = List.of(new Change.ConfigRemoved("mon", "ms_mon_service_mode"));
        modes.committed(after.apply(removal), removal);
        assertThat(of(ConnectionKind.MON_SERVICE)).isEqualTo(CRC);
    }

    @Test
    void whatWasAgreedEarlierCountsFromTheStart() {
        MonitorState state =
                MonitorState.blank(FSID)
                        .apply(
                                List.of(
                                        new Change.ConfigSet(
                                                "global", "ms_mon_service_mode", "secure")));
        new ModesInForce(options, messenger, state);
        assertThat(of(ConnectionKind.MON_SERVICE)).isEqualTo(SECURE);
    }

    @Test
    void wordsThatWereAgreedUnseenAreNoModes() {
        MonitorState state =
                MonitorState.blank(FSID)
                        .apply(
                                List.of(
                                        new Change.ConfigSet(
                                                "global", "ms_mon_service_mode", "plain")));
        new ModesInForce(options, messenger, state);
        assertThat(of(ConnectionKind.MON_SERVICE)).isEqualTo(CRC);
    }

    private static final class Deaf implements Dispatcher {
        @Override
        public void received(Connection connection, Message message) {}

        @Override
        public void reset(Connection connection) {}
    }
}
