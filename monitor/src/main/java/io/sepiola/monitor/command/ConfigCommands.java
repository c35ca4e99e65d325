package io.sepiola.monitor.command;

import io.sepiola.base.Bytes;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.MonitorDefaults;
import io.sepiola.monitor.state.Settings;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.TextTable;
import io.sepiola.protocol.map.MonMap;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The options and keys that the monitors keep. */
final class ConfigCommands {
    private static final int VALUE_SIZE_MAX = 64 << 10;
    private static final int NAME_SIZE_MAX = 1 << 10;

    private ConfigCommands() {}

    static List<Row> rows() {
        return List.of(
                row(
                        "config set",
                        "who:CephString name:CephString value:CephString force:CephBool:opt",
                        "rw",
                        "sets an option for an entity, a type of them, or all (global)",
                        ConfigCommands::set),
                row(
                        "config rm",
                        "who:CephString name:CephString",
                        "rw",
                        "removes an option",
                        ConfigCommands::remove),
                row(
                        "config get",
                        "who:CephString key:CephString:opt",
                        "r",
                        "shows the options of an entity, or one of them",
                        ConfigCommands::get),
                Row.of("config dump", "", "mon", "r", 0, "shows all options", ConfigCommands::dump),
                row("config ls", "", "r", "lists the options that are known", ConfigCommands::list),
                row(
                        "config generate-minimal-conf",
                        "",
                        "r",
                        "writes the least that a client needs",
                        ConfigCommands::minimal),
                keys(
                        "config-key get",
                        "key:CephString",
                        "r",
                        0,
                        "shows a value",
                        ConfigCommands::keyGet),
                keys(
                        "config-key set",
                        "key:CephString val:CephString:opt",
                        "rw",
                        0,
                        "sets a value, given as argument or as input",
                        ConfigCommands::keySet),
                keys(
                        "config-key put",
                        "key:CephString val:CephString:opt",
                        "rw",
                        4,
                        "sets a value",
                        ConfigCommands::keySet),
                keys(
                        "config-key rm",
                        "key:CephString",
                        "rw",
                        0,
                        "removes a key",
                        ConfigCommands::keyRemove),
                keys(
                        "config-key del",
                        "key:CephString",
                        "rw",
                        4,
                        "removes a key",
                        ConfigCommands::keyRemove),
                keys(
                        "config-key exists",
                        "key:CephString",
                        "r",
                        0,
                        "tells whether there is such a key",
                        ConfigCommands::keyExists),
                keys("config-key ls", "", "r", 0, "lists keys", ConfigCommands::keyList),
                keys("config-key list", "", "r", 4, "lists keys", ConfigCommands::keyList),
                keys(
                        "config-key dump",
                        "key:CephString:opt",
                        "r",
                        0,
                        "shows keys and values",
                        ConfigCommands::keyDump));
    }

    private static Row row(
            String prefix, String arguments, String access, String help, Row.Action action) {
        return Row.of(prefix, arguments, "config", access, 0, help, action);
    }

    private static Row keys(
            String prefix,
            String arguments,
            String access,
            int flags,
            String help,
            Row.Action action) {
        return Row.of(prefix, arguments, "config-key", access, flags, help, action);
    }

    private static String section(Call call) {
        String who = call.arguments().text("who");
        if (who.contains("/")) {
            throw Refused.invalid(
                    "options for a mask such as '" + cut(who) + "' are not supported");
        }
        boolean type = List.of("global", "mon", "mgr", "osd", "mds", "client").contains(who);
        boolean entity = who.matches("(mon|mgr|osd|mds|client)\\.[A-Za-z0-9_.:-]{1,200}");
        if (!type && !entity) {
            throw Refused.invalid(
                    "'" + cut(who) + "' is neither global, nor a type of daemon, nor an entity");
        }
        return who;
    }

    private static String option(String name) {
        String canonical = name.replace(' ', '_').replace('-', '_');
        String kept = name.startsWith("mgr/") ? name : canonical;
        if (!kept.matches("[A-Za-z0-9_/.-]{1,200}")) {
            throw Refused.invalid("unrecognized config option '" + cut(name) + "'");
        }
        return kept;
    }

    private static String cut(String text) {
        return text.length() <= 128 ? text : text.substring(0, 128) + "...";
    }

    private static Reply set(Call call) {
        String section = section(call);
        String option = option(call.arguments().text("name"));
        String value = call.arguments().text("value");
        if (value.length() > VALUE_SIZE_MAX) {
            throw Refused.invalid("a value of " + value.length() + " characters");
        }
        MonitorDefaults.check(option, value);
        call.draft().propose(new Change.ConfigSet(section, option, value));
        return Reply.said("");
    }

    private static Reply remove(Call call) {
        String section = section(call);
        String option = option(call.arguments().text("name"));
        if (call.state().settings().section(section).containsKey(option)) {
            call.draft().propose(new Change.ConfigRemoved(section, option));
        }
        return Reply.said("");
    }

    private static Reply get(Call call) {
        String who = section(call);
        Settings settings = call.state().settings();
        SortedMap<String, String> options = new TreeMap<>(settings.section("global"));
        SortedMap<String, String> from = new TreeMap<>();
        options.keySet().forEach(option -> from.put(option, "global"));
        for (String section : List.of(who.split("\\.")[0], who)) {
            options.putAll(settings.section(section));
            settings.section(section).keySet().forEach(option -> from.put(option, section));
        }
        if (call.arguments().has("key")) {
            String key = option(call.arguments().text("key"));
            String value = options.get(key);
            if (value == null) {
                value =
                        MonitorDefaults.of(key)
                                .orElseThrow(
                                        () -> Refused.missing("unrecognized key '" + key + "'"));
            }
            String shown = value;
            return call.format().reply(() -> shown + "\n", () -> JsonText.object().put(key, shown));
        }
        return call.format()
                .reply(
                        () -> {
                            TextTable table = table();
                            options.forEach((option, value) ->
                                    table.row(
                                            from.getOrDefault(option, ""),
                                            "",
                                            "advanced",
                                            option,
                                            value,
                                            ""));
                            return table.toString();
                        },
                        () -> {
                            ObjectNode node = JsonText.object();
                            options.forEach((option, value) ->
                                    node.putObject(option)
                                            .put("value", value)
                                            .put("section", from.get(option))
                                            .put("mask", "")
                                            .put("can_update_at_runtime", true));
                            return node;
                        });
    }

    private static TextTable table() {
        return new TextTable()
                .words("WHO")
                .words("MASK")
                .words("LEVEL")
                .words("OPTION")
                .words("VALUE")
                .words("RO");
    }

    private static Reply dump(Call call) {
        SortedMap<String, SortedMap<String, String>> sections = call.state().settings().sections();
        return call.format()
                .reply(
                        () -> {
                            TextTable table = table();
                            sections.forEach((section, options) ->
                                    options.forEach((option, value) ->
                                            table.row(section, "", "advanced", option, value, "")));
                            return table.toString();
                        },
                        () -> {
                            ArrayNode all = JsonText.array();
                            sections.forEach((section, options) ->
                                    options.forEach((option, value) ->
                                            all.addObject()
                                                    .put("section", section)
                                                    .put("name", option)
                                                    .put("value", value)
                                                    .put("level", "advanced")
                                                    .put("can_update_at_runtime", true)
                                                    .put("mask", "")));
                            return all;
                        });
    }

    private static Reply list(Call call) {
        List<String> names = MonitorDefaults.names();
        return call.format()
                .reply(
                        () -> names.stream().map(name -> name + "\n").collect(Collectors.joining()),
                        () -> {
                            ArrayNode all = JsonText.array();
                            names.forEach(all::add);
                            return all;
                        });
    }

    private static Reply minimal(Call call) {
        MonMap map = call.state().monMap();
        String hosts =
                map.ranks().stream()
                        .map(name -> map.monitors().get(name))
                        .filter(info -> info != null)
                        .map(info ->
                                "["
                                        + info.addrs().addrs().stream()
                                                .map(Object::toString)
                                                .collect(Collectors.joining(","))
                                        + "]")
                        .collect(Collectors.joining(" "));
        return Reply.shown(
                "# minimal ceph.conf for "
                        + map.fsid()
                        + "\n[global]\n\tfsid = "
                        + map.fsid()
                        + "\n\tmon_host = "
                        + hosts
                        + "\n");
    }

    private static String key(Call call) {
        String key = call.arguments().text("key");
        if (key.isEmpty() || key.length() > NAME_SIZE_MAX) {
            throw Refused.invalid("a key of " + key.length() + " characters");
        }
        return key;
    }

    private static Reply keyGet(Call call) {
        String key = key(call);
        Bytes value = call.state().keys().get(key);
        if (value == null) {
            throw Refused.missing(
                    "error obtaining '" + cut(key) + "': (2) No such file or directory");
        }
        return Reply.of("obtained '" + cut(key) + "'", value);
    }

    private static Reply keySet(Call call) {
        String key = key(call);
        Bytes value = call.arguments().textIfGiven("val").map(Bytes::utf8).orElse(call.input());
        if (value.size() > VALUE_SIZE_MAX) {
            throw new Refused(-27, "error: entry size limited to " + VALUE_SIZE_MAX + " bytes");
        }
        call.draft().propose(new Change.KeySet(key, value.detach()));
        return Reply.said("set " + cut(key));
    }

    private static Reply keyRemove(Call call) {
        String key = key(call);
        if (!call.state().keys().containsKey(key)) {
            return Reply.said("no such key '" + cut(key) + "'");
        }
        call.draft().propose(new Change.KeyRemoved(key));
        return Reply.said("key deleted");
    }

    private static Reply keyExists(Call call) {
        String key = key(call);
        if (!call.state().keys().containsKey(key)) {
            throw Refused.missing("key '" + cut(key) + "' doesn't exist");
        }
        return Reply.said("key '" + cut(key) + "' exists");
    }

    private static Reply keyList(Call call) {
        ArrayNode all = JsonText.array();
        call.state().keys().keySet().forEach(all::add);
        return call.format().reply(all);
    }

    private static Reply keyDump(Call call) {
        String prefix = call.arguments().textIfGiven("key").orElse("");
        ObjectNode all = JsonText.object();
        for (Map.Entry<String, Bytes> entry : call.state().keys().entrySet()) {
            if (entry.getKey().startsWith(prefix)) {
                all.put(entry.getKey(), entry.getValue().toUtf8());
            }
        }
        return call.format().reply(all);
    }
}
