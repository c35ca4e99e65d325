package io.sepiola.cluster.deploy;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Words for the POSIX shell. */
final class Shell {
    private Shell() {}

    /** One word, whatever is in it. */
    static String quote(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+")
                ? word
                : "'" + word.replace("'", "'\\''") + "'";
    }

    /** A command of these words. */
    static String command(String... words) {
        return Arrays.stream(words).map(Shell::quote).collect(Collectors.joining(" "));
    }
}
