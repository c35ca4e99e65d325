package io.sepiola.monitor.command;

import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapFlags;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The flags of the cluster, and of single OSDs, buckets and device classes. */
final class OsdFlagCommands {
    private static final Map<String, Integer> FLAGS = new LinkedHashMap<>();
    private static final Map<String, Integer> GROUP_FLAGS = new LinkedHashMap<>();

    static {
        FLAGS.put("pause", OsdMapFlags.PAUSERD | OsdMapFlags.PAUSEWR);
        FLAGS.put("noup", OsdMapFlags.NOUP);
        FLAGS.put("nodown", OsdMapFlags.NODOWN);
        FLAGS.put("noout", OsdMapFlags.NOOUT);
        FLAGS.put("noin", OsdMapFlags.NOIN);
        FLAGS.put("nobackfill", OsdMapFlags.NOBACKFILL);
        FLAGS.put("norebalance", OsdMapFlags.NOREBALANCE);
        FLAGS.put("norecover", OsdMapFlags.NORECOVER);
        FLAGS.put("noscrub", OsdMapFlags.NOSCRUB);
        FLAGS.put("nodeep-scrub", OsdMapFlags.NODEEP_SCRUB);
        FLAGS.put("notieragent", OsdMapFlags.NOTIERAGENT);
        FLAGS.put("nosnaptrim", OsdMapFlags.NOSNAPTRIM);
        FLAGS.put("pglog_hardlimit", OsdMapFlags.PGLOG_HARDLIMIT);
        GROUP_FLAGS.put("noup", OsdMap.STATE_NOUP);
        GROUP_FLAGS.put("nodown", OsdMap.STATE_NODOWN);
        GROUP_FLAGS.put("noin", OsdMap.STATE_NOIN);
        GROUP_FLAGS.put("noout", OsdMap.STATE_NOOUT);
    }

    private OsdFlagCommands() {}

    static List<Row> rows() {
        // Ceph describes `full` as well, and refuses it.
        String unset =
                "key:CephChoices=full|pause|noup|nodown|noout|noin|nobackfill|norebalance|norecover"
                        + "|noscrub|nodeep-scrub|notieragent|nosnaptrim";
        String set = unset + "|pglog_hardlimit yes_i_really_mean_it:CephBool:opt";
        String group = "flags:CephString who:CephString:N";
        List<Row> rows = new ArrayList<>();
        rows.add(row("osd set", set, 0, "sets a flag of the cluster", call -> flag(call, true)));
        rows.add(
                row(
                        "osd unset",
                        unset,
                        0,
                        "unsets a flag of the cluster",
                        call -> flag(call, false)));
        rows.add(row("osd pause", "", 0, "makes reads and writes wait", call -> pause(call, true)));
        rows.add(
                row(
                        "osd unpause",
                        "",
                        0,
                        "lets reads and writes go on",
                        call -> pause(call, false)));
        rows.add(
                row(
                        "osd set-group",
                        group,
                        0,
                        "sets flags of OSDs, buckets or device classes",
                        call -> group(call, flags(call), who(call), true)));
        rows.add(
                row(
                        "osd unset-group",
                        group,
                        0,
                        "unsets flags of OSDs, buckets or device classes",
                        call -> group(call, flags(call), who(call), false)));
        GROUP_FLAGS.forEach((name, bit) -> {
            rows.add(
                    row(
                            "osd add-" + name,
                            "ids:CephString:N",
                            4,
                            "sets a flag of OSDs",
                            call -> group(call, bit, call.arguments().texts("ids"), true)));
            rows.add(
                    row(
                            "osd rm-" + name,
                            "ids:CephString:N",
                            4,
                            "unsets a flag of OSDs",
                            call -> group(call, bit, call.arguments().texts("ids"), false)));
        });
        return rows;
    }

    private static Row row(
            String prefix, String arguments, int flags, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "rw", flags, help, action);
    }

    private static OsdMap map(Call call) {
        return call.state().osdMaps().newest();
    }

    private static Reply flag(Call call, boolean on) {
        String name = call.arguments().text("key");
        Integer bits = FLAGS.get(name);
        if (bits == null) {
            throw Refused.invalid("unrecognized flag '" + name + "'");
        }
        return put(call, bits, on, name.equals("pause") ? "pauserd,pausewr" : name);
    }

    private static Reply pause(Call call, boolean on) {
        return put(call, OsdMapFlags.PAUSERD | OsdMapFlags.PAUSEWR, on, "pauserd,pausewr");
    }

    private static Reply put(Call call, int bits, boolean on, String shown) {
        int flags = map(call).flags();
        call.draft().osdMapStep().flags(on ? flags | bits : flags & ~bits);
        return Reply.said(shown + " is " + (on ? "set" : "unset"));
    }

    private static int flags(Call call) {
        int bits = 0;
        for (String name : call.arguments().text("flags").split(",")) {
            Integer bit = GROUP_FLAGS.get(name);
            if (bit == null) {
                throw Refused.invalid(
                        "unrecognized flag '"
                                + PoolShowCommands.shortened(name)
                                + "', must be one of {noup,nodown,noin,noout}");
            }
            bits |= bit;
        }
        return bits;
    }

    private static List<String> who(Call call) {
        return call.arguments().texts("who");
    }

    private static Reply group(Call call, int bits, List<String> who, boolean on) {
        StringBuilder said = new StringBuilder();
        boolean all = who.stream().anyMatch(List.of("any", "all", "*")::contains);
        List<String> names =
                all
                        ? OsdShowCommands.existing(map(call)).mapToObj(Integer::toString).toList()
                        : who;
        for (String name : names) {
            group(call, bits, name, on, said);
        }
        return Reply.said(said.toString());
    }

    private static void group(Call call, int bits, String name, boolean on, StringBuilder said) {
        OsdMap map = map(call);
        String digits = name.startsWith("osd.") ? name.substring(4) : name;
        if (digits.matches("[0-9]{1,9}")) {
            int osd = Integer.parseInt(digits);
            if (!map.exists(osd)) {
                said.append("osd.").append(osd).append(" does not exist. ");
                return;
            }
            int flips = on ? bits & ~map.state(osd) : bits & map.state(osd);
            if (flips != 0) {
                call.draft().touch(osd);
                call.draft().osdMapStep().newState(osd, flips);
            }
            return;
        }
        OptionalInt node = map.crush().itemId(name);
        OptionalInt deviceClass = map.crush().classId(name);
        if (node.isPresent()) {
            int before = map.crushNodeFlags().getOrDefault(node.getAsInt(), 0);
            call.draft()
                    .osdMapStep()
                    .newCrushNodeFlags(node.getAsInt(), on ? before | bits : before & ~bits);
        } else if (deviceClass.isPresent()) {
            int before = map.deviceClassFlags().getOrDefault(deviceClass.getAsInt(), 0);
            call.draft()
                    .osdMapStep()
                    .newDeviceClassFlags(
                            deviceClass.getAsInt(), on ? before | bits : before & ~bits);
        } else {
            throw Refused.invalid(
                    "unable to parse osd id or crush node or device class: \""
                            + PoolShowCommands.shortened(name)
                            + "\". ");
        }
    }
}
