package io.sepiola.monitor.text;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Iterator;
import java.util.Map;

/** Writes JSON as Ceph does: without blanks, or with four of them for each level. */
public final class JsonText {
    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;

    private JsonText(boolean pretty) {
        this.pretty = pretty;
    }

    /** A new object to be filled. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A new array to be filled. */
    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** In one line. */
    public static String compact(JsonNode node) {
        JsonText text = new JsonText(false);
        text.write(node, 0);
        return text.out.toString();
    }

    /** For people. */
    public static String pretty(JsonNode node) {
        JsonText text = new JsonText(true);
        text.write(node, 0);
        return text.out.append('\n').toString();
    }

    private void write(JsonNode node, int depth) {
        switch (node) {
            case ObjectNode object -> {
                out.append('{');
                Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
                boolean any = fields.hasNext();
                while (fields.hasNext()) {
                    Map.Entry<String, JsonNode> field = fields.next();
                    line(depth + 1);
                    quote(field.getKey());
                    out.append(pretty ? ": " : ":");
                    write(field.getValue(), depth + 1);
                    out.append(fields.hasNext() ? "," : "");
                }
                close(any, depth, '}');
            }
            case ArrayNode array -> {
                out.append('[');
                Iterator<JsonNode> items = array.iterator();
                boolean any = items.hasNext();
                while (items.hasNext()) {
                    line(depth + 1);
                    write(items.next(), depth + 1);
                    out.append(items.hasNext() ? "," : "");
                }
                close(any, depth, ']');
            }
            default -> scalar(node);
        }
    }

    private void close(boolean any, int depth, char bracket) {
        if (any) {
            line(depth);
        }
        out.append(bracket);
    }

    private void scalar(JsonNode node) {
        if (node.isString()) {
            quote(node.stringValue());
        } else if (node.isFloatingPointNumber()) {
            out.append(number(node.doubleValue()));
        } else {
            out.append(node.asString());
        }
    }

    private void line(int depth) {
        if (pretty) {
            out.append('\n').repeat(' ', depth * 4);
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
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** As C's %.17g: 17 significant digits at most, no trailing zeros. */
    public static String number(double value) {
        return significant(value, 17);
    }

    /** As C's %g with that many significant digits. */
    public static String significant(double value, int digits) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < digits) {
            return rounded.toPlainString();
        }
        String mantissa = rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString();
        return mantissa + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
