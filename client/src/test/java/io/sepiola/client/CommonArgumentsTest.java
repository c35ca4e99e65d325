package io.sepiola.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Malformed;
import io.sepiola.messenger.ConnectionKind;
import io.sepiola.messenger.ConnectionMode;
import io.sepiola.messenger.ConnectionModes;
import io.sepiola.protocol.EntityType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class CommonArgumentsTest {
    private static CommonArguments parse(Map<String, String> environment, String... args) {
        return CommonArguments.parse(EntityType.CLIENT, "admin", List.of(args), environment);
    }

    @Test
    void whatIsNotCommonIsLeft() {
        CommonArguments arguments =
                parse(
                        Map.of(),
                        "osd",
                        "-c",
                        "/x",
                        "--name=client.a",
                        "tree",
                        "-f",
                        "json",
                        "-m",
                        "h");
        assertThat(arguments.rest()).containsExactly("osd", "tree", "-f", "json");
        assertThat(arguments.confOrNull()).isEqualTo("/x");
        assertThat(arguments.name()).hasToString("client.a");
        assertThat(arguments.settings()).containsEntry("mon_host", "h");
    }

    @Test
    void theCommandLineWinsOverTheEnvironment() {
        Map<String, String> environment =
                Map.of("CEPH_ARGS", "--id env -k /env --all", "CEPH_CONF", "/conf");
        assertThat(parse(environment).name()).hasToString("client.env");
        assertThat(parse(environment).confOrNull()).isEqualTo("/conf");
        assertThat(parse(environment).rest()).containsExactly("--all");
        CommonArguments both = parse(environment, "--user", "own", "-c", "/own", "-k", "/k");
        assertThat(both.name()).hasToString("client.own");
        assertThat(both.confOrNull()).isEqualTo("/own");
        assertThat(both.settings()).containsEntry("keyring", "/k");
    }

    @Test
    void modesOfConnectionsAreCommon(@TempDir Path home) throws IOException {
        Path conf = home.resolve("ceph.conf");
        Files.writeString(
                conf,
                """
                [global]
                mon host = 127.0.0.1
                ms client mode = crc
                ms mon client mode = crc
                [client]
                ms client mode = crc secure
                """);
        Map<String, String> environment =
                Map.of("CEPH_CONF", conf.toString(), "CEPH_ARGS", "--ms_mon_client_mode secure");
        ConnectionModes own =
                RadosOptions.of(parse(environment, "-s").configuration(environment)).modes();
        assertThat(own.of(ConnectionKind.CLIENT))
                .containsExactly(ConnectionMode.CRC, ConnectionMode.SECURE);
        assertThat(own.of(ConnectionKind.MON_CLIENT)).containsExactly(ConnectionMode.SECURE);
        CommonArguments told =
                parse(environment, "--ms-client-mode=secure", "--ms-mon-client-mode", "crc", "-s");
        assertThat(told.rest()).containsExactly("-s");
        ConnectionModes modes = RadosOptions.of(told.configuration(environment)).modes();
        assertThat(modes.of(ConnectionKind.CLIENT)).containsExactly(ConnectionMode.SECURE);
        assertThat(modes.of(ConnectionKind.MON_CLIENT)).containsExactly(ConnectionMode.CRC);
        assertThatThrownBy(() ->
                        RadosOptions.of(
                                parse(environment, "--ms-client-mode", "plain")
                                        .configuration(environment)))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("ms_client_mode = 'plain'")
                .hasMessageContaining("crc, secure");
    }

    @Test
    void afterTwoHyphensNothingIsAnOption() {
        assertThat(parse(Map.of(), "a", "--", "-c", "x").rest())
                .containsExactly("a", "--", "-c", "x");
    }

    @Test
    void anOptionWithoutItsValueIsRefused() {
        assertThatThrownBy(() -> parse(Map.of(), "-c"))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("-c");
    }

    @Test
    void theConfigurationIsFoundAtHomeOrWhereSaid(@TempDir Path home) throws IOException {
        Files.createDirectories(home.resolve(".ceph"));
        Files.writeString(home.resolve(".ceph/mine.conf"), "[global]\nmon host = 1.2.3.4\n");
        Map<String, String> environment = Map.of("HOME", home.toString());
        assertThat(parse(environment, "--cluster", "mine").configuration(environment).monitors())
                .hasSize(1);
        assertThatThrownBy(() -> parse(environment, "--cluster", "none").configuration(environment))
                .isInstanceOf(RadosException.class)
                .hasMessageContaining("-c FILE")
                .hasMessageContaining("none.conf");
        assertThat(
                        parse(environment, "--cluster", "none", "-m", "1.1.1.1")
                                .configuration(environment)
                                .monitors())
                .hasSize(1);
    }
}
