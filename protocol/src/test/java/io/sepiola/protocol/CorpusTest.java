package io.sepiola.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.message.LogEntry;
import io.sepiola.protocol.osd.CompatSet;
import io.sepiola.protocol.osd.DaemonHealthMetric;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.HealthCheck;
import io.sepiola.protocol.osd.HealthChecks;
import io.sepiola.protocol.osd.HitSetHistory;
import io.sepiola.protocol.osd.HitSetInfo;
import io.sepiola.protocol.osd.MissingItem;
import io.sepiola.protocol.osd.MonCommandSignature;
import io.sepiola.protocol.osd.ObjectCleanRegions;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.ObjectModDesc;
import io.sepiola.protocol.osd.ObjectRecoveryInfo;
import io.sepiola.protocol.osd.ObjectRecoveryProgress;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.ObjectStats;
import io.sepiola.protocol.osd.OpOutputs;
import io.sepiola.protocol.osd.OpReturn;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.OsdSuperblock;
import io.sepiola.protocol.osd.PastIntervals;
import io.sepiola.protocol.osd.PerfCounterType;
import io.sepiola.protocol.osd.PgCount;
import io.sepiola.protocol.osd.PgHistory;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLease;
import io.sepiola.protocol.osd.PgLeaseAck;
import io.sepiola.protocol.osd.PgLog;
import io.sepiola.protocol.osd.PgLogDup;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.PgMapDigest;
import io.sepiola.protocol.osd.PgMissing;
import io.sepiola.protocol.osd.PgNotify;
import io.sepiola.protocol.osd.PgQuery;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PoolStat;
import io.sepiola.protocol.osd.Pow2Histogram;
import io.sepiola.protocol.osd.ProgressEvent;
import io.sepiola.protocol.osd.PullOp;
import io.sepiola.protocol.osd.PushOp;
import io.sepiola.protocol.osd.PushReplyOp;
import io.sepiola.protocol.osd.ScrubMap;
import io.sepiola.protocol.osd.SnapContext;
import io.sepiola.protocol.osd.SnapSet;
import io.sepiola.protocol.osd.StoreLatency;
import io.sepiola.protocol.osd.StoreStat;
import io.sepiola.protocol.osd.WatchInfo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Objects that Ceph 16.2.0 encoded: what they decode to is written to the same bytes. */
class CorpusTest {
    private static final Map<String, Codec<?>> CODECS = new TreeMap<>();

    /** Objects of an older layout than 16.2.15 writes: they are read, but written in ours. */
    private static final Map<String, String> OLDER = new TreeMap<>();

    static {
        CODECS.put("CompatSet", CompatSet.CODEC);
        CODECS.put("DaemonHealthMetric", DaemonHealthMetric.CODEC);
        CODECS.put("EntityName", AuthName.CODEC);
        CODECS.put("LogEntry", LogEntry.CODEC);
        CODECS.put("MonCommand", MonCommandSignature.CODEC);
        CODECS.put("OSDSuperblock", OsdSuperblock.CODEC);
        CODECS.put("ObjectCleanRegions", ObjectCleanRegions.CODEC);
        CODECS.put("ObjectModDesc", ObjectModDesc.CODEC);
        CODECS.put("ObjectRecoveryInfo", ObjectRecoveryInfo.CODEC);
        CODECS.put("ObjectRecoveryProgress", ObjectRecoveryProgress.CODEC);
        CODECS.put("PGMapDigest", PgMapDigest.CODEC);
        CODECS.put("PGMapDigest.pg_count", PgCount.CODEC);
        CODECS.put("PastIntervals", PastIntervals.CODEC);
        CODECS.put("PerfCounterType", PerfCounterType.CODEC);
        CODECS.put("ProgressEvent", ProgressEvent.CODEC);
        CODECS.put("PullOp", PullOp.CODEC);
        CODECS.put("PushOp", PushOp.CODEC);
        CODECS.put("PushReplyOp", PushReplyOp.CODEC);
        CODECS.put("SnapContext", SnapContext.CODEC);
        CODECS.put("SnapSet", SnapSet.CODEC);
        CODECS.put("ScrubMap", ScrubMap.CODEC);
        CODECS.put("ScrubMap.object", ScrubMap.Entry.CODEC);
        CODECS.put("entity_addr_t", EntityAddr.CODEC);
        CODECS.put("entity_addrvec_t", EntityAddrVec.CODEC);
        CODECS.put("entity_name_t", EntityName.CODEC);
        CODECS.put("eversion_t", EVersion.CODEC);
        CODECS.put("ghobject_t", GhObject.CODEC);
        CODECS.put("health_check_map_t", HealthChecks.CODEC);
        CODECS.put("health_check_t", HealthCheck.CODEC);
        CODECS.put("hobject_t", HObject.CODEC);
        CODECS.put("obj_list_snap_response_t", OpOutputs.Snaps.CODEC);
        CODECS.put("obj_list_watch_response_t", OpOutputs.Watchers.CODEC);
        CODECS.put("object_info_t", ObjectInfo.CODEC);
        CODECS.put("object_stat_collection_t", ObjectStats.CODEC);
        CODECS.put("object_stat_sum_t", ObjectStatSum.CODEC);
        CODECS.put("objectstore_perf_stat_t", StoreLatency.CODEC);
        CODECS.put("osd_reqid_t", OsdReqId.CODEC);
        CODECS.put("osd_stat_t", OsdStat.CODEC);
        CODECS.put("pg_history_t", PgHistory.CODEC);
        CODECS.put("pg_hit_set_history_t", HitSetHistory.CODEC);
        CODECS.put("pg_hit_set_info_t", HitSetInfo.CODEC);
        CODECS.put("pg_info_t", PgInfo.CODEC);
        CODECS.put("pg_lease_ack_t", PgLeaseAck.CODEC);
        CODECS.put("pg_lease_t", PgLease.CODEC);
        CODECS.put("pg_log_dup_t", PgLogDup.CODEC);
        CODECS.put("pg_log_entry_t", PgLogEntry.CODEC);
        CODECS.put("pg_log_op_return_item_t", OpReturn.CODEC);
        CODECS.put("pg_log_t", PgLog.CODEC);
        CODECS.put("pg_missing_item", MissingItem.CODEC);
        CODECS.put("pg_missing_t", PgMissing.CODEC);
        CODECS.put("pg_nls_response_t", OpOutputs.PgListing.CODEC);
        CODECS.put("pg_notify_t", PgNotify.CODEC);
        CODECS.put("pg_query_t", PgQuery.CODEC);
        CODECS.put("pg_shard_t", PgShard.CODEC);
        CODECS.put("pg_stat_t", PgStat.CODEC);
        CODECS.put("pg_t", PgId.CODEC);
        CODECS.put("pool_stat_t", PoolStat.CODEC);
        CODECS.put("pow2_hist_t", Pow2Histogram.CODEC);
        CODECS.put("spg_t", SpgId.CODEC);
        CODECS.put("store_statfs_t", StoreStat.CODEC);
        CODECS.put("utime_t", Utime.CODEC);
        CODECS.put("uuid_d", UuidCodec.CODEC);
        CODECS.put("watch_info_t", WatchInfo.CODEC);

        OLDER.put("pg_missing_item", "one comes from a peer without clean regions");
        OLDER.put("OSDSuperblock", "version 9; 16.2.15 added the oldest map of the cluster");
    }

    static List<String> types() {
        return List.copyOf(CODECS.keySet());
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyObjectIsWrittenAsItWasRead(String type) {
        int different = 0;
        for (Bytes sample : Golden.corpus(type)) {
            Bytes again = again(CODECS.get(type), sample);
            if (OLDER.containsKey(type)) {
                different += again.equals(sample) ? 0 : 1;
            } else {
                assertThat(again.toHex()).isEqualTo(sample.toHex());
            }
        }
        assertThat(different > 0)
                .as("an older layout is among them")
                .isEqualTo(OLDER.containsKey(type));
    }

    private static <T> Bytes again(Codec<T> codec, Bytes sample) {
        T value = codec.fromBytes(sample);
        Bytes again = codec.toBytes(value);
        assertThat(codec.fromBytes(again)).isEqualTo(value);
        return again;
    }

    @ParameterizedTest
    @MethodSource("types")
    void damagedObjectsAreMalformedOrOthers(String type) {
        Codec<?> codec = CODECS.get(type);
        for (Bytes sample : Golden.corpus(type)) {
            byte[] good = sample.toArray();
            int step = Math.max(1, good.length / 400);
            for (int at = 0; at < good.length; at += step) {
                attempt(codec, sample.slice(0, at));
                byte[] flipped = good.clone();
                flipped[at] ^= (byte) (1 << (at % 8));
                attempt(codec, Bytes.of(flipped));
                byte[] filled = good.clone();
                filled[at] = (byte) 0xff;
                attempt(codec, Bytes.of(filled));
            }
        }
    }

    private static void attempt(Codec<?> codec, Bytes bytes) {
        try {
            codec.fromBytes(bytes);
        } catch (Malformed expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        }
    }

    @Test
    void whichTypesHaveNoCodecHere() {
        TreeSet<String> missing = new TreeSet<>();
        for (String name : Golden.names("corpus", ".jsonl")) {
            missing.add(name.substring(0, name.length() - ".jsonl".length()));
        }
        assertThat(missing).containsAll(CODECS.keySet());
        missing.removeAll(CODECS.keySet());
        System.out.println("Corpus types without a codec in this test: " + missing);
    }
}
