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
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.option.RunningOptions;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.PrettyPrinter;
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

/** Answers {@code ceph tell osd.N ...}. Owned by the OSD's shard. */
final class Tell {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final PrettyPrinter PRINTER = printer();
    private static final List<String> PREFIXES =
            List.of(
                    "version",
                    "status",
                    "dump_ops_in_flight",
                    "ops",
                    "dump_blocked_ops",
                    "config show",
                    "config diff",
                    "clear_shards_repaired");
    private static final int EINVAL = -22;
    private static final int EACCES = -13;
    private static final int ENOENT = -2;
    private static final int COMMAND_SIZE_MAX = 64 << 10;

    private final OsdOptions options;
    private final OsdSettings settings;
    private final PlacementGroups groups;
    private final OpsInFlight operations;

    Tell(OsdOptions options, OsdSettings settings, PlacementGroups groups, OpsInFlight operations) {
        this.operations = operations;
        this.settings = settings;
        this.options = options;
        this.groups = groups;
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

    void answer(Connection connection, MCommand command) {
        Identity identity = connection.identityOrNull();
        boolean may =
                identity != null
                        && OsdCaps.of(identity.caps(), identity.allowAll())
                                .heldBy(connection.peerSeenAt())
                                .allowAll();
        String text = String.join("", command.command());
        if (!may) {
            reply(
                    connection,
                    command,
                    EACCES,
                    "access denied: the osd caps must be 'allow *'",
                    null);
        } else if (text.length() > COMMAND_SIZE_MAX) {
            reply(connection, command, EINVAL, "the command is longer than 64 KiB", null);
        } else {
            try {
                run(connection, command, JSON.readTree(text));
            } catch (JacksonException noJson) {
                reply(connection, command, EINVAL, "the command is no JSON", null);
            }
        }
    }

    private void run(Connection connection, MCommand command, JsonNode request) {
        String prefix = request.path("prefix").asString("");
        if (request.has("pgid") && !prefix.equals("get_command_descriptions")) {
            runOfGroup(connection, command, request);
            return;
        }
        switch (prefix) {
            case "get_command_descriptions" -> reply(connection, command, 0, "", descriptions());
            case "version" -> reply(connection, command, 0, "", release());
            case "status" -> reply(connection, command, 0, "", status());
            case "config show" ->
                    reply(connection, command, 0, "", named(settings.running().all()));
            case "config diff" ->
                    reply(
                            connection,
                            command,
                            0,
                            "",
                            Map.of("diff", settings.running().differences()));
            case "config get", "config set", "injectargs" ->
                    option(connection, command, prefix, request);
            case "dump_blocked_ops" -> reply(connection, command, 0, "", operations.blocked());
            case "dump_ops_in_flight", "ops" ->
                    reply(connection, command, 0, "", operations.dump());
            case "clear_shards_repaired" -> {
                groups.scrubs().mendedCount(Math.max(0, request.path("count").asLong(0)));
                reply(connection, command, 0, "", null);
            }
            default ->
                    reply(
                            connection,
                            command,
                            EINVAL,
                            "no command '"
                                    + prefix
                                    + "'; there are: "
                                    + String.join(", ", PREFIXES),
                            null);
        }
    }

    private Map<String, Object> named(Map<String, String> values) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", "osd." + options.id());
        all.put("cluster", "ceph");
        all.putAll(values);
        return all;
    }

    private void option(Connection connection, MCommand command, String prefix, JsonNode request) {
        String name = request.path("var").asString("").replace('-', '_').replace(' ', '_');
        try {
            if (prefix.equals("config get")) {
                String value =
                        settings.running()
                                .value(name)
                                .orElseThrow(() -> new Malformed(RunningOptions.unknown(name)));
                reply(connection, command, 0, "", Map.of(name, value));
            } else if (prefix.equals("config set")) {
                String said = settings.set(name, words(request.path("val")));
                reply(connection, command, 0, "", Map.of("success", said));
            } else {
                String said = settings.inject(words(request.path("injected_args")));
                reply(connection, command, 0, said, Map.of());
            }
        } catch (Malformed why) {
            reply(connection, command, EINVAL, String.valueOf(why.getMessage()), null);
        }
    }

    private static String words(JsonNode value) {
        if (!value.isArray()) {
            return value.asString("");
        }
        List<String> words = new ArrayList<>();
        value.forEach(word -> words.add(word.asString("")));
        return String.join(" ", words);
    }

    /** {@code ceph pg PGID ...} and {@code ceph tell PGID ...}. */
    private void runOfGroup(Connection connection, MCommand command, JsonNode request) {
        String prefix = request.path("prefix").asString("");
        String name = prefix.equals("pg") ? request.path("cmd").asString("") : prefix;
        String text = request.path("pgid").asString("");
        String argument = request.path("mulcmd").asString(request.path("offset").asString(""));
        Optional<Pg> pg = find(text);
        if (pg.isEmpty()) {
            reply(connection, command, ENOENT, "i don't have pgid " + text, null);
            return;
        }
        Optional<GroupCommands.Told> told = pg.get().commands().run(name, argument);
        if (told.isEmpty()) {
            reply(
                    connection,
                    command,
                    EINVAL,
                    "no command '"
                            + name
                            + "' of a placement group; there are: query,"
                            + " list_unfound, mark_unfound_lost",
                    null);
            return;
        }
        GroupCommands.Told answer = told.get();
        connection.send(
                new MCommandReply(
                        command.tid(),
                        answer.result(),
                        answer.text(),
                        Bytes.utf8(answer.output())));
    }

    private Optional<Pg> find(String text) {
        try {
            return groups.find(PgId.parse(text));
        } catch (Malformed noPg) {
            return Optional.empty();
        }
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

    private static Map<String, Object> descriptions() {
        Map<String, Object> all = new LinkedHashMap<>();
        int number = 0;
        for (String prefix : PREFIXES) {
            all.put(
                    "cmd%03d".formatted(number++),
                    Map.of(
                            "sig",
                            prefix.split(" "),
                            "help",
                            prefix.endsWith("s_in_flight") || prefix.equals("ops")
                                    ? "show the ops currently in flight"
                                    : "show the daemon's " + prefix,
                            "module",
                            "osd",
                            "perm",
                            "r",
                            "flags",
                            0));
        }
        for (List<Object> signature : optionSignatures()) {
            all.put(
                    "cmd%03d".formatted(number++),
                    description(signature, "shows or sets an option while the OSD runs", "osd"));
        }
        all.put(
                "cmd%03d".formatted(number++),
                description(
                        List.of(
                                "clear_shards_repaired",
                                Map.of("name", "count", "type", "CephInt", "req", "false")),
                        "num_shards_repaired is 0, or that many, from now on",
                        "osd"));
        for (String name : new String[] {"query", "list_unfound", "mark_unfound_lost"}) {
            Object[] argument = argument(name);
            Map<String, Object> pgid = Map.of("name", "pgid", "type", "CephPgid");
            Map<String, Object> cmd = Map.of("name", "cmd", "type", "CephChoices", "strings", name);
            List<Object> ofPg = new ArrayList<>(List.of("pg", pgid, cmd));
            ofPg.addAll(List.of(argument));
            List<Object> told = new ArrayList<>(List.of(name));
            told.addAll(List.of(argument));
            all.put("cmd%03d".formatted(number++), description(ofPg, help(name), "pg"));
            all.put("cmd%03d".formatted(number++), description(told, help(name), "pg"));
        }
        return all;
    }

    private static List<List<Object>> optionSignatures() {
        Map<String, String> option = Map.of("name", "var", "type", "CephString");
        return List.of(
                List.of("config", "get", option),
                List.of(
                        "config",
                        "set",
                        option,
                        Map.of("name", "val", "type", "CephString", "n", "N")),
                List.of(
                        "injectargs",
                        Map.of("name", "injected_args", "type", "CephString", "n", "N")));
    }

    private static Object[] argument(String name) {
        return switch (name) {
            case "mark_unfound_lost" ->
                    new Object[] {
                        Map.of("name", "mulcmd", "type", "CephChoices", "strings", "revert|delete")
                    };
            case "list_unfound" ->
                    new Object[] {Map.of("name", "offset", "type", "CephString", "req", "false")};
            default -> new Object[0];
        };
    }

    private static String help(String name) {
        return name.replace('_', ' ') + " of a placement group";
    }

    private static Map<String, Object> description(
            List<Object> signature, String help, String module) {
        return Map.of("sig", signature, "help", help, "module", module, "perm", "rw", "flags", 0);
    }

    private static void reply(
            Connection connection,
            MCommand command,
            int result,
            String text,
            @Nullable Object output) {
        Bytes data =
                output == null
                        ? Bytes.EMPTY
                        : Bytes.utf8(JSON.writer().with(PRINTER).writeValueAsString(output) + "\n");
        connection.send(new MCommandReply(command.tid(), result, text, data));
    }
}
