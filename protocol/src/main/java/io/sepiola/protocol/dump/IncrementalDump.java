package io.sepiola.protocol.dump;

import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.OsdMapIncremental.StretchChange;

/**
 * Steps from one OSD map to the next. An embedded map or hierarchy is left out. The node flags, the
 * class flags and the stretch mode stand within new_purged_snaps, which Ceph closes late.
 */
final class IncrementalDump {
    private IncrementalDump() {}

    /** The fields of a step. */
    static void incremental(OsdMapIncremental change, JsonDump out) {
        head(change, out);
        pools(change, out);
        osds(change, out);
        groups(change, out);
        lives(change, out);
        out.object("erasure_code_profiles", () -> OsdMapDump.profiles(change.newEcProfiles(), out));
        out.array(
                "old_erasure_code_profiles",
                () -> change.oldEcProfiles().forEach(name -> out.put("", name)));
        out.array("new_removed_snaps", () -> OsdMapDump.snaps(change.newRemovedSnaps(), out));
        out.array(
                "new_purged_snaps",
                () -> {
                    OsdMapDump.snaps(change.newPurgedSnaps(), out);
                    out.array(() ->
                            change.newCrushNodeFlags()
                                    .forEach((id, flags) -> flags(id, flags, out)));
                    out.array(() ->
                            change.newDeviceClassFlags()
                                    .forEach((id, flags) -> flags(id, flags, out)));
                    stretch(
                            change.stretch().orElse(new StretchChange(false, 0, 0, 0, 0, false)),
                            out);
                });
    }

    private static void head(OsdMapIncremental change, JsonDump out) {
        out.unsigned("epoch", change.epoch()).put("fsid", change.fsid().toString());
        out.put("modified", Texts.stamp(change.modified()));
        out.put("new_last_up_change", Texts.stamp(change.lastUpChange()));
        out.put("new_last_in_change", Texts.stamp(change.lastInChange()));
        out.put("new_pool_max", change.poolMax()).put("new_flags", change.flags());
        out.put("new_full_ratio", change.fullRatio());
        out.put("new_nearfull_ratio", change.nearfullRatio());
        out.put("new_backfillfull_ratio", change.backfillfullRatio());
        out.put("new_require_min_compat_client", change.minCompatClient());
        out.put("new_require_osd_release", change.requireOsdRelease());
        out.put("new_max_osd", change.osdMax());
    }

    private static void pools(OsdMapIncremental change, JsonDump out) {
        out.array(
                "new_pools",
                () ->
                        change.newPools()
                                .forEach((id, pool) ->
                                        out.object(() -> {
                                            out.put("pool", id);
                                            PoolDump.pool(pool, out);
                                        })));
        out.array(
                "new_pool_names",
                () ->
                        change.newPoolNames()
                                .forEach((id, name) ->
                                        out.object(() -> out.put("pool", id).put("name", name))));
        out.array("old_pools", () -> change.oldPools().forEach(id -> out.put("", id)));
    }

    private static void osds(OsdMapIncremental change, JsonDump out) {
        out.array(
                "new_up_osds",
                () ->
                        change.newUp()
                                .forEach((osd, addrs) ->
                                        out.object(() -> {
                                            out.put("osd", osd);
                                            out.put(
                                                    "public_addr",
                                                    Texts.addr(Texts.legacyOrFirst(addrs)));
                                            AddrDump.addrs("public_addrs", addrs, out);
                                            var cluster = change.newUpCluster().get(osd);
                                            if (cluster != null) {
                                                out.put(
                                                        "cluster_addr",
                                                        Texts.addr(Texts.legacyOrFirst(cluster)));
                                                AddrDump.addrs("cluster_addrs", cluster, out);
                                            }
                                            var back = change.newHeartbeatBack().get(osd);
                                            if (back != null) {
                                                AddrDump.addrs("heartbeat_back_addrs", back, out);
                                            }
                                            var front = change.newHeartbeatFront().get(osd);
                                            if (front != null) {
                                                AddrDump.addrs("heartbeat_front_addrs", front, out);
                                            }
                                        })));
        out.array(
                "new_weight",
                () ->
                        change.newWeight()
                                .forEach((osd, weight) ->
                                        out.object(() ->
                                                out.put("osd", osd)
                                                        .unsigned("weight", (int) weight))));
        out.array(
                "osd_state_xor",
                () ->
                        change.newState()
                                .forEach((osd, flip) ->
                                        out.object(() -> {
                                            out.put("osd", osd);
                                            int bits = flip == 0 ? 2 : flip;
                                            out.array(
                                                    "state_xor",
                                                    () ->
                                                            Texts.states(bits)
                                                                    .forEach(word ->
                                                                            out.put(
                                                                                    "state",
                                                                                    word)));
                                        })));
    }

    private static void groups(OsdMapIncremental change, JsonDump out) {
        out.array(
                "new_pg_temp",
                () ->
                        change.newPgTemp()
                                .forEach((pg, osds) ->
                                        out.object(() -> {
                                            out.put("pgid", pg.toString());
                                            OsdMapDump.osds(osds, out);
                                        })));
        out.array(
                "primary_temp",
                () ->
                        change.newPrimaryTemp()
                                .forEach((pg, osd) ->
                                        out.object(() ->
                                                out.put("pgid", pg.toString()).put("osd", osd))));
        out.array(
                "new_pg_upmap",
                () ->
                        change.newUpmap()
                                .forEach((pg, osds) ->
                                        out.object(() -> {
                                            out.put("pgid", pg.toString());
                                            OsdMapDump.osds(osds, out);
                                        })));
        out.array("old_pg_upmap", () -> change.oldUpmap().forEach(pg -> out.put("", "" + pg)));
        out.array(
                "new_pg_upmap_items",
                () ->
                        change.newUpmapItems()
                                .forEach((pg, items) ->
                                        out.object(() -> {
                                            out.put("pgid", pg.toString());
                                            OsdMapDump.items(items, out);
                                        })));
        out.array(
                "old_pg_upmap_items",
                () -> change.oldUpmapItems().forEach(pg -> out.put("", "" + pg)));
    }

    private static void lives(OsdMapIncremental change, JsonDump out) {
        out.array(
                "new_up_thru",
                () ->
                        change.newUpThru()
                                .forEach((osd, epoch) ->
                                        out.object(() ->
                                                out.put("osd", osd)
                                                        .unsigned("up_thru", (int) epoch))));
        out.array(
                "new_lost",
                () ->
                        change.newLost()
                                .forEach((osd, epoch) ->
                                        out.object(() ->
                                                out.put("osd", osd)
                                                        .unsigned("epoch_lost", (int) epoch))));
        out.array(
                "new_last_clean_interval",
                () ->
                        change.newLastClean()
                                .forEach((osd, run) ->
                                        out.object(() -> {
                                            out.put("osd", osd);
                                            out.unsigned("first", run.begin())
                                                    .unsigned("last", run.end());
                                        })));
        out.array(
                "new_blocklist",
                () ->
                        change.newBlocklist()
                                .forEach((addr, until) -> out.put("", Texts.stamp(until))));
        out.array(
                "old_blocklist",
                () -> change.oldBlocklist().forEach(addr -> out.put("", Texts.addr(addr))));
        out.array("new_range_blocklist", () -> {});
        out.array("old_range_blocklist", () -> {});
        out.array(
                "new_xinfo",
                () ->
                        change.newXinfo()
                                .forEach((osd, xinfo) ->
                                        out.object(() -> {
                                            out.put("osd", osd);
                                            OsdMapDump.xinfo(xinfo, out);
                                        })));
        out.array(
                "new_uuid",
                () ->
                        change.newUuid()
                                .forEach((osd, uuid) ->
                                        out.object(() ->
                                                out.put("osd", osd).put("uuid", uuid.toString()))));
    }

    private static void flags(int id, int flags, JsonDump out) {
        out.object(() -> {
            out.put("id", id);
            Texts.states(flags).forEach(word -> out.put("flag", word));
        });
    }

    private static void stretch(StretchChange stretch, JsonDump out) {
        out.object(() -> {
            out.put("change_stretch_mode", stretch.change());
            out.put("stretch_mode_enabled", stretch.enabled());
            out.unsigned("new_stretch_bucket_count", stretch.bucketCount());
            out.unsigned("new_degraded_stretch_mode", stretch.degradedMode());
            out.unsigned("new_recovering_stretch_mode", stretch.recoveringMode());
            out.put("new_stretch_mode_bucket", stretch.modeBucket());
        });
    }
}
