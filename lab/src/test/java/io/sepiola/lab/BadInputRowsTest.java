package io.sepiola.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Each kind of bad input that a monitor or OSD must withstand has a number, and a test that carries
 * it as a tag: replayed authorizers (X1), changed messages (X2), claimed ids (X3), flipped bits
 * (X4), keys that come again (X5), talk before the login (X6), secrets (X7), commands (X8) and
 * operations (X9) beyond one's caps, commands that are none (X11). X10 is about file systems, of
 * which there are none yet.
 */
class BadInputRowsTest {
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"(X[0-9]{1,2})\"\\)");
    private static final Path ROOT = Path.of(System.getProperty("root"));

    @Test
    void eachHasATest() throws IOException {
        Set<String> wanted = new TreeSet<>();
        for (int row = 1; row <= 11; row++) {
            wanted.add("X" + row);
        }
        wanted.remove("X10");
        Set<String> found = new TreeSet<>();
        for (String module : new String[] {"messenger", "monitor", "osd", "lab"}) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> tags(file, found));
            }
        }
        assertThat(found).containsAll(wanted);
    }

    private static void tags(Path file, Set<String> found) {
        try {
            Matcher tag = TAG.matcher(Files.readString(file));
            while (tag.find()) {
                found.add(tag.group(1));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
