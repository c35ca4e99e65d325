package io.sepiola.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Malformed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/** Which of a host's addresses is in public_network or cluster_network. */
class SubnetsTest {
    private static List<InetAddress> addresses(String text) {
        return Arrays.stream(text.split(" ")).map(InetAddress::ofLiteral).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.1.0/24, 127.0.0.1 10.0.0.7 10.0.1.7, 10.0.1.7",
        "10.0.140.0/16, 10.0.7.7, 10.0.7.7", // bits behind the prefix say nothing
        "10.0.1.128/25, 10.0.1.127 10.0.1.129, 10.0.1.129",
        "10.0.1.4/30, 10.0.1.3 10.0.1.8 10.0.1.7, 10.0.1.7",
        "10.0.1.7/32, 10.0.1.6 10.0.1.7, 10.0.1.7",
        "0.0.0.0/0, ::1 10.0.1.7, 10.0.1.7",
        "'10.0.2.0/24, 10.0.1.0/24', 10.0.1.7 10.0.2.7, 10.0.2.7",
        "fd00::/8, 10.0.1.7 fd12::7, fd12::7",
    })
    void theFirstInTheFirstNetwork(String networks, String own, String chosen) {
        assertThat(Subnets.parse("public_network", networks).choose(addresses(own)))
                .contains(InetAddress.ofLiteral(chosen));
    }

    @Test
    void noneWhereNoneIs() {
        assertThat(Subnets.parse("public_network", "10.0.1.0/24").choose(addresses("10.0.2.7 ::1")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.1.0", "10.0.1.0/33", "10.0.1.0/-1", "host/24", "::/129"})
    void whatIsNoNetwork(String text) {
        assertThatThrownBy(() -> Subnets.parse("cluster_network", text))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("cluster_network = '" + text + "'");
    }
}
