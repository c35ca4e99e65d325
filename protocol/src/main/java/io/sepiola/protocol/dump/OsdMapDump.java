package io.sepiola.protocol.dump;

import io.sepiola.protocol.map.OsdInfo;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.map.OsdXinfo;
import io.sepiola.protocol.map.SnapInterval;
import io.sepiola.protocol.map.UpmapItem;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeSet;

/** OSD maps, as {@code osd dump} shows them. */
public final class OsdMapDump {
    private OsdMapDump() {}

    /** The fields of a map. */
    public static void map(OsdMap map, JsonDump out) {
        head(map, out);
        out.array(
                "pools",
                () ->
                        map.pools()
                                .forEach((id, pool) ->
                                        out.object(() -> {
                                            out.put("pool", id);
                                            out.put(
                                                    "pool_name",
                                                    map.poolName(id).orElse("<unknown>"));
                                            PoolDump.pool(pool, out);
                                        })));
        out.array("osds", () -> forEachOsd(map, osd -> out.object(() -> osd(map, osd, out))));
        out.array(
                "osd_xinfo",
                () ->
                        forEachOsd(
                                map,
                                osd ->
                                        out.object(() -> {
                                            out.put("osd", osd);
                                            xinfo(map.xinfo(osd), out);
                                        })));
        exceptions(map, out);
        out.object(
                "blocklist",
                () ->
                        map.blocklist()
                                .forEach((addr, until) ->
                                        out.put(Texts.addr(addr), Texts.stamp(until))));
        out.object("range_blocklist", () -> {});
        out.object("erasure_code_profiles", () -> profiles(map.ecProfiles(), out));
        out.array("removed_snaps_queue", () -> snaps(map.removedSnapsQueue(), out));
        out.array("new_removed_snaps", () -> snaps(map.newRemovedSnaps(), out));
        out.array("new_purged_snaps", () -> snaps(map.newPurgedSnaps(), out));
        out.object(
                "crush_node_flags",
                () ->
                        map.crushNodeFlags()
                                .forEach((id, flags) ->
                                        words(
                                                map.crush().itemNames().getOrDefault(id, "unknown"),
                                                flags,
                                                out)));
        out.object(
                "device_class_flags",
                () ->
                        map.deviceClassFlags()
                                .forEach((id, flags) ->
                                        words(
                                                map.crush()
                                                        .classNames()
                                                        .getOrDefault(id, "unknown"),
                                                flags,
                                                out)));
        out.object(
                "stretch_mode",
                () -> {
                    out.put("stretch_mode_enabled", map.stretchMode());
                    out.unsigned("stretch_bucket_count", map.stretchBucketCount());
                    out.unsigned("degraded_stretch_mode", map.degradedStretchMode());
                    out.unsigned("recovering_stretch_mode", map.recoveringStretchMode());
                    out.put("stretch_mode_bucket", map.stretchModeBucket());
                });
    }

    private static void head(OsdMap map, JsonDump out) {
        out.unsigned("epoch", map.epoch()).put("fsid", map.fsid().toString());
        out.put("created", Texts.stamp(map.created()));
        out.put("modified", Texts.stamp(map.modified()));
        out.put("last_up_change", Texts.stamp(map.lastUpChange()));
        out.put("last_in_change", Texts.stamp(map.lastInChange()));
        String flags = OsdMapFlags.names(map.flags());
        out.put("flags", flags).unsigned("flags_num", map.flags());
        out.array(
                "flags_set",
                () -> {
                    if (!flags.isEmpty()) {
                        new TreeSet<>(List.of(flags.split(","))).forEach(flag -> out.put("", flag));
                    }
                });
        out.unsigned("crush_version", map.crushVersion());
        out.put("full_ratio", map.fullRatio());
        out.put("backfillfull_ratio", map.backfillfullRatio());
        out.put("nearfull_ratio", map.nearfullRatio());
        out.put("cluster_snapshot", map.snapshot());
        out.put("pool_max", map.poolMax()).put("max_osd", map.osdMax());
        out.put("require_min_compat_client", Texts.release(map.minCompatClient()));
        out.put("min_compat_client", Texts.release(CompatClient.of(map)));
        out.put("require_osd_release", Texts.release(map.requireOsdRelease()));
    }

    private static void forEachOsd(OsdMap map, java.util.function.IntConsumer action) {
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.exists(osd)) {
                action.accept(osd);
            }
        }
    }

    private static void osd(OsdMap map, int osd, JsonDump out) {
        out.put("osd", osd).put("uuid", map.uuid(osd).toString());
        out.put("up", map.isUp(osd) ? 1 : 0).put("in", map.isIn(osd) ? 1 : 0);
        out.put("weight", (float) Integer.toUnsignedLong(map.weight(osd)) / OsdMap.WEIGHT_IN);
        out.put(
                "primary_affinity",
                (float) Integer.toUnsignedLong(map.affinity(osd)) / OsdMap.AFFINITY_DEFAULT);
        info(map.info(osd), out);
        AddrDump.addrs("public_addrs", map.addrs(osd), out);
        AddrDump.addrs("cluster_addrs", map.clusterAddrs(osd), out);
        AddrDump.addrs("heartbeat_back_addrs", map.heartbeatBackAddrs(osd), out);
        AddrDump.addrs("heartbeat_front_addrs", map.heartbeatFrontAddrs(osd), out);
        out.put("public_addr", Texts.legacy(map.addrs(osd)));
        out.put("cluster_addr", Texts.legacy(map.clusterAddrs(osd)));
        out.put("heartbeat_back_addr", Texts.legacy(map.heartbeatBackAddrs(osd)));
        out.put("heartbeat_front_addr", Texts.legacy(map.heartbeatFrontAddrs(osd)));
        out.array("state", () -> Texts.states(map.state(osd)).forEach(word -> out.put("", word)));
    }

    /** The fields of an OSD's life. */
    static void info(OsdInfo info, JsonDump out) {
        out.unsigned("last_clean_begin", info.lastCleanBegin());
        out.unsigned("last_clean_end", info.lastCleanEnd());
        out.unsigned("up_from", info.upFrom()).unsigned("up_thru", info.upThru());
        out.unsigned("down_at", info.downAt()).unsigned("lost_at", info.lostAt());
    }

    /** The fields of what more is known of an OSD. */
    static void xinfo(OsdXinfo xinfo, JsonDump out) {
        out.put("down_stamp", Texts.stamp(xinfo.downStamp()));
        out.put(
                "laggy_probability",
                (float) Integer.toUnsignedLong(xinfo.laggyProbability()) / (float) 0xffffffffL);
        out.put("laggy_interval", xinfo.laggyInterval());
        out.put("features", xinfo.features()).unsigned("old_weight", xinfo.oldWeight());
        out.put("last_purged_snaps_scrub", Texts.stamp(xinfo.lastPurgedSnapsScrub()));
        out.unsigned("dead_epoch", xinfo.deadEpoch());
    }

    private static void exceptions(OsdMap map, JsonDump out) {
        out.array(
                "pg_upmap",
                () ->
                        map.upmap()
                                .forEach((pg, osds) ->
                                        out.object(() -> {
                                            out.put("pgid", pg.toString());
                                            osds(osds, out);
                                        })));
        out.array(
                "pg_upmap_items",
                () ->
                        map.upmapItems()
                                .forEach((pg, items) ->
                                        out.object(() -> {
                                            out.put("pgid", pg.toString());
                                            items(items, out);
                                        })));
        out.array(
                "pg_temp",
                () ->
                        map.pgTemp()
                                .forEach((pg, osds) ->
                                        out.object(() -> {
                                            out.put("pgid", pg.toString());
                                            osds(osds, out);
                                        })));
        out.array(
                "primary_temp",
                () ->
                        map.primaryTemp()
                                .forEach((pg, osd) ->
                                        out.object(() ->
                                                out.put("pgid", pg.toString()).put("osd", osd))));
    }

    static void items(List<UpmapItem> items, JsonDump out) {
        out.array("mappings", () -> items.forEach(item -> item(item, out)));
    }

    private static void item(UpmapItem item, JsonDump out) {
        out.object(() -> out.put("from", item.from()).put("to", item.to()));
    }

    static void osds(List<Integer> osds, JsonDump out) {
        out.array("osds", () -> osds.forEach(osd -> out.put("osd", osd)));
    }

    static void profiles(
            NavigableMap<String, NavigableMap<String, String>> profiles, JsonDump out) {
        profiles.forEach((name, profile) -> out.object(name, () -> profile.forEach(out::put)));
    }

    private static void words(String name, int flags, JsonDump out) {
        out.array(name, () -> Texts.states(flags).forEach(word -> out.put("flag", word)));
    }

    static void snaps(NavigableMap<Long, List<SnapInterval>> byPool, JsonDump out) {
        byPool.forEach((pool, runs) ->
                out.object(() -> {
                    out.put("pool", pool);
                    out.array(
                            "snaps",
                            () ->
                                    runs.forEach(run ->
                                            out.object(() ->
                                                    out.unsigned("begin", run.start())
                                                            .unsigned("length", run.length()))));
                }));
    }
}
