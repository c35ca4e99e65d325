package io.sepiola.protocol.dump;

import io.sepiola.base.Decoder;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.ObjectStats;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PingTimes;
import io.sepiola.protocol.osd.PoolStat;
import io.sepiola.protocol.osd.Pow2Histogram;
import io.sepiola.protocol.osd.StoreLatency;
import io.sepiola.protocol.osd.StoreStat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Counters. */
final class StatDump {
    private static final DateTimeFormatter CTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private StatDump() {}

    /** The fields of a sum of objects. */
    static void sum(ObjectStatSum sum, JsonDump out) {
        out.put("num_bytes", sum.bytes()).put("num_objects", sum.objects());
        out.put("num_object_clones", sum.clones()).put("num_object_copies", sum.copies());
        out.put("num_objects_missing_on_primary", sum.missingOnPrimary());
        out.put("num_objects_missing", sum.missing());
        out.put("num_objects_degraded", sum.degraded());
        out.put("num_objects_misplaced", sum.misplaced());
        out.put("num_objects_unfound", sum.unfound());
        out.put("num_objects_dirty", sum.dirty()).put("num_whiteouts", sum.whiteouts());
        out.put("num_read", sum.reads()).put("num_read_kb", sum.readKib());
        out.put("num_write", sum.writes()).put("num_write_kb", sum.writeKib());
        out.put("num_scrub_errors", sum.scrubErrors());
        out.put("num_shallow_scrub_errors", sum.shallowScrubErrors());
        out.put("num_deep_scrub_errors", sum.deepScrubErrors());
        out.put("num_objects_recovered", sum.objectsRecovered());
        out.put("num_bytes_recovered", sum.bytesRecovered());
        out.put("num_keys_recovered", sum.keysRecovered());
        out.put("num_objects_omap", sum.omapObjects());
        out.put("num_objects_hit_set_archive", sum.hitSetArchives());
        out.put("num_bytes_hit_set_archive", sum.hitSetBytes());
        out.put("num_flush", sum.flushes()).put("num_flush_kb", sum.flushKib());
        out.put("num_evict", sum.evicts()).put("num_evict_kb", sum.evictKib());
        out.put("num_promote", sum.promotes());
        out.put("num_flush_mode_high", sum.flushHigh());
        out.put("num_flush_mode_low", sum.flushLow());
        out.put("num_evict_mode_some", sum.evictSome());
        out.put("num_evict_mode_full", sum.evictFull());
        out.put("num_objects_pinned", sum.pinned());
        out.put("num_legacy_snapsets", sum.legacySnapSets());
        out.put("num_large_omap_objects", sum.largeOmapObjects());
        out.put("num_objects_manifest", sum.manifests());
        out.put("num_omap_bytes", sum.omapBytes()).put("num_omap_keys", sum.omapKeys());
        out.put("num_objects_repaired", sum.repaired());
    }

    static void stats(ObjectStats stats, JsonDump out) {
        out.object("stat_sum", () -> sum(stats.sum(), out));
    }

    static void store(StoreStat store, JsonDump out) {
        out.put("total", store.total()).put("available", store.available());
        out.put("internally_reserved", store.internallyReserved());
        out.put("allocated", store.allocated()).put("data_stored", store.dataStored());
        out.put("data_compressed", store.dataCompressed());
        out.put("data_compressed_allocated", store.compressedAllocated());
        out.put("data_compressed_original", store.compressedOriginal());
        out.put("omap_allocated", store.omapAllocated());
        out.put("internal_metadata", store.internalMetadata());
    }

    static void pool(PoolStat pool, JsonDump out) {
        stats(pool.stats(), out);
        out.object("store_stats", () -> store(pool.store(), out));
        out.put("log_size", pool.logSize()).put("ondisk_log_size", pool.logSizeOnDisk());
        out.put("up", pool.up()).put("acting", pool.acting());
        out.put("num_store_stats", pool.storeCount());
    }

    static void histogram(Pow2Histogram histogram, JsonDump out) {
        out.array("histogram", () -> histogram.counts().forEach(count -> out.put("", count)));
        out.unsigned("upper_bound", 1 << histogram.counts().size()); // wraps, as Ceph's does
    }

    static void latency(StoreLatency latency, JsonDump out) {
        out.put("commit_latency_ms", latency.commitMillis());
        out.put("apply_latency_ms", latency.applyMillis());
        out.put("commit_latency_ns", latency.commitMillis() * 1_000_000L);
        out.put("apply_latency_ns", latency.applyMillis() * 1_000_000L);
    }

    static void osd(OsdStat osd, JsonDump out) {
        out.unsigned("up_from", osd.upFrom()).unsigned("seq", osd.sequence());
        out.unsigned("num_pgs", osd.pgCount()).unsigned("num_osds", osd.osdCount());
        out.unsigned("num_per_pool_osds", osd.osdCountPerPool());
        out.unsigned("num_per_pool_omap_osds", osd.osdCountPerPoolOmap());
        out.unsigned("kb", osd.kib()).unsigned("kb_used", osd.kibUsed());
        out.unsigned("kb_used_data", osd.kibUsedData());
        out.unsigned("kb_used_omap", osd.kibUsedOmap());
        out.unsigned("kb_used_meta", osd.kibUsedMetadata());
        out.unsigned("kb_avail", osd.kibAvailable());
        out.object("statfs", () -> store(osd.store(), out));
        out.array("hb_peers", () -> osd.heartbeatPeers().forEach(peer -> out.put("osd", peer)));
        out.put("snap_trim_queue_len", osd.snapTrimQueue());
        out.put("num_snap_trimming", osd.snapTrimming());
        out.unsigned("num_shards_repaired", osd.shardsRepaired());
        out.object("op_queue_age_hist", () -> histogram(osd.operationAges(), out));
        out.object("perf_stat", () -> latency(osd.latency(), out));
        out.array("alerts", () -> alerts(osd.alerts(), out));
        out.array(
                "network_ping_times",
                () -> osd.pings().forEach((peer, pings) -> pings(peer, pings, out)));
    }

    private static void alerts(Map<Integer, Map<String, String>> alerts, JsonDump out) {
        alerts.forEach((osd, texts) ->
                texts.forEach((kind, text) ->
                        out.put("alert", " osd: " + osd + " " + kind + ":" + text)));
    }

    private static void pings(int peer, PingTimes pings, JsonDump out) {
        Decoder micros = new Decoder(pings.micros());
        out.object(() -> {
            out.put("osd", peer);
            out.put(
                    "last update",
                    CTIME.format(
                            Instant.ofEpochSecond(Integer.toUnsignedLong(pings.lastUpdate()))));
            out.array(
                    "interfaces",
                    () -> {
                        network("back", micros, out);
                        network("front", micros, out);
                    });
        });
    }

    /** One of two networks; the front one is left out where it was not measured. */
    private static void network(String name, Decoder micros, JsonDump out) {
        long[] values = new long[10];
        for (int i = 0; i < values.length; i++) {
            values[i] = Integer.toUnsignedLong(micros.u32());
        }
        if (name.equals("front") && values[0] == 0) {
            return;
        }
        out.object(() -> {
            out.put("interface", name);
            minutes("average", values, 0, out);
            minutes("min", values, 3, out);
            minutes("max", values, 6, out);
            out.thousandths("last", values[9]);
        });
    }

    private static void minutes(String name, long[] values, int from, JsonDump out) {
        out.object(
                name,
                () -> {
                    out.thousandths("1min", values[from]);
                    out.thousandths("5min", values[from + 1]);
                    out.thousandths("15min", values[from + 2]);
                });
    }
}
