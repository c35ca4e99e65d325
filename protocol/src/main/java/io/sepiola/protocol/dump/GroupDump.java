package io.sepiola.protocol.dump;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.osd.PgCount;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLog;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.PgMapDigest;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What placement groups tell of themselves: their states, histories and logs. */
final class GroupDump {
    private GroupDump() {}

    static void info(PgInfo info, JsonDump out) {
        out.put("pgid", info.pg().toString());
        version("last_update", info.lastUpdate(), out);
        version("last_complete", info.lastComplete(), out);
        version("log_tail", info.logTail(), out);
        out.unsigned("last_user_version", info.lastUserVersion());
        out.put("last_backfill", info.lastBackfill().toString());
        snaps(info.purgedSnaps(), out);
        out.object("history", () -> ObjectDump.history(info.history(), out));
        out.object("stats", () -> stat(info.stats(), out));
        out.put("empty", info.lastUpdate().version() == 0 ? 1 : 0);
        out.put("dne", info.history().epochCreated() == 0 ? 1 : 0);
        out.put("incomplete", info.lastBackfill().isMax() ? 0 : 1);
        out.unsigned("last_epoch_started", info.lastEpochStarted());
        out.object("hit_set_history", () -> ObjectDump.hitSets(info.hitSets(), out));
    }

    private static void version(String name, EVersion version, JsonDump out) {
        out.put(name, version.toString());
    }

    private static void snaps(Map<Long, Long> runs, JsonDump out) {
        out.array(
                "purged_snaps",
                () ->
                        runs.forEach((start, length) ->
                                out.object(() -> {
                                    out.put("start", Long.toHexString(start));
                                    out.put("length", Long.toHexString(length));
                                })));
    }

    static void stat(PgStat stat, JsonDump out) {
        version("version", stat.version(), out);
        out.unsigned("reported_seq", stat.reportedSequence());
        out.unsigned("reported_epoch", stat.reportedEpoch());
        out.put("state", PgState.text(stat.state()));
        stamps(stat, out);
        out.unsigned("mapping_epoch", stat.mappingEpoch());
        version("log_start", stat.logStart(), out);
        version("ondisk_log_start", stat.logStartOnDisk(), out);
        out.unsigned("created", stat.created());
        out.unsigned("last_epoch_clean", stat.lastEpochClean());
        out.put("parent", stat.parent().toString());
        out.unsigned("parent_split_bits", stat.parentSplitBits());
        version("last_scrub", stat.lastScrub(), out);
        out.put("last_scrub_stamp", Texts.stamp(stat.lastScrubStamp()));
        version("last_deep_scrub", stat.lastDeepScrub(), out);
        out.put("last_deep_scrub_stamp", Texts.stamp(stat.lastDeepScrubStamp()));
        out.put("last_clean_scrub_stamp", Texts.stamp(stat.lastCleanScrubStamp()));
        out.put("log_size", stat.logSize()).put("ondisk_log_size", stat.logSizeOnDisk());
        out.put("stats_invalid", stat.statsInvalid());
        out.put("dirty_stats_invalid", stat.dirtyStatsInvalid());
        out.put("omap_stats_invalid", stat.omapStatsInvalid());
        out.put("hitset_stats_invalid", stat.hitSetStatsInvalid());
        out.put("hitset_bytes_stats_invalid", stat.hitSetBytesStatsInvalid());
        out.put("pin_stats_invalid", stat.pinStatsInvalid());
        out.put("manifest_stats_invalid", stat.manifestStatsInvalid());
        out.unsigned("snaptrimq_len", stat.snapTrimQueue());
        StatDump.stats(stat.stats(), out);
        members(stat, out);
        snaps(stat.purgedSnaps(), out);
    }

    private static void stamps(PgStat stat, JsonDump out) {
        out.put("last_fresh", Texts.stamp(stat.lastFresh()));
        out.put("last_change", Texts.stamp(stat.lastChange()));
        out.put("last_active", Texts.stamp(stat.lastActive()));
        out.put("last_peered", Texts.stamp(stat.lastPeered()));
        out.put("last_clean", Texts.stamp(stat.lastClean()));
        out.put("last_became_active", Texts.stamp(stat.lastBecameActive()));
        out.put("last_became_peered", Texts.stamp(stat.lastBecamePeered()));
        out.put("last_unstale", Texts.stamp(stat.lastUnstale()));
        out.put("last_undegraded", Texts.stamp(stat.lastUndegraded()));
        out.put("last_fullsized", Texts.stamp(stat.lastFullSized()));
    }

    private static void members(PgStat stat, JsonDump out) {
        numbers("up", stat.up(), out);
        numbers("acting", stat.acting(), out);
        out.array(
                "avail_no_missing",
                () -> stat.availableNoMissing().forEach(it -> out.put("shard", it.toString())));
        out.array(
                "object_location_counts",
                () ->
                        stat.locations()
                                .forEach((shards, objects) ->
                                        out.object(() -> {
                                            out.put("shards", joined(shards));
                                            out.put("objects", objects);
                                        })));
        numbers("blocked_by", stat.blockedBy(), out);
        out.put("up_primary", stat.upPrimary()).put("acting_primary", stat.actingPrimary());
    }

    private static String joined(List<PgShard> shards) {
        return shards.stream().map(PgShard::toString).collect(Collectors.joining(","));
    }

    private static void numbers(String name, List<Integer> osds, JsonDump out) {
        out.array(name, () -> osds.forEach(osd -> out.put("osd", osd)));
    }

    static void log(PgLog log, JsonDump out) {
        version("head", log.head(), out);
        version("tail", log.tail(), out);
        out.array("log", () -> log.entries().forEach(entry -> out.object(() -> entry(entry, out))));
        out.array(
                "dups",
                () -> log.dups().forEach(dup -> out.object(() -> ObjectDump.dup(dup, out))));
    }

    static void entry(PgLogEntry entry, JsonDump out) {
        out.put("op", operation(entry.op())).put("object", entry.object().toString());
        version("version", entry.version(), out);
        version("prior_version", entry.prior(), out);
        out.put("reqid", ObjectDump.request(entry.reqId()));
        out.array("extra_reqids", () -> extraRequests(entry, out));
        out.put("mtime", Texts.stamp(entry.time())).put("return_code", entry.returnCode());
        if (!entry.returns().isEmpty()) {
            out.array("op_returns", () -> ObjectDump.returns(entry.returns(), out));
        }
        RecoveryDump.cloned(entry.snaps(), out);
        out.object("mod_desc", () -> RecoveryDump.undo(entry.undo(), out));
        out.object("clean_regions", () -> RecoveryDump.regions(entry.cleanRegions(), out));
    }

    private static void extraRequests(PgLogEntry entry, JsonDump out) {
        for (int i = 0; i < entry.extraRequests().size(); i++) {
            PgLogEntry.ExtraRequest request = entry.extraRequests().get(i);
            Integer code = entry.extraReturnCodes().get(i);
            out.object(() -> {
                out.put("reqid", ObjectDump.request(request.reqId()));
                out.unsigned("user_version", request.userVersion());
                if (code != null) {
                    out.put("return_code", code);
                }
            });
        }
    }

    private static String operation(int op) {
        return switch (op) {
            case PgLogEntry.MODIFY -> "modify";
            case PgLogEntry.CLONE -> "clone";
            case PgLogEntry.DELETE -> "delete";
            case PgLogEntry.LOST_REVERT -> "l_revert";
            case PgLogEntry.LOST_DELETE -> "l_delete";
            case PgLogEntry.LOST_MARK -> "l_mark";
            case PgLogEntry.PROMOTE -> "promote";
            case PgLogEntry.CLEAN -> "clean";
            case PgLogEntry.ERROR -> "error";
            default -> "unknown";
        };
    }

    static void digest(PgMapDigest digest, JsonDump out) {
        out.unsigned("num_pg", digest.pgCount()).unsigned("num_pg_active", digest.pgCountActive());
        out.unsigned("num_pg_unknown", digest.pgCountUnknown());
        out.unsigned("num_osd", digest.osdCount());
        out.object("pool_sum", () -> StatDump.pool(digest.pgSum(), out));
        out.object("osd_sum", () -> StatDump.osd(digest.osdSum(), out));
        out.object(
                "osd_sum_by_class",
                () ->
                        digest.osdSumByClass()
                                .forEach((name, sum) ->
                                        out.object(name, () -> StatDump.osd(sum, out))));
        out.array("pool_stats", () -> pools(digest, out));
        out.array("osd_stats", () -> sequences(digest, out));
        out.array(
                "num_pg_by_state",
                () ->
                        digest.pgCountByState()
                                .forEach((state, count) ->
                                        out.object(() -> {
                                            out.put("state", PgState.text(state));
                                            out.put("num", count);
                                        })));
        out.array("num_pg_by_osd", () -> osds(digest, out));
        out.array(
                "purged_snaps",
                () ->
                        digest.purgedSnaps()
                                .forEach((pool, runs) ->
                                        out.object(() -> {
                                            out.put("pool", pool);
                                            snaps(runs, out);
                                        })));
    }

    private static void pools(PgMapDigest digest, JsonDump out) {
        digest.pools()
                .forEach((id, pool) ->
                        out.object(() -> {
                            out.put("poolid", id);
                            out.put("num_pg", digest.pgCountByPool().getOrDefault((long) id, 0L));
                            StatDump.pool(pool, out);
                        }));
    }

    private static void sequences(PgMapDigest digest, JsonDump out) {
        for (int osd = 0; osd < digest.lastSequences().size(); osd++) {
            int number = osd;
            long sequence = digest.lastSequences().get(osd);
            out.object(() -> out.put("osd", number).unsigned("seq", sequence));
        }
    }

    static void count(PgCount count, JsonDump out) {
        out.put("acting", count.acting()).put("up_not_acting", count.upNotActing());
        out.put("primary", count.primary());
    }

    private static void osds(PgMapDigest digest, JsonDump out) {
        digest.pgCountByOsd()
                .forEach((osd, count) ->
                        out.object(() -> {
                            out.put("osd", osd).put("num_primary_pg", count.primary());
                            out.put("num_acting_pg", count.acting());
                            out.put("num_up_not_acting_pg", count.upNotActing());
                        }));
    }
}
