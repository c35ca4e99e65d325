package io.sepiola.manager;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Numbers, spans and tables as Ceph's manager modules print them, which are Python. */
final class ModuleText {
    private static final String[] UNITS = {" ", "k", "M", "G", "T", "P", "E"};
    private static final long DAY = 86_400;

    private ModuleText() {}

    /** {@code 0.25}, {@code 1.0}, {@code 1790000000.5}: as few digits as tell it from others. */
    static String number(double value) {
        return new BigDecimal(Double.toString(value)).toPlainString();
    }

    /** {@code 40s}, {@code 3m}, {@code 2h}, {@code 5d}, {@code 3w}, {@code 4M}, {@code 2y}. */
    static String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 2 * DAY) {
            return TextUnits.age(span);
        }
        if (seconds < 14 * DAY) {
            return seconds / DAY + "d";
        }
        if (seconds < 7 * 12 * DAY) {
            return seconds / (7 * DAY) + "w";
        }
        return seconds < 365 * 2 * DAY ? seconds / (30 * DAY) + "M" : seconds / (365 * DAY) + "y";
    }

    /** A size in {@code width} characters with a binary unit: {@code " 2.45M"}. */
    static String bytes(long size, int width) {
        int unit = 0;
        double scaled = size;
        while (Long.toString((long) scaled).length() > width - 1 && unit < UNITS.length - 1) {
            scaled /= 1024;
            unit++;
        }
        if (unit == 0) {
            return String.format(Locale.ROOT, "%" + (width - 1) + "d", size) + UNITS[0];
        }
        String text = String.format(Locale.ROOT, "%f", scaled).substring(0, width - 1);
        return (text.endsWith(".") ? " " + text.substring(0, width - 2) : text) + UNITS[unit];
    }

    /** JSON with members in order, four blanks for each level, and nothing beyond ASCII. */
    static String json(JsonNode node) {
        StringBuilder out = new StringBuilder();
        json(out, node, "\n");
        return out.toString();
    }

    private static void json(StringBuilder out, JsonNode node, String line) {
        boolean object = node.isObject();
        if (!object && !node.isArray()) {
            scalar(out, node);
            return;
        }
        out.append(object ? '{' : '[');
        String deeper = line + "    ";
        String before = deeper;
        if (object) {
            for (String name : new TreeSet<>(node.propertyNames())) {
                quote(out.append(before), name);
                json(out.append(": "), node.path(name), deeper);
                before = "," + deeper;
            }
        } else {
            for (JsonNode each : node) {
                json(out.append(before), each, deeper);
                before = "," + deeper;
            }
        }
        out.append(node.isEmpty() ? "" : line).append(object ? '}' : ']');
    }

    private static void scalar(StringBuilder out, JsonNode node) {
        if (node.isString()) {
            quote(out, node.stringValue());
        } else if (node.isFloatingPointNumber()) {
            out.append(number(node.doubleValue()));
        } else {
            out.append(node);
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c > 0x7e) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Where a column's title and cells stand. */
    enum Side {
        LEFT,
        CENTER,
        RIGHT
    }

    /** A table without borders, two blanks behind each column; nothing when it has no rows. */
    static String table(List<String> titles, List<Side> sides, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return "";
        }
        List<List<String>> all = new ArrayList<>();
        all.add(titles);
        all.addAll(rows);
        List<String> lines = new ArrayList<>();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < titles.size(); i++) {
                int column = i;
                int width = all.stream().mapToInt(r -> r.get(column).length()).max().orElse(0);
                int blanks = width - row.get(i).length();
                int before =
                        switch (sides.get(i)) {
                            case LEFT -> 0;
                            case CENTER -> (blanks + 1 - row.get(i).length() % 2) / 2;
                            case RIGHT -> blanks;
                        };
                line.repeat(' ', before).append(row.get(i));
                line.repeat(' ', blanks - before).append("  ");
            }
            lines.add(line.toString());
        }
        return String.join("\n", lines);
    }
}
