package io.sepiola.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.EntityAddrVec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MonitorAddressesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    v2:1.2.3.4:3300                                | v2:1.2.3.4:3300/0
                    [v2:1.2.3.4:3300,v1:1.2.3.4:6789]              | v2:1.2.3.4:3300/0
                    [v1:1.2.3.4:6789/0,v2:1.2.3.4:3300/0]          | v2:1.2.3.4:3300/0
                    1.2.3.4                                        | v2:1.2.3.4:3300/0
                    1.2.3.4:4000                                   | v2:1.2.3.4:4000/0
                    v2:1.2.3.4:3300/17                             | v2:1.2.3.4:3300/17
                    1.2.3.4,5.6.7.8 9.9.9.9;8.8.8.8:1              | v2:1.2.3.4:3300/0 v2:5.6.7.8:3300/0 v2:9.9.9.9:3300/0 v2:8.8.8.8:1/0
                    [v2:1.1.1.1:1,v1:1.1.1.1:2],[v2:2.2.2.2:3]     | v2:1.1.1.1:1/0 v2:2.2.2.2:3/0
                    v2:[::1]:3300                                  | v2:[0:0:0:0:0:0:0:1]:3300/0
                    [::1]                                          | v2:[0:0:0:0:0:0:0:1]:3300/0
                    [fe80::2]:3301                                 | v2:[fe80:0:0:0:0:0:0:2]:3301/0
                    v1:1.2.3.4:6789                                | ''
                    1.2.3.4:6789                                   | ''
                    """)
    void lists(String text, String expected) {
        assertThat(
                        String.join(
                                " ",
                                MonitorAddresses.parse(text).stream()
                                        .map(EntityAddrVec::toString)
                                        .toList()))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2:1.2.3.4:x", "v2:1.2.3.4:70000", "v2::3300", "1.2.3.4:1/x"})
    void nonsense(String text) {
        assertThatThrownBy(() -> MonitorAddresses.parse(text)).isInstanceOf(Malformed.class);
    }

    @Test
    void nothing() {
        assertThat(MonitorAddresses.parse("  ")).isEmpty();
    }
}
