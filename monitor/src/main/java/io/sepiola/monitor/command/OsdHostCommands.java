package io.sepiola.monitor.command;

import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.OsdMapText;
import io.sepiola.monitor.text.TextTable;
import io.sepiola.protocol.map.OsdMap;

import tools.jackson.databind.node.ArrayNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the map says of OSDs' hosts and releases. */
final class OsdHostCommands {
    private static final int PACIFIC = 16;

    private OsdHostCommands() {}

    static List<Row> rows() {
        return List.of(
                Row.of(
                        "osd numa-status",
                        "",
                        "osd",
                        "r",
                        0,
                        "shows to which part of its host an OSD is bound",
                        OsdHostCommands::numa),
                Row.of(
                        "osd require-osd-release",
                        "release:CephChoices=luminous|mimic|nautilus|octopus|pacific"
                                + " yes_i_really_mean_it:CephBool:opt",
                        "osd",
                        "rw",
                        0,
                        "lets no OSD of an older release boot",
                        OsdHostCommands::release));
    }

    private static Reply numa(Call call) {
        OsdMap map = call.state().osdMaps().newest();
        List<Integer> osds = new ArrayList<>();
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.exists(osd) && map.isUp(osd)) {
                osds.add(osd);
            }
        }
        return call.format().reply(() -> numaTable(call, osds), () -> numaJson(call, osds));
    }

    private static String host(Call call, int osd) {
        return call.state()
                .osdMetadata()
                .getOrDefault(osd, Collections.emptySortedMap())
                .getOrDefault("hostname", "");
    }

    private static String numaTable(Call call, List<Integer> osds) {
        TextTable table =
                new TextTable()
                        .numbers("OSD")
                        .words("HOST")
                        .numbers("NETWORK")
                        .numbers("STORAGE")
                        .numbers("AFFINITY")
                        .words("CPUS");
        osds.forEach(osd -> table.row(Integer.toString(osd), host(call, osd), "-", "-", "-", "-"));
        return table.toString();
    }

    private static ArrayNode numaJson(Call call, List<Integer> osds) {
        ArrayNode all = JsonText.array();
        osds.forEach(osd -> all.addObject().put("osd", (int) osd).put("host", host(call, osd)));
        return all;
    }

    private static Reply release(Call call) {
        String wanted = call.arguments().text("release");
        int now = call.state().osdMaps().newest().requireOsdRelease();
        for (int release = PACIFIC; release > 0; release--) {
            if (OsdMapText.release(release).equals(wanted)) {
                if (release < now) {
                    throw Refused.invalid(
                            "require_osd_release cannot be lowered once it has been set");
                }
                if (release > now) {
                    call.draft().osdMapStep().requireOsdRelease(release);
                }
                return Reply.said("");
            }
        }
        throw Refused.invalid("not supported for this release");
    }
}
