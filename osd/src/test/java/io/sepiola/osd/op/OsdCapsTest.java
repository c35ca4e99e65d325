package io.sepiola.osd.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Malformed;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

class OsdCapsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow *                          | p | n | rw | true",
                "allow rwx                        | p | n | rw | true",
                "allow r                          | p | n | r  | true",
                "allow r                          | p | n | rw | false",
                "allow w                          | p | n | w  | true",
                "allow rw pool=p                  | p | n | rw | true",
                "allow rw pool p                  | p | n | rw | true",
                "allow rw pool=q                  | p | n | rw | false",
                "allow r, allow w pool=p          | p | n | w  | true",
                "allow r, allow w pool=p          | p | n | rw | false",
                "allow rw namespace=n             | p | n | rw | true",
                "allow rw namespace=m             | p | n | rw | false",
                "allow rw namespace=n*            | p | n2 | rw | true",
                "allow rw object_prefix ob        | p | n | rw | true",
                "allow rw object_prefix x         | p | n | rw | false",
                "allow rw tag app k=v             | p | n | rw | true",
                "allow rw tag app k=w             | p | n | rw | false",
                "profile rbd pool=p               | p | n | rw | true",
                "profile rbd-read-only            | p | n | rw | false",
                "profile osd                      | p | n | rw | true",
            })
    void grants(String caps, String pool, String namespace, String what, boolean allowed) {
        OsdCaps.Target target =
                new OsdCaps.Target(pool, namespace, "object", Map.of("app", Map.of("k", "v")));
        assertThat(
                        OsdCaps.parse(caps)
                                .allow(target, what.contains("r"), what.contains("w"), List.of()))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deny *", "allow q", "allow rw pool", "profile nobody", "allow \"x"})
    void nonsenseIsRefused(String caps) {
        assertThatThrownBy(() -> OsdCaps.parse(caps)).isInstanceOf(Malformed.class);
    }
}
