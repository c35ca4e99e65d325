package io.sepiola.monitor.command;

import io.sepiola.base.Malformed;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.ConfigPlace;
import io.sepiola.monitor.state.ConfigTarget;
import io.sepiola.monitor.state.Settings;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.TextTable;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.option.Option;
import io.sepiola.protocol.option.OptionTable;
import io.sepiola.protocol.option.RunningOptions;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The options that the monitors keep. */
final class ConfigCommands {
    private static final int VALUE_SIZE_MAX = 64 << 10;

    private ConfigCommands() {}

    static List<Row> rows() {
        return List.of(
                row(
                        "config set",
                        "who:CephString name:CephString value:CephString force:CephBool:opt",
                        "rw",
                        "sets an option for an entity, a type of them, or all (global), in a place"
                                + " or class of devices: osd/host:NAME, osd/class:ssd",
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
                row("config help", "key:CephString", "r", "describes an option", ConfigHelp::help),
                row("config ls", "", "r", "lists the options that are known", ConfigCommands::list),
                row(
                        "config generate-minimal-conf",
                        "",
                        "r",
                        "writes the least that a client needs",
                        ConfigCommands::minimal));
    }

    private static Row row(
            String prefix, String arguments, String access, String help, Row.Action action) {
        return Row.of(prefix, arguments, "config", access, 0, help, action);
    }

    private static String section(Call call) {
        String who = call.arguments().text("who");
        return ConfigTarget.parse(who)
                .map(ConfigTarget::text)
                .orElseThrow(
                        () -> Refused.invalid("unrecognized config target '" + cut(who) + "'"));
    }

    private static String option(String name) {
        String canonical = name.replace(' ', '_').replace('-', '_');
        String kept = name.startsWith("mgr/") ? name : canonical;
        if (!kept.matches("[A-Za-z0-9_/.-]{1,200}")) {
            throw Refused.invalid("unrecognized config option '" + cut(name) + "'");
        }
        return kept;
    }

    static String cut(String text) {
        return text.length() <= 128 ? text : text.substring(0, 128) + "...";
    }

    private static Reply set(Call call) {
        String section = section(call);
        String option = option(call.arguments().text("name"));
        String value = call.arguments().text("value");
        if (value.length() > VALUE_SIZE_MAX) {
            throw Refused.invalid("a value of " + value.length() + " characters");
        }
        String kept = canonical(option, value, call.arguments().flag("force"));
        Optional<String> before = now(call, section, option);
        edit(call, "", List.of(new Settings.Edit(section, option, before, Optional.of(kept))));
        return Reply.said("");
    }

    /**
     * The value as it is kept.
     *
     * @throws Refused when there is no such option, it cannot be kept, or the value does not fit
     */
    private static String canonical(String option, String value, boolean force) {
        if (option.startsWith("mgr/")) {
            return value;
        }
        Option known = OptionTable.STANDARD.find(option).orElse(null);
        if (known == null) {
            if (force) {
                return value;
            }
            throw Refused.invalid(RunningOptions.unknown(option));
        }
        if (!known.mayBeKept()) {
            throw Refused.invalid(option + " is special and cannot be stored by the mon");
        }
        try {
            return known.canonical(value);
        } catch (Malformed why) {
            throw Refused.invalid("error parsing value: " + why.getMessage());
        }
    }

    /** Whether a file's option is one that is kept here. */
    static Optional<String> mayKeep(String section, String option, String value) {
        if (!ConfigTarget.isSection(section)) {
            return Optional.empty();
        }
        try {
            return Optional.of(canonical(option, value, false));
        } catch (Refused why) {
            return Optional.empty();
        }
    }

    private static Reply remove(Call call) {
        String section = section(call);
        String option = option(call.arguments().text("name"));
        Optional<String> before = now(call, section, option);
        edit(call, "", List.of(new Settings.Edit(section, option, before, Optional.empty())));
        return Reply.said("");
    }

    static Optional<String> now(Call call, String section, String option) {
        return Optional.ofNullable(call.state().settings().section(section).get(option));
    }

    /** Proposes those of the edits that change anything. */
    static void edit(Call call, String why, List<Settings.Edit> edits) {
        List<Settings.Edit> real =
                edits.stream().filter(edit -> !edit.before().equals(edit.after())).toList();
        if (!real.isEmpty()) {
            Utime now = Utime.of(call.facts().now());
            call.draft().propose(new Change.ConfigEdited(now, why, real));
        }
    }

    private static Reply get(Call call) {
        String who = call.arguments().text("who");
        if (!ConfigTarget.isSection(who)) {
            throw Refused.invalid("unrecognized entity '" + cut(who) + "'");
        }
        ConfigPlace place =
                who.contains(".")
                        ? call.state().place(AuthName.parse(who), "")
                        : ConfigPlace.NOWHERE;
        SortedMap<String, Settings.Chosen> options = call.state().settings().chosen(who, place);
        if (call.arguments().has("key")) {
            String key = option(call.arguments().text("key"));
            Settings.Chosen chosen = options.get(key);
            String value =
                    chosen != null
                            ? chosen.value()
                            : OptionTable.STANDARD
                                    .find(key)
                                    .map(known -> standard(known, who))
                                    .orElseThrow(() ->
                                            Refused.missing("unrecognized key '" + key + "'"));
            return Reply.shown(value + "\n"); // bare in JSON too, as Ceph has it
        }
        return call.format()
                .reply(
                        () -> {
                            TextTable table = table();
                            options.forEach((option, chosen) ->
                                    row(table, "", chosen.target(), option, chosen.value()));
                            return table.toString();
                        },
                        () -> {
                            ObjectNode node = JsonText.object();
                            options.forEach((option, chosen) ->
                                    mask(
                                            kept(node.putObject(option), option, chosen.value())
                                                    .put("section", chosen.target().section())
                                                    .putObject("mask"),
                                            chosen.target()));
                            return node;
                        });
    }

    private static void row(
            TextTable table, String indent, ConfigTarget target, String option, String value) {
        table.row(
                indent + target.section(),
                target.mask(),
                level(option),
                option,
                value,
                readOnly(option));
    }

    private static void mask(ObjectNode node, ConfigTarget target) {
        if (!target.locationType().isEmpty()) {
            node.put("location_type", target.locationType());
            node.put("location_value", target.locationName());
        }
        if (!target.deviceClass().isEmpty()) {
            node.put("device_class", target.deviceClass());
        }
    }

    private static ObjectNode kept(ObjectNode node, String option, String value) {
        return node.put("value", value).put("can_update_at_runtime", isRuntime(option));
    }

    private static String standard(Option option, String who) {
        return who.startsWith("client") || who.equals("global")
                ? option.standard()
                : option.inDaemons();
    }

    private static String level(String option) {
        return OptionTable.STANDARD.find(option).map(Option::level).orElse("advanced");
    }

    private static boolean isRuntime(String option) {
        return OptionTable.STANDARD.find(option).map(Option::isRuntime).orElse(true);
    }

    private static String readOnly(String option) {
        return isRuntime(option) ? "" : "*";
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

    /** One option of a dump. */
    private record Kept(String text, ConfigTarget target, String option, String value) {
        static final Comparator<Kept> ORDER =
                Comparator.comparing((Kept kept) -> kept.target.section(), ConfigTarget::compare)
                        .thenComparing(Kept::option)
                        .thenComparing(kept -> kept.text + "/" + kept.option);

        String indent() {
            String section = target.section();
            return section.equals("global") ? "" : section.contains(".") ? "    " : "  ";
        }
    }

    private static Reply dump(Call call) {
        List<Kept> all = new ArrayList<>();
        call.state()
                .settings()
                .sections()
                .forEach((text, options) ->
                        ConfigTarget.parse(text)
                                .ifPresent(target ->
                                        options.forEach((option, value) ->
                                                all.add(new Kept(text, target, option, value)))));
        all.sort(Kept.ORDER);
        return call.format()
                .reply(
                        () -> {
                            TextTable table = table();
                            all.forEach(kept ->
                                    row(
                                            table,
                                            kept.indent(),
                                            kept.target,
                                            kept.option,
                                            kept.value));
                            return table.toString();
                        },
                        () -> {
                            ArrayNode nodes = JsonText.array();
                            all.forEach(kept ->
                                    mask(
                                            nodes.addObject()
                                                    .put("section", kept.target.section())
                                                    .put("name", kept.option)
                                                    .put("value", kept.value)
                                                    .put("level", level(kept.option))
                                                    .put(
                                                            "can_update_at_runtime",
                                                            isRuntime(kept.option))
                                                    .put("mask", kept.target.mask()),
                                            kept.target));
                            return nodes;
                        });
    }

    private static Reply list(Call call) {
        List<String> names = OptionTable.STANDARD.all().stream().map(Option::name).toList();
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
}
