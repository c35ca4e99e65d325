package io.sepiola.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.AuthName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/** What a daemon leaves behind that ends by a mistake of ours. */
class CrashDumpTest {
    private static final Instant NOW = Instant.parse("2026-11-29T20:00:00.123456Z");
    private static final UUID ID = new UUID(1, 2);

    @TempDir private Path directory;

    @Test
    void aReportAsCephsServicePostsIt() throws IOException {
        Throwable failure = new IllegalStateException("log head 3'4");
        CrashDump.write(directory, AuthName.parse("osd.7"), failure, NOW, ID);
        Path home = directory.resolve("2026-11-29T20:00:00.123456Z_" + ID);
        assertThat(home.resolve("done")).exists();
        JsonNode meta = JsonMapper.shared().readTree(Files.readString(home.resolve("meta")));
        assertThat(meta.path("crash_id").asString("")).isEqualTo(home.getFileName().toString());
        assertThat(meta.path("timestamp").asString("")).isEqualTo("2026-11-29T20:00:00.123456Z");
        assertThat(meta.path("entity_name").asString("")).isEqualTo("osd.7");
        assertThat(meta.path("exception").asString("")).contains("log head 3'4");
        assertThat(meta.path("backtrace").path(0).asString(""))
                .startsWith("(" + CrashDumpTest.class.getName() + ".aReport")
                .matches("\\(.*\\(\\)\\+0\\) \\[[0-9]+]");
    }

    @Test
    void whereThereIsNoDirectoryNothingHappens() {
        Path missing = directory.resolve("missing");
        CrashDump.write(missing, AuthName.parse("mon.a"), new IllegalStateException(), NOW, ID);
        assertThat(missing).doesNotExist();
    }
}
