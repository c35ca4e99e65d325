package io.sepiola.monitor.command;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.monitor.state.Draft;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.caps.MonCaps;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * All commands. From this one table come the descriptions that the {@code ceph} program asks for,
 * the checks of arguments and caps, and the dispatch. Immutable.
 */
public final class CommandTable {
    /** The commands that are known. */
    public static final CommandTable STANDARD = standard();

    /** What one monitor may be told; it takes the others too, as Ceph's did before octopus. */
    public static final CommandTable TELL = new CommandTable("mon", List.of(TellCommands.rows()));

    /** For whoever may not ask. */
    public static final Answer DENIED =
            new Answer(Reply.refused(new Refused(Errno.EACCES, "access denied")), false);

    private static final String DESCRIPTIONS = "get_command_descriptions";

    private final Map<String, Row> rows = new LinkedHashMap<>();

    /** For XML, whose names depend on who is told; empty for the cluster's commands. */
    private final String told;

    private CommandTable(String told, List<List<Row>> chapters) {
        this.told = told;
        for (List<Row> chapter : chapters) {
            for (Row row : chapter) {
                if (rows.put(row.prefix(), row) != null) {
                    throw new IllegalArgumentException("command twice: " + row.prefix());
                }
            }
        }
    }

    private static CommandTable standard() {
        return new CommandTable(
                "",
                List.of(
                        StatusCommands.rows(),
                        MonCommands.rows(),
                        MonSafety.rows(),
                        MonMemberCommands.rows(),
                        CipherCommands.rows(),
                        OsdShowCommands.rows(),
                        OsdChangeCommands.rows(),
                        OsdMappingCommands.rows(),
                        OsdRemovalCommands.rows(),
                        PgCreateCommand.rows(),
                        OsdHostCommands.rows(),
                        OsdFlagCommands.rows(),
                        PoolShowCommands.rows(),
                        PoolChangeCommands.rows(),
                        ErasureProfileCommands.rows(),
                        CrushCommands.rows(),
                        CrushPlaceCommands.rows(),
                        CrushRuleCommands.rows(),
                        CrushClassCommands.rows(),
                        WeightSetCommands.rows(),
                        AuthCommands.rows(),
                        ConfigCommands.rows(),
                        ConfigHistory.rows(),
                        ConfigKeyCommands.rows(),
                        MgrCommands.rows(),
                        ManagerServed.rows()));
    }

    /** What came with the command. */
    public record Asked(List<String> command, Bytes input, AuthName who, MonCaps caps) {}

    /**
     * The answer.
     *
     * @param awaitsCommit whether it may be given only after everything drafted is committed
     */
    public record Answer(Reply reply, boolean awaitsCommit) {}

    /** Runs a command on the monitor's shard. Never throws for what the client sent. */
    public Answer run(Asked asked, Facts facts, MonitorState committed, Draft draft) {
        try {
            return dispatch(asked, facts, committed, draft);
        } catch (Refused refused) {
            return new Answer(Reply.refused(refused), false);
        } catch (Malformed malformed) {
            String why = String.valueOf(malformed.getMessage());
            return new Answer(Reply.refused(Refused.invalid(why)), false);
        }
    }

    private Answer dispatch(Asked asked, Facts facts, MonitorState committed, Draft draft) {
        CommandLine line = CommandLine.parse(asked.command());
        if (line.prefix().equals(DESCRIPTIONS)) {
            return new Answer(Reply.shown(JsonText.compact(descriptions())), false);
        }
        Row row = rows.get(line.prefix());
        if (row == null) {
            throw Refused.invalid("command not known");
        }
        if (!asked.caps().allows(row.module(), row.prefix(), line.texts(), row.access())) {
            throw new Refused(Errno.EACCES, "access denied");
        }
        Arguments arguments = row.check(line.members());
        Row.Action action = row.action();
        if (action == null) {
            throw new Refused(Errno.EOPNOTSUPP, "'" + row.prefix() + "' is served by the manager");
        }
        Call call =
                new Call(
                        arguments,
                        line.format(),
                        asked.input(),
                        asked.who(),
                        facts,
                        draft,
                        committed,
                        row.writes());
        return new Answer(line.shown(action.run(call), told), row.writes());
    }

    /** What {@code help} shows. */
    ObjectNode help() {
        ObjectNode all = JsonText.object();
        new TreeMap<>(rows).forEach((prefix, row) -> all.put(prefix, row.help()));
        return all;
    }

    /** What {@code get_command_descriptions} answers. */
    public ObjectNode descriptions() {
        ObjectNode all = JsonText.object();
        int index = 0;
        for (Row row : rows.values()) {
            all.set(String.format(Locale.ROOT, "cmd%03d", index++), row.describe());
        }
        return all;
    }

    /** The row of a command; null when there is none. */
    @Nullable Row rowOrNull(String prefix) {
        return rows.get(prefix);
    }
}
