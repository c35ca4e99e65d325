package io.sepiola.protocol.caps;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;

/**
 * What monitors' caps give and what not, one case a row; every row is about client.a at 127.0.0.1.
 */
class MonCapsTest {
    static final EntityAddr HERE = EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", 5000), 1);

    @ParameterizedTest(name = "{0}: {1} | {2} | {3} | {4} | {5}")
    @CsvFileSource(resources = "mon-caps.txt", delimiter = '|', quoteCharacter = '`')
    void table(
            int row,
            String caps,
            String service,
            String prefix,
            String arguments,
            String access,
            boolean allowed) {
        Map<String, String> given = arguments(arguments);
        MonCaps held = MonCaps.parse(caps).heldBy(AuthName.parse("client.a"), HERE);
        assertThat(held.allows(service, prefix, given, access))
                .as("row %s", row)
                .isEqualTo(allowed);
    }

    static Map<String, String> arguments(String text) {
        Map<String, String> arguments = new TreeMap<>();
        for (String pair : text.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                arguments.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return arguments;
    }
}
