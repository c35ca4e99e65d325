package io.sepiola.protocol.dump;

import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.message.LogEntry;
import io.sepiola.protocol.osd.CompatSet;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.HitSetHistory;
import io.sepiola.protocol.osd.HitSetInfo;
import io.sepiola.protocol.osd.ObjectRecoveryProgress;
import io.sepiola.protocol.osd.OpReturn;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.OsdSuperblock;
import io.sepiola.protocol.osd.PgHistory;
import io.sepiola.protocol.osd.PgLease;
import io.sepiola.protocol.osd.PgLogDup;
import io.sepiola.protocol.osd.PgQuery;
import io.sepiola.protocol.osd.SnapSet;
import io.sepiola.protocol.osd.WatchInfo;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Objects and placement groups. */
final class ObjectDump {
    private static final String[] LEVELS = {"[DBG]", "[INF]", "[SEC]", "[WRN]", "[ERR]"};

    private ObjectDump() {}

    static void object(HObject object, JsonDump out) {
        out.put("oid", object.name()).put("key", object.key()).put("snapid", object.snap());
        out.unsigned("hash", object.hash()).put("max", object.isMax() ? 1 : 0);
        out.put("pool", object.pool()).put("namespace", object.namespace());
    }

    /** Who asked; of nobody, the kind is unknown. */
    static String request(OsdReqId request) {
        return request.name().type() == EntityType.NONE
                ? request.toString().replaceFirst("^[a-z]+", "unknown")
                : request.toString();
    }

    static void locator(ObjectLocator locator, JsonDump out) {
        out.put("pool", locator.pool()).put("key", locator.key());
        out.put("namespace", locator.namespace()).put("hash", locator.hash());
    }

    static void snaps(SnapSet set, JsonDump out) {
        out.unsigned("seq", set.sequence());
        out.array(
                "clones",
                () ->
                        set.clones()
                                .forEach(clone ->
                                        out.object(() -> {
                                            out.unsigned("snap", clone);
                                            out.put("size", set.sizes().getOrDefault(clone, 0L));
                                            out.put(
                                                    "overlap",
                                                    runs(
                                                            set.overlap()
                                                                    .getOrDefault(
                                                                            clone, Map.of())));
                                            out.array(
                                                    "snaps",
                                                    () ->
                                                            set.cloneSnaps()
                                                                    .getOrDefault(clone, List.of())
                                                                    .forEach(snap ->
                                                                            out.unsigned(
                                                                                    "snap", snap)));
                                        })));
    }

    /** {@code [0~4096]}, start and length. */
    static String runs(Map<Long, Long> runs) {
        return runs.entrySet().stream()
                .map(run ->
                        Long.toUnsignedString(run.getKey())
                                + "~"
                                + Long.toUnsignedString(run.getValue()))
                .collect(Collectors.joining(",", "[", "]"));
    }

    static void progress(ObjectRecoveryProgress progress, JsonDump out) {
        out.put("first?", progress.first() ? 1 : 0);
        out.put("data_complete?", progress.dataComplete() ? 1 : 0);
        out.unsigned("data_recovered_to", progress.dataTo());
        out.put("omap_complete?", progress.omapComplete() ? 1 : 0);
        out.put("omap_recovered_to", progress.omapTo());
    }

    static void watch(WatchInfo watch, JsonDump out) {
        out.unsigned("cookie", watch.cookie()).unsigned("timeout_seconds", watch.timeoutSeconds());
        out.object("addr", () -> AddrDump.addr(watch.addr(), out));
    }

    static void hitSet(HitSetInfo info, JsonDump out) {
        out.put("begin", Texts.stamp(info.begin())).put("end", Texts.stamp(info.end()));
        out.put("version", info.version().toString()).put("using_gmt", info.gmt() ? "1" : "0");
    }

    static void hitSets(HitSetHistory history, JsonDump out) {
        out.put("current_last_update", history.lastUpdate().toString());
        out.array(
                "history",
                () -> history.history().forEach(info -> out.object(() -> hitSet(info, out))));
    }

    static void history(PgHistory history, JsonDump out) {
        out.unsigned("epoch_created", history.epochCreated());
        out.unsigned("epoch_pool_created", history.epochPoolCreated());
        out.unsigned("last_epoch_started", history.lastEpochStarted());
        out.unsigned("last_interval_started", history.lastIntervalStarted());
        out.unsigned("last_epoch_clean", history.lastEpochClean());
        out.unsigned("last_interval_clean", history.lastIntervalClean());
        out.unsigned("last_epoch_split", history.lastEpochSplit());
        out.unsigned("last_epoch_marked_full", history.lastEpochMarkedFull());
        out.unsigned("same_up_since", history.sameUpSince());
        out.unsigned("same_interval_since", history.sameIntervalSince());
        out.unsigned("same_primary_since", history.samePrimarySince());
        out.put("last_scrub", history.lastScrub().toString());
        out.put("last_scrub_stamp", Texts.stamp(history.lastScrubStamp()));
        out.put("last_deep_scrub", history.lastDeepScrub().toString());
        out.put("last_deep_scrub_stamp", Texts.stamp(history.lastDeepScrubStamp()));
        out.put("last_clean_scrub_stamp", Texts.stamp(history.lastCleanScrubStamp()));
        Utime span = history.priorReadableUntil();
        out.put("prior_readable_until_ub", span.seconds() + span.nanos() / 1e9);
    }

    static void lease(PgLease lease, JsonDump out) {
        out.put("readable_until", span(lease.readableUntil()));
        out.put("readable_until_ub", span(lease.upperBound()));
        out.put("interval", span(lease.interval()));
    }

    /** {@code 16.000000000s}, of no more precision than a float has. */
    static String span(Utime span) {
        float seconds = (float) (span.seconds() * 1_000_000_000L + span.nanos()) / 1e9f;
        return String.format(java.util.Locale.ROOT, "%.9fs", seconds);
    }

    static void dup(PgLogDup dup, JsonDump out) {
        out.put("reqid", request(dup.reqId())).put("version", dup.version().toString());
        out.put("user_version", Long.toUnsignedString(dup.userVersion()));
        out.put("return_code", Integer.toString(dup.returnCode()));
        if (!dup.returns().isEmpty()) {
            out.array("op_returns", () -> returns(dup.returns(), out));
        }
    }

    static void returns(List<OpReturn> returns, JsonDump out) {
        returns.forEach(op -> out.object(() -> AnswerDump.result(op, out)));
    }

    static void query(PgQuery query, JsonDump out) {
        out.put("from", query.from()).put("to", query.to());
        out.put(
                "type",
                switch (query.kind()) {
                    case PgQuery.INFO -> "info";
                    case PgQuery.LOG -> "log";
                    case PgQuery.MISSING -> "missing";
                    case PgQuery.FULL_LOG -> "fulllog";
                    default -> "???";
                });
        out.put("since", query.since().toString());
        out.put("epoch_sent", Integer.toUnsignedString(query.epochSent()));
        out.object("history", () -> history(query.history(), out));
    }

    static void log(LogEntry entry, JsonDump out) {
        out.put("name", entry.name().id().isEmpty() ? "" : entry.name().toString());
        boolean ranked = entry.rank().type() != EntityType.NONE;
        out.put("rank", ranked ? entry.rank().toString() : "unknown." + entry.rank().number());
        AddrDump.addrs("addrs", entry.addrs(), out);
        out.put("stamp", Texts.stamp(entry.stamp())).unsigned("seq", entry.sequence());
        out.put("channel", entry.channel());
        out.put("priority", entry.level() < LEVELS.length ? LEVELS[entry.level()] : "[???]");
        out.put("message", entry.text());
    }

    static void superblock(OsdSuperblock block, JsonDump out) {
        out.put("cluster_fsid", block.clusterFsid().toString());
        out.put("osd_fsid", block.osdFsid().toString()).put("whoami", block.osd());
        out.unsigned("current_epoch", block.currentEpoch());
        out.unsigned("oldest_map", block.oldestMap());
        out.unsigned("newest_map", block.newestMap()).put("weight", block.weight());
        out.object("compat", () -> compat(block.features(), out));
        out.unsigned("clean_thru", block.cleanThru());
        out.unsigned("last_epoch_mounted", block.mounted());
        out.unsigned("purged_snaps_last", block.purgedSnapsLast());
        out.put("last_purged_snaps_scrub", Texts.stamp(block.lastPurgedSnapsScrub()));
        out.unsigned("cluster_osdmap_trim_lower_bound", block.trimLowerBound());
    }

    static void compat(CompatSet set, JsonDump out) {
        features("compat", set.compatible(), out);
        features("ro_compat", set.readOnlyCompatible(), out);
        features("incompat", set.incompatible(), out);
    }

    private static void features(String name, CompatSet.Features features, JsonDump out) {
        out.object(
                name,
                () -> features.names().forEach((bit, text) -> out.put("feature_" + bit, text)));
    }
}
