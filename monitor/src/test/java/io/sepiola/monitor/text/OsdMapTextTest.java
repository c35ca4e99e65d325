package io.sepiola.monitor.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.map.OsdMap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Files;
import java.nio.file.Path;

/** Recorded maps, shown as Ceph shows them. */
final class OsdMapTextTest {
    private static final Path GOLDEN = Path.of(System.getProperty("golden"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chain-small/full.1", "chain-small/full.17", "chain-small/full.38",
                "chain-small/full.69", "chain-small/full.89", "chain-small/full.109"
            })
    void dumpIsCephs(String name) throws Exception {
        OsdMap map =
                OsdMap.CODEC.fromBytes(
                        Bytes.of(Files.readAllBytes(GOLDEN.resolve("osdmap/" + name + ".bin"))));
        JsonNode recorded =
                new JsonMapper()
                        .readTree(Files.readString(GOLDEN.resolve("osdmap/" + name + ".json")));
        // Read again, so that numbers compare as they are written.
        ObjectNode ours =
                (ObjectNode) new JsonMapper().readTree(JsonText.compact(OsdMapText.json(map)));
        assertThat(ours.propertyNames()).containsExactlyElementsOf(recorded.propertyNames());
        for (String field : recorded.propertyNames()) {
            if (field.equals("blocklist")) { // in the order of a hash table
                assertThat(ours.get(field)).as(field).isEqualTo(recorded.get(field));
            } else {
                assertThat(ours.get(field).toString())
                        .as(field)
                        .isEqualTo(recorded.get(field).toString());
            }
        }
        assertThat(MonMap.RELEASE_PACIFIC).isEqualTo(map.requireOsdRelease());
    }
}
