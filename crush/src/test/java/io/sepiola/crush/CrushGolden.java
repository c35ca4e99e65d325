package io.sepiola.crush;

import io.sepiola.base.Bytes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The maps that genuine tools compiled and mapped. */
final class CrushGolden {
    private static final Path ROOT = Path.of(System.getProperty("golden"));

    private CrushGolden() {}

    static Stream<String> names(String suffix) {
        try (Stream<Path> files = Files.list(ROOT.resolve("crush"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .map(name -> name.substring(0, name.length() - suffix.length()))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Bytes bytes(String name) {
        try {
            return Bytes.of(Files.readAllBytes(ROOT.resolve(name)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String text(String name) {
        return bytes(name).toUtf8();
    }

    static List<String> lines(String name) {
        return text(name).lines().toList();
    }
}
