package io.sepiola.protocol.dump;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.fs.Filesystem;
import io.sepiola.protocol.fs.FsMap;
import io.sepiola.protocol.fs.MdsFeatures;
import io.sepiola.protocol.fs.MdsInfo;
import io.sepiola.protocol.fs.MdsMap;
import io.sepiola.protocol.osd.CompatSet;

import java.util.List;

/** File systems and metadata servers. */
final class FsMapDump {
    private static final String[] CLIENT_FEATURES = {
        "reserved",
        "reserved",
        "reserved",
        "reserved",
        "reserved",
        "jewel",
        "kraken",
        "luminous",
        "mimic",
        "reply_encoding",
        "reclaim_client",
        "lazy_caps_wanted",
        "multi_reconnect",
        "deleg_ino",
        "metric_collect",
        "alternate_name",
        "notify_session_state",
        "op_getvxattr",
        "32bits_retry_fwd"
    };

    private FsMapDump() {}

    static void map(FsMap map, JsonDump out) {
        out.unsigned("epoch", map.epoch()).put("default_fscid", map.legacyId());
        out.object("compat", () -> ObjectDump.compat(map.compat(), out));
        out.object(
                "feature_flags",
                () -> {
                    out.put("enable_multiple", map.enableMultiple());
                    out.put("ever_enabled_multiple", map.everEnabledMultiple());
                });
        out.array(
                "standbys",
                () ->
                        map.standbys()
                                .forEach((gid, info) ->
                                        out.object(() -> {
                                            info(info, out);
                                            out.unsigned(
                                                    "epoch",
                                                    map.standbyEpochs().getOrDefault(gid, 0));
                                        })));
        out.array(
                "filesystems",
                () -> map.filesystems().forEach(it -> out.object(() -> filesystem(it, out))));
    }

    static void filesystem(Filesystem filesystem, JsonDump out) {
        out.object("mdsmap", () -> servers(filesystem.map(), out));
        out.put("id", filesystem.id());
        if (filesystem.mirror().mirrored()) {
            out.object("mirror_info", () -> mirror(filesystem.mirror(), out));
        }
    }

    static void mirror(Filesystem.Mirror mirror, JsonDump out) {
        out.object("peers", () -> mirror.peers().forEach(peer -> peer(peer, out)));
    }

    static void peer(Filesystem.Peer peer, JsonDump out) {
        out.object(
                peer.uuid(),
                () ->
                        out.object(
                                "remote",
                                () -> {
                                    out.put("client_name", peer.client());
                                    out.put("cluster_name", peer.cluster());
                                    out.put("fs_name", peer.filesystem());
                                }));
    }

    /** One file system's map, with the feature that 16.2.15 adds while it reads. */
    static void servers(MdsMap map, JsonDump out) {
        CompatSet compat = MdsFeatures.withInlineData(map.compat());
        out.unsigned("epoch", map.epoch()).unsigned("flags", map.flags());
        out.put("ever_allowed_features", map.everAllowed());
        out.put("explicitly_allowed_features", map.explicitlyAllowed());
        out.put("created", Texts.stamp(map.created()));
        out.put("modified", Texts.stamp(map.modified()));
        out.put("tableserver", map.tableServer()).put("root", map.root());
        out.unsigned("session_timeout", map.sessionTimeoutSeconds());
        out.unsigned("session_autoclose", map.sessionAutocloseSeconds());
        out.object("required_client_features", () -> required(map.requiredClientFeatures(), out));
        out.put("max_file_size", map.fileSizeMax());
        out.unsigned("last_failure", map.lastFailure());
        out.unsigned("last_failure_osd_epoch", map.lastFailureOsdEpoch());
        out.object("compat", () -> ObjectDump.compat(compat, out));
        out.put("max_mds", map.rankCount());
        ranks("in", map.in(), out);
        out.object("up", () -> map.up().forEach((rank, gid) -> out.put("mds_" + rank, gid)));
        ranks("failed", map.failed(), out);
        ranks("damaged", map.damaged(), out);
        ranks("stopped", map.stopped(), out);
        out.object(
                "info",
                () ->
                        map.servers()
                                .forEach((gid, info) ->
                                        out.object(
                                                "gid_" + Long.toUnsignedString(gid),
                                                () -> info(info, within(info, compat), out))));
        out.array("data_pools", () -> map.dataPools().forEach(pool -> out.put("", pool)));
        out.put("metadata_pool", map.metadataPool()).put("enabled", map.enabled());
        out.put("fs_name", map.name()).put("balancer", map.balancer());
        out.put("standby_count_wanted", Math.max(0, map.standbysWanted()));
    }

    private static CompatSet within(MdsInfo info, CompatSet map) {
        boolean empty = info.compat().incompatible().names().isEmpty();
        return empty ? map : MdsFeatures.withInlineData(info.compat());
    }

    private static void ranks(String name, List<Integer> ranks, JsonDump out) {
        out.array(name, () -> ranks.forEach(rank -> out.put("", rank)));
    }

    private static void required(Bytes bits, JsonDump out) {
        for (int bit = 0; bit < bits.size() * 8L; bit++) {
            if ((bits.at(bit / 8) & 1 << bit % 8) != 0) {
                boolean known = bit < CLIENT_FEATURES.length;
                out.put("feature_" + bit, known ? CLIENT_FEATURES[bit] : "unknown");
            }
        }
    }

    static void info(MdsInfo info, JsonDump out) {
        info(info, info.compat(), out);
    }

    private static void info(MdsInfo info, CompatSet compat, JsonDump out) {
        out.unsigned("gid", info.gid()).put("name", info.name()).put("rank", info.rank());
        out.put("incarnation", info.incarnation()).put("state", state(info.state()));
        out.put("state_seq", info.sequence()).put("addr", Texts.legacy(info.addrs()));
        AddrDump.addrs("addrs", info.addrs(), out);
        out.put("join_fscid", info.joinId());
        if (!info.laggySince().equals(Utime.ZERO)) {
            out.put("laggy_since", Texts.stamp(info.laggySince()));
        }
        ranks("export_targets", info.exportTargets(), out);
        out.unsigned("features", info.features()).unsigned("flags", info.flags());
        out.object("compat", () -> ObjectDump.compat(compat, out));
    }

    private static String state(int state) {
        return switch (state) {
            case -10 -> "null";
            case -9 -> "up:oneshot-replay";
            case -8 -> "up:standby-replay";
            case -7 -> "up:starting";
            case -6 -> "up:creating";
            case -5 -> "up:standby";
            case -4 -> "up:boot";
            case -1 -> "down:stopped";
            case 0 -> "down:dne";
            case 8 -> "up:replay";
            case 9 -> "up:resolve";
            case 10 -> "up:reconnect";
            case 11 -> "up:rejoin";
            case 12 -> "up:clientreplay";
            case 13 -> "up:active";
            case 14 -> "up:stopping";
            case 15 -> "down:damaged";
            default -> "???";
        };
    }
}
