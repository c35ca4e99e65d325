package io.sepiola.protocol.option;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All options by name. Read once from two resources: {@code options.tsv} holds the facts of Ceph
 * 16.2.15's, {@code sentences.tsv} says in our words what those do that something here reads, and
 * where our default is another. Immutable.
 */
public final class OptionTable {
    /** The one table. */
    public static final OptionTable STANDARD = new OptionTable();

    private static final int FIELDS = 12;

    private final NavigableMap<String, Option> options = new TreeMap<>();

    private OptionTable() {
        NavigableMap<String, String[]> own = new TreeMap<>();
        for (String line : lines("sentences.tsv")) {
            String[] fields = line.split("\t", -1);
            own.put(fields[0], fields);
        }
        for (String line : lines("options.tsv")) {
            String[] fields = line.split("\t", -1);
            if (fields.length != FIELDS) {
                throw new IllegalStateException("options.tsv: '" + line + "'");
            }
            String[] said = own.getOrDefault(fields[0], new String[] {fields[0], "", ""});
            options.put(fields[0], option(fields, said[1], said[2]));
        }
    }

    private static Option option(String[] fields, String standard, String sentence) {
        return new Option(
                fields[0],
                fields[1],
                fields[2],
                standard.isEmpty() ? fields[3] : standard,
                standard.isEmpty() ? fields[4] : "",
                fields[5],
                fields[6],
                list(fields[7], "\\|"),
                list(fields[8], ","),
                list(fields[9], ","),
                list(fields[10], ","),
                list(fields[11], ","),
                sentence);
    }

    private static List<String> list(String text, String separator) {
        return text.isEmpty() ? List.of() : List.of(text.split(separator));
    }

    private static List<String> lines(String name) {
        try (InputStream in = OptionTable.class.getResourceAsStream(name)) {
            byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(name, unreadable);
        }
    }

    /** The option of that name. */
    public Optional<Option> find(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /** All, sorted by name. */
    public Collection<Option> all() {
        return Collections.unmodifiableCollection(options.values());
    }

    /** The name that was probably meant; empty when none is near. */
    public Optional<String> nearest(String name) {
        int most = Math.max(2, name.length() / 4);
        String best = null;
        for (String known : options.keySet()) {
            int distance = distance(name, known, most);
            if (distance <= most) {
                best = known;
                most = distance - 1;
            }
        }
        return Optional.ofNullable(best);
    }

    /** How many letters to insert, remove or change (Levenshtein); more than {@code most} if so. */
    private static int distance(String from, String to, int most) {
        if (Math.abs(from.length() - to.length()) > most) {
            return most + 1;
        }
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
