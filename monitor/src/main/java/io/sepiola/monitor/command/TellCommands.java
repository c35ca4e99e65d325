package io.sepiola.monitor.command;

import io.sepiola.base.Malformed;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.perf.PerfCounters;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one monitor is told ({@code ceph tell mon.X}), and none of the others hears. */
final class TellCommands {
    private static final JsonMapper MAPPER = new JsonMapper();

    private TellCommands() {}

    static List<Row> rows() {
        return List.of(
                row("help", "", "r", "lists commands", call -> help(call.format())),
                row(
                        "version",
                        "",
                        "r",
                        "shows the monitor's release",
                        call -> version(call.format())),
                row("mon_status", "", "r", "shows this monitor", MonCommands::status),
                row(
                        "sessions",
                        "",
                        "r",
                        "lists the monitor's sessions",
                        call -> call.format().reply(call.facts().sessions())),
                row(
                        "perf dump",
                        "logger:CephString:opt counter:CephString:opt",
                        "r",
                        "shows what the monitor counts",
                        TellCommands::counters),
                row(
                        "perf schema",
                        "",
                        "r",
                        "describes the counters",
                        call -> json(call, call.facts().counters().schema())),
                row(
                        "perf reset",
                        "var:CephString",
                        "r",
                        "shows counters from 0 on, of one logger or all",
                        call -> json(call, call.facts().counters().reset(word(call, "var")))),
                row("config show", "", "r", "shows every option's value", TellCommands::show),
                row(
                        "config diff",
                        "",
                        "r",
                        "shows what is not at its default, and where it is set",
                        TellCommands::diff),
                row(
                        "config get",
                        "var:CephString",
                        "r",
                        "shows one option's value",
                        TellCommands::get),
                row(
                        "config set",
                        "var:CephString val:CephString:N",
                        "rw",
                        "sets an option for as long as the monitor leads",
                        TellCommands::set));
    }

    private static Row row(
            String prefix, String arguments, String access, String help, Row.Action action) {
        return Row.of(prefix, arguments, "mon", access, 0, help, action);
    }

    private static Reply help(Format format) {
        return format.reply(CommandTable.TELL.help());
    }

    private static Reply version(Format format) {
        ObjectNode node = JsonText.object();
        node.put("version", "16.2.15").put("release", "pacific").put("release_type", "stable");
        return format.reply(node);
    }

    /** What does not depend on who leads. */
    static Optional<Reply> aside(String prefix, Format format) {
        return switch (prefix) {
            case "help" -> Optional.of(help(format));
            case "version" -> Optional.of(version(format));
            default -> Optional.empty();
        };
    }

    private static Reply counters(Call call) {
        PerfCounters counters = call.facts().counters();
        return json(call, counters.dump(word(call, "logger"), word(call, "counter")));
    }

    private static String word(Call call, String name) {
        return call.arguments().textIfGiven(name).orElse("");
    }

    private static Reply json(Call call, Map<String, Object> shown) {
        return call.format().reply(MAPPER.<ObjectNode>valueToTree(shown));
    }

    private static RunningOptions running(Call call) {
        return call.facts().running(call.state());
    }

    private static Reply show(Call call) {
        ObjectNode node = JsonText.object().put("name", "mon." + call.facts().name());
        node.put("cluster", "ceph");
        running(call).all().forEach(node::put);
        return call.format().reply(node);
    }

    private static Reply diff(Call call) {
        ObjectNode node = JsonText.object();
        ObjectNode all = node.putObject("diff");
        running(call)
                .differences()
                .forEach((name, values) -> {
                    ObjectNode each = all.putObject(name);
                    values.forEach(each::put);
                });
        return call.format().reply(node);
    }

    private static String name(Call call) {
        return call.arguments().text("var").replace('-', '_').replace(' ', '_');
    }

    private static Reply get(Call call) {
        String name = name(call);
        String value =
                running(call)
                        .value(name)
                        .orElseThrow(() -> Refused.invalid(RunningOptions.unknown(name)));
        return call.format().reply(JsonText.object().put(name, value));
    }

    private static Reply set(Call call) {
        String name = name(call);
        String value = String.join(" ", call.arguments().texts("val"));
        try {
            RunningOptions next = running(call).overridden(name, value);
            call.facts().override(next.overrides());
            String said = name + " = '" + next.value(name).orElse("") + "' ";
            return call.format().reply(JsonText.object().put("success", said));
        } catch (Malformed why) {
            throw Refused.invalid(String.valueOf(why.getMessage()));
        }
    }
}
