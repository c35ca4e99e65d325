package io.sepiola.protocol.caps;

/**
 * What an argument of a command must be.
 *
 * @param value to be equal to, to begin with, or to match
 */
record Condition(Kind kind, String value) {
    enum Kind {
        EQUAL,
        PREFIX,
        REGEX
    }

    static Condition equal(String value) {
        return new Condition(Kind.EQUAL, value);
    }

    static Condition prefix(String value) {
        return new Condition(Kind.PREFIX, value);
    }

    static Condition regex(String value) {
        return new Condition(Kind.REGEX, value);
    }

    boolean holds(String actual) {
        return switch (kind) {
            case EQUAL -> actual.equals(value);
            case PREFIX -> actual.startsWith(value);
            case REGEX -> ExtendedRegex.matches(value, actual);
        };
    }
}
