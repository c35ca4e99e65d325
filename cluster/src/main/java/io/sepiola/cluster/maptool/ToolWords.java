package io.sepiola.cluster.maptool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A tool's arguments, taken one after another as Ceph's tools take them: {@code --name value},
 * {@code --name=value}, dashes and underscores alike; what no option takes is a file. Owned by one
 * parse.
 */
final class ToolWords {
    private final List<String> words;
    private final List<String> files = new ArrayList<>();
    private int at = 0;
    private @Nullable String value;

    ToolWords(List<String> words) {
        this.words = List.copyOf(words);
    }

    boolean hasMore() {
        if (at < words.size() && words.get(at).equals("--")) {
            files.addAll(words.subList(at + 1, words.size()));
            at = words.size();
        }
        return at < words.size();
    }

    private static String alike(String word) {
        return word.replace('_', '-');
    }

    /** Takes the option, if it is the one; it has no value. */
    boolean flag(String... names) {
        for (String name : names) {
            if (alike(words.get(at)).equals(name)) {
                at++;
                return true;
            }
        }
        return false;
    }

    /** Takes the option and its value, if it is the one; see {@link #valueOrNull}. */
    boolean option(String... names) {
        String word = words.get(at);
        for (String name : names) {
            if (alike(word).equals(name)) {
                at++;
                value = at < words.size() ? words.get(at++) : null;
                return true;
            }
            if (word.length() > name.length()
                    && word.charAt(name.length()) == '='
                    && alike(word.substring(0, name.length())).equals(name)) {
                at++;
                value = word.substring(name.length() + 1);
                return true;
            }
        }
        return false;
    }

    /** The value of the option taken last; null when the words ended before it. */
    @Nullable String valueOrNull() {
        return value;
    }

    /** The value of the option taken last. */
    String value(String option) {
        String given = value;
        if (given == null) {
            throw new ToolFailure(1, "Option " + option + " requires an argument.\n");
        }
        return given;
    }

    /** The value as a whole number. */
    int number(String option) {
        String given = value;
        if (given == null) {
            throw new ToolFailure(1, "Option " + option + " requires an argument.\n\n");
        }
        try {
            return Integer.parseInt(given);
        } catch (NumberFormatException bad) {
            throw new ToolFailure(1, "The option value '" + given + "' is invalid\n");
        }
    }

    /** The next word, which is then taken; null at the end. */
    @Nullable String nextOrNull() {
        return at < words.size() ? words.get(at++) : null;
    }

    /** The next word, which stays; null at the end. */
    @Nullable String peekOrNull() {
        return at < words.size() ? words.get(at) : null;
    }

    /** Takes the word as a file. */
    void file() {
        files.add(words.get(at++));
    }

    List<String> files() {
        return files;
    }
}
