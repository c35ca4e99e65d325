package io.sepiola.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every Java source has the house's format; {@code ./format} gives it. */
class FormatTest {
    private static final Path ROOT = Path.of(System.getProperty("root"));
    private static final boolean APPLY = Boolean.getBoolean("format.apply");

    @Test
    void everySourceIsFormatted() throws IOException, FormatterException {
        Formatter formatter =
                new Formatter(
                        JavaFormatterOptions.builder()
                                .style(JavaFormatterOptions.Style.AOSP)
                                .build());
        List<Path> wrong = new ArrayList<>();
        List<Path> sources = sources();
        for (Path source : sources) {
            String text = Files.readString(source);
            String formatted = formatter.formatSourceAndFixImports(text);
            if (!formatted.equals(text)) {
                wrong.add(ROOT.relativize(source));
                if (APPLY) {
                    // Long comments and strings settle only in a second or third round.
                    for (int round = 0; round < 5; round++) {
                        formatted = formatter.formatSourceAndFixImports(formatted);
                    }
                    Files.writeString(source, formatted);
                }
            }
        }
        assertThat(sources).hasSizeGreaterThan(50);
        if (!APPLY) {
            assertThat(wrong).as("not formatted; run ./format").isEmpty();
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }
}
