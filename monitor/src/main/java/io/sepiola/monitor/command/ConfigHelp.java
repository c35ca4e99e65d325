package io.sepiola.monitor.command;

import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.option.Option;
import io.sepiola.protocol.option.OptionTable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/** {@code config help}. */
final class ConfigHelp {
    private ConfigHelp() {}

    static Reply help(Call call) {
        String name = call.arguments().text("key").replace(' ', '_').replace('-', '_');
        Option option =
                OptionTable.STANDARD
                        .find(name)
                        .orElseThrow(() ->
                                Refused.missing(
                                        "configuration option '"
                                                + ConfigCommands.cut(name)
                                                + "' not recognized"));
        return call.format().reply(() -> plain(option), () -> json(option));
    }

    private static String plain(Option option) {
        StringBuilder out = new StringBuilder();
        out.append(option.name()).append(" - ").append(option.sentence()).append('\n');
        out.append("  (").append(option.type()).append(", ").append(option.level()).append(")\n");
        if (option.daemonStandard().isEmpty()) {
            line(out, "Default", option.standard());
        } else {
            line(out, "Default (non-daemon)", option.standard());
            line(out, "Default (daemon)", option.daemonStandard());
        }
        if (!option.choices().isEmpty()) {
            line(out, "Possible values", " " + String.join(" ", option.choices()));
        }
        if (!option.min().isEmpty()) {
            line(out, "Minimum", option.min());
            line(out, "Maximum", option.max());
        }
        line(out, "Can update at runtime", Boolean.toString(option.isRuntime()));
        listed(out, "Services", option.services());
        listed(out, "Tags", option.tags());
        listed(out, "See also", option.related());
        return out.toString();
    }

    private static void line(StringBuilder out, String what, String value) {
        out.append("  ").append(what).append(": ").append(value).append('\n');
    }

    private static void listed(StringBuilder out, String what, List<String> words) {
        if (!words.isEmpty()) {
            line(out, what, "[" + String.join(",", words) + "]");
        }
    }

    private static ObjectNode json(Option option) {
        ObjectNode node = JsonText.object();
        node.put("name", option.name()).put("type", option.type()).put("level", option.level());
        node.put("desc", option.sentence()).put("long_desc", "");
        value(node, "default", option, option.standard());
        value(node, "daemon_default", option, option.daemonStandard());
        words(node.putArray("tags"), option.tags());
        words(node.putArray("services"), option.services());
        words(node.putArray("see_also"), option.related());
        if (option.type().equals("str")) {
            words(node.putArray("enum_values"), option.choices());
        }
        value(node, "min", option, option.min());
        value(node, "max", option, option.max());
        node.put("can_update_at_runtime", option.isRuntime());
        words(node.putArray("flags"), option.flags());
        return node;
    }

    private static void words(ArrayNode list, List<String> words) {
        words.forEach(list::add);
    }

    private static void value(ObjectNode node, String key, Option option, String text) {
        if (text.isEmpty()) {
            node.put(key, "");
            return;
        }
        switch (option.type()) {
            case "int", "uint" -> node.put(key, new BigInteger(text));
            case "float" -> node.put(key, new BigDecimal(text));
            case "bool" -> node.put(key, Boolean.parseBoolean(text));
            default -> node.put(key, text);
        }
    }
}
