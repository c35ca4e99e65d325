package io.sepiola.monitor.command;

import io.sepiola.crush.CrushEditor;
import io.sepiola.crush.CrushException;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.monitor.text.CrushText;
import io.sepiola.monitor.text.CrushTree;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The CRUSH map. */
final class CrushCommands {
    private static final double WEIGHT_MAX = 65_535;

    private CrushCommands() {}

    static List<Row> rows() {
        String place = " args:CephString:N";
        String weighted = "id:CephOsdName weight:CephFloat[0.0]" + place;
        return List.of(
                show("osd crush rule ls", "", 0, "lists rules", CrushCommands::ruleList),
                show("osd crush rule list", "", 4, "lists rules", CrushCommands::ruleList),
                show(
                        "osd crush rule dump",
                        "name:CephString:opt",
                        0,
                        "shows rules",
                        CrushCommands::ruleDump),
                show("osd crush dump", "", 0, "shows the whole map", CrushCommands::dump),
                show("osd crush class ls", "", 0, "lists device classes", CrushCommands::classes),
                show(
                        "osd crush tree",
                        "shadow:CephChoices:opt=--show-shadow",
                        0,
                        "shows the hierarchy",
                        CrushCommands::tree),
                show(
                        "osd crush show-tunables",
                        "",
                        0,
                        "shows how choosing goes",
                        CrushCommands::tunables),
                show(
                        "osd crush ls",
                        "node:CephString",
                        0,
                        "lists what a bucket holds",
                        CrushCommands::list),
                change(
                        "osd crush set-device-class",
                        "class:CephString ids:CephString:N",
                        "gives OSDs a device class",
                        CrushCommands::setClass),
                change(
                        "osd crush rm-device-class",
                        "ids:CephString:N",
                        "takes the device class from OSDs",
                        CrushCommands::removeClass),
                change(
                        "osd crush create-or-move",
                        weighted,
                        "puts an OSD where it says it is",
                        CrushCommands::createOrMove),
                change(
                        "osd crush set",
                        weighted,
                        "sets an OSD's weight and place",
                        CrushCommands::set),
                change(
                        "osd crush add",
                        weighted,
                        "sets an OSD's weight and place",
                        CrushCommands::set),
                change(
                        "osd crush add-bucket",
                        "name:CephString type:CephString args:CephString:opt:N",
                        "makes a bucket",
                        CrushCommands::addBucket),
                change(
                        "osd crush move",
                        "name:CephString" + place,
                        "moves an item",
                        CrushCommands::move),
                change(
                        "osd crush rename-bucket",
                        "srcname:CephString dstname:CephString",
                        "renames a bucket",
                        CrushCommands::rename),
                change(
                        "osd crush rm",
                        "name:CephString ancestor:CephString:opt",
                        "removes an item",
                        CrushCommands::remove),
                change(
                        "osd crush remove",
                        "name:CephString ancestor:CephString:opt",
                        "removes an item",
                        CrushCommands::remove),
                change(
                        "osd crush reweight",
                        "name:CephString weight:CephFloat[0.0]",
                        "sets an item's weight",
                        CrushCommands::reweight),
                change(
                        "osd crush reweight-subtree",
                        "name:CephString weight:CephFloat[0.0]",
                        "sets the weight of all devices below a bucket",
                        CrushCommands::reweightSubtree),
                change(
                        "osd crush rule create-replicated",
                        "name:CephString root:CephString type:CephString class:CephString:opt",
                        "makes a rule for replicated pools",
                        CrushCommands::createRule),
                change(
                        "osd crush rule rm",
                        "name:CephString",
                        "removes a rule",
                        CrushCommands::removeRule),
                change(
                        "osd crush rule rename",
                        "srcname:CephString dstname:CephString",
                        "renames a rule",
                        CrushCommands::renameRule),
                change(
                        "osd setcrushmap",
                        "prior_version:CephInt:opt",
                        "takes the encoded map given as input",
                        CrushCommands::setMap));
    }

    private static Row show(
            String prefix, String arguments, int flags, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "r", flags, help, action);
    }

    private static Row change(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "rw", 0, help, action);
    }

    private static CrushMap map(Call call) {
        return call.state().osdMaps().newest().crush();
    }

    private static Reply lined(Call call, JsonNode node) {
        return switch (call.format()) {
            case PLAIN -> Reply.shown(JsonText.pretty(node) + "\n");
            case JSON -> Reply.shown(JsonText.compact(node) + "\n");
            case JSON_PRETTY -> Reply.shown(JsonText.pretty(node));
        };
    }

    private static Reply ruleList(Call call) {
        var names = map(call).ruleNames().values();
        return call.format()
                .reply(
                        () -> names.stream().map(name -> name + "\n").collect(Collectors.joining()),
                        () -> {
                            ArrayNode all = JsonText.array();
                            names.forEach(all::add);
                            return all;
                        });
    }

    private static Reply ruleDump(Call call) {
        CrushMap map = map(call);
        if (call.arguments().has("name")) {
            String name = call.arguments().text("name");
            int id = ruleId(map, name);
            return lined(call, CrushText.rule(map, id));
        }
        return lined(call, CrushText.rules(map));
    }

    private static int ruleId(CrushMap map, String name) {
        return map.ruleId(name)
                .orElseThrow(() ->
                        Refused.missing(
                                "unknown crush rule '" + PoolShowCommands.shortened(name) + "'"));
    }

    private static Reply dump(Call call) {
        return lined(call, CrushText.whole(map(call)));
    }

    private static Reply classes(Call call) {
        ArrayNode all = JsonText.array();
        map(call).classNames().values().forEach(all::add);
        return call.format().reply(all);
    }

    private static Reply tree(Call call) {
        boolean shadows = call.arguments().has("shadow");
        CrushTree tree = new CrushTree(map(call), null, osd -> true, shadows);
        return call.format().reply(tree::plain, tree::json);
    }

    private static Reply tunables(Call call) {
        return lined(call, CrushText.tunables(map(call)));
    }

    private static Reply list(Call call) {
        CrushMap map = map(call);
        String name = call.arguments().text("node");
        int id =
                map.itemId(name)
                        .orElseThrow(() ->
                                Refused.missing(
                                        "node '"
                                                + PoolShowCommands.shortened(name)
                                                + "' does not exist"));
        ArrayNode all = JsonText.array();
        map.bucket(id)
                .ifPresentOrElse(
                        bucket -> {
                            for (int item : bucket.items()) {
                                all.add(map.itemName(item));
                            }
                        },
                        () -> all.add(name));
        StringBuilder plain = new StringBuilder();
        all.forEach(item -> plain.append(item.asString()).append('\n'));
        return call.format().reply(plain::toString, () -> all);
    }

    /** Changes the map; what cannot be is answered with the editor's own sentence. */
    private static <T> T edit(Call call, Function<CrushEditor, T> change) {
        CrushEditor editor = new CrushEditor(map(call));
        try {
            T result = change.apply(editor);
            CrushMap edited = editor.build();
            if (!edited.equals(map(call))) {
                call.draft().osdMapStep().crush(edited);
            }
            return result;
        } catch (CrushException refused) {
            int errno =
                    switch (refused.kind()) {
                        case INVALID -> Errno.EINVAL;
                        case ABSENT -> Errno.ENOENT;
                        case PRESENT -> Errno.EEXIST;
                        case USED -> -39;
                    };
            throw new Refused(errno, String.valueOf(refused.getMessage()));
        }
    }

    private static int[] osds(Call call) {
        OsdMap map = call.state().osdMaps().newest();
        return call.arguments().texts("ids").stream()
                .mapToInt(name -> {
                    String digits = name.startsWith("osd.") ? name.substring(4) : name;
                    if (!digits.matches("[0-9]{1,9}")) {
                        throw Refused.invalid(
                                "unable to parse osd id \""
                                        + PoolShowCommands.shortened(name)
                                        + "\"");
                    }
                    int osd = Integer.parseInt(digits);
                    if (!map.exists(osd)) {
                        throw Refused.missing("osd." + osd + " does not exist");
                    }
                    return osd;
                })
                .toArray();
    }

    private static String numbers(int[] osds) {
        return java.util.Arrays.stream(osds)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
    }

    private static Reply setClass(Call call) {
        String wanted = call.arguments().text("class");
        int[] osds = osds(call);
        for (int osd : osds) {
            String bound = map(call).classOf(osd).orElse(wanted);
            if (!bound.equals(wanted)) {
                throw new Refused(
                        Errno.EBUSY,
                        "osd."
                                + osd
                                + " has already bound to class '"
                                + bound
                                + "', can not reset class to '"
                                + wanted
                                + "'; use 'ceph osd crush rm-device-class "
                                + osd
                                + "' to remove old class first");
            }
        }
        edit(
                call,
                editor -> {
                    for (int osd : osds) {
                        editor.setDeviceClass(osd, wanted);
                    }
                    return editor;
                });
        return Reply.said("set osd(s) " + numbers(osds) + " to class '" + wanted + "'");
    }

    private static Reply removeClass(Call call) {
        int[] osds = osds(call);
        edit(
                call,
                editor -> {
                    for (int osd : osds) {
                        editor.setDeviceClass(osd, "");
                    }
                    return editor;
                });
        return Reply.said("done removing class of osd(s): " + numbers(osds));
    }

    private static SortedMap<String, String> place(Call call) {
        SortedMap<String, String> place = new TreeMap<>();
        for (String pair : call.arguments().texts("args")) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw Refused.invalid(
                        "'"
                                + PoolShowCommands.shortened(pair)
                                + "' is not of the form TYPE=NAME, such as host=a");
            }
            place.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return place;
    }

    private static String shown(SortedMap<String, String> place) {
        return place.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static int weight(Call call) {
        double weight = call.arguments().fraction("weight");
        if (weight > WEIGHT_MAX) {
            throw Refused.invalid("weight " + JsonText.significant(weight, 6) + " is too large");
        }
        return (int) (weight * 0x10000);
    }

    private static String weightShown(Call call) {
        return JsonText.significant(call.arguments().fraction("weight"), 6);
    }

    private static int osd(Call call) {
        int osd = call.arguments().osd("id");
        if (!call.state().osdMaps().newest().exists(osd)) {
            throw Refused.missing(
                    "osd." + osd + " does not exist. Create it before updating the crush map");
        }
        return osd;
    }

    private static Reply createOrMove(Call call) {
        int osd = osd(call);
        int weight = weight(call);
        SortedMap<String, String> place = place(call);
        edit(call, editor -> editor.createOrMove(osd, "osd." + osd, weight, place));
        return Reply.said(
                "create-or-move updating item name 'osd."
                        + osd
                        + "' weight "
                        + weightShown(call)
                        + " at location "
                        + shown(place)
                        + " to crush map");
    }

    private static Reply set(Call call) {
        int osd = osd(call);
        int weight = weight(call);
        SortedMap<String, String> place = place(call);
        edit(call, editor -> editor.set(osd, "osd." + osd, weight, place));
        return Reply.said(
                "set item id "
                        + osd
                        + " name 'osd."
                        + osd
                        + "' weight "
                        + weightShown(call)
                        + " at location "
                        + shown(place)
                        + " to crush map");
    }

    private static Reply addBucket(Call call) {
        String name = call.arguments().text("name");
        String type = call.arguments().text("type");
        if (map(call).itemId(name).isPresent()) {
            return Reply.said("bucket '" + PoolShowCommands.shortened(name) + "' already exists");
        }
        SortedMap<String, String> place = place(call);
        edit(
                call,
                editor -> {
                    int id = editor.addBucket(name, type);
                    if (!place.isEmpty()) {
                        editor.move(name, place);
                    }
                    return id;
                });
        String where = place.isEmpty() ? "" : " at location " + shown(place);
        return Reply.said("added bucket " + name + " type " + type + where + " to crush map");
    }

    private static int item(Call call, String name) {
        return map(call)
                .itemId(name)
                .orElseThrow(() ->
                        Refused.missing(
                                "item " + PoolShowCommands.shortened(name) + " does not exist"));
    }

    private static Reply move(Call call) {
        String name = call.arguments().text("name");
        int id = item(call, name);
        SortedMap<String, String> place = place(call);
        edit(call, editor -> editor.move(name, place));
        return Reply.said(
                "moved item id "
                        + id
                        + " name '"
                        + name
                        + "' to location "
                        + shown(place)
                        + " in crush map");
    }

    private static Reply rename(Call call) {
        String name = call.arguments().text("srcname");
        String newName = call.arguments().text("dstname");
        item(call, name);
        edit(
                call,
                editor -> {
                    editor.rename(name, newName);
                    return newName;
                });
        return Reply.said("renamed bucket " + name + " into " + newName);
    }

    private static Reply remove(Call call) {
        String name = call.arguments().text("name");
        var id = map(call).itemId(name);
        if (id.isEmpty()) {
            return Reply.said(
                    "device '"
                            + PoolShowCommands.shortened(name)
                            + "' does not appear in the crush map");
        }
        removeIfPlaced(call, name);
        return Reply.said(
                "removed item id " + id.getAsInt() + " name '" + name + "' from crush map");
    }

    static void removeIfPlaced(Call call, String name) {
        if (map(call).itemId(name).isPresent()) {
            edit(
                    call,
                    editor -> {
                        editor.remove(name);
                        return name;
                    });
        }
    }

    private static Reply reweight(Call call) {
        String name = call.arguments().text("name");
        int id = item(call, name);
        int weight = weight(call);
        if (id < 0) {
            throw Refused.invalid(
                    "bucket '" + name + "' is not a device; its weight is the sum of its items");
        }
        edit(call, editor -> editor.reweight(id, weight));
        return Reply.said(
                "reweighted item id "
                        + id
                        + " name '"
                        + name
                        + "' to "
                        + weightShown(call)
                        + " in crush map");
    }

    private static Reply reweightSubtree(Call call) {
        String name = call.arguments().text("name");
        int id = item(call, name);
        int weight = weight(call);
        edit(
                call,
                editor -> {
                    editor.reweightSubtree(name, weight);
                    return name;
                });
        return Reply.said(
                "reweighted subtree id "
                        + id
                        + " name '"
                        + name
                        + "' to "
                        + weightShown(call)
                        + " in crush map");
    }

    private static Reply createRule(Call call) {
        String name = call.arguments().text("name");
        if (map(call).ruleId(name).isPresent()) {
            return Reply.said("rule " + PoolShowCommands.shortened(name) + " already exists");
        }
        edit(
                call,
                editor ->
                        editor.addSimpleRule(
                                name,
                                call.arguments().text("root"),
                                call.arguments().text("type"),
                                call.arguments().textIfGiven("class").orElse(""),
                                CrushRule.REPLICATED,
                                true));
        return Reply.said("");
    }

    private static Reply removeRule(Call call) {
        String name = call.arguments().text("name");
        var id = map(call).ruleId(name);
        if (id.isEmpty()) {
            return Reply.said("rule " + PoolShowCommands.shortened(name) + " does not exist");
        }
        for (PgPool pool : call.state().osdMaps().newest().pools().values()) {
            if (pool.crushRule() == id.getAsInt()) {
                throw new Refused(
                        Errno.EBUSY, "crush rule " + name + " (" + id.getAsInt() + ") is in use");
            }
        }
        edit(
                call,
                editor -> {
                    editor.removeRule(name);
                    return name;
                });
        return Reply.said("");
    }

    private static Reply renameRule(Call call) {
        String name = call.arguments().text("srcname");
        ruleId(map(call), name);
        edit(
                call,
                editor -> {
                    editor.renameRule(name, call.arguments().text("dstname"));
                    return name;
                });
        return Reply.said("");
    }

    private static Reply setMap(Call call) {
        OsdMap map = call.state().osdMaps().newest();
        long prior = call.arguments().number("prior_version", map.crushVersion());
        if (prior != map.crushVersion()) {
            throw new Refused(
                    Errno.EPERM,
                    "prior_version " + prior + " != crush version " + map.crushVersion());
        }
        if (call.input().isEmpty()) {
            throw Refused.invalid("the input holds no CRUSH map; give one with -i");
        }
        CrushMap given = CrushMap.CODEC.fromBytes(call.input());
        map.pools()
                .forEach((id, pool) -> {
                    if (given.rule(pool.crushRule()).isEmpty()) {
                        throw Refused.invalid(
                                "the map lacks rule "
                                        + pool.crushRule()
                                        + ", which pool "
                                        + id
                                        + " uses");
                    }
                });
        if (given.deviceCountMax() > map.osdMax()) {
            throw new Refused(
                    Errno.ERANGE,
                    "the map has devices up to "
                            + (given.deviceCountMax() - 1)
                            + ", but max_osd is "
                            + map.osdMax());
        }
        call.draft().osdMapStep().crush(given);
        return Reply.said(Integer.toString(map.crushVersion() + 1));
    }
}
