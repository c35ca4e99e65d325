package io.sepiola.cluster.crushtool;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes maps, lists, strings and numbers as Ceph's formatters do: in one line, or indented. */
final class JsonLines {
    private final boolean pretty;
    private final StringBuilder out = new StringBuilder();

    JsonLines(boolean pretty) {
        this.pretty = pretty;
    }

    /** With the line feed that ends a pretty text. */
    String write(Object value) {
        append(value, 0);
        return out.append(pretty ? "\n" : "").toString();
    }

    private void append(Object value, int depth) {
        switch (value) {
            case Map<?, ?> map -> {
                Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
                out.append('{');
                while (entries.hasNext()) {
                    Map.Entry<?, ?> entry = entries.next();
                    line(depth + 1);
                    quote(entry.getKey().toString());
                    out.append(pretty ? ": " : ":");
                    append(entry.getValue(), depth + 1);
                    out.append(entries.hasNext() ? "," : "");
                }
                close(map.isEmpty(), depth, '}');
            }
            case List<?> list -> {
                out.append('[');
                for (int i = 0; i < list.size(); i++) {
                    line(depth + 1);
                    append(list.get(i), depth + 1);
                    out.append(i < list.size() - 1 ? "," : "");
                }
                close(list.isEmpty(), depth, ']');
            }
            case Float number -> out.append(digits(number));
            case Number number -> out.append(number);
            default -> quote(value.toString());
        }
    }

    private void close(boolean empty, int depth, char bracket) {
        if (!empty) {
            line(depth);
        }
        out.append(bracket);
    }

    private void line(int depth) {
        if (pretty) {
            out.append('\n').append("    ".repeat(depth));
        }
    }

    /** 17 significant digits, without trailing zeros. */
    private static String digits(float number) {
        return number == 0
                ? "0"
                : new BigDecimal(number)
                        .round(new MathContext(17, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    private void quote(String text) {
        out.append('"');
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
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
}
