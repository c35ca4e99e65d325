package io.sepiola.monitor.command;

import io.sepiola.monitor.operation.Operations;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.perf.PerfCounters;
import io.sepiola.protocol.tell.CommonCommands;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;

/** What one monitor is told ({@code ceph tell mon.X}), and none of the others hears. */
final class TellCommands {
    private static final JsonMapper MAPPER = new JsonMapper();

    private TellCommands() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(row("help", "", "r", "lists commands", call -> help(call.format())));
        rows.add(
                row(
                        "version",
                        "",
                        "r",
                        "shows the monitor's release",
                        call -> version(call.format())));
        rows.add(row("mon_status", "", "r", "shows this monitor", MonCommands::status));
        rows.add(
                row(
                        "sessions",
                        "",
                        "r",
                        "lists the monitor's sessions",
                        call -> call.format().reply(call.facts().sessions())));
        rows.add(
                operations("ops", "shows the requests that are not done yet", Operations::waiting));
        rows.add(
                operations(
                        "dump_historic_ops",
                        "shows the slowest requests of the last while",
                        operations -> operations.history().dump()));
        rows.add(
                operations(
                        "dump_historic_ops_by_duration",
                        "shows the same, the slowest first",
                        operations -> operations.history().dumpByDuration()));
        rows.add(
                operations(
                        "dump_historic_slow_ops",
                        "shows the last requests that were very slow",
                        operations -> operations.history().dumpSlow()));
        CommonCommands.ROWS.forEach(common ->
                rows.add(
                        row(
                                common.prefix(),
                                common.arguments(),
                                common.access(),
                                common.help(),
                                call -> common(common.action(), call))));
        return rows;
    }

    private static Row row(
            String prefix, String arguments, String access, String help, Row.Action action) {
        return Row.of(prefix, arguments, "mon", access, 0, help, action);
    }

    private static Row operations(
            String prefix, String help, Function<Operations, Map<String, Object>> shown) {
        return row(
                prefix,
                "",
                "r",
                help,
                call -> {
                    Operations operations = call.facts().operations();
                    return operations.enabled()
                            ? call.format()
                                    .reply(MAPPER.<ObjectNode>valueToTree(shown.apply(operations)))
                            : Reply.said(
                                    "requests are not tracked; mon_enable_op_tracker is false");
                });
    }

    private static Reply help(Format format) {
        return format.reply(CommandTable.TELL.help());
    }

    private static Reply version(Format format) {
        ObjectNode node = JsonText.object();
        node.put("version", "16.2.15").put("release", "pacific").put("release_type", "stable");
        return format.reply(node);
    }

    private static Reply common(CommonCommands.Action action, Call call) {
        try {
            CommonCommands.Told told = action.run(new Told(call), call.arguments()::words);
            Reply shown = call.format().reply(MAPPER.<ObjectNode>valueToTree(told.output()));
            return Reply.of(told.text(), shown.output());
        } catch (CommonCommands.Refusal refusal) {
            throw new Refused(refusal.result(), refusal.why());
        }
    }

    /** The monitor, as one command sees it. */
    private record Told(Call call) implements CommonCommands.Daemon {
        @Override
        public String name() {
            return "mon." + call.facts().name();
        }

        @Override
        public RunningOptions running() {
            return call.facts().running(call.state());
        }

        @Override
        public void override(SortedMap<String, String> values) {
            call.facts().override(values);
        }

        @Override
        public PerfCounters counters() {
            return call.facts().counters();
        }
    }
}
