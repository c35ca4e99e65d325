package io.sepiola.protocol.dump;

import io.sepiola.protocol.map.OsdInfo;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.map.SnapInterval;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** OSD maps in lines for people, as {@code osdmaptool --print} writes them. */
public final class OsdMapLines {
    private static final UUID UUID_ZERO = new UUID(0, 0);

    private OsdMapLines() {}

    /** The whole map; each line ends. */
    public static String of(OsdMap map) {
        StringBuilder out = new StringBuilder();
        head(map, out);
        pools(map, out);
        out.append("max_osd ").append(map.osdMax()).append('\n');
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.exists(osd)) {
                osd(map, osd, out);
            }
        }
        out.append('\n');
        map.upmap().forEach((pg, osds) -> line(out, "pg_upmap " + pg + " " + Texts.list(osds)));
        map.upmapItems()
                .forEach((pg, items) ->
                        line(
                                out,
                                "pg_upmap_items "
                                        + pg
                                        + " "
                                        + items.stream()
                                                .map(item -> item.from() + "," + item.to())
                                                .collect(Collectors.joining(",", "[", "]"))));
        map.pgTemp().forEach((pg, osds) -> line(out, "pg_temp " + pg + " " + Texts.list(osds)));
        map.primaryTemp().forEach((pg, osd) -> line(out, "primary_temp " + pg + " " + osd));
        map.blocklist()
                .forEach((addr, until) ->
                        line(
                                out,
                                "blocklist "
                                        + Texts.addr(addr)
                                        + " expires "
                                        + Texts.stamp(until)));
        return out.toString();
    }

    private static void line(StringBuilder out, String line) {
        out.append(line).append('\n');
    }

    private static void head(OsdMap map, StringBuilder out) {
        line(out, "epoch " + Integer.toUnsignedLong(map.epoch()));
        line(out, "fsid " + map.fsid());
        line(out, "created " + Texts.stamp(map.created()));
        line(out, "modified " + Texts.stamp(map.modified()));
        line(out, "flags " + OsdMapFlags.names(map.flags()));
        line(out, "crush_version " + Integer.toUnsignedLong(map.crushVersion()));
        line(out, "full_ratio " + Texts.general(map.fullRatio(), 6));
        line(out, "backfillfull_ratio " + Texts.general(map.backfillfullRatio(), 6));
        line(out, "nearfull_ratio " + Texts.general(map.nearfullRatio(), 6));
        if (map.minCompatClient() > 0) {
            line(out, "require_min_compat_client " + Texts.release(map.minCompatClient()));
        }
        line(out, "min_compat_client " + Texts.release(CompatClient.of(map)));
        if (map.requireOsdRelease() > 0) {
            line(out, "require_osd_release " + Texts.release(map.requireOsdRelease()));
        }
        line(out, "stretch_mode_enabled " + map.stretchMode());
        if (map.stretchMode()) {
            line(out, "stretch_bucket_count " + map.stretchBucketCount());
            line(out, "degraded_stretch_mode " + map.degradedStretchMode());
            line(out, "recovering_stretch_mode " + map.recoveringStretchMode());
            line(out, "stretch_mode_bucket " + map.stretchModeBucket());
        }
        if (!map.snapshot().isEmpty()) {
            line(out, "cluster_snapshot " + map.snapshot());
        }
        out.append('\n');
    }

    private static void pools(OsdMap map, StringBuilder out) {
        map.pools()
                .forEach((id, pool) -> {
                    String name = map.poolName(id).orElse("<unknown>");
                    line(out, "pool " + id + " '" + name + "' " + PoolDump.line(pool));
                    pool.snaps()
                            .values()
                            .forEach(snap ->
                                    line(
                                            out,
                                            "\tsnap "
                                                    + snap.id()
                                                    + " '"
                                                    + snap.name()
                                                    + "' "
                                                    + Texts.stamp(snap.stamp())));
                    if (!pool.removedSnaps().isEmpty()) {
                        line(out, "\tremoved_snaps " + Texts.runs(pool.removedSnaps()));
                    }
                    List<SnapInterval> queued = map.removedSnapsQueue().get(id);
                    if (queued != null) {
                        line(out, "\tremoved_snaps_queue " + Texts.runs(queued));
                    }
                });
        out.append('\n');
    }

    private static void osd(OsdMap map, int osd, StringBuilder out) {
        out.append("osd.").append(osd).append(map.isUp(osd) ? " up  " : " down");
        out.append(map.isIn(osd) ? " in " : " out");
        out.append(" weight ").append(Texts.fraction(map.weight(osd)));
        if (map.affinity(osd) != OsdMap.AFFINITY_DEFAULT) {
            out.append(" primary_affinity ").append(Texts.fraction(map.affinity(osd)));
        }
        OsdInfo info = map.info(osd);
        out.append(" up_from ").append(Integer.toUnsignedLong(info.upFrom()));
        out.append(" up_thru ").append(Integer.toUnsignedLong(info.upThru()));
        out.append(" down_at ").append(Integer.toUnsignedLong(info.downAt()));
        out.append(" last_clean_interval [").append(Integer.toUnsignedLong(info.lastCleanBegin()));
        out.append(',').append(Integer.toUnsignedLong(info.lastCleanEnd())).append(')');
        if (info.lostAt() != 0) {
            out.append(" lost_at ").append(Integer.toUnsignedLong(info.lostAt()));
        }
        out.append(' ').append(Texts.addrs(map.addrs(osd)));
        out.append(' ').append(Texts.addrs(map.clusterAddrs(osd)));
        out.append(' ').append(String.join(",", Texts.states(map.state(osd))));
        if (!map.uuid(osd).equals(UUID_ZERO)) {
            out.append(' ').append(map.uuid(osd));
        }
        out.append('\n');
    }
}
