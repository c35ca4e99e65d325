package io.sepiola.monitor.command;

import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.monitor.text.CrushText;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.map.PgPool;

import tools.jackson.databind.node.ArrayNode;

import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rules of the CRUSH map. */
final class CrushRuleCommands {
    private CrushRuleCommands() {}

    static List<Row> rows() {
        return List.of(
                show("osd crush rule ls", "", 0, "lists rules", CrushRuleCommands::list),
                show("osd crush rule list", "", 4, "lists rules", CrushRuleCommands::list),
                show(
                        "osd crush rule ls-by-class",
                        "class:CephString",
                        0,
                        "lists the rules that keep to a device class",
                        CrushRuleCommands::listByClass),
                show(
                        "osd crush rule dump",
                        "name:CephString:opt",
                        0,
                        "shows rules",
                        CrushRuleCommands::dump),
                change(
                        "osd crush rule create-simple",
                        "name:CephString root:CephString type:CephString"
                                + " mode:CephChoices:opt=firstn|indep",
                        "makes a rule",
                        CrushRuleCommands::createSimple),
                change(
                        "osd crush rule create-replicated",
                        "name:CephString root:CephString type:CephString class:CephString:opt",
                        "makes a rule for replicated pools",
                        CrushRuleCommands::createReplicated),
                change(
                        "osd crush rule create-erasure",
                        "name:CephString profile:CephString:opt",
                        "makes a rule for erasure coded pools",
                        CrushRuleCommands::createErasure),
                change(
                        "osd crush rule rm",
                        "name:CephString",
                        "removes a rule",
                        CrushRuleCommands::remove),
                change(
                        "osd crush rule rename",
                        "srcname:CephString dstname:CephString",
                        "renames a rule",
                        CrushRuleCommands::rename));
    }

    private static Row show(
            String prefix, String arguments, int flags, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "r", flags, help, action);
    }

    private static Row change(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "rw", 0, help, action);
    }

    private static Reply names(Call call, Collection<String> names) {
        return call.format()
                .reply(
                        () -> names.stream().map(name -> name + "\n").collect(Collectors.joining()),
                        () -> {
                            ArrayNode all = JsonText.array();
                            names.forEach(all::add);
                            return all;
                        });
    }

    private static Reply list(Call call) {
        return names(call, CrushChange.map(call).ruleNames().values());
    }

    private static Reply listByClass(Call call) {
        String name = call.arguments().text("class");
        CrushMap map = CrushChange.map(call);
        int number =
                map.classId(name)
                        .orElseThrow(() ->
                                Refused.missing(
                                        "failed to get rules by class '"
                                                + PoolShowCommands.shortened(name)
                                                + "'"));
        List<String> names =
                IntStream.range(0, map.ruleSlots())
                        .filter(id -> map.rule(id).filter(r -> keepsTo(map, r, number)).isPresent())
                        .mapToObj(id -> map.ruleNames().getOrDefault(id, "rule" + id))
                        .toList();
        return names(call, names);
    }

    private static boolean keepsTo(CrushMap map, CrushRule rule, int number) {
        return rule.steps().stream()
                .filter(step -> step.operation() == CrushRule.Step.TAKE)
                .anyMatch(step ->
                        Integer.valueOf(number).equals(map.itemClasses().get(step.first())));
    }

    private static Reply dump(Call call) {
        CrushMap map = CrushChange.map(call);
        if (!call.arguments().has("name")) {
            return CrushChange.lined(call, CrushText.rules(map));
        }
        String name = call.arguments().text("name");
        int id =
                map.ruleId(name)
                        .orElseThrow(() ->
                                Refused.missing(
                                        "unknown crush rule '"
                                                + PoolShowCommands.shortened(name)
                                                + "'"));
        return CrushChange.lined(call, CrushText.rule(map, id));
    }

    private static Reply createSimple(Call call) {
        boolean firstn = call.arguments().textIfGiven("mode").orElse("firstn").equals("firstn");
        return create(call, "", firstn);
    }

    private static Reply createReplicated(Call call) {
        return create(call, call.arguments().textIfGiven("class").orElse(""), true);
    }

    private static Reply create(Call call, String deviceClass, boolean firstn) {
        String name = call.arguments().text("name");
        String root = call.arguments().text("root");
        String type = call.arguments().text("type");
        if (CrushChange.map(call).ruleId(name).isPresent()) {
            return Reply.said("rule " + name + " already exists");
        }
        check(CrushChange.map(call), root, type, deviceClass);
        CrushChange.edit(
                call,
                editor ->
                        editor.addSimpleRule(
                                name, root, type, deviceClass, CrushRule.REPLICATED, firstn));
        return Reply.said("");
    }

    private static void check(CrushMap map, String root, String type, String deviceClass) {
        if (map.itemId(root).isEmpty()) {
            throw Refused.missing(
                    "root item " + PoolShowCommands.shortened(root) + " does not exist");
        }
        if (map.typeId(type).isEmpty()) {
            throw Refused.invalid("unknown type " + PoolShowCommands.shortened(type));
        }
        if (!deviceClass.isEmpty() && map.classId(deviceClass).isEmpty()) {
            throw Refused.invalid(
                    "device class " + PoolShowCommands.shortened(deviceClass) + " does not exist");
        }
    }

    private static Reply createErasure(Call call) {
        String name = call.arguments().text("name");
        CrushMap map = CrushChange.map(call);
        if (map.ruleId(name).isPresent()) {
            return Reply.said("rule " + name + " already exists");
        }
        String profileName = call.arguments().textIfGiven("profile").orElse("default");
        NavigableMap<String, String> profile =
                call.state().osdMaps().newest().ecProfiles().get(profileName);
        if (profile == null) {
            throw Refused.invalid(
                    "there is no erasure code profile '"
                            + PoolShowCommands.shortened(profileName)
                            + "'");
        }
        String root = profile.getOrDefault("crush-root", "default");
        String domain = profile.getOrDefault("crush-failure-domain", "host");
        String deviceClass = profile.getOrDefault("crush-device-class", "");
        check(map, root, domain, deviceClass);
        long chunks = chunks(profile, "k", 2) + chunks(profile, "m", 1);
        CrushChange.edit(
                call,
                editor -> editor.addErasureRule(name, root, domain, deviceClass, (int) chunks));
        return Reply.said(
                "created rule " + name + " at " + CrushChange.map(call).ruleId(name).orElseThrow());
    }

    private static long chunks(NavigableMap<String, String> profile, String key, long otherwise) {
        String value = profile.get(key);
        return value == null ? otherwise : Math.min(PoolVariables.whole(value), 127);
    }

    private static Reply remove(Call call) {
        String name = call.arguments().text("name");
        OptionalInt id = CrushChange.map(call).ruleId(name);
        if (id.isEmpty()) {
            return Reply.said("rule " + PoolShowCommands.shortened(name) + " does not exist");
        }
        for (PgPool pool : call.state().osdMaps().newest().pools().values()) {
            if (pool.crushRule() == id.getAsInt()) {
                throw new Refused(
                        Errno.EBUSY, "crush ruleset " + name + " " + id.getAsInt() + " is in use");
            }
        }
        CrushChange.edit(call, editor -> editor.removeRule(name));
        return Reply.said("");
    }

    private static Reply rename(Call call) {
        String name = call.arguments().text("srcname");
        String newName = call.arguments().text("dstname");
        CrushMap map = CrushChange.map(call);
        boolean known = map.ruleId(name).isPresent();
        boolean taken = map.ruleId(newName).isPresent();
        if (!known && taken) {
            return Reply.said("already renamed to '" + newName + "'");
        }
        if (!known) {
            throw Refused.missing(
                    "source rule name '" + PoolShowCommands.shortened(name) + "' does not exist");
        }
        if (taken) {
            throw new Refused(
                    Errno.EEXIST, "destination rule name '" + newName + "' already exists");
        }
        CrushChange.edit(call, editor -> editor.renameRule(name, newName));
        return Reply.said("");
    }
}
