package io.sepiola.protocol.caps;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.caps.OsdCaps.ClassCall;
import io.sepiola.protocol.caps.OsdCaps.Target;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What OSDs' caps give and what not, one case a row; every row is about a client at 127.0.0.1.
 *
 * <p>What is done is r, w, both or neither, then classes' methods as {@code class.method/rwl}: it
 * reads, it writes, the class is listed.
 */
class OsdCapsTest {
    private static final Map<String, Map<String, String>> APPLICATIONS =
            Map.of("app", Map.of("k", "v", "k2", "v2"), "bare", Map.of());

    @ParameterizedTest(name = "{0}: {1} | {2} | {3} | {4} | {5}")
    @CsvFileSource(resources = "osd-caps.txt", delimiter = '|', quoteCharacter = '`')
    void table(
            int row,
            String caps,
            String pool,
            String namespace,
            String object,
            String done,
            boolean allowed) {
        String[] words = done.split(" ", -1);
        List<ClassCall> calls = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            calls.add(call(words[i]));
        }
        Target target =
                new Target(
                        pool,
                        namespace.equals("-") ? "" : namespace,
                        object.equals("-") ? "" : object,
                        APPLICATIONS);
        OsdCaps held = OsdCaps.parse(caps).heldBy(MonCapsTest.HERE);
        assertThat(held.allow(target, words[0].contains("r"), words[0].contains("w"), calls))
                .as("row %s", row)
                .isEqualTo(allowed);
    }

    private static ClassCall call(String text) {
        int dot = text.indexOf('.');
        int slash = text.indexOf('/');
        String marks = text.substring(slash);
        return new ClassCall(
                text.substring(0, dot),
                text.substring(dot + 1, slash),
                marks.contains("r"),
                marks.contains("w"),
                marks.contains("l"));
    }

    @Test
    void onlyAStarForEverythingIsAll() {
        assertThat(OsdCaps.parse("allow *").allowAll()).isTrue();
        assertThat(OsdCaps.parse("allow rwx").allowAll()).isFalse();
        assertThat(OsdCaps.parse("allow * pool=p").allowAll()).isFalse();
        assertThat(OsdCaps.parse("allow * namespace=n").allowAll()).isFalse();
        assertThat(OsdCaps.parse("allow * tag app k=v").allowAll()).isFalse();
        assertThat(OsdCaps.parse("allow * object_prefix o").allowAll()).isFalse();
        assertThat(OsdCaps.parse("allow r, allow *").allowAll()).isTrue();
        OsdCaps elsewhere = OsdCaps.parse("allow * network 10.0.0.0/8");
        assertThat(elsewhere.heldBy(MonCapsTest.HERE).allowAll()).isFalse();
    }
}
