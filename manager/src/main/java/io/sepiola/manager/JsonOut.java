package io.sepiola.manager;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes JSON as Ceph does: without blanks, or with four of them for each level. */
final class JsonOut {
    private final StringBuilder out = new StringBuilder();
    private final ArrayDeque<Character> closing = new ArrayDeque<>();
    private final boolean pretty;
    private boolean first = true;

    JsonOut(boolean pretty) {
        this.pretty = pretty;
    }

    /** Opens an object that is an element, or the whole. */
    JsonOut object() {
        next();
        return open('{', '}');
    }

    /** Opens an object that is a member. */
    JsonOut object(String name) {
        name(name);
        return open('{', '}');
    }

    /** Opens an array that is an element, or the whole. */
    JsonOut array() {
        next();
        return open('[', ']');
    }

    /** Opens an array that is a member. */
    JsonOut array(String name) {
        name(name);
        return open('[', ']');
    }

    private JsonOut open(char begin, char end) {
        out.append(begin);
        closing.push(end);
        first = true;
        return this;
    }

    /** Closes what was opened last. */
    JsonOut end() {
        char bracket = closing.pop();
        if (!first) {
            line();
        }
        out.append(bracket);
        first = false;
        return this;
    }

    JsonOut put(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    JsonOut put(String name, long value) {
        name(name);
        out.append(value);
        return this;
    }

    JsonOut put(String name, double value) {
        name(name);
        out.append(TextUnits.significant(value, 17));
        return this;
    }

    JsonOut put(String name, boolean value) {
        name(name);
        out.append(value);
        return this;
    }

    /** A member that is JSON already. */
    JsonOut raw(String name, String json) {
        name(name);
        out.append(json);
        return this;
    }

    /** Members of any depth: maps, lists, texts, numbers and truths. */
    JsonOut members(Map<String, ?> values) {
        values.forEach((name, value) -> {
            name(name);
            value(value);
        });
        return this;
    }

    private void value(Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                open('{', '}');
                map.forEach((name, one) -> {
                    name(String.valueOf(name));
                    value(one);
                });
                end();
            }
            case List<?> list -> {
                open('[', ']');
                list.forEach(one -> {
                    next();
                    value(one);
                });
                end();
            }
            case BigDecimal number -> out.append(number.toPlainString());
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> quote(String.valueOf(value));
        }
    }

    JsonOut add(long value) {
        next();
        out.append(value);
        return this;
    }

    JsonOut add(String value) {
        next();
        quote(value);
        return this;
    }

    private void name(String name) {
        next();
        quote(name);
        out.append(pretty ? ": " : ":");
    }

    private void next() {
        if (!first) {
            out.append(',');
        }
        if (!closing.isEmpty()) {
            line();
        }
        first = false;
    }

    private void line() {
        if (pretty) {
            out.append('\n').repeat(' ', 4 * closing.size());
        }
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
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** What was written; a line's end follows the pretty form. */
    @Override
    public String toString() {
        return pretty ? out + "\n" : out.toString();
    }
}
