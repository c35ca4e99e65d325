package io.sepiola.monitor.command;

import io.sepiola.base.Malformed;
import io.sepiola.client.CephConf;
import io.sepiola.monitor.state.Settings;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.AuthName;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the kept options were, how they came to be, and what files say of them. */
final class ConfigHistory {
    private static final long SHOWN = 10;
    private static final int FILE_SIZE_MAX = 1 << 20;

    private ConfigHistory() {}

    static List<Row> rows() {
        return List.of(
                row(
                        "config log",
                        "num:CephInt:opt",
                        "r",
                        "shows the newest changes of options, 10 unless told otherwise",
                        ConfigHistory::log),
                row(
                        "config reset",
                        "num:CephInt[0]",
                        "rw",
                        "puts the options back to what they were after change NUM, see config log",
                        ConfigHistory::reset),
                row(
                        "config assimilate-conf",
                        "",
                        "rw",
                        "takes over the options of a ceph.conf (-i) and gives back what is left",
                        ConfigHistory::assimilate));
    }

    private static Row row(
            String prefix, String arguments, String access, String help, Row.Action action) {
        return Row.of(prefix, arguments, "config", access, 0, help, action);
    }

    private static String key(Settings.Edit edit) {
        return edit.section() + "/" + edit.option();
    }

    private static Reply log(Call call) {
        long count = Math.max(0, call.arguments().number("num", SHOWN));
        List<Settings.Step> steps =
                call.state().settings().history().reversed().stream().limit(count).toList();
        return call.format().reply(() -> plain(steps), () -> json(steps));
    }

    private static String plain(List<Settings.Step> steps) {
        StringBuilder out = new StringBuilder();
        for (Settings.Step step : steps) {
            out.append("--- ")
                    .append(step.version())
                    .append(" --- ")
                    .append(Units.stamp(step.stamp()));
            out.append(step.why().isEmpty() ? "" : " --- " + step.why()).append(" ---\n");
            for (Settings.Edit edit : sorted(step)) {
                edit.before().ifPresent(value -> line(out, "- ", edit, value));
                edit.after().ifPresent(value -> line(out, "+ ", edit, value));
            }
        }
        return out.toString();
    }

    private static List<Settings.Edit> sorted(Settings.Step step) {
        return step.edits().stream().sorted(Comparator.comparing(ConfigHistory::key)).toList();
    }

    private static void line(StringBuilder out, String mark, Settings.Edit edit, String value) {
        out.append(mark).append(key(edit)).append(" = ").append(value).append('\n');
    }

    private static ArrayNode json(List<Settings.Step> steps) {
        ArrayNode all = JsonText.array();
        for (Settings.Step step : steps) {
            ObjectNode node = all.addObject();
            node.put("version", step.version()).put("timestamp", Units.stamp(step.stamp()));
            node.put("name", step.why());
            ArrayNode changes = node.putArray("changes");
            for (Settings.Edit edit : sorted(step)) {
                ObjectNode change = changes.addObject().put("name", key(edit));
                edit.before().ifPresent(value -> change.put("previous_value", value));
                edit.after().ifPresent(value -> change.put("new_value", value));
            }
        }
        return all;
    }

    private static Reply reset(Call call) {
        Settings settings = call.state().settings();
        long wanted = call.arguments().number("num");
        long oldest = settings.version() - settings.history().size();
        if (wanted < oldest || wanted > settings.version()) {
            throw Refused.invalid(
                    "must specify a valid historical version to revert to; see 'ceph config log'"
                            + " for a list of available configuration historical versions");
        }
        // Backwards, so that of several changes of an option the oldest value is what remains.
        Map<String, Settings.Edit> back = new LinkedHashMap<>();
        for (Settings.Step step : settings.history().reversed()) {
            if (step.version() > wanted) {
                for (Settings.Edit edit : step.edits()) {
                    back.put(
                            key(edit),
                            new Settings.Edit(
                                    edit.section(),
                                    edit.option(),
                                    ConfigCommands.now(call, edit.section(), edit.option()),
                                    edit.before()));
                }
            }
        }
        ConfigCommands.edit(call, "reset to " + wanted, List.copyOf(back.values()));
        return Reply.said("");
    }

    private static Reply assimilate(Call call) {
        if (call.input().size() > FILE_SIZE_MAX) {
            throw Refused.invalid("a ceph.conf of " + call.input().size() + " bytes");
        }
        CephConf conf;
        try {
            conf = CephConf.parse(call.input().toUtf8(), "ceph", AuthName.parse("client.admin"));
        } catch (Malformed malformed) {
            throw Refused.invalid("cannot read the file: " + malformed.getMessage());
        }
        List<Settings.Edit> edits = new ArrayList<>();
        StringBuilder rest = new StringBuilder();
        for (String section : conf.sections()) {
            StringBuilder left = new StringBuilder();
            conf.section(section)
                    .forEach((option, value) -> {
                        Optional<String> kept = ConfigCommands.mayKeep(section, option, value);
                        if (kept.isPresent()) {
                            Optional<String> before = ConfigCommands.now(call, section, option);
                            edits.add(new Settings.Edit(section, option, before, kept));
                        } else {
                            left.append('\t').append(option).append(" = ").append(value);
                            left.append('\n');
                        }
                    });
            if (!left.isEmpty()) {
                rest.append('[').append(section).append("]\n").append(left);
            }
        }
        ConfigCommands.edit(call, "assimilate-conf", edits);
        return Reply.shown(rest.toString());
    }
}
