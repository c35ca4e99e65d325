package io.sepiola.osd.daemon;

import io.sepiola.base.Bytes;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Identity;
import io.sepiola.osd.OsdOptions;
import io.sepiola.osd.op.OsdCaps;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers {@code ceph tell osd.N ...}. Owned by the OSD's shard. */
final class Tell {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> PREFIXES =
            List.of("version", "status", "dump_ops_in_flight", "ops");
    private static final int EINVAL = -22;
    private static final int EACCES = -13;
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
                identity != null && OsdCaps.of(identity.caps(), identity.allowAll()).allowAll();
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
        return all;
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
