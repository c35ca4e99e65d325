package io.sepiola.protocol.dump;

import java.util.Locale;

/**
 * Writes JSON as Ceph's formatter does: in one line without blanks, or for people with four blanks
 * a level. Values within an array go without their names. Owned by one caller.
 */
public final class JsonDump {
    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;
    private int depth = 0;
    private boolean inArray = true; // the top is no object
    private boolean empty = true;

    /** Starts empty. */
    public JsonDump(boolean pretty) {
        this.pretty = pretty;
    }

    /** An object at the top, or in an array. */
    public JsonDump object(Runnable content) {
        return section("", '{', '}', content);
    }

    /** An object. */
    public JsonDump object(String name, Runnable content) {
        return section(name, '{', '}', content);
    }

    /** An array in an array. */
    public JsonDump array(Runnable content) {
        return section("", '[', ']', content);
    }

    /** An array. */
    public JsonDump array(String name, Runnable content) {
        return section(name, '[', ']', content);
    }

    private JsonDump section(String name, char open, char close, Runnable content) {
        begin(name);
        boolean outerInArray = inArray;
        out.append(open);
        inArray = open == '[';
        empty = true;
        depth++;
        content.run();
        depth--;
        if (!empty) {
            line();
        }
        out.append(close);
        inArray = outerInArray;
        empty = false;
        return this;
    }

    private void begin(String name) {
        if (!empty) {
            out.append(',');
        }
        empty = false;
        if (depth > 0) {
            line();
        }
        if (!inArray) {
            quote(name);
            out.append(pretty ? ": " : ":");
        }
    }

    private void line() {
        if (pretty) {
            out.append('\n').repeat(' ', depth * 4);
        }
    }

    /** A whole number. */
    public JsonDump put(String name, long value) {
        begin(name);
        out.append(value);
        return this;
    }

    /** A whole number without sign, of 64 bits. */
    public JsonDump unsigned(String name, long value) {
        begin(name);
        out.append(Long.toUnsignedString(value));
        return this;
    }

    /** A whole number without sign, of 32 bits. */
    public JsonDump unsigned(String name, int value) {
        return put(name, Integer.toUnsignedLong(value));
    }

    /** A fraction, with 17 significant digits at most. */
    public JsonDump put(String name, double value) {
        begin(name);
        out.append(Texts.general(value, 17));
        return this;
    }

    /** Thousandths, with three decimals. */
    public JsonDump thousandths(String name, long value) {
        begin(name);
        out.append(String.format(Locale.ROOT, "%d.%03d", value / 1000, value % 1000));
        return this;
    }

    /** True or false. */
    public JsonDump put(String name, boolean value) {
        begin(name);
        out.append(value);
        return this;
    }

    /** A text. */
    public JsonDump put(String name, String value) {
        begin(name);
        quote(value);
        return this;
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** All of it; for people it ends with its line. */
    @Override
    public String toString() {
        return pretty ? out + "\n" : out.toString();
    }
}
