package io.sepiola.cluster.storetool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the tool was asked for.
 *
 * @param dataPath the OSD's directory
 * @param op {@code list} or {@code list-pgs}
 * @param pgid the only group
 * @param namespace the only namespace
 * @param name the only name of objects
 */
record StoreOptions(
        String dataPath,
        String op,
        Optional<String> pgid,
        Optional<String> namespace,
        Optional<String> name) {
    private static final Set<String> VALUED =
            Set.of("--data-path", "--op", "--pgid", "--namespace", "--format", "--type");
    private static final Set<String> IGNORED = Set.of("--no-mon-config", "--debug", "--dry-run");

    static StoreOptions parse(List<String> words) {
        Map<String, String> given = new HashMap<>();
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = equals < 0 ? word : word.substring(0, equals);
            if (VALUED.contains(option)) {
                if (equals < 0 && ++i == words.size()) {
                    throw new IllegalArgumentException(
                            "the required argument for option '" + option + "' is missing");
                }
                given.put(option, equals < 0 ? words.get(i) : word.substring(equals + 1));
            } else if (option.startsWith("-")) {
                if (!IGNORED.contains(word)) {
                    throw new IllegalArgumentException("unrecognised option '" + word + "'");
                }
            } else {
                rest.add(word);
            }
        }
        return checked(given, rest);
    }

    private static StoreOptions checked(Map<String, String> given, List<String> rest) {
        String path = given.get("--data-path");
        if (path == null) {
            throw new IllegalArgumentException("Must provide --data-path");
        }
        String op = given.get("--op");
        if (op == null) {
            throw new IllegalArgumentException(
                    "Must provide --op; commands for single objects are not served here");
        }
        if (!Set.of("list", "list-pgs").contains(op)) {
            throw new IllegalArgumentException(
                    "--op " + op + " is not served here; list and list-pgs are");
        }
        if (rest.size() > (op.equals("list") ? 1 : 0)) {
            throw new IllegalArgumentException("too many words: '" + rest.getLast() + "'");
        }
        return new StoreOptions(
                path,
                op,
                Optional.ofNullable(given.get("--pgid")),
                Optional.ofNullable(given.get("--namespace")),
                rest.stream().findFirst());
    }
}
