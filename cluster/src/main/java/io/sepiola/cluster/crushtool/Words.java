package io.sepiola.cluster.crushtool;

import io.sepiola.cluster.Refusal;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command line as Ceph's programs read it: dashes and underscores within an option are alike, a
 * value follows it as the next word or after an equals sign, and what nobody wants is left. Owned
 * by one reader.
 */
final class Words {
    private static final Pattern NUMBER =
            Pattern.compile("\\s*([-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?)");

    private final List<String> words;
    private final List<String> left = new ArrayList<>();
    private int at;

    Words(String[] words) {
        this.words = List.of(words);
    }

    boolean hasMore() {
        return at < words.size() && !words.get(at).equals("--");
    }

    /** Passes over a word that no option took. */
    void leave() {
        left.add(words.get(at++));
    }

    /** What no option took, with all that follows a double dash. */
    List<String> left() {
        List<String> all = new ArrayList<>(left);
        for (int i = at; i < words.size(); i++) {
            if (i > at || !words.get(i).equals("--")) {
                all.add(words.get(i));
            }
        }
        return all;
    }

    private static String plain(String option) {
        int dashes = option.startsWith("--") ? 2 : option.startsWith("-") ? 1 : 0;
        return option.substring(0, dashes) + option.substring(dashes).replace('-', '_');
    }

    boolean flag(String... options) {
        for (String option : options) {
            if (plain(words.get(at)).equals(plain(option))) {
                at++;
                return true;
            }
        }
        return false;
    }

    /** The value of an option, when it is the next word. */
    @Nullable String valueOrNull(String... options) {
        for (String option : options) {
            String word = words.get(at);
            int equals = word.indexOf('=');
            if (equals > 0 && plain(word.substring(0, equals)).equals(plain(option))) {
                at++;
                return word.substring(equals + 1);
            }
            if (plain(word).equals(plain(option))) {
                at++;
                if (at == words.size()) {
                    throw new Refusal("Option " + word + " requires an argument.");
                }
                return words.get(at++);
            }
        }
        return null;
    }

    /** One value more of an option that has several. */
    String more(String option) {
        if (at == words.size()) {
            throw new Refusal("expecting additional argument to " + option);
        }
        return words.get(at++);
    }

    static int integer(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException none) {
            throw new Refusal("The option value '" + value + "' is invalid");
        }
    }

    /** The number that a word begins with, or 0. */
    static float real(String value) {
        Matcher matcher = NUMBER.matcher(value);
        return matcher.lookingAt() ? (float) Double.parseDouble(matcher.group(1)) : 0;
    }
}
