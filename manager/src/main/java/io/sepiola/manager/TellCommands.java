package io.sepiola.manager;

import io.sepiola.manager.Command.Answer;
import io.sepiola.manager.Command.Refused;
import io.sepiola.protocol.option.RunningOptions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What one manager is told of itself, by {@code ceph tell mgr.X} and through its admin socket.
 * Owned by the manager's shard.
 */
final class TellCommands {
    private static final String DESCRIPTIONS = "get_command_descriptions";

    /** What a command does. */
    @FunctionalInterface
    private interface Action {
        void run(Command command, JsonOut out);
    }

    private record Row(CommandTable.Row described, Action action) {}

    private final String name;
    private final ModuleOptions options;
    private final Supplier<Status> status;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /**
     * How the manager is.
     *
     * @param epoch of the managers' map
     * @param active whether it is the active one
     */
    record Status(int epoch, boolean active) {}

    TellCommands(String id, ModuleOptions options, Supplier<Status> status) {
        this.name = "mgr." + id;
        this.options = options;
        this.status = status;
        add(DESCRIPTIONS, "", "lists commands", (command, out) -> {});
        add("help", "", "lists commands", (command, out) -> help(out));
        add("version", "", "shows the manager's release", (command, out) -> version(out));
        add("mgr_status", "", "shows the manager's state", (command, out) -> status(out));
        add("config show", "", "shows every option's value", (command, out) -> show(out));
        add(
                "config diff",
                "",
                "shows what is not at its default, and where it is set",
                (command, out) -> diff(out));
        add("config get", "var:CephString", "shows one option's value", this::get);
    }

    private void add(String prefix, String arguments, String help, Action action) {
        List<Command.Parameter> parameters =
                arguments.isEmpty() ? List.of() : List.of(Command.Parameter.parse(arguments));
        CommandTable.Row row = new CommandTable.Row(prefix, parameters, "mgr", "r", help);
        rows.put(prefix, new Row(row, action));
    }

    /**
     * Answers; nothing when it is none of these commands, or one of the cluster's with the same
     * name. Never throws for what a client sent.
     */
    Optional<Answer> run(List<String> words) {
        try {
            Command command = Command.parse(words);
            Row row = rows.get(command.prefix());
            if (row == null || !command.strings("who").isEmpty()) {
                return Optional.empty();
            }
            if (command.prefix().equals(DESCRIPTIONS)) {
                return Optional.of(Answer.shown(descriptions()));
            }
            row.described.parameters().forEach(parameter -> parameter.check(command));
            JsonOut out = new JsonOut(!command.json() || command.pretty()).object();
            row.action.run(command, out);
            Answer answer = Answer.shown(out.end().toString());
            return Optional.of(command.shown(answer, "mgr"));
        } catch (Refused refused) {
            return Optional.of(refused.answer());
        }
    }

    /** These, and then the cluster's. */
    private String descriptions() {
        List<CommandTable.Row> all = rows.values().stream().map(Row::described).toList();
        return CommandTable.STANDARD.descriptions(all);
    }

    private void help(JsonOut out) {
        new TreeMap<>(rows).forEach((prefix, row) -> out.put(prefix, row.described.help()));
    }

    private static void version(JsonOut out) {
        out.put("version", "16.2.15").put("release", "pacific").put("release_type", "stable");
    }

    private void status(JsonOut out) {
        Status now = status.get();
        out.put("mgrmap_epoch", now.epoch).put("initialized", now.active);
    }

    private void show(JsonOut out) {
        out.put("name", name).put("cluster", "ceph");
        options.running().all().forEach(out::put);
    }

    private void diff(JsonOut out) {
        out.object("diff");
        options.running()
                .differences()
                .forEach((option, values) -> {
                    out.object(option);
                    values.forEach(out::put);
                    out.end();
                });
        out.end();
    }

    private void get(Command command, JsonOut out) {
        String option = command.required("var").replace('-', '_').replace(' ', '_');
        String value =
                options.running()
                        .value(option)
                        .orElseThrow(
                                () -> new Refused(Refused.EINVAL, RunningOptions.unknown(option)));
        out.put(option, value);
    }
}
