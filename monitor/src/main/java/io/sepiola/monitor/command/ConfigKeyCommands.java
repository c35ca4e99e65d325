package io.sepiola.monitor.command;

import io.sepiola.base.Bytes;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.text.JsonText;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/** The configuration key store. */
final class ConfigKeyCommands {
    private static final int VALUE_SIZE_MAX = 64 << 10;
    private static final int NAME_SIZE_MAX = 1 << 10;

    private ConfigKeyCommands() {}

    static List<Row> rows() {
        return List.of(
                keys(
                        "config-key get",
                        "key:CephString",
                        "r",
                        0,
                        "shows a value",
                        ConfigKeyCommands::keyGet),
                keys(
                        "config-key set",
                        "key:CephString val:CephString:opt",
                        "rw",
                        0,
                        "sets a value, given as argument or as input",
                        ConfigKeyCommands::keySet),
                keys(
                        "config-key put",
                        "key:CephString val:CephString:opt",
                        "rw",
                        4,
                        "sets a value",
                        ConfigKeyCommands::keySet),
                keys(
                        "config-key rm",
                        "key:CephString",
                        "rw",
                        0,
                        "removes a key",
                        ConfigKeyCommands::keyRemove),
                keys(
                        "config-key del",
                        "key:CephString",
                        "rw",
                        4,
                        "removes a key",
                        ConfigKeyCommands::keyRemove),
                keys(
                        "config-key exists",
                        "key:CephString",
                        "r",
                        0,
                        "tells whether there is such a key",
                        ConfigKeyCommands::keyExists),
                keys("config-key ls", "", "r", 0, "lists keys", ConfigKeyCommands::keyList),
                keys("config-key list", "", "r", 4, "lists keys", ConfigKeyCommands::keyList),
                keys(
                        "config-key dump",
                        "key:CephString:opt",
                        "r",
                        0,
                        "shows keys and values",
                        ConfigKeyCommands::keyDump));
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

    private static String key(Call call) {
        String key = call.arguments().text("key");
        if (key.isEmpty() || key.length() > NAME_SIZE_MAX) {
            throw Refused.invalid("a key of " + key.length() + " characters");
        }
        return key;
    }

    private static String cut(String text) {
        return text.length() <= 128 ? text : text.substring(0, 128) + "...";
    }

    private static Reply keyGet(Call call) {
        String key = key(call);
        Bytes value = call.state().keys().get(key);
        if (value == null) {
            throw Refused.missing(
                    "error obtaining '" + cut(key) + "': (2) No such file or directory");
        }
        return Reply.of("", value);
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
            return Reply.said("key deleted"); // so that it can be said again
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
