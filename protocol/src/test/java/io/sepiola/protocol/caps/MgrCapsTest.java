package io.sepiola.protocol.caps;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * What managers' caps give and what not, one case a row; every row is about a client at 127.0.0.1.
 */
class MgrCapsTest {
    @ParameterizedTest(name = "{0}: {1} | {2} | {3} | {4} | {5} | {6}")
    @CsvFileSource(resources = "mgr-caps.txt", delimiter = '|', quoteCharacter = '`')
    void table(
            int row,
            String caps,
            String service,
            String module,
            String prefix,
            String arguments,
            String access,
            boolean allowed) {
        MgrCaps held = MgrCaps.parse(caps).heldBy(MonCapsTest.HERE);
        assertThat(
                        held.allows(
                                service,
                                module.equals("-") ? "" : module,
                                prefix,
                                MonCapsTest.arguments(arguments),
                                access))
                .as("row %s", row)
                .isEqualTo(allowed);
    }
}
