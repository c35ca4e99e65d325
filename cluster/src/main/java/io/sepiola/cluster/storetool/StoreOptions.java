package io.sepiola.cluster.storetool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code ceph-objectstore-tool} was asked for.
 *
 * @param values of options that have one, by their names without hyphens
 * @param flags those that have none
 * @param words the object, its command and that one's arguments
 */
record StoreOptions(Map<String, String> values, Set<String> flags, List<String> words) {
    private static final Set<String> VALUED =
            Set.of(
                    "data-path",
                    "journal-path",
                    "op",
                    "pgid",
                    "pool",
                    "epoch",
                    "file",
                    "fsid",
                    "mon-store-path",
                    "target-data-path",
                    "mountpoint",
                    "namespace",
                    "format",
                    "type",
                    "rmtype",
                    "slow-omap-threshold");
    private static final Set<String> FLAGS =
            Set.of(
                    "no-mon-config",
                    "debug",
                    "dry-run",
                    "force",
                    "head",
                    "tty",
                    "no-superblock",
                    "skip-journal-replay",
                    "skip-mount-omap");
    private static final int WORDS_MAX = 4;

    static StoreOptions parse(List<String> line) {
        Map<String, String> values = new HashMap<>();
        Set<String> flags = new HashSet<>();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < line.size(); i++) {
            String word = line.get(i);
            if (!word.startsWith("--") || word.equals("--")) {
                words.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word.substring(2) : word.substring(2, equals);
            if (VALUED.contains(name)) {
                if (equals < 0 && ++i == line.size()) {
                    throw new ToolRefusal(
                            "the required argument for option '--" + name + "' is missing");
                }
                values.put(name, equals < 0 ? line.get(i) : word.substring(equals + 1));
            } else if (FLAGS.contains(name) && equals < 0) {
                flags.add(name);
            } else {
                throw new ToolRefusal("unrecognised option '" + word + "'");
            }
        }
        if (words.size() > WORDS_MAX) {
            throw new ToolRefusal("too many words: '" + words.getLast() + "'");
        }
        return new StoreOptions(values, flags, words);
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    /** The operation, or nothing when the words name an object and a command. */
    String op() {
        return values.getOrDefault("op", "");
    }

    boolean isDryRun() {
        return has("dry-run");
    }

    /** Whether JSON is laid out for people; lists then have a line for each object. */
    boolean isPretty() {
        return switch (values.getOrDefault("format", "json-pretty")) {
            case "json" -> false;
            case "json-pretty" -> true;
            case "xml", "xml-pretty" ->
                    throw new ToolRefusal("--format xml is not served here; json is");
            default -> throw new ToolRefusal("unrecognized format: " + values.get("format"));
        };
    }

    /** The epoch that was named, or 0. */
    int epoch() {
        String text = values.getOrDefault("epoch", "0");
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException bad) {
            throw new ToolRefusal("the argument ('" + text + "') for option '--epoch' is invalid");
        }
    }
}
