package io.sepiola.monitor.command;

import io.sepiola.monitor.health.Health;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.text.AddrText;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.OsdMapText;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.message.LogEntry;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The cluster as a whole. */
final class StatusCommands {
    private static final List<String> LEVELS = List.of("[DBG]", "[INF]", "[SEC]", "[WRN]", "[ERR]");
    private static final List<String> LEVEL_WORDS =
            List.of("debug", "info", "sec", "warn", "error");
    private static final int LOG_TEXT_SIZE_MAX = 64 << 10;

    private StatusCommands() {}

    static List<Row> rows() {
        return List.of(
                row("status", "", "r", "shows the cluster on one screen", StatusCommands::status),
                row(
                        "health",
                        "detail:CephChoices:opt=detail",
                        "r",
                        "shows what is wrong",
                        StatusCommands::health),
                row(
                        "health mute",
                        "code:CephString ttl:CephString:opt sticky:CephBool:opt",
                        "w",
                        "says no more of a health check, for a while (such as 4h) or until it"
                                + " passes or fails worse",
                        HealthMuting::mute),
                row(
                        "health unmute",
                        "code:CephString:opt",
                        "w",
                        "says of a health check again, or of all",
                        HealthMuting::unmute),
                row(
                        "df",
                        "detail:CephChoices:opt=detail",
                        "r",
                        "shows how full it is",
                        StatusCommands::df),
                row("fsid", "", "r", "shows the cluster's id", StatusCommands::fsid),
                row(
                        "report",
                        "tags:CephString:opt:N",
                        "r",
                        "shows all that is known",
                        StatusCommands::report),
                row("features", "", "r", "counts sessions by features", StatusCommands::features),
                row("versions", "", "r", "counts daemons by release", StatusCommands::versions),
                Row.of(
                        "version",
                        "",
                        "mon",
                        "r",
                        Row.TELL,
                        "shows this monitor's release",
                        StatusCommands::version),
                row(
                        "node ls",
                        "type:CephChoices:opt=all|osd|mon|mds|mgr",
                        "r",
                        "lists daemons by host",
                        StatusCommands::nodes),
                row(
                        "log",
                        "logtext:CephString:N",
                        "rw",
                        "writes to the cluster log",
                        StatusCommands::log),
                row(
                        "log last",
                        "num:CephInt:opt[1] level:CephChoices:opt=debug|info|sec|warn|error"
                                + " channel:CephChoices:opt=*|cluster|audit|cephadm",
                        "r",
                        "shows the end of the cluster log",
                        StatusCommands::logLast),
                row(
                        "time-sync-status",
                        "",
                        "r",
                        "shows the monitors' clocks",
                        StatusCommands::timeSync),
                Row.of(
                        "mds stat",
                        "",
                        "mds",
                        "r",
                        0,
                        "shows the metadata servers, of which there are none yet",
                        StatusCommands::mdsStat),
                Row.of(
                        "mds metadata",
                        "who:CephString:opt",
                        "mds",
                        "r",
                        0,
                        "shows what metadata servers say about themselves",
                        StatusCommands::mdsMetadata),
                Row.of(
                        "mds versions",
                        "",
                        "mds",
                        "r",
                        0,
                        "counts metadata servers by release",
                        call -> call.format().reply(JsonText.object())),
                Row.of("fs ls", "", "fs", "r", 0, "lists file systems", StatusCommands::fsList),
                Row.of(
                        "fs dump",
                        "epoch:CephInt:opt[0]",
                        "mds",
                        "r",
                        0,
                        "shows the file systems' map",
                        StatusCommands::fsDump));
    }

    private static Row row(
            String prefix, String arguments, String access, String help, Row.Action action) {
        return Row.of(prefix, arguments, "mon", access, 0, help, action);
    }

    private static Reply status(Call call) {
        StatusText text = new StatusText(call.state(), call.facts());
        return lined(call, text::plain, text.json());
    }

    /** JSON in one line, with an end of line as Ceph gives for some commands. */
    static Reply lined(Call call, java.util.function.Supplier<String> plain, ObjectNode json) {
        return switch (call.format()) {
            case PLAIN -> Reply.shown(plain.get());
            case JSON -> Reply.shown(JsonText.compact(json) + "\n");
            case JSON_PRETTY -> Reply.shown(JsonText.pretty(json));
        };
    }

    private static Reply health(Call call) {
        boolean detail = call.arguments().has("detail");
        Health health = call.facts().health(call.state());
        return call.format()
                .reply(() -> health.plain(detail, call.facts().now()), () -> health.json(detail));
    }

    private static Reply df(Call call) {
        DfText text = new DfText(call.state(), call.facts(), call.arguments().has("detail"));
        return lined(call, text::plain, text.json());
    }

    private static Reply fsid(Call call) {
        String fsid = call.state().monMap().fsid().toString();
        return call.format().reply(() -> fsid + "\n", () -> JsonText.object().put("fsid", fsid));
    }

    private static Reply report(Call call) {
        ObjectNode node = JsonText.object();
        node.put("cluster_fingerprint", call.state().monMap().fsid().toString());
        node.put("version", call.facts().version());
        node.put("timestamp", Units.stamp(call.facts().now()));
        node.put("tag", String.join(" ", call.arguments().texts("tags")));
        node.set("health", call.facts().health(call.state()).json(true));
        node.set("monmap", MonCommands.json(call.state().monMap()));
        node.set("osdmap", OsdMapText.json(call.state().osdMaps().newest()));
        return Reply.shown(call.format().print(node));
    }

    private static Reply features(Call call) {
        return call.format().reply(featureMap(call.facts()));
    }

    /** How many sessions of each kind there are, by their features. */
    static ObjectNode featureMap(Facts facts) {
        ObjectNode node = JsonText.object();
        SortedMap<String, SortedMap<Long, Integer>> shown = new TreeMap<>();
        facts.sessionFeatures().forEach((type, counts) -> shown.put(type.label(), counts));
        for (String type : List.of("mon", "mds", "osd", "client", "mgr")) {
            if (shown.containsKey(type)) {
                ArrayNode groups = node.putArray(type);
                shown.get(type)
                        .forEach((features, count) ->
                                groups.addObject()
                                        .put("features", "0x" + Long.toHexString(features))
                                        .put("release", "luminous")
                                        .put("num", count));
            }
        }
        return node;
    }

    private static Reply version(Call call) {
        String version = call.facts().version();
        return call.format()
                .reply(() -> version + "\n", () -> JsonText.object().put("version", version));
    }

    private static Reply versions(Call call) {
        ObjectNode node = JsonText.object();
        SortedMap<String, Integer> overall = new TreeMap<>();
        counts(node, "mon", call.facts().monitors().values(), overall);
        counts(node, "mgr", call.state().mgrMetadata().values(), overall);
        counts(node, "osd", OsdShowCommands.described(call.state()).values(), overall);
        node.putObject("mds");
        ObjectNode all = node.putObject("overall");
        overall.forEach(all::put);
        return call.format().reply(node);
    }

    private static void counts(
            ObjectNode node,
            String name,
            Iterable<? extends Map<String, String>> described,
            SortedMap<String, Integer> overall) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (Map<String, String> metadata : described) {
            String version = metadata.getOrDefault("ceph_version", "unknown");
            counts.merge(version, 1, Integer::sum);
            overall.merge(version, 1, Integer::sum);
        }
        ObjectNode shown = node.putObject(name);
        counts.forEach(shown::put);
    }

    private static Reply nodes(Call call) {
        String type = call.arguments().textIfGiven("type").orElse("all");
        ObjectNode node = JsonText.object();
        ObjectNode mon = JsonText.object();
        call.facts().monitors().forEach((name, metadata) -> at(mon, metadata).add(name));
        ObjectNode osd = JsonText.object();
        OsdShowCommands.described(call.state())
                .forEach((id, metadata) -> at(osd, metadata).add((int) id));
        ObjectNode mgr = JsonText.object();
        call.state().mgrMetadata().forEach((name, metadata) -> at(mgr, metadata).add(name));
        if (type.equals("all")) {
            node.set("mon", mon);
            node.set("osd", osd);
            node.set("mgr", mgr);
            return lined(call, () -> JsonText.pretty(node), node);
        }
        ObjectNode one =
                switch (type) {
                    case "mon" -> mon;
                    case "osd" -> osd;
                    case "mgr" -> mgr;
                    default -> JsonText.object();
                };
        return lined(call, () -> JsonText.pretty(one), one);
    }

    private static ArrayNode at(ObjectNode hosts, Map<String, String> metadata) {
        String host = metadata.getOrDefault("hostname", "unknown");
        return hosts.get(host) instanceof ArrayNode known ? known : hosts.putArray(host);
    }

    private static Reply log(Call call) {
        String text = String.join(" ", call.arguments().texts("logtext"));
        if (text.length() > LOG_TEXT_SIZE_MAX) {
            throw Refused.invalid("a log entry of " + text.length() + " characters");
        }
        LogEntry entry =
                new LogEntry(
                        call.who(),
                        new EntityName(EntityType.CLIENT, 0),
                        io.sepiola.protocol.EntityAddrVec.EMPTY,
                        Utime.of(call.facts().now()),
                        0,
                        1,
                        text,
                        "cluster");
        call.draft().propose(new Change.Logged(List.of(entry)));
        return Reply.said("");
    }

    private static Reply logLast(Call call) {
        long count = call.arguments().number("num", 20);
        int level = LEVEL_WORDS.indexOf(call.arguments().textIfGiven("level").orElse("info"));
        String channel = call.arguments().textIfGiven("channel").orElse("cluster");
        List<LogEntry> found =
                call.state().log().stream()
                        .filter(entry -> entry.level() >= level)
                        .filter(entry -> channel.equals("*") || entry.channel().equals(channel))
                        .toList();
        List<LogEntry> last = found.subList((int) Math.max(0, found.size() - count), found.size());
        return call.format()
                .reply(
                        () -> last.stream().map(StatusCommands::line).collect(Collectors.joining()),
                        () -> {
                            ArrayNode node = JsonText.array();
                            last.forEach(entry -> node.add(json(entry)));
                            return node;
                        });
    }

    private static String line(LogEntry entry) {
        return Units.stamp(entry.stamp())
                + " "
                + entry.name()
                + " ("
                + entry.rank()
                + ") "
                + entry.sequence()
                + " : "
                + entry.channel()
                + " "
                + level(entry)
                + " "
                + entry.text()
                + "\n";
    }

    private static String level(LogEntry entry) {
        return entry.level() < LEVELS.size() ? LEVELS.get(entry.level()) : "[???]";
    }

    private static ObjectNode json(LogEntry entry) {
        ObjectNode node = JsonText.object();
        node.put("name", entry.name().toString()).put("rank", entry.rank().toString());
        node.set("addrs", AddrText.json(entry.addrs()));
        return node.put("stamp", Units.stamp(entry.stamp()))
                .put("seq", entry.sequence())
                .put("channel", entry.channel())
                .put("priority", level(entry))
                .put("message", entry.text());
    }

    private static Reply timeSync(Call call) {
        ObjectNode node = JsonText.object();
        node.putObject("timechecks")
                .put("epoch", call.facts().electionEpoch())
                .put("round", 0)
                .put("round_status", "finished");
        return call.format().reply(node);
    }

    private static ObjectNode noFileSystems() {
        ObjectNode node = JsonText.object();
        node.put("epoch", 1).put("default_fscid", -1);
        ObjectNode compat = node.putObject("compat");
        compat.putObject("compat");
        compat.putObject("ro_compat");
        compat.putObject("incompat");
        node.putObject("feature_flags")
                .put("enable_multiple", true)
                .put("ever_enabled_multiple", true);
        node.putArray("standbys");
        node.putArray("filesystems");
        return node;
    }

    private static Reply mdsStat(Call call) {
        ObjectNode node = JsonText.object();
        node.set("fsmap", noFileSystems());
        node.put("mdsmap_first_committed", 1).put("mdsmap_last_committed", 1);
        return lined(call, () -> "", node);
    }

    private static Reply mdsMetadata(Call call) {
        if (call.arguments().has("who")) {
            throw Refused.missing(
                    "MDS named '"
                            + PoolShowCommands.shortened(call.arguments().text("who"))
                            + "' does not exist");
        }
        return call.format().reply(JsonText.array());
    }

    private static Reply fsList(Call call) {
        return switch (call.format()) {
            case PLAIN -> Reply.shown("No filesystems enabled\n");
            case JSON, JSON_PRETTY -> Reply.shown("[]\n");
        };
    }

    private static Reply fsDump(Call call) {
        ObjectNode node = noFileSystems();
        Reply shown = lined(call, () -> "e1\nNo filesystems configured\n", node);
        return Reply.of("dumped fsmap epoch 1", shown.output());
    }
}
