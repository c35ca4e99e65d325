package io.sepiola.osd.daemon;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Identity;
import io.sepiola.osd.OsdOptions;
import io.sepiola.osd.pg.GroupCommands;
import io.sepiola.osd.pg.Pg;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.caps.OsdCaps;
import io.sepiola.protocol.dump.XmlDump;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.tell.CommonCommands;
import io.sepiola.protocol.tell.OperationHistory;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Answers what an OSD is told, by {@code ceph tell osd.N ...} and through its admin socket. Owned
 * by the OSD's shard.
 */
final class Tell {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
    private static final PrettyPrinter PRINTER = printer();
    private static final int EINVAL = -22;
    private static final int EACCES = -13;
    private static final int ENOENT = -2;
    private static final int EAGAIN = -11;
    private static final int EIO = -5;
    private static final int COMMAND_SIZE_MAX = 64 << 10;

    private final OsdOptions options;
    private final OsdSettings settings;
    private final PlacementGroups groups;
    private final OpsInFlight operations;
    private final Bench bench;
    private final LongSupplier flush;
    private final TellTable table = new TellTable();

    /**
     * Knows its commands.
     *
     * @param flush reports to the manager at once, and tells the report's number
     */
    Tell(
            OsdOptions options,
            OsdSettings settings,
            PlacementGroups groups,
            OpsInFlight operations,
            Bench bench,
            LongSupplier flush) {
        this.bench = bench;
        this.flush = flush;
        this.operations = operations;
        this.settings = settings;
        this.options = options;
        this.groups = groups;
        addOwn();
        addCommon();
        addOperations();
        addReports();
        addGroups();
    }

    /** As Ceph prints JSON for people. */
    private static PrettyPrinter printer() {
        DefaultIndenter indenter = new DefaultIndenter("    ", "\n");
        return new DefaultPrettyPrinter(
                        Separators.createDefaultInstance()
                                .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                                .withObjectEmptySeparator("")
                                .withArrayEmptySeparator(""))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
    }

    /** Who may everything with OSDs is answered. */
    void answer(Connection connection, MCommand command) {
        Identity identity = connection.identityOrNull();
        boolean may =
                identity != null
                        && OsdCaps.of(identity.caps(), identity.allowAll())
                                .heldBy(connection.peerSeenAt())
                                .allowAll();
        if (may) {
            answer(command).thenAccept(connection::send);
        } else {
            connection.send(
                    refused(command, EACCES, "access denied: the osd caps must be 'allow *'"));
        }
    }

    /** Before it can answer, and after. */
    static MCommandReply busy(MCommand command) {
        return refused(command, EAGAIN, "the OSD does not run yet, or no more");
    }

    /** Answers without asking who it is: at once, or on the shard when it is done. */
    CompletableFuture<MCommandReply> answer(MCommand command) {
        try {
            return answer(command, request(command));
        } catch (TellTable.Refusal refusal) {
            return CompletableFuture.completedFuture(refused(command, refusal));
        } catch (Malformed why) {
            String text = String.valueOf(why.getMessage());
            return CompletableFuture.completedFuture(refused(command, EINVAL, text));
        }
    }

    private static JsonNode request(MCommand command) {
        String text = String.join("", command.command());
        if (text.length() > COMMAND_SIZE_MAX) {
            throw new TellTable.Refusal(EINVAL, "the command is longer than 64 KiB");
        }
        try {
            return JSON.readTree(text);
        } catch (JacksonException noJson) {
            throw new TellTable.Refusal(EINVAL, "the command is no JSON");
        }
    }

    private static MCommandReply refused(MCommand command, TellTable.Refusal refusal) {
        return refused(command, refusal.result(), refusal.why());
    }

    private static MCommandReply refused(MCommand command, int result, String why) {
        return new MCommandReply(command.tid(), result, why, Bytes.EMPTY);
    }

    private CompletableFuture<MCommandReply> answer(MCommand command, JsonNode request) {
        String prefix = request.path("prefix").asString("");
        if (request.has("pgid") && !prefix.equals("get_command_descriptions")) {
            return CompletableFuture.completedFuture(ofGroup(command, request));
        }
        TellTable.Action action = table.find(prefix).orElseThrow(() -> unknown(prefix));
        Object answer = action.run(request);
        if (!(answer instanceof CompletableFuture<?> later)) {
            return CompletableFuture.completedFuture(shown(command, request, answer));
        }
        return later.handle((output, failure) ->
                switch (failure) {
                    case null -> shown(command, request, output);
                    case TellTable.Refusal refusal -> refused(command, refusal);
                    default -> refused(command, EIO, String.valueOf(failure));
                });
    }

    private static MCommandReply shown(
            MCommand command, JsonNode request, @Nullable Object answer) {
        String prefix = request.path("prefix").asString("");
        String format = request.path("format").asString("");
        return answer instanceof TellTable.Said said
                ? new MCommandReply(
                        command.tid(), 0, said.text(), print(prefix, said.output(), format))
                : new MCommandReply(command.tid(), 0, "", print(prefix, answer, format));
    }

    private TellTable.Refusal unknown(String prefix) {
        return new TellTable.Refusal(
                EINVAL,
                "no command '" + prefix + "'; there are: " + String.join(", ", table.names()));
    }

    private static Bytes print(String prefix, @Nullable Object output, String format) {
        if (output == null) {
            return Bytes.EMPTY;
        }
        if (XmlDump.isXml(format)) {
            String json = JSON.writeValueAsString(output);
            return Bytes.utf8(XmlDump.of("osd", prefix, Map.of(), json, format));
        }
        boolean compact = format.equals("json");
        return Bytes.utf8(
                compact || output instanceof Number
                        ? JSON.writeValueAsString(output)
                        : JSON.writer().with(PRINTER).writeValueAsString(output) + "\n");
    }

    private void addOwn() {
        table.add("get_command_descriptions", "", "lists commands", request -> descriptions());
        table.add("help", "", "lists commands", request -> table.help());
        table.add("version", "", "shows the OSD's release", request -> release());
        table.add("status", "", "shows the OSD's state", request -> status());
        table.add(
                "clear_shards_repaired",
                "count:CephInt:opt",
                "num_shards_repaired is 0, or that many, from now on",
                request -> {
                    long count = Math.max(0, request.path("count").asLong(0));
                    groups.scrubs().mendedCount(count);
                    return null;
                });
    }

    private Map<String, Object> descriptions() {
        return table.descriptions();
    }

    private Map<String, Object> release() {
        Map<String, Object> release = new LinkedHashMap<>();
        release.put("version", options.metadata().getOrDefault("ceph_version_short", ""));
        release.put("release", "pacific");
        release.put("release_type", "stable");
        return release;
    }

    private Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("cluster_fsid", groups.map().fsid().toString());
        status.put("osd_fsid", groups.map().uuid(options.id()).toString());
        status.put("whoami", options.id());
        status.put("state", groups.map().isUp(options.id()) ? "active" : "booting");
        status.put("oldest_map", groups.oldestMap());
        status.put("cluster_osdmap_trim_lower_bound", groups.oldestMap());
        status.put("newest_map", groups.map().epoch());
        status.put("num_pgs", groups.count());
        return status;
    }

    /** What daemons of all kinds know. */
    private void addCommon() {
        CommonCommands.ROWS.forEach(row ->
                table.add(
                        row.prefix(),
                        row.arguments(),
                        row.help(),
                        request -> common(row.action(), request)));
    }

    private TellTable.Said common(CommonCommands.Action action, JsonNode request) {
        try {
            CommonCommands.Told told = action.run(settings, name -> words(request.path(name)));
            return new TellTable.Said(told.text(), told.output());
        } catch (CommonCommands.Refusal refusal) {
            throw new TellTable.Refusal(refusal.result(), refusal.why());
        }
    }

    private static List<String> words(JsonNode value) {
        List<String> words = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(word -> words.add(word.asString("")));
        } else if (value.isValueNode() && !value.isNull()) {
            words.add(value.asString(""));
        }
        return words;
    }

    private void addOperations() {
        String inFlight = "shows the operations that are not answered yet";
        table.add("ops", "", inFlight, request -> operations.dump());
        table.add("dump_ops_in_flight", "", inFlight, request -> operations.dump());
        table.add(
                "dump_blocked_ops",
                "",
                "shows those that are slow",
                request -> operations.blocked());
        OperationHistory history = groups.counters().history();
        table.add(
                "dump_historic_ops",
                "",
                "shows the slowest operations of the last while",
                request -> history.dump());
        table.add(
                "dump_historic_ops_by_duration",
                "",
                "shows the same, the slowest first",
                request -> history.dumpByDuration());
        table.add(
                "dump_historic_slow_ops",
                "",
                "shows the last operations that were very slow",
                request -> history.dumpSlow());
    }

    private void addReports() {
        table.add(
                "flush_pg_stats",
                "",
                "reports to the manager at once",
                request -> flush.getAsLong());
        table.add(
                "bench",
                "count:CephInt:opt size:CephInt:opt object_size:CephInt:opt object_num:CephInt:opt",
                "writes so many bytes in blocks of a size, removes them, and tells how fast it was",
                request ->
                        bench.run(
                                new Bench.Plan(
                                        request.path("count").asLong(Bench.Plan.DEFAULT.bytes()),
                                        request.path("size").asLong(Bench.Plan.DEFAULT.block()),
                                        request.path("object_size").asLong(0),
                                        request.path("object_num").asLong(0)),
                                settings.running()));
    }

    private void addGroups() {
        addGroup("query", "");
        addGroup("list_unfound", "offset:CephString:opt");
        addGroup("mark_unfound_lost", "mulcmd:CephChoices=revert|delete");
    }

    /** By its own name, and by the older one of the placement groups. */
    private void addGroup(String name, String arguments) {
        String help = name.replace('_', ' ') + " of a placement group";
        TellTable.Action nowhere =
                request -> {
                    throw new TellTable.Refusal(EINVAL, "the pgid is missing");
                };
        String pg = "pgid:CephPgid cmd:CephChoices=" + name + " " + arguments;
        table.addOfGroup("pg", pg, help, nowhere);
        table.addOfGroup(name, arguments, help, nowhere);
    }

    /** {@code ceph pg PGID ...} and {@code ceph tell PGID ...}. */
    private MCommandReply ofGroup(MCommand command, JsonNode request) {
        String prefix = request.path("prefix").asString("");
        String name = prefix.equals("pg") ? request.path("cmd").asString("") : prefix;
        String text = request.path("pgid").asString("");
        String argument = request.path("mulcmd").asString(request.path("offset").asString(""));
        Pg pg =
                find(text)
                        .orElseThrow(
                                () -> new TellTable.Refusal(ENOENT, "i don't have pgid " + text));
        GroupCommands.Told told =
                pg.commands()
                        .run(name, argument)
                        .orElseThrow(() ->
                                new TellTable.Refusal(
                                        EINVAL,
                                        "no command '"
                                                + name
                                                + "' of a placement group; there are: query,"
                                                + " list_unfound, mark_unfound_lost"));
        return new MCommandReply(
                command.tid(), told.result(), told.text(), Bytes.utf8(told.output()));
    }

    private Optional<Pg> find(String text) {
        try {
            return groups.find(PgId.parse(text));
        } catch (Malformed noPg) {
            return Optional.empty();
        }
    }
}
