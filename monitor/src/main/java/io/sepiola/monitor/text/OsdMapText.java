package io.sepiola.monitor.text;

import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.map.SnapInterval;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** OSD maps as {@code osd dump} shows them. */
public final class OsdMapText {
    private static final String[] STATES = {
        "exists",
        "up",
        "autoout",
        "new",
        "full",
        "nearfull",
        "backfillfull",
        "destroyed",
        "noup",
        "nodown",
        "noin",
        "noout",
        "stop"
    };
    private static final String[] RELEASES = {
        "unknown", "argonaut", "bobtail", "cuttlefish", "dumpling", "emperor", "firefly", "giant",
        "hammer", "infernalis", "jewel", "kraken", "luminous", "mimic", "nautilus", "octopus",
        "pacific", "quincy", "reef"
    };

    private OsdMapText() {}

    /** The name of a release's number. */
    public static String release(int number) {
        return number >= 0 && number < RELEASES.length ? RELEASES[number] : "unknown";
    }

    /** The words of an OSD's state. */
    public static List<String> states(int state) {
        List<String> words = new ArrayList<>();
        for (int bit = 0; bit < STATES.length; bit++) {
            if ((state & 1 << bit) != 0) {
                words.add(STATES[bit]);
            }
        }
        return words;
    }

    /** {@code 1}, or {@code 0.5}. */
    public static String weight(int weight) {
        return JsonText.significant((float) weight / OsdMap.WEIGHT_IN, 6);
    }

    /** For people. */
    public static String plain(OsdMap map) {
        StringBuilder out = new StringBuilder();
        out.append("epoch ").append(Integer.toUnsignedLong(map.epoch())).append('\n');
        out.append("fsid ").append(map.fsid()).append('\n');
        out.append("created ").append(Units.stamp(map.created())).append('\n');
        out.append("modified ").append(Units.stamp(map.modified())).append('\n');
        out.append("flags ").append(OsdMapFlags.names(map.flags())).append('\n');
        out.append("crush_version ").append(map.crushVersion()).append('\n');
        out.append("full_ratio ").append(ratio(map.fullRatio())).append('\n');
        out.append("backfillfull_ratio ").append(ratio(map.backfillfullRatio())).append('\n');
        out.append("nearfull_ratio ").append(ratio(map.nearfullRatio())).append('\n');
        if (map.minCompatClient() > 0) {
            out.append("require_min_compat_client ")
                    .append(release(map.minCompatClient()))
                    .append('\n');
        }
        out.append("min_compat_client jewel\n"); // what straw2 needs, and nothing here needs more
        if (map.requireOsdRelease() > 0) {
            out.append("require_osd_release ")
                    .append(release(map.requireOsdRelease()))
                    .append('\n');
        }
        out.append("stretch_mode_enabled false\n");
        map.pools()
                .forEach((id, pool) ->
                        out.append(PoolText.line(id, map.poolName(id).orElse(""), pool))
                                .append('\n'));
        out.append("max_osd ").append(map.osdMax()).append('\n');
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.exists(osd)) {
                out.append(osdLine(map, osd)).append('\n');
            }
        }
        map.upmap()
                .forEach((pg, osds) ->
                        out.append("pg_upmap ")
                                .append(pg)
                                .append(' ')
                                .append(list(osds))
                                .append('\n'));
        map.pgTemp()
                .forEach((pg, osds) ->
                        out.append("pg_temp ")
                                .append(pg)
                                .append(' ')
                                .append(list(osds))
                                .append('\n'));
        map.primaryTemp()
                .forEach((pg, osd) ->
                        out.append("primary_temp ")
                                .append(pg)
                                .append(' ')
                                .append(osd)
                                .append('\n'));
        map.blocklist()
                .forEach((addr, until) ->
                        out.append("blocklist ")
                                .append(AddrText.legacy(addr))
                                .append(" expires ")
                                .append(Units.stamp(until))
                                .append('\n'));
        return out.toString();
    }

    private static String ratio(float ratio) {
        return JsonText.significant(ratio, 6);
    }

    private static String list(List<Integer> osds) {
        return osds.stream().map(Object::toString).collect(Collectors.joining(",", "[", "]"));
    }

    /** One OSD in one line, without its end. */
    public static String osdLine(OsdMap map, int osd) {
        StringBuilder out = new StringBuilder();
        out.append("osd.").append(osd);
        out.append(map.isUp(osd) ? " up  " : " down");
        out.append(map.isIn(osd) ? " in " : " out");
        out.append(" weight ").append(weight(map.weight(osd)));
        if (map.affinity(osd) != OsdMap.AFFINITY_DEFAULT) {
            out.append(" primary_affinity ").append(weight(map.affinity(osd)));
        }
        var info = map.info(osd);
        out.append(" up_from ").append(info.upFrom());
        out.append(" up_thru ").append(info.upThru());
        out.append(" down_at ").append(info.downAt());
        out.append(" last_clean_interval [").append(info.lastCleanBegin());
        out.append(',').append(info.lastCleanEnd()).append(')');
        if (info.lostAt() != 0) {
            out.append(" lost_at ").append(info.lostAt());
        }
        out.append(' ').append(map.addrs(osd)).append(' ').append(map.clusterAddrs(osd));
        out.append(' ').append(String.join(",", states(map.state(osd))));
        out.append(' ').append(map.uuid(osd));
        return out.toString();
    }

    /** As JSON. */
    public static ObjectNode json(OsdMap map) {
        ObjectNode node = JsonText.object();
        node.put("epoch", Integer.toUnsignedLong(map.epoch()));
        node.put("fsid", map.fsid().toString());
        node.put("created", Units.stamp(map.created()));
        node.put("modified", Units.stamp(map.modified()));
        node.put("last_up_change", Units.stamp(map.lastUpChange()));
        node.put("last_in_change", Units.stamp(map.lastInChange()));
        String flags = OsdMapFlags.names(map.flags());
        node.put("flags", flags).put("flags_num", Integer.toUnsignedLong(map.flags()));
        ArrayNode set = node.putArray("flags_set");
        if (!flags.isEmpty()) {
            new TreeSet<>(List.of(flags.split(","))).forEach(set::add);
        }
        node.put("crush_version", map.crushVersion());
        node.put("full_ratio", (double) map.fullRatio());
        node.put("backfillfull_ratio", (double) map.backfillfullRatio());
        node.put("nearfull_ratio", (double) map.nearfullRatio());
        node.put("cluster_snapshot", "");
        node.put("pool_max", map.poolMax()).put("max_osd", map.osdMax());
        node.put("require_min_compat_client", release(map.minCompatClient()));
        node.put("min_compat_client", "jewel");
        node.put("require_osd_release", release(map.requireOsdRelease()));
        ArrayNode pools = node.putArray("pools");
        map.pools()
                .forEach((id, pool) -> {
                    ObjectNode shown = pools.addObject();
                    shown.put("pool", id).put("pool_name", map.poolName(id).orElse(""));
                    PoolText.fill(shown, pool);
                });
        ArrayNode osds = node.putArray("osds");
        ArrayNode xinfos = node.putArray("osd_xinfo");
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.exists(osd)) {
                osds.add(osdJson(map, osd));
                xinfos.add(xinfoJson(map, osd));
            }
        }
        exceptions(node, map);
        return node;
    }

    /** One OSD. */
    public static ObjectNode osdJson(OsdMap map, int osd) {
        ObjectNode node = JsonText.object();
        var info = map.info(osd);
        node.put("osd", osd).put("uuid", map.uuid(osd).toString());
        node.put("up", map.isUp(osd) ? 1 : 0).put("in", map.isIn(osd) ? 1 : 0);
        node.put("weight", (double) ((float) map.weight(osd) / OsdMap.WEIGHT_IN));
        node.put(
                "primary_affinity", (double) ((float) map.affinity(osd) / OsdMap.AFFINITY_DEFAULT));
        node.put("last_clean_begin", info.lastCleanBegin())
                .put("last_clean_end", info.lastCleanEnd());
        node.put("up_from", info.upFrom()).put("up_thru", info.upThru());
        node.put("down_at", info.downAt()).put("lost_at", info.lostAt());
        node.set("public_addrs", AddrText.json(map.addrs(osd)));
        node.set("cluster_addrs", AddrText.json(map.clusterAddrs(osd)));
        node.set("heartbeat_back_addrs", AddrText.json(map.heartbeatBackAddrs(osd)));
        node.set("heartbeat_front_addrs", AddrText.json(map.heartbeatFrontAddrs(osd)));
        node.put("public_addr", AddrText.legacy(map.addrs(osd)));
        node.put("cluster_addr", AddrText.legacy(map.clusterAddrs(osd)));
        node.put("heartbeat_back_addr", AddrText.legacy(map.heartbeatBackAddrs(osd)));
        node.put("heartbeat_front_addr", AddrText.legacy(map.heartbeatFrontAddrs(osd)));
        ArrayNode states = node.putArray("state");
        states(map.state(osd)).forEach(states::add);
        return node;
    }

    private static ObjectNode xinfoJson(OsdMap map, int osd) {
        var xinfo = map.xinfo(osd);
        return JsonText.object()
                .put("osd", osd)
                .put("down_stamp", Units.stamp(xinfo.downStamp()))
                .put(
                        "laggy_probability",
                        Integer.toUnsignedLong(xinfo.laggyProbability()) / (double) 0xffffffffL)
                .put("laggy_interval", Integer.toUnsignedLong(xinfo.laggyInterval()))
                .put("features", xinfo.features())
                .put("old_weight", xinfo.oldWeight())
                .put("last_purged_snaps_scrub", Units.stamp(xinfo.lastPurgedSnapsScrub()))
                .put("dead_epoch", xinfo.deadEpoch());
    }

    private static void exceptions(ObjectNode node, OsdMap map) {
        ArrayNode upmap = node.putArray("pg_upmap");
        map.upmap().forEach((pg, osds) -> osds(upmap.addObject().put("pgid", pg.toString()), osds));
        ArrayNode items = node.putArray("pg_upmap_items");
        map.upmapItems()
                .forEach((pg, moves) -> {
                    ArrayNode mappings =
                            items.addObject().put("pgid", pg.toString()).putArray("mappings");
                    moves.forEach(move ->
                            mappings.addObject().put("from", move.from()).put("to", move.to()));
                });
        ArrayNode temp = node.putArray("pg_temp");
        map.pgTemp().forEach((pg, osds) -> osds(temp.addObject().put("pgid", pg.toString()), osds));
        ArrayNode primaries = node.putArray("primary_temp");
        map.primaryTemp()
                .forEach((pg, osd) ->
                        primaries
                                .add(pg.toString())
                                .add((int) osd)); // not an object: so Ceph has it
        ObjectNode blocklist = node.putObject("blocklist");
        map.blocklist()
                .forEach((addr, until) -> blocklist.put(AddrText.legacy(addr), Units.stamp(until)));
        node.putObject("range_blocklist");
        ObjectNode profiles = node.putObject("erasure_code_profiles");
        map.ecProfiles()
                .forEach((name, profile) -> {
                    ObjectNode shown = profiles.putObject(name);
                    profile.forEach(shown::put);
                });
        snaps(node.putArray("removed_snaps_queue"), map.removedSnapsQueue());
        snaps(node.putArray("new_removed_snaps"), map.newRemovedSnaps());
        snaps(node.putArray("new_purged_snaps"), map.newPurgedSnaps());
        ObjectNode nodeFlags = node.putObject("crush_node_flags");
        map.crushNodeFlags()
                .forEach((id, flags) -> words(nodeFlags.putArray(map.crush().itemName(id)), flags));
        ObjectNode classFlags = node.putObject("device_class_flags");
        map.deviceClassFlags()
                .forEach((id, flags) ->
                        words(
                                classFlags.putArray(
                                        map.crush().classNames().getOrDefault(id, "class" + id)),
                                flags));
        node.putObject("stretch_mode")
                .put("stretch_mode_enabled", false)
                .put("stretch_bucket_count", 0)
                .put("degraded_stretch_mode", 0)
                .put("recovering_stretch_mode", 0)
                .put("stretch_mode_bucket", 0);
    }

    private static void osds(ObjectNode node, List<Integer> osds) {
        ArrayNode all = node.putArray("osds");
        osds.forEach(osd -> all.add((int) osd));
    }

    private static void words(ArrayNode node, int flags) {
        states(flags).forEach(node::add);
    }

    private static void snaps(ArrayNode node, NavigableMap<Long, List<SnapInterval>> byPool) {
        for (Map.Entry<Long, List<SnapInterval>> entry : byPool.entrySet()) {
            ArrayNode runs = node.addObject().put("pool", entry.getKey()).putArray("snaps");
            entry.getValue()
                    .forEach(run ->
                            runs.addObject().put("begin", run.start()).put("length", run.length()));
        }
    }
}
