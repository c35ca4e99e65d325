package io.sepiola.monitor.command;

import io.sepiola.crush.CrushMap;
import io.sepiola.crush.DeviceClasses;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.map.OsdMap;

import tools.jackson.databind.node.ArrayNode;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Device classes. */
final class CrushClassCommands {
    private CrushClassCommands() {}

    static List<Row> rows() {
        return List.of(
                show("osd crush class ls", "", "lists device classes", CrushClassCommands::list),
                show(
                        "osd crush class ls-osd",
                        "class:CephString",
                        "lists the OSDs of a device class",
                        CrushClassCommands::listOsds),
                show(
                        "osd crush get-device-class",
                        "ids:CephString:N",
                        "shows the device class of OSDs",
                        CrushClassCommands::get),
                change(
                        "osd crush class create",
                        "class:CephString",
                        "makes a device class",
                        CrushClassCommands::create),
                change(
                        "osd crush class rm",
                        "class:CephString",
                        "removes a device class",
                        CrushClassCommands::remove),
                change(
                        "osd crush class rename",
                        "srcname:CephString dstname:CephString",
                        "renames a device class",
                        CrushClassCommands::rename),
                change(
                        "osd crush set-device-class",
                        "class:CephString ids:CephString:N",
                        "gives OSDs a device class",
                        CrushClassCommands::set),
                change(
                        "osd crush rm-device-class",
                        "ids:CephString:N",
                        "takes the device class from OSDs",
                        CrushClassCommands::unset));
    }

    private static Row show(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "r", 0, help, action);
    }

    private static Row change(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "rw", 0, help, action);
    }

    private static Reply list(Call call) {
        ArrayNode all = JsonText.array();
        CrushChange.map(call).classNames().values().forEach(all::add);
        return call.format().reply(all);
    }

    private static Reply listOsds(Call call) {
        CrushMap map = CrushChange.map(call);
        OptionalInt number = map.classId(call.arguments().text("class"));
        ArrayNode all = JsonText.array();
        map.itemClasses()
                .forEach((item, its) -> {
                    if (item >= 0 && number.isPresent() && its == number.getAsInt()) {
                        all.add((int) item);
                    }
                });
        return call.format()
                .reply(
                        () ->
                                all.valueStream()
                                        .map(id -> id.asString() + "\n")
                                        .collect(Collectors.joining()),
                        () -> all);
    }

    private static OptionalInt osd(String name) {
        String digits = name.startsWith("osd.") ? name.substring(4) : name;
        return digits.matches("[0-9]{1,9}")
                ? OptionalInt.of(Integer.parseInt(digits))
                : OptionalInt.empty();
    }

    private static Reply get(Call call) {
        CrushMap map = CrushChange.map(call);
        List<String> names = call.arguments().texts("ids");
        ArrayNode all = JsonText.array();
        StringBuilder plain = new StringBuilder();
        for (String name : names) {
            int osd =
                    osd(name)
                            .orElseThrow(() ->
                                    Refused.invalid(
                                            "unable to parse osd id:'"
                                                    + PoolShowCommands.shortened(name)
                                                    + "'"));
            String its = map.classOf(osd).orElse("");
            all.addObject().put("osd", osd).put("device_class", its);
            if (names.size() > 1) {
                plain.append("osd.").append(osd).append(' ');
            }
            plain.append(its).append(its.isEmpty() && names.size() == 1 ? "" : "\n");
        }
        return call.format().reply(plain::toString, () -> all);
    }

    private static Reply create(Call call) {
        String name = call.arguments().text("class");
        if (CrushChange.map(call).classId(name).isPresent()) {
            return Reply.said("class '" + name + "' already exists");
        }
        CrushChange.replace(
                call,
                map -> {
                    DeviceClasses classes = new DeviceClasses(map);
                    classes.create(name);
                    return classes.build();
                });
        return Reply.said(
                "created class "
                        + name
                        + " with id "
                        + CrushChange.map(call).classId(name).orElseThrow()
                        + " to crush map");
    }

    private static Reply remove(Call call) {
        String name = call.arguments().text("class");
        OptionalInt number = CrushChange.map(call).classId(name);
        if (number.isEmpty()) {
            return Reply.said("");
        }
        refuseWhenTaken(CrushChange.map(call), name, number.getAsInt());
        CrushChange.replace(
                call,
                map -> {
                    DeviceClasses classes = new DeviceClasses(map);
                    classes.remove(name);
                    return classes.build();
                });
        return Reply.said(
                "removed class " + name + " with id " + number.getAsInt() + " from crush map");
    }

    private static void refuseWhenTaken(CrushMap map, String name, int number) {
        for (int id = 0; id < map.ruleSlots(); id++) {
            boolean taken =
                    map.rule(id).stream()
                            .flatMap(rule -> rule.steps().stream())
                            .anyMatch(step ->
                                    step.operation() == io.sepiola.crush.CrushRule.Step.TAKE
                                            && Integer.valueOf(number)
                                                    .equals(map.itemClasses().get(step.first())));
            if (taken) {
                throw new Refused(
                        Errno.EBUSY,
                        "class '"
                                + name
                                + "' still referenced by crush_rule '"
                                + map.ruleNames().getOrDefault(id, "rule" + id)
                                + "'");
            }
        }
    }

    private static Reply rename(Call call) {
        String name = call.arguments().text("srcname");
        String newName = call.arguments().text("dstname");
        CrushMap before = CrushChange.map(call);
        boolean known = before.classId(name).isPresent();
        boolean taken = before.classId(newName).isPresent();
        if (!known && taken) {
            return Reply.said("already renamed to '" + newName + "'");
        }
        if (!known || taken) {
            throw new Refused(
                    known ? Errno.EEXIST : Errno.ENOENT,
                    "fail to rename '"
                            + PoolShowCommands.shortened(name)
                            + "' to '"
                            + newName
                            + "' : "
                            + (known ? "(17) File exists" : "(2) No such file or directory"));
        }
        CrushChange.replace(
                call,
                map -> {
                    DeviceClasses classes = new DeviceClasses(map);
                    classes.rename(name, newName);
                    return classes.build();
                });
        return Reply.said("rename class '" + name + "' to '" + newName + "'");
    }

    private static Reply set(Call call) {
        String wanted = call.arguments().text("class");
        // Every OSD says so at each start: where nothing changes, nothing is disturbed.
        OsdMap all = call.draft().osdMapOfAll();
        CrushMap map = all.crush();
        StringBuilder said = new StringBuilder();
        List<Integer> changed = new ArrayList<>();
        for (String name : call.arguments().texts("ids")) {
            OptionalInt id = osd(name);
            if (id.isEmpty()) {
                // Ceph goes on with the others, and its scripts count on the code.
                said.append("unable to parse osd id:\"")
                        .append(PoolShowCommands.shortened(name))
                        .append("\". ");
                continue;
            }
            int osd = id.getAsInt();
            String bound = map.classOf(osd).orElse("");
            if (!all.exists(osd)) {
                said.append("osd.").append(osd).append(" does not exist. ");
            } else if (bound.equals(wanted)) {
                said.append("osd.").append(osd).append(" already set to class ");
                said.append(wanted).append(". ");
            } else if (!bound.isEmpty()) {
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
            } else {
                changed.add(osd);
            }
        }
        if (!changed.isEmpty()) {
            CrushChange.edit(
                    call, editor -> changed.forEach(osd -> editor.setDeviceClass(osd, wanted)));
        }
        return Reply.said(said + "set osd(s) " + numbers(changed) + " to class '" + wanted + "'");
    }

    private static Reply unset(Call call) {
        CrushMap map = CrushChange.map(call);
        StringBuilder said = new StringBuilder();
        List<Integer> changed = new ArrayList<>();
        for (String name : osds(call)) {
            int osd =
                    osd(name)
                            .orElseThrow(() ->
                                    Refused.invalid(
                                            "unable to parse osd id:\""
                                                    + PoolShowCommands.shortened(name)
                                                    + "\". "));
            if (!call.state().osdMaps().newest().exists(osd)) {
                said.append("osd.").append(osd).append(" does not exist. ");
            } else if (map.classOf(osd).isEmpty()) {
                said.append("osd.").append(osd).append(" belongs to no class, ");
            } else {
                changed.add(osd);
            }
        }
        CrushChange.edit(call, editor -> changed.forEach(osd -> editor.setDeviceClass(osd, "")));
        return Reply.said(said + "done removing class of osd(s): " + numbers(changed));
    }

    private static List<String> osds(Call call) {
        List<String> names = call.arguments().texts("ids");
        if (names.size() == 1 && List.of("all", "any", "*").contains(names.getFirst())) {
            return OsdShowCommands.existing(call.state().osdMaps().newest())
                    .mapToObj(Integer::toString)
                    .toList();
        }
        return names;
    }

    private static String numbers(List<Integer> osds) {
        return osds.stream().map(Object::toString).collect(Collectors.joining(","));
    }
}
