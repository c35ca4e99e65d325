package io.sepiola.monitor.command;

import io.sepiola.protocol.option.Option;
import io.sepiola.protocol.option.OptionDump;
import io.sepiola.protocol.option.OptionTable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** {@code config help}. */
final class ConfigHelp {
    private static final JsonMapper MAPPER = new JsonMapper();

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
        return MAPPER.valueToTree(OptionDump.of(option));
    }
}
