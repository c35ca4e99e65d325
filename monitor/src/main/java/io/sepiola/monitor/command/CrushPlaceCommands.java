package io.sepiola.monitor.command;

import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushEditor;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.map.OsdMap;

import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;

/** Where items hang in the CRUSH map, and what they weigh. */
final class CrushPlaceCommands {
    private CrushPlaceCommands() {}

    static List<Row> rows() {
        String place = " args:CephString:N";
        String weighted = "id:CephOsdName weight:CephFloat[0.0]" + place;
        String ancestor = "name:CephString ancestor:CephString:opt";
        String weight = "name:CephString weight:CephFloat[0.0]";
        return List.of(
                row(
                        "osd crush create-or-move",
                        weighted,
                        "puts an OSD where it says it is",
                        CrushPlaceCommands::createOrMove),
                row(
                        "osd crush set",
                        weighted,
                        "sets an OSD's weight and place",
                        CrushPlaceCommands::set),
                row(
                        "osd crush add",
                        weighted,
                        "puts an OSD into one more place",
                        CrushPlaceCommands::add),
                row(
                        "osd crush add-bucket",
                        "name:CephString type:CephString args:CephString:opt:N",
                        "makes a bucket",
                        CrushPlaceCommands::addBucket),
                row(
                        "osd crush move",
                        "name:CephString" + place,
                        "moves an item",
                        CrushPlaceCommands::move),
                row(
                        "osd crush link",
                        "name:CephString" + place,
                        "hangs a bucket into one more place",
                        CrushPlaceCommands::link),
                row(
                        "osd crush unlink",
                        ancestor,
                        "takes an item out of a place",
                        CrushPlaceCommands::unlink),
                row("osd crush rm", ancestor, "removes an item", CrushPlaceCommands::remove),
                Row.of(
                        "osd crush remove",
                        ancestor,
                        "osd",
                        "rw",
                        4,
                        "removes an item",
                        CrushPlaceCommands::remove),
                row(
                        "osd crush rename-bucket",
                        "srcname:CephString dstname:CephString",
                        "renames a bucket",
                        CrushPlaceCommands::rename),
                row(
                        "osd crush swap-bucket",
                        "source:CephString dest:CephString yes_i_really_mean_it:CephBool:opt",
                        "exchanges what two buckets hold",
                        CrushPlaceCommands::swap),
                row(
                        "osd crush reweight",
                        weight,
                        "sets an item's weight",
                        CrushPlaceCommands::reweight),
                row(
                        "osd crush reweight-subtree",
                        weight,
                        "sets the weight of all devices below a bucket",
                        CrushPlaceCommands::reweightSubtree),
                row(
                        "osd crush reweight-all",
                        "",
                        "makes all buckets weigh what they hold",
                        CrushPlaceCommands::reweightAll));
    }

    private static Row row(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "rw", 0, help, action);
    }

    private static int osd(Call call, String remedy) {
        int osd = call.arguments().osd("id");
        if (!call.state().osdMaps().newest().exists(osd)) {
            throw missing(osd, remedy);
        }
        return osd;
    }

    private static Refused missing(int osd, String remedy) {
        return Refused.missing("osd." + osd + " does not exist." + remedy);
    }

    private static Reply createOrMove(Call call) {
        // Every OSD says so at each start: where it is there already, nothing is disturbed.
        OsdMap map = call.draft().osdMapOfAll();
        int osd = call.arguments().osd("id");
        if (!map.exists(osd)) {
            throw missing(osd, "  create it before updating the crush map");
        }
        int weight = CrushChange.weight(call);
        SortedMap<String, String> place = CrushChange.place(call);
        CrushEditor editor = new CrushEditor(map.crush());
        boolean changed =
                CrushChange.checked(() -> editor.createOrMove(osd, "osd." + osd, weight, place));
        if (changed) {
            CrushChange.replace(call, before -> editor.build());
        }
        return Reply.said(
                "create-or-move "
                        + (changed ? "updating" : "updated")
                        + " item name 'osd."
                        + osd
                        + "' weight "
                        + CrushChange.weightShown(call)
                        + " at location "
                        + CrushChange.shown(place)
                        + " to crush map");
    }

    private static boolean isAt(CrushMap map, int item, int weight, SortedMap<String, String> at) {
        int lowest = Integer.MAX_VALUE;
        for (String type : at.keySet()) {
            lowest = Math.min(lowest, map.typeId(type).orElse(Integer.MAX_VALUE));
        }
        OptionalInt bucketId =
                lowest == Integer.MAX_VALUE
                        ? OptionalInt.empty()
                        : map.itemId(String.valueOf(at.get(map.typeName(lowest))));
        if (bucketId.isEmpty()) {
            return false;
        }
        CrushBucket bucket = map.bucket(bucketId.getAsInt()).orElse(null);
        int index = bucket == null ? -1 : bucket.indexOf(item);
        return bucket != null && index >= 0 && bucket.itemWeight(index) == weight;
    }

    private static Reply placed(Call call, String verb, int osd, String end) {
        return Reply.said(
                verb
                        + " item id "
                        + osd
                        + " name 'osd."
                        + osd
                        + "' weight "
                        + CrushChange.weightShown(call)
                        + " at location "
                        + CrushChange.shown(CrushChange.place(call))
                        + end);
    }

    private static Reply set(Call call) {
        int osd = osd(call, " Create it before updating the crush map");
        int weight = CrushChange.weight(call);
        SortedMap<String, String> place = CrushChange.place(call);
        if (isAt(CrushChange.map(call), osd, weight, place)) {
            return placed(call, "set", osd, ": no change");
        }
        if (CrushChange.map(call).itemId("osd." + osd).isEmpty()) {
            throw new Refused(
                    Errno.ENOENT,
                    placed(call, "unable to set", osd, ": does not exist; use add").text());
        }
        CrushChange.edit(call, editor -> editor.set(osd, "osd." + osd, weight, place));
        return placed(call, "set", osd, " to crush map");
    }

    private static Reply add(Call call) {
        int osd = osd(call, " Create it before updating the crush map");
        int weight = CrushChange.weight(call);
        SortedMap<String, String> place = CrushChange.place(call);
        if (isAt(CrushChange.map(call), osd, weight, place)) {
            return placed(call, "set", osd, ": no change");
        }
        CrushChange.edit(call, editor -> editor.add(osd, "osd." + osd, weight, place));
        return placed(call, "add", osd, " to crush map");
    }

    private static Reply addBucket(Call call) {
        String name = call.arguments().text("name");
        String type = call.arguments().text("type");
        if (CrushChange.map(call).itemId(name).isPresent()) {
            return Reply.said("bucket '" + PoolShowCommands.shortened(name) + "' already exists");
        }
        if (CrushChange.map(call).typeId(type).isEmpty()) {
            throw Refused.invalid("type '" + PoolShowCommands.shortened(type) + "' does not exist");
        }
        SortedMap<String, String> place = CrushChange.place(call);
        CrushChange.edit(
                call,
                editor -> {
                    editor.addBucket(name, type);
                    if (!place.isEmpty()) {
                        editor.move(name, place);
                    }
                });
        return Reply.said(
                "added bucket "
                        + name
                        + " type "
                        + type
                        + (place.isEmpty()
                                ? " to crush map"
                                : " to location " + CrushChange.shown(place)));
    }

    private static Reply move(Call call) {
        String name = call.arguments().text("name");
        int id = CrushChange.item(call, name);
        SortedMap<String, String> place = CrushChange.place(call);
        CrushMap before = CrushChange.map(call);
        CrushChange.edit(call, editor -> editor.move(name, place));
        boolean moved = !CrushChange.map(call).equals(before);
        return Reply.said((moved ? "moved" : "no need to move") + hanging(id, name, place));
    }

    private static String hanging(int id, String name, SortedMap<String, String> place) {
        return " item id "
                + id
                + " name '"
                + name
                + "' to location "
                + CrushChange.shown(place)
                + " in crush map";
    }

    private static Reply link(Call call) {
        String name = call.arguments().text("name");
        int id = CrushChange.item(call, name);
        SortedMap<String, String> place = CrushChange.place(call);
        if (id >= 0) {
            throw Refused.invalid(
                    "cannot link item id "
                            + id
                            + " name '"
                            + name
                            + "' to location "
                            + CrushChange.shown(place)
                            + ": it is a device; use 'osd crush add'");
        }
        CrushMap before = CrushChange.map(call);
        CrushChange.edit(call, editor -> editor.link(name, place));
        boolean linked = !CrushChange.map(call).equals(before);
        return Reply.said((linked ? "linked" : "no need to move") + hanging(id, name, place));
    }

    private static Reply unlink(Call call) {
        return takeAway(call, true);
    }

    private static Reply remove(Call call) {
        return takeAway(call, false);
    }

    private static Reply takeAway(Call call, boolean unlink) {
        String name = call.arguments().text("name");
        OptionalInt id = CrushChange.map(call).itemId(name);
        if (id.isEmpty()) {
            return Reply.said(
                    "device '"
                            + PoolShowCommands.shortened(name)
                            + "' does not appear in the crush map");
        }
        String ancestor = call.arguments().textIfGiven("ancestor").orElse("");
        if (!ancestor.isEmpty() && CrushChange.map(call).itemId(ancestor).isEmpty()) {
            throw Refused.missing(
                    "ancestor item '"
                            + PoolShowCommands.shortened(ancestor)
                            + "' does not appear in the crush map");
        }
        CrushMap before = CrushChange.map(call);
        CrushChange.edit(
                call,
                editor -> {
                    if (unlink) {
                        editor.unlink(name, ancestor);
                    } else if (ancestor.isEmpty()) {
                        editor.remove(name);
                    } else {
                        editor.remove(name, ancestor);
                    }
                });
        return Reply.said(
                CrushChange.map(call).equals(before)
                        ? "item " + id.getAsInt() + " does not appear in that position"
                        : "removed item id "
                                + id.getAsInt()
                                + " name '"
                                + name
                                + "' from crush map");
    }

    static void removeIfPlaced(Call call, String name) {
        if (CrushChange.map(call).itemId(name).isPresent()) {
            CrushChange.edit(call, editor -> editor.remove(name));
        }
    }

    private static Reply rename(Call call) {
        String name = call.arguments().text("srcname");
        String newName = call.arguments().text("dstname");
        CrushMap map = CrushChange.map(call);
        OptionalInt id = map.itemId(name);
        boolean taken = map.itemId(newName).isPresent();
        if (id.isEmpty() && taken) {
            return Reply.said("renamed bucket " + name + " into " + newName);
        }
        if (id.isEmpty()) {
            throw Refused.missing(
                    "srcname = '" + PoolShowCommands.shortened(name) + "' does not exist");
        }
        if (id.getAsInt() >= 0) {
            throw new Refused(
                    Errno.ENOTDIR,
                    "srcname = '"
                            + name
                            + "' is not a bucket because its id = "
                            + id.getAsInt()
                            + " is >= 0");
        }
        if (taken) {
            throw new Refused(Errno.EEXIST, "dstname = '" + newName + "' already exists");
        }
        CrushChange.edit(call, editor -> editor.rename(name, newName));
        return Reply.said("renamed bucket " + name + " into " + newName);
    }

    private static Reply swap(Call call) {
        String source = call.arguments().text("source");
        String target = call.arguments().text("dest");
        CrushMap map = CrushChange.map(call);
        int sourceId =
                map.itemId(source)
                        .orElseThrow(() ->
                                Refused.missing(
                                        "source item "
                                                + PoolShowCommands.shortened(source)
                                                + " does not exist"));
        map.itemId(target)
                .orElseThrow(() ->
                        Refused.missing(
                                "dest item "
                                        + PoolShowCommands.shortened(target)
                                        + " does not exist"));
        if (map.isPlaced(sourceId) && !call.arguments().flag("yes_i_really_mean_it")) {
            throw new Refused(
                    Errno.EPERM,
                    "source item "
                            + source
                            + " is not an orphan bucket; pass --yes-i-really-mean-it to proceed"
                            + " anyway");
        }
        CrushChange.edit(call, editor -> editor.swap(source, target));
        return Reply.said("swapped bucket of " + source + " to " + target);
    }

    private static int placedItem(Call call, String name) {
        return CrushChange.map(call)
                .itemId(name)
                .orElseThrow(() ->
                        Refused.missing(
                                "device '"
                                        + PoolShowCommands.shortened(name)
                                        + "' does not appear in the crush map"));
    }

    private static Reply reweight(Call call) {
        String name = call.arguments().text("name");
        int id = placedItem(call, name);
        if (id < 0) {
            throw Refused.invalid("device '" + name + "' is not a leaf in the crush map");
        }
        int weight = CrushChange.weight(call);
        CrushChange.edit(call, editor -> editor.reweight(id, weight));
        return reweighted(call, "item", id, name);
    }

    private static Reply reweightSubtree(Call call) {
        String name = call.arguments().text("name");
        int id = placedItem(call, name);
        if (id >= 0) {
            throw Refused.invalid("device '" + name + "' is not a subtree in the crush map");
        }
        int weight = CrushChange.weight(call);
        CrushChange.edit(call, editor -> editor.reweightSubtree(name, weight));
        return reweighted(call, "subtree", id, name);
    }

    private static Reply reweighted(Call call, String what, int id, String name) {
        return Reply.said(
                "reweighted "
                        + what
                        + " id "
                        + id
                        + " name '"
                        + name
                        + "' to "
                        + CrushChange.weightShown(call)
                        + " in crush map");
    }

    private static Reply reweightAll(Call call) {
        CrushChange.edit(call, io.sepiola.crush.CrushEditor::reweightAll);
        return Reply.said("reweighted crush hierarchy");
    }
}
