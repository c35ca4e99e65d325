package io.sepiola.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Malformed;
import io.sepiola.client.CephConf;
import io.sepiola.cluster.Refusal;
import io.sepiola.messenger.ConnectionKind;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What single daemons read out of a ceph.conf. */
class DaemonSettingsTest {
    private static DaemonSettings settings(String name, String text) {
        return new DaemonSettings(CephConf.parse(text, "ceph", AuthName.parse(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "mon.a, /var/lib/ceph/mon/ceph-a",
        "osd.3, /var/lib/ceph/osd/ceph-3",
        "mgr.x, /var/lib/ceph/mgr/ceph-x",
        "client.rgw.a, /var/lib/ceph/radosgw/ceph-rgw.a",
    })
    void directoriesAreWhereCephHasThem(String name, String directory) {
        DaemonSettings settings = settings(name, "");
        assertThat(settings.data()).isEqualTo(Path.of(directory));
        assertThat(settings.keyring()).isEqualTo(directory + "/keyring");
    }

    @Test
    void theAdminSocketIsWhereItIsSetToBeOrWhereCephHasIt(@TempDir Path folder) throws IOException {
        assertThat(settings("osd.3", "admin socket = /d/$name.asok").adminSocket())
                .contains(Path.of("/d/osd.3.asok"));
        assertThat(settings("osd.3", "admin socket =").adminSocket()).isEmpty();
        Path run = folder.resolve("run/ceph");
        assertThat(settings("mon.a", "run dir = " + run).adminSocket())
                .contains(run.resolve("ceph-mon.a.asok"));
        assertThat(run).isDirectory();
        Path file = Files.createFile(folder.resolve("file"));
        String text = "osd data = /d\nrun dir = " + file.resolve("ceph");
        assertThat(settings("osd.3", text).adminSocket()).contains(Path.of("/d/ceph-osd.3.asok"));
    }

    @Test
    void theFileGoesBeforeTheDefaults() {
        DaemonSettings settings =
                settings(
                        "osd.3",
                        """
                        osd data = /d/$name
                        public addr = 127.0.0.2
                        pid file = /d/$name.pid
                        log file =
                        [osd]
                        keyring = $osd_data/key
                        """);
        assertThat(settings.data()).isEqualTo(Path.of("/d/osd.3"));
        assertThat(settings.keyring()).isEqualTo("/d/osd.3/key");
        assertThat(settings.pidFile()).contains(Path.of("/d/osd.3.pid"));
        assertThat(settings.logFile()).isEmpty();
        assertThat(settings.clusterAddress().socket())
                .isEqualTo(new InetSocketAddress("127.0.0.2", 0));
    }

    @Test
    void withoutAnAddressItIsTheOneFromWhichTheMonitorIsReached() {
        assertThat(settings("osd.3", "mon host = v2:127.0.0.1:3300").publicAddress().socket())
                .isEqualTo(new InetSocketAddress("127.0.0.1", 0));
    }

    @Test
    void ofThisHostsAddressesTheOneInTheNetworkIsTaken() {
        DaemonSettings settings =
                settings(
                        "osd.3",
                        "public network = 127.0.0.77/8\ncluster network = 203.0.113.0/24\n");
        assertThat(settings.publicAddress().socket())
                .isEqualTo(new InetSocketAddress("127.0.0.1", 0));
        assertThatThrownBy(settings::clusterAddress)
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("cluster_network = 203.0.113.0/24")
                .hasMessageContaining("cluster_addr");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1, 0",
        "10.0.0.1:6800, 10.0.0.1, 6800",
        "v2:10.0.0.1:6800/77, 10.0.0.1, 6800",
        "[::1]:6800, ::1, 6800",
        "::1, ::1, 0",
        "[::1], ::1, 0",
    })
    void addresses(String text, String host, int port) {
        assertThat(DaemonSettings.address("public_addr", text).socket())
                .isEqualTo(new InetSocketAddress(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "10.0.0", "10.0.0.1:x", "10.0.0.1:70000", "10.0.0.0/24x:1"})
    void whatIsNoAddress(String text) {
        assertThatThrownBy(() -> DaemonSettings.address("public_addr", text))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("public_addr");
    }

    @Test
    void badValuesAreNamed() {
        assertThatThrownBy(() -> settings("osd.3", "").fsid())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("fsid");
        assertThatThrownBy(() -> settings("osd.3", "fsid = 12").fsid())
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("fsid = '12'");
        assertThatThrownBy(() -> settings("osd.3", "ms bind port min = 9000").ports())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("ms_bind_port_min");
    }

    @ParameterizedTest
    @CsvSource({
        "beast endpoint=127.0.0.1:8000 tcp_nodelay=1, 127.0.0.1, 8000",
        "beast endpoint=127.0.0.1, 127.0.0.1, 80",
        "civetweb port=7000, 0.0.0.0, 7000",
        "beast, 127.0.0.1, 7480",
        "'', 127.0.0.1, 7480",
    })
    void frontends(String text, String host, int port) {
        assertThat(RgwFrontend.address(Optional.of(text)))
                .isEqualTo(new InetSocketAddress(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "beast endpoint=127.0.0.1:1 endpoint=127.0.0.1:2",
                "beast port=1, civetweb port=2",
                "beast ssl_endpoint=127.0.0.1:443",
                "apache port=1",
                "beast port=443s",
            })
    void frontendsThatCannotBeHad(String text) {
        assertThatThrownBy(() -> RgwFrontend.address(Optional.of(text)))
                .hasMessageContaining("rgw_frontends");
    }

    @Test
    void modesOfConnectionsAreReadFromFileEnvironmentAndCommandLine(@TempDir Path folder)
            throws IOException {
        Path conf = folder.resolve("ceph.conf");
        Files.writeString(conf, "[global]\nms cluster mode = crc\nms service mode = crc secure\n");
        DaemonOptions options = new DaemonOptions();
        CommandLine.populateCommand(
                options,
                DaemonOptions.hyphened(
                        new String[] {
                            "-i", "3", "-c", conf.toString(), "--ms_cluster_mode", "secure"
                        }));
        DaemonSettings settings =
                DaemonSettings.of(
                        options,
                        EntityType.OSD,
                        Map.of(),
                        Map.of("CEPH_ARGS", "--ms-mon-client-mode secure --ms-cluster-mode=crc"));
        assertThat(settings.conf().settings())
                .containsEntry("ms_cluster_mode", "secure")
                .containsEntry("ms_service_mode", "crc secure")
                .containsEntry("ms_mon_client_mode", "secure");
    }

    @ParameterizedTest
    @EnumSource(ConnectionKind.class)
    void daemonsTakeEveryModeOnTheCommandLine(ConnectionKind kind) {
        DaemonOptions options = new DaemonOptions();
        CommandLine.populateCommand(options, "--" + kind.option().replace('_', '-'), "secure");
        assertThat(options.settings()).containsExactlyEntriesOf(Map.of(kind.option(), "secure"));
    }

    @Test
    void underscoresInOptionsAreHyphens() {
        assertThat(
                        DaemonOptions.hyphened(
                                new String[] {"osd", "--osd_data=a_b", "--pid_file", "c_d"}))
                .containsExactly("osd", "--osd-data=a_b", "--pid-file", "c_d");
    }
}
