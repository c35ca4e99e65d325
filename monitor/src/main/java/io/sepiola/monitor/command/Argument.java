package io.sepiola.monitor.command;

import io.sepiola.monitor.text.JsonText;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One argument of a command, written {@code name:type[:opt][:N][=choices][range]}.
 *
 * @param type Ceph's name of the type, such as CephInt
 * @param repeated whether the rest of the line belongs to it
 * @param choices the words allowed; empty when any is
 * @param range as {@code 0|10} or {@code 0}; empty when any is
 */
record Argument(
        String name,
        String type,
        boolean optional,
        boolean repeated,
        List<String> choices,
        String range) {
    private static final Pattern SHAPE =
            Pattern.compile("([a-z0-9_]+):(Ceph[A-Za-z]+)(:opt)?(:N)?(?:=([^\\[]+))?(?:\\[(.+)])?");

    static Argument parse(String text) {
        Matcher found = SHAPE.matcher(text);
        if (!found.matches()) {
            throw new IllegalArgumentException("argument '" + text + "' of the command table");
        }
        String choices = found.group(5);
        String range = found.group(6);
        return new Argument(
                found.group(1),
                found.group(2),
                found.group(3) != null,
                found.group(4) != null,
                choices == null ? List.of() : List.of(choices.split("\\|")),
                range == null ? "" : range);
    }

    /** As the {@code ceph} program wants it described. */
    ObjectNode describe() {
        ObjectNode node = JsonText.object();
        if (!choices.isEmpty()) {
            node.put("strings", String.join("|", choices));
        }
        if (!range.isEmpty()) {
            node.put("range", range);
        }
        node.put("name", name);
        node.put("type", type);
        if (repeated) {
            node.put("n", "N");
        }
        if (optional) {
            node.put("req", "false");
        }
        return node;
    }

    /**
     * The checked value: Long, Double, Boolean, String, or a list of these.
     *
     * @throws Refused when it does not fit
     */
    Object check(JsonNode value) {
        if (!repeated) {
            return checkOne(value);
        }
        List<Object> all = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(one -> all.add(checkOne(one)));
        } else {
            all.add(checkOne(value));
        }
        if (all.isEmpty() && !optional) {
            throw bad();
        }
        return List.copyOf(all);
    }

    private Object checkOne(JsonNode value) {
        return switch (type) {
            case "CephInt" -> {
                long number = integer(value);
                inRange(number);
                yield number;
            }
            case "CephFloat" -> {
                double number = number(value);
                inRange(number);
                yield number;
            }
            case "CephBool" -> bool(value);
            case "CephOsdName" -> osd(value);
            case "CephUUID" -> uuid(string(value));
            default -> choice(string(value));
        };
    }

    private long integer(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw bad();
        }
        return value.longValue();
    }

    private double number(JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw bad();
        }
        return value.doubleValue();
    }

    private boolean bool(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        // Programs older than the type send the option itself.
        return switch (string(value)) {
            case "true", "1", "yes" -> true;
            case "false", "0", "no" -> false;
            case String option when option.startsWith("--") -> true;
            default -> throw bad();
        };
    }

    private long osd(JsonNode value) {
        if (value.isIntegralNumber()) {
            return osdInRange(integer(value));
        }
        String text = string(value);
        String digits = text.startsWith("osd.") ? text.substring(4) : text;
        if (!digits.matches("[0-9]{1,9}")) {
            throw Refused.invalid(
                    "osd id '" + shown(text) + "' is neither a number nor osd.NUMBER");
        }
        return osdInRange(Long.parseLong(digits));
    }

    private long osdInRange(long id) {
        if (id < 0 || id > Integer.MAX_VALUE) {
            throw Refused.invalid("osd id " + id + " is out of range");
        }
        return id;
    }

    private String uuid(String text) {
        try {
            return UUID.fromString(text).toString();
        } catch (IllegalArgumentException notOne) {
            throw Refused.invalid("'" + shown(text) + "' is not a uuid");
        }
    }

    private String string(JsonNode value) {
        if (value.isString()) {
            return value.stringValue();
        }
        if (value.isNumber()) {
            return value.asString(); // ids and values of options are often given bare
        }
        throw bad();
    }

    private String choice(String word) {
        // The manager's word is not among those that people are offered, in Ceph neither.
        boolean managers = word.equals("pg_num_actual") && choices.contains("pgp_num_actual");
        if (choices.isEmpty() || choices.contains(word) || managers) {
            return word;
        }
        throw Refused.invalid(
                switch (name) {
                    case "var" -> "unrecognized variable '" + shown(word) + "'";
                    case "key" -> "unrecognized flag '" + shown(word) + "'";
                    default ->
                            name
                                    + " '"
                                    + shown(word)
                                    + "' is not one of "
                                    + String.join(", ", choices);
                });
    }

    private void inRange(double number) {
        if (range.isEmpty()) {
            return;
        }
        String[] ends = range.split("\\|");
        if (number < Double.parseDouble(ends[0])
                || ends.length > 1 && number > Double.parseDouble(ends[1])) {
            throw Refused.invalid(
                    name
                            + " is out of range: "
                            + JsonText.significant(number, 12)
                            + " not in ["
                            + range
                            + "]");
        }
    }

    private Refused bad() {
        return Refused.invalid("bad or missing field '" + name + "'");
    }

    private static String shown(String text) {
        return text.length() <= 128 ? text : text.substring(0, 128) + "...";
    }
}
