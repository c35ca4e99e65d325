package io.sepiola.protocol.dump;

import io.sepiola.base.Malformed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes XML as Ceph's formatter does, from the JSON of the same command: every member is an
 * element of its name with {@code _} for blanks, {@link XmlNames} has the other names, and numbers
 * stay as they are written. Names may have letters that XML does not allow, as Ceph's have. Owned
 * by one caller.
 */
public final class XmlDump {
    private static final int DEPTH_MAX = 100;

    private final String json;
    private final boolean pretty;
    private final List<String> way = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();
    private int at = 0;

    private XmlDump(String json, boolean pretty) {
        this.json = json;
        this.pretty = pretty;
    }

    /** Whether a format of that name is XML. */
    public static boolean isXml(String format) {
        return format.equals("xml") || format.equals("xml-pretty");
    }

    /**
     * What a command gives, as XML; unchanged when it is no object or array, or when Ceph's command
     * knows no XML.
     *
     * @param told who is told it: mon, osd or mgr; empty for a command of the cluster
     * @param format xml or xml-pretty
     */
    public static String of(
            String told,
            String command,
            Map<String, String> arguments,
            String json,
            String format) {
        boolean array = json.startsWith("[");
        Optional<String> root = XmlNames.STANDARD.root(told, command, arguments, array);
        if (root.isEmpty() || !(array || json.startsWith("{"))) {
            return json;
        }
        XmlDump dump = new XmlDump(json, format.equals("xml-pretty"));
        dump.way.add(command);
        dump.value(root.get());
        return dump.pretty ? dump.out.append('\n').toString() : dump.out.toString();
    }

    private void value(String name) {
        switch (peek()) {
            case '{' -> section(name, '}');
            case '[' -> section(name, ']');
            default -> {
                String text = peek() == '"' ? string() : bare();
                indent();
                out.append('<').append(name).append('>');
                escape(text);
                end(name);
            }
        }
    }

    private void section(String name, char close) {
        if (way.size() >= DEPTH_MAX) {
            throw new Malformed("JSON nested deeper than " + DEPTH_MAX);
        }
        indent();
        out.append('<').append(name).append('>');
        newline();
        way.add(name);
        at++; // the bracket
        blanks();
        while (peek() != close) {
            value(close == '}' ? member() : item());
            blanks();
            if (peek() == ',') {
                at++;
                blanks();
            }
        }
        at++;
        way.removeLast();
        indent();
        end(name);
    }

    private String member() {
        String name = string().replace(' ', '_');
        blanks();
        at++; // the colon
        blanks();
        return name;
    }

    private String item() {
        boolean word = peek() != '{' && peek() != '[';
        return XmlNames.STANDARD.item(way, word);
    }

    private void end(String name) {
        out.append("</").append(name).append('>');
        newline();
    }

    private void indent() {
        if (pretty) {
            out.repeat(' ', way.size() - 1);
        }
    }

    private void newline() {
        if (pretty) {
            out.append('\n');
        }
    }

    private char peek() {
        if (at >= json.length()) {
            throw new Malformed("JSON ends too early");
        }
        return json.charAt(at);
    }

    private void blanks() {
        while (at < json.length() && Character.isWhitespace(json.charAt(at))) {
            at++;
        }
    }

    private String bare() {
        int from = at;
        while (",]} \n".indexOf(peek()) < 0) {
            at++;
        }
        return json.substring(from, at);
    }

    private String string() {
        StringBuilder text = new StringBuilder();
        at++; // the quote
        while (peek() != '"') {
            char c = json.charAt(at++);
            text.append(c == '\\' ? escaped() : c);
        }
        at++;
        return text.toString();
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(json, at - 4, Math.min(at, json.length()), 16);
            }
            default -> c;
        };
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '\'' -> out.append("&apos;");
                case '"' -> out.append("&quot;");
                default -> {
                    if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f) {
                        out.append(String.format("&#x%02x;", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }
}
