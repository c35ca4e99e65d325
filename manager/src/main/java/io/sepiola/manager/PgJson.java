package io.sepiola.manager;

import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;
import io.sepiola.protocol.osd.PoolStat;
import io.sepiola.protocol.osd.StoreLatency;
import io.sepiola.protocol.osd.StoreStat;

import java.util.List;

/** Statistics as Ceph's JSON shows them. */
final class PgJson {
    private PgJson() {}

    static void group(JsonOut out, PgId pg, PgStat s) {
        out.object().put("pgid", pg.toString()).put("version", s.version().toString());
        out.put("reported_seq", s.reportedSequence());
        out.put("reported_epoch", Integer.toUnsignedLong(s.reportedEpoch()));
        out.put("state", PgState.text(s.state()));
        stamp(out, "last_fresh", s.lastFresh());
        stamp(out, "last_change", s.lastChange());
        stamp(out, "last_active", s.lastActive());
        stamp(out, "last_peered", s.lastPeered());
        stamp(out, "last_clean", s.lastClean());
        stamp(out, "last_became_active", s.lastBecameActive());
        stamp(out, "last_became_peered", s.lastBecamePeered());
        stamp(out, "last_unstale", s.lastUnstale());
        stamp(out, "last_undegraded", s.lastUndegraded());
        stamp(out, "last_fullsized", s.lastFullSized());
        out.put("mapping_epoch", Integer.toUnsignedLong(s.mappingEpoch()));
        out.put("log_start", s.logStart().toString());
        out.put("ondisk_log_start", s.logStartOnDisk().toString());
        out.put("created", Integer.toUnsignedLong(s.created()));
        out.put("last_epoch_clean", Integer.toUnsignedLong(s.lastEpochClean()));
        out.put("parent", s.parent().toString()).put("parent_split_bits", s.parentSplitBits());
        out.put("last_scrub", s.lastScrub().toString());
        stamp(out, "last_scrub_stamp", s.lastScrubStamp());
        out.put("last_deep_scrub", s.lastDeepScrub().toString());
        stamp(out, "last_deep_scrub_stamp", s.lastDeepScrubStamp());
        stamp(out, "last_clean_scrub_stamp", s.lastCleanScrubStamp());
        out.put("log_size", s.logSize()).put("ondisk_log_size", s.logSizeOnDisk());
        out.put("stats_invalid", s.statsInvalid());
        out.put("dirty_stats_invalid", s.dirtyStatsInvalid());
        out.put("omap_stats_invalid", s.omapStatsInvalid());
        out.put("hitset_stats_invalid", s.hitSetStatsInvalid());
        out.put("hitset_bytes_stats_invalid", s.hitSetBytesStatsInvalid());
        out.put("pin_stats_invalid", s.pinStatsInvalid());
        out.put("manifest_stats_invalid", s.manifestStatsInvalid());
        out.put("snaptrimq_len", s.snapTrimQueue());
        sum(out, s.stats().sum());
        ints(out, "up", s.up());
        ints(out, "acting", s.acting());
        out.array("avail_no_missing");
        s.availableNoMissing().forEach(shard -> out.add(shard.toString()));
        out.end().array("object_location_counts").end();
        ints(out, "blocked_by", s.blockedBy());
        out.put("up_primary", s.upPrimary()).put("acting_primary", s.actingPrimary());
        out.array("purged_snaps");
        s.purgedSnaps()
                .forEach((start, length) ->
                        out.object().put("start", start).put("length", length).end());
        out.end().end();
    }

    private static void stamp(JsonOut out, String name, Utime time) {
        out.put(name, TextUnits.stamp(time));
    }

    private static void ints(JsonOut out, String name, List<Integer> values) {
        out.array(name);
        values.forEach(value -> out.add((long) value));
        out.end();
    }

    static void sum(JsonOut out, ObjectStatSum s) {
        out.object("stat_sum").put("num_bytes", s.bytes()).put("num_objects", s.objects());
        out.put("num_object_clones", s.clones()).put("num_object_copies", s.copies());
        out.put("num_objects_missing_on_primary", s.missingOnPrimary());
        out.put("num_objects_missing", s.missing()).put("num_objects_degraded", s.degraded());
        out.put("num_objects_misplaced", s.misplaced()).put("num_objects_unfound", s.unfound());
        out.put("num_objects_dirty", s.dirty()).put("num_whiteouts", s.whiteouts());
        out.put("num_read", s.reads()).put("num_read_kb", s.readKib());
        out.put("num_write", s.writes()).put("num_write_kb", s.writeKib());
        out.put("num_scrub_errors", s.scrubErrors());
        out.put("num_shallow_scrub_errors", s.shallowScrubErrors());
        out.put("num_deep_scrub_errors", s.deepScrubErrors());
        out.put("num_objects_recovered", s.objectsRecovered());
        out.put("num_bytes_recovered", s.bytesRecovered());
        out.put("num_keys_recovered", s.keysRecovered());
        out.put("num_objects_omap", s.omapObjects());
        out.put("num_objects_hit_set_archive", s.hitSetArchives());
        out.put("num_bytes_hit_set_archive", s.hitSetBytes());
        out.put("num_flush", s.flushes()).put("num_flush_kb", s.flushKib());
        out.put("num_evict", s.evicts()).put("num_evict_kb", s.evictKib());
        out.put("num_promote", s.promotes()).put("num_flush_mode_high", s.flushHigh());
        out.put("num_flush_mode_low", s.flushLow()).put("num_evict_mode_some", s.evictSome());
        out.put("num_evict_mode_full", s.evictFull()).put("num_objects_pinned", s.pinned());
        out.put("num_legacy_snapsets", s.legacySnapSets());
        out.put("num_large_omap_objects", s.largeOmapObjects());
        out.put("num_objects_manifest", s.manifests());
        out.put("num_omap_bytes", s.omapBytes()).put("num_omap_keys", s.omapKeys());
        out.put("num_objects_repaired", s.repaired()).end();
    }

    /** The members of a pool's sums. */
    static void pool(JsonOut out, PoolStat s) {
        sum(out, s.stats().sum());
        out.object("store_stats");
        store(out, s.store());
        out.end().put("log_size", s.logSize()).put("ondisk_log_size", s.logSizeOnDisk());
        out.put("up", s.up()).put("acting", s.acting()).put("num_store_stats", s.storeCount());
    }

    /** The members of a store's sizes. */
    static void store(JsonOut out, StoreStat s) {
        out.put("total", s.total()).put("available", s.available());
        out.put("internally_reserved", s.internallyReserved()).put("allocated", s.allocated());
        out.put("data_stored", s.dataStored()).put("data_compressed", s.dataCompressed());
        out.put("data_compressed_allocated", s.compressedAllocated());
        out.put("data_compressed_original", s.compressedOriginal());
        out.put("omap_allocated", s.omapAllocated());
        out.put("internal_metadata", s.internalMetadata());
    }

    /** The members of an OSD's statistics. */
    static void osd(JsonOut out, OsdStat s) {
        out.put("up_from", Integer.toUnsignedLong(s.upFrom())).put("seq", s.sequence());
        out.put("num_pgs", s.pgCount()).put("num_osds", Math.max(1, s.osdCount()));
        out.put("num_per_pool_osds", Math.max(1, s.osdCountPerPool()));
        out.put("num_per_pool_omap_osds", Math.max(1, s.osdCountPerPoolOmap()));
        out.put("kb", s.kib()).put("kb_used", s.kibUsed()).put("kb_used_data", s.kibUsedData());
        out.put("kb_used_omap", s.kibUsedOmap()).put("kb_used_meta", s.kibUsedMetadata());
        out.put("kb_avail", s.kibAvailable()).object("statfs");
        store(out, s.store());
        out.end();
        ints(out, "hb_peers", s.heartbeatPeers());
        out.put("snap_trim_queue_len", s.snapTrimQueue())
                .put("num_snap_trimming", s.snapTrimming());
        out.put("num_shards_repaired", s.shardsRepaired());
        out.object("op_queue_age_hist").array("histogram").end().put("upper_bound", 1).end();
        latency(out, "perf_stat", s.latency());
        out.array("alerts").end().array("network_ping_times").end();
    }

    static void latency(JsonOut out, String name, StoreLatency latency) {
        out.object(name).put("commit_latency_ms", latency.commitMillis());
        out.put("apply_latency_ms", latency.applyMillis());
        out.put("commit_latency_ns", latency.commitMillis() * 1_000_000L);
        out.put("apply_latency_ns", latency.applyMillis() * 1_000_000L).end();
    }
}
