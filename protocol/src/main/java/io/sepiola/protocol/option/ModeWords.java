package io.sepiola.protocol.option;

import io.sepiola.base.Malformed;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The values of Ceph's six options {@code ms_..._mode}: connection modes, the preferred one first.
 */
public final class ModeWords {
    private static final Pattern NAME = Pattern.compile("ms_(mon_)?(cluster|service|client)_mode");
    private static final Pattern BETWEEN = Pattern.compile("[;,=\\s]+");
    private static final Set<String> KNOWN = Set.of("crc", "secure");

    private ModeWords() {}

    /** Whether the option of that name is one of the six. */
    public static boolean isFor(String option) {
        return NAME.matcher(option).matches();
    }

    /**
     * The modes that a text lists, each once.
     *
     * @throws Malformed when it holds another word, or none
     */
    public static List<String> parse(String option, String text) {
        Set<String> modes = new LinkedHashSet<>();
        for (String word : BETWEEN.split(text.strip())) {
            if (!KNOWN.contains(word)) {
                throw new Malformed(
                        option
                                + " = '"
                                + text
                                + "' is no list of connection modes; wanted crc, secure, or both"
                                + " with the preferred one first");
            }
            modes.add(word);
        }
        return List.copyOf(modes);
    }
}
