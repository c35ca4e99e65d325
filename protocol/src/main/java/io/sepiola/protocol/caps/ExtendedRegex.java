package io.sepiola.protocol.caps;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * POSIX extended regular expressions, as caps have them, by way of Java's. What is no expression
 * matches nothing, as in Ceph; so does what would take long to find out.
 */
final class ExtendedRegex {
    private static final int SIZE_MAX = 1024; // of the expression, and of what is held against it
    private static final int STEPS_MAX = 100_000;

    private static final Map<String, String> CLASSES =
            Map.ofEntries(
                    Map.entry("alnum", "\\p{Alnum}"),
                    Map.entry("alpha", "\\p{Alpha}"),
                    Map.entry("blank", "\\p{Blank}"),
                    Map.entry("cntrl", "\\p{Cntrl}"),
                    Map.entry("digit", "\\p{Digit}"),
                    Map.entry("graph", "\\p{Graph}"),
                    Map.entry("lower", "\\p{Lower}"),
                    Map.entry("print", "\\p{Print}"),
                    Map.entry("punct", "\\p{Punct}"),
                    Map.entry("space", "\\p{Space}"),
                    Map.entry("upper", "\\p{Upper}"),
                    Map.entry("xdigit", "\\p{XDigit}"));

    private final String posix;
    private final StringBuilder java = new StringBuilder();
    private int at;

    private ExtendedRegex(String posix) {
        this.posix = posix;
    }

    /** Whether the whole text matches. */
    static boolean matches(String posix, String text) {
        if (posix.length() > SIZE_MAX || text.length() > SIZE_MAX) {
            return false;
        }
        String java = new ExtendedRegex(posix).translatedOrNull();
        if (java == null) {
            return false;
        }
        try {
            return Pattern.compile(java).matcher(new Counted(text, new int[1])).matches();
        } catch (PatternSyntaxException | TooLong no) {
            return false;
        }
    }

    private @Nullable String translatedOrNull() {
        boolean repeatable = false; // whether something stands before that can be repeated
        while (at < posix.length()) {
            char c = posix.charAt(at++);
            switch (c) {
                case '[' -> {
                    if (!bracket()) {
                        return null;
                    }
                    repeatable = true;
                }
                case '\\' -> {
                    if (at == posix.length()) {
                        return null;
                    }
                    literal(posix.charAt(at++));
                    repeatable = true;
                }
                // Java would read a second one, and one after "(", as something else.
                case '*', '+', '?', '{' -> {
                    if (!repeatable || !repetition(c)) {
                        return null;
                    }
                    repeatable = false;
                }
                case '(', '|' -> {
                    java.append(c);
                    repeatable = false;
                }
                case ')', '.' -> {
                    java.append(c);
                    repeatable = true;
                }
                case '^', '$' -> {
                    java.append(c);
                    repeatable = false;
                }
                default -> {
                    literal(c);
                    repeatable = true;
                }
            }
        }
        return java.toString();
    }

    private void literal(char c) {
        if (c < 128 && !Character.isLetterOrDigit(c)) {
            java.append('\\');
        }
        java.append(c);
    }

    private boolean repetition(char c) {
        java.append(c);
        if (c != '{') {
            return true;
        }
        int end = posix.indexOf('}', at);
        if (end < 0 || !posix.substring(at, end).matches("[0-9]{1,3}(,[0-9]{0,3})?")) {
            return false;
        }
        java.append(posix, at, end + 1);
        at = end + 1;
        return true;
    }

    /**
     * After an opening bracket; false when it is not closed, or holds what POSIX has no word for.
     */
    private boolean bracket() {
        java.append('[');
        if (at < posix.length() && posix.charAt(at) == '^') {
            java.append('^');
            at++;
        }
        for (int start = at; at < posix.length(); ) {
            char c = posix.charAt(at);
            if (c == ']' && at > start) {
                java.append(']');
                at++;
                return true;
            }
            if (c == '[' && at + 1 < posix.length() && ":.=".indexOf(posix.charAt(at + 1)) >= 0) {
                int end = posix.indexOf(":]", at + 2);
                String named = end < 0 ? null : CLASSES.get(posix.substring(at + 2, end));
                if (named == null || posix.charAt(at + 1) != ':') {
                    return false;
                }
                java.append(named);
                at = end + 2;
            } else {
                member(c);
                at++;
            }
        }
        return false;
    }

    private void member(char c) {
        if ("\\[]&^".indexOf(c) >= 0) {
            java.append('\\');
        }
        java.append(c);
    }

    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("an expression takes too long", null, false, false);
        }
    }

    /** A text that may be looked at only so often. */
    private record Counted(String text, int[] steps) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (++steps[0] > STEPS_MAX) {
                throw new TooLong();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.substring(start, end), steps);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
