package io.sepiola.protocol;

import io.sepiola.base.Bytes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads the reference files: bytes of a genuine Ceph 16.2.15. */
public final class Golden {
    private static final Path ROOT = Path.of(System.getProperty("golden"));

    private Golden() {}

    /** A file or directory below the reference directory. */
    public static Path path(String name) {
        return ROOT.resolve(name);
    }

    /** A whole file. */
    public static Bytes bytes(String name) {
        try {
            return Bytes.of(Files.readAllBytes(path(name)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The lines of a text file. */
    public static List<String> lines(String name) {
        try {
            return Files.readAllLines(path(name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The names of the files in a directory that end so, in order. */
    public static List<String> names(String directory, String suffix) {
        try (Stream<Path> files = Files.list(path(directory))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The encoded objects of one type in the corpus; {@code ::} in the type is {@code .} here. */
    public static List<Bytes> corpus(String type) {
        return lines("corpus/" + type + ".jsonl").stream().map(line -> hex(line, "hex")).toList();
    }

    /** The hexadecimal bytes of a member of a line of JSON; none when it is absent. */
    public static Bytes hex(String line, String member) {
        String key = "\"" + member + "\":\"";
        int at = line.indexOf(key);
        if (at < 0) {
            return Bytes.EMPTY;
        }
        int start = at + key.length();
        return Bytes.hex(line.substring(start, line.indexOf('"', start)));
    }

    /** A number that is a member of a line of JSON. */
    public static long number(String line, String member) {
        String key = "\"" + member + "\":";
        int start = line.indexOf(key) + key.length();
        int end = start;
        while (Character.isDigit(line.charAt(end)) || line.charAt(end) == '-') {
            end++;
        }
        return Long.parseLong(line.substring(start, end));
    }
}
