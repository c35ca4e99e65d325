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

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
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
    private static final List<String> PREFIXES =
            List.of("version", "status", "dump_ops_in_flight", "ops", "clear_shards_repaired");
    private static final int EINVAL = -22;
    private static final int EACCES = -13;
    private static final int ENOENT = -2;
    private static final int COMMAND_SIZE_MAX = 64 << 10;

    private final OsdOptions options;
    private final PlacementGroups groups;
    private final OpsInFlight operations;

    Tell(OsdOptions options, PlacementGroups groups, OpsInFlight operations) {
        this.operations = operations;
        this.options = options;
        this.groups = groups;
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
            case "version" ->
                    reply(
                            connection,
                            command,
                            0,
                            "",
                            Map.of(
                                    "version",
                                    options.metadata().getOrDefault("ceph_version_short", ""),
                                    "release",
                                    "pacific",
                                    "release_type",
                                    "stable"));
            case "status" -> reply(connection, command, 0, "", status());
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

    private Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("cluster_fsid", groups.map().fsid().toString());
        status.put("whoami", options.id());
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
                            new String[] {prefix},
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
                        : Bytes.utf8(
                                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(output)
                                        + "\n");
        connection.send(new MCommandReply(command.tid(), result, text, data));
    }
}
