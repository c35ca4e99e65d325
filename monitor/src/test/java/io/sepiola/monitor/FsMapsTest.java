package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.fs.FsMap;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;

final class FsMapsTest {
    @Test
    void theEmptyMapsAreThoseOfARealMonitor() throws Exception {
        assertThat("01000000" + FsMap.CODEC.toBytes(FsMap.FIRST).toHex())
                .isEqualTo(front("45-MFSMap"));
        // Of the service map only the time differs.
        String recorded = front("1799-MServiceMap");
        assertThat(ServiceMaps.EMPTY.toHex())
                .isEqualTo(recorded.substring(0, 20) + "0".repeat(16) + recorded.substring(36));
    }

    private static String front(String message) throws Exception {
        Path file = Path.of(System.getProperty("golden"), "messages", message + ".jsonl");
        return new JsonMapper()
                .readTree(Files.readAllLines(file).getFirst())
                .get("front")
                .stringValue();
    }
}
