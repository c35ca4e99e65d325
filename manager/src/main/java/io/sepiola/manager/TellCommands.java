package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.manager.Command.Answer;
import io.sepiola.manager.Command.Refused;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.perf.PerfCounters;
import io.sepiola.protocol.tell.CommonCommands;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What one manager is told of itself, by {@code ceph tell mgr.X} and through its admin socket.
 * Owned by the manager's shard.
 */
final class TellCommands implements CommonCommands.Daemon {
    private static final String DESCRIPTIONS = "get_command_descriptions";

    /** What a command does. */
    @FunctionalInterface
    private interface Action {
        /** Fills in the answer's members; what is said beside. */
        String run(Command command, JsonOut out);
    }

    private record Row(CommandTable.Row described, Action action) {}

    private final String name;
    private final ModuleOptions options;
    private final PerfCounters counters;
    private final Consumer<SortedMap<String, String>> overridden;
    private final Supplier<Status> status;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /**
     * How the manager is.
     *
     * @param epoch of the managers' map
     * @param active whether it is the active one
     */
    record Status(int epoch, boolean active) {}

    /**
     * Of one manager.
     *
     * @param overridden takes over what is set while it runs
     */
    TellCommands(
            String id,
            ModuleOptions options,
            PerfCounters counters,
            Consumer<SortedMap<String, String>> overridden,
            Supplier<Status> status) {
        this.counters = counters;
        this.overridden = overridden;
        this.name = "mgr." + id;
        this.options = options;
        this.status = status;
        add(DESCRIPTIONS, "lists commands", out -> {});
        add("help", "lists commands", this::help);
        add("version", "shows the manager's release", TellCommands::version);
        add("mgr_status", "shows the manager's state", this::status);
        CommonCommands.ROWS.forEach(row ->
                add(
                        row.prefix(),
                        row.arguments(),
                        row.access(),
                        row.help(),
                        (command, out) -> {
                            CommonCommands.Told told = row.action().run(this, command::strings);
                            out.members(told.output());
                            return told.text();
                        }));
    }

    private void add(String prefix, String help, Consumer<JsonOut> shown) {
        add(
                prefix,
                "",
                "r",
                help,
                (command, out) -> {
                    shown.accept(out);
                    return "";
                });
    }

    private void add(String prefix, String arguments, String access, String help, Action action) {
        List<Command.Parameter> parameters =
                Arrays.stream(arguments.split(" "))
                        .filter(text -> !text.isEmpty())
                        .map(Command.Parameter::parse)
                        .toList();
        CommandTable.Row row = new CommandTable.Row(prefix, parameters, "mgr", access, help);
        rows.put(prefix, new Row(row, action));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public RunningOptions running() {
        return options.running();
    }

    @Override
    public void override(SortedMap<String, String> values) {
        overridden.accept(values);
    }

    @Override
    public PerfCounters counters() {
        return counters;
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
            String text = row.action.run(command, out);
            Answer answer = new Answer(0, text, Bytes.utf8(out.end().toString()));
            return Optional.of(command.shown(answer, "mgr"));
        } catch (Refused refused) {
            return Optional.of(refused.answer());
        } catch (CommonCommands.Refusal refusal) {
            return Optional.of(Answer.refused(-refusal.result(), refusal.why()));
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
}
