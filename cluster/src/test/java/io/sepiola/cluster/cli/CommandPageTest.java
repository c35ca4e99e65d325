package io.sepiola.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The page of commands is what the daemons' tables say. */
class CommandPageTest {
    private static final Path PAGE =
            Path.of(System.getProperty("golden")).resolveSibling("docs").resolve("commands.md");

    @Test
    void thePageIsWhatTheTablesSay() throws IOException {
        assertThat(CommandPage.text())
                .as("after a change: ./sepiola commands > docs/commands.md")
                .isEqualTo(Files.readString(PAGE));
    }

    @Test
    void everyCommandIsThereOnceWithItsCaps() {
        List<String> lines = CommandPage.text().lines().toList();
        assertThat(lines)
                .contains(
                        "| `osd out <ids>...` | mon | osd rw | takes data away from OSDs |",
                        "| `pg stat` | mgr | pg r | counts placement groups by state |");
        assertThat(lines.stream().filter(line -> line.contains("`pg scrub "))).hasSize(1);
        assertThat(lines.stream().filter(line -> line.startsWith("| `"))).hasSizeGreaterThan(250);
        assertThat(lines).noneMatch(line -> line.endsWith("|  |"));
    }
}
