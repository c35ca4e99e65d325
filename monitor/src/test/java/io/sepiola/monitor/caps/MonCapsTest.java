package io.sepiola.monitor.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Malformed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

final class MonCapsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    allow *                         | osd    | rw  | true
                    allow r                         | osd    | r   | true
                    allow r                         | osd    | rw  | false
                    allow rw                        | auth   | rwx | false
                    allow rwx                       | auth   | rwx | true
                    allow service osd rw            | osd    | rw  | true
                    allow service osd rw            | mon    | r   | false
                    allow profile osd               | osd    | rwx | true
                    allow profile osd               | auth   | rwx | false
                    allow profile osd               | mon    | r   | true
                    allow profile simple-rados-client | osd  | rw  | false
                    allow r, allow service auth rwx | auth   | rwx | true
                    ''                              | mon    | r   | false
                    """)
    void table(String caps, String service, String access, boolean allowed) {
        assertThat(MonCaps.parse(caps).allows(service, "some command", Map.of(), access))
                .isEqualTo(allowed);
    }

    @Test
    void oneCommandWithItsArguments() {
        MonCaps caps = MonCaps.parse("allow command \"osd pool create\" with pool prefix test");
        assertThat(caps.allows("osd", "osd pool create", Map.of("pool", "test1"), "rw")).isTrue();
        assertThat(caps.allows("osd", "osd pool create", Map.of("pool", "other"), "rw")).isFalse();
        assertThat(caps.allows("osd", "osd pool create", Map.of(), "rw")).isFalse();
        assertThat(caps.allows("osd", "osd pool delete", Map.of("pool", "test1"), "rw")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permit *",
                "allow",
                "allow q",
                "allow rr",
                "allow profile nobody",
                "allow r allow w",
                "allow command \"open",
                "allow service osd",
                "allow r network 10.0.0.0/8"
            })
    void refusedAsAWhole(String caps) {
        assertThatThrownBy(() -> MonCaps.parse(caps)).isInstanceOf(Malformed.class);
    }

    @Test
    void bounded() {
        assertThatThrownBy(() -> MonCaps.parse("allow r,".repeat(1 << 20)))
                .isInstanceOf(Malformed.class);
    }
}
