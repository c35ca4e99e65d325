package io.sepiola.lab.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A mistake, as a change of the sources' text: a file of the form
 *
 * <pre>
 * WHAT IS WRONG
 * file: PATH
 * seeds: SEED SEED...
 * ---- before
 * TEXT
 * ---- after
 * TEXT
 * </pre>
 *
 * @param seeds by the last of which it must be found; none as long as no seed is known that finds
 *     it
 */
record PlantedBug(
        String name, String what, String file, List<Long> seeds, String before, String after) {
    /** Copies the list. */
    PlantedBug {
        seeds = List.copyOf(seeds);
    }

    private static final String BEFORE = "\n---- before\n";
    private static final String AFTER = "\n---- after\n";

    static PlantedBug read(Path path) throws IOException {
        String text = Files.readString(path);
        int before = text.indexOf(BEFORE);
        int after = text.indexOf(AFTER);
        if (before < 0 || after < before) {
            throw new IllegalArgumentException(path + " has no text before and after");
        }
        List<String> head = text.substring(0, before).lines().toList();
        List<Long> seeds =
                Stream.of(value(head, "seeds:").strip().split(" "))
                        .filter(seed -> !seed.isEmpty())
                        .map(Long::valueOf)
                        .toList();
        return new PlantedBug(
                path.getFileName().toString().replace(".txt", ""),
                head.getFirst(),
                value(head, "file: "),
                seeds,
                text.substring(before + BEFORE.length(), after),
                text.substring(after + AFTER.length()).stripTrailing());
    }

    private static String value(List<String> head, String key) {
        return head.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no " + key));
    }

    /** The module that it is in, as the directory is called. */
    String module() {
        return file.substring(0, file.indexOf('/'));
    }

    /** The source with the mistake in it. */
    String plant(String source) {
        int at = source.indexOf(before);
        if (at < 0 || source.indexOf(before, at + 1) >= 0) {
            throw new IllegalStateException(
                    "planted bug " + name + " is stale: its text is not exactly once in " + file);
        }
        return source.substring(0, at) + after + source.substring(at + before.length());
    }
}
