package io.sepiola.manager;

import io.sepiola.base.Malformed;
import io.sepiola.manager.Command.Answer;
import io.sepiola.manager.Command.Refused;
import io.sepiola.protocol.option.OptionTable;
import io.sepiola.protocol.option.ReportedOptions;
import io.sepiola.protocol.option.ReportedOptions.Value;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code config show} and {@code config show-with-defaults}: what daemons run with. */
final class ConfigShow {
    private static final int NAME_CHARS_MAX = 128;

    private final ReportedOptions own;
    private final String ownName;
    private final DaemonConfigs others;

    /** This manager knows its own options without being told. */
    ConfigShow(String ownName, ReportedOptions own, DaemonConfigs others) {
        this.ownName = ownName;
        this.own = own;
        this.others = others;
    }

    Answer run(Command command, boolean withDefaults) {
        String who = command.required("who");
        if (!who.matches("[a-z]+\\.[^.].*")) {
            throw Command.invalid(
                    "'" + cut(who) + "' names no daemon; wanted TYPE.ID, as in osd.0");
        }
        DaemonConfigs.Known known =
                who.equals(ownName)
                        ? new DaemonConfigs.Known(own, ReportedOptions.DEFAULTS)
                        : others.of(who).orElseThrow(() -> nothing(who));
        List<String> key = command.strings("key");
        if (!key.isEmpty()) {
            return one(known, key.getFirst());
        }
        return shown(
                command, known.options(), withDefaults ? all(known) : known.options().values());
    }

    private static Refused nothing(String who) {
        String hint =
                who.startsWith("mon.") ? "; ceph tell " + cut(who) + " config show asks it" : "";
        return new Refused(Refused.ENOENT, "no config state for daemon " + cut(who) + hint);
    }

    private static String cut(String name) {
        return name.length() <= NAME_CHARS_MAX ? name : name.substring(0, NAME_CHARS_MAX) + "...";
    }

    private static SortedMap<String, String> defaults(DaemonConfigs.Known known) {
        try {
            return ReportedOptions.defaults(known.defaults());
        } catch (Malformed unreadable) {
            return ReportedOptions.defaults(ReportedOptions.DEFAULTS);
        }
    }

    private static SortedMap<String, List<Value>> all(DaemonConfigs.Known known) {
        SortedMap<String, List<Value>> all = new TreeMap<>();
        defaults(known)
                .forEach((name, value) -> all.put(name, List.of(new Value("default", value))));
        all.putAll(known.options().values());
        return all;
    }

    private static Answer one(DaemonConfigs.Known known, String given) {
        String name = given.replace('-', '_').replace(' ', '_');
        List<Value> set = known.options().values().get(name);
        String value = set != null ? set.getLast().value() : defaults(known).get(name);
        if (value == null) {
            String near =
                    OptionTable.STANDARD
                            .nearest(name)
                            .map(other -> "; did you mean '" + other + "'?")
                            .orElse("");
            throw new Refused(Refused.ENOENT, "unrecognized option '" + cut(name) + "'" + near);
        }
        return Answer.shown(value + "\n");
    }

    private static Answer shown(
            Command command, ReportedOptions options, SortedMap<String, List<Value>> values) {
        Set<String> ignored = Set.copyOf(options.ignored());
        if (command.json()) {
            JsonOut out = command.out().array();
            values.forEach((name, list) -> json(out, name, list, ignored.contains(name)));
            return Answer.shown(out.end().toString());
        }
        Columns table = new Columns().left("NAME", "VALUE", "SOURCE", "OVERRIDES", "IGNORES");
        values.forEach((name, list) ->
                table.row(
                        name,
                        list.getLast().value(),
                        list.getLast().source(),
                        overridden(list).reversed().stream()
                                .map(value -> value.source() + "[" + value.value() + "]")
                                .collect(Collectors.joining(",")),
                        ignored.contains(name) ? "mon" : ""));
        return Answer.shown(table.toString());
    }

    private static List<Value> overridden(List<Value> values) {
        return values.subList(0, values.size() - 1);
    }

    private static void json(JsonOut out, String name, List<Value> values, boolean ignores) {
        Value inForce = values.getLast();
        out.object();
        out.put("name", name).put("value", inForce.value()).put("source", inForce.source());
        if (values.size() > 1) {
            out.array("overrides");
            overridden(values)
                    .forEach(value ->
                            out.object()
                                    .put("source", value.source())
                                    .put("value", value.value())
                                    .end());
            out.end();
        }
        if (ignores) {
            out.put("ignores", "mon");
        }
        out.end();
    }
}
