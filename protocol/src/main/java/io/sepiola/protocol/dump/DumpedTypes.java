package io.sepiola.protocol.dump;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.UuidCodec;
import io.sepiola.protocol.auth.AuthCaps;
import io.sepiola.protocol.auth.AuthTicket;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.ExpiringKey;
import io.sepiola.protocol.auth.RotatingSecrets;
import io.sepiola.protocol.auth.ServiceTicket;
import io.sepiola.protocol.auth.ServiceTicketInfo;
import io.sepiola.protocol.auth.TicketBlob;
import io.sepiola.protocol.fs.Filesystem;
import io.sepiola.protocol.fs.FsMap;
import io.sepiola.protocol.fs.MdsInfo;
import io.sepiola.protocol.fs.MdsMap;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.map.OsdInfo;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.OsdXinfo;
import io.sepiola.protocol.map.PgMerge;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;
import io.sepiola.protocol.map.PoolSnap;
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
import io.sepiola.protocol.osd.SnapContext;
import io.sepiola.protocol.osd.SnapSet;
import io.sepiola.protocol.osd.StoreLatency;
import io.sepiola.protocol.osd.StoreStat;
import io.sepiola.protocol.osd.WatchInfo;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Every type that has a codec here, by Ceph's name, with its JSON: Ceph's own where a tool of
 * Ceph's shows the type, and elsewhere its fields by their names.
 */
public final class DumpedTypes {
    /**
     * One type.
     *
     * @param codec its bytes
     * @param fields writes its fields into an open object
     */
    public record Type<T>(String name, Codec<T> codec, BiConsumer<T, JsonDump> fields) {
        /**
         * A value decoded and ready to be shown.
         *
         * @throws io.sepiola.base.Malformed when the bytes are no such value
         */
        public Value<T> decode(Bytes bytes) {
            return new Value<>(this, codec.fromBytes(bytes));
        }
    }

    /** A value of a type. */
    public record Value<T>(Type<T> type, T value) {
        /** Ceph's bytes. */
        public Bytes encoded() {
            return type.codec.toBytes(value);
        }

        /** Writes its fields into an open object. */
        public void fields(JsonDump out) {
            type.fields.accept(value, out);
        }

        /** Ceph's JSON. */
        public String json(boolean pretty) {
            JsonDump out = new JsonDump(pretty);
            out.object(() -> type.fields.accept(value, out));
            return out.toString();
        }
    }

    private static final NavigableMap<String, Type<?>> TYPES = new TreeMap<>();

    static {
        maps();
        auth();
        basics();
        objects();
        groups();
    }

    private DumpedTypes() {}

    /** By name. Unmodifiable. */
    public static NavigableMap<String, Type<?>> all() {
        return Collections.unmodifiableNavigableMap(TYPES);
    }

    private static <T> void put(String name, Codec<T> codec, BiConsumer<T, JsonDump> fields) {
        TYPES.put(name, new Type<>(name, codec, fields));
    }

    private static void maps() {
        put("OSDMap", OsdMap.CODEC, OsdMapDump::map);
        put("OSDMap::Incremental", OsdMapIncremental.CODEC, IncrementalDump::incremental);
        put("MonMap", MonMap.CODEC, MonMapDump::map);
        put("mon_info_t", MonMap.MonInfo.CODEC, MonMapDump::info);
        put("MgrMap", MgrMap.CODEC, MgrMapDump::map);
        put("MgrMap::ModuleInfo", MgrMap.ModuleInfo.CODEC, MgrMapDump::module);
        put("MgrMap::ModuleOption", MgrMap.ModuleOption.CODEC, MgrMapDump::option);
        put("FSMap", FsMap.CODEC, FsMapDump::map);
        put("Filesystem", Filesystem.CODEC, FsMapDump::filesystem);
        put("MDSMap", MdsMap.CODEC, FsMapDump::servers);
        put("MDSMap::mds_info_t", MdsInfo.CODEC, FsMapDump::info);
        put("CrushWrapper", CrushMap.CODEC, CrushDump::map);
        put("pg_pool_t", PgPool.CODEC, PoolDump::pool);
        put("pool_opts_t", PoolOption.MAP, PoolDump::options);
        put("pool_snap_info_t", PoolSnap.CODEC, PoolDump::snap);
        put("pg_merge_meta_t", PgMerge.CODEC, PoolDump::merge);
        put("osd_info_t", OsdInfo.CODEC, OsdMapDump::info);
        put("osd_xinfo_t", OsdXinfo.CODEC, OsdMapDump::xinfo);
        put("object_locator_t", ObjectLocator.CODEC, ObjectDump::locator);
    }

    private static void auth() {
        put("AuthCapsInfo", AuthCaps.CODEC, AuthDump::caps);
        put("AuthTicket", AuthTicket.CODEC, AuthDump::ticket);
        put("CephXServiceTicket", ServiceTicket.CODEC, AuthDump::service);
        put("CephXServiceTicketInfo", ServiceTicketInfo.CODEC, AuthDump::inside);
        put("CephXTicketBlob", TicketBlob.CODEC, AuthDump::sealed);
        put("CryptoKey", CryptoKey.CODEC, AuthDump::key);
        put("EntityAuth", EntityAuth.CODEC, AuthDump::entity);
        put("ExpiringCryptoKey", ExpiringKey.CODEC, AuthDump::expiring);
        put("RotatingSecrets", RotatingSecrets.CODEC, AuthDump::rotating);
        put("EntityName", AuthName.CODEC, AuthDump::name);
    }

    private static void basics() {
        put("CompatSet", CompatSet.CODEC, ObjectDump::compat);
        put("DaemonHealthMetric", DaemonHealthMetric.CODEC, ReportDump::metric);
        put("LogEntry", LogEntry.CODEC, ObjectDump::log);
        put("MonCommand", MonCommandSignature.CODEC, ReportDump::command);
        put("PerfCounterType", PerfCounterType.CODEC, ReportDump::counter);
        put("ProgressEvent", ProgressEvent.CODEC, ReportDump::progress);
        put("entity_addr_t", EntityAddr.CODEC, AddrDump::addr);
        put("entity_addrvec_t", EntityAddrVec.CODEC, AddrDump::addrs);
        put("entity_name_t", EntityName.CODEC, AnswerDump::name);
        put(
                "eversion_t",
                EVersion.CODEC,
                (it, out) -> out.unsigned("version", it.version()).unsigned("epoch", it.epoch()));
        put("health_check_map_t", HealthChecks.CODEC, ReportDump::checks);
        put("health_check_t", HealthCheck.CODEC, ReportDump::check);
        put("pg_shard_t", PgShard.CODEC, PeeringDump::shard);
        put(
                "pg_t",
                PgId.CODEC,
                (pg, out) -> out.put("pool", pg.pool()).unsigned("seed", pg.seed()));
        put(
                "spg_t",
                SpgId.CODEC,
                (it, out) -> out.put("pgid", it.pg().toString()).put("shard", it.shard()));
        put(
                "utime_t",
                Utime.CODEC,
                (it, out) ->
                        out.unsigned("seconds", it.seconds()).unsigned("nanoseconds", it.nanos()));
        put("uuid_d", UuidCodec.CODEC, (it, out) -> out.put("uuid", it.toString()));
    }

    private static void objects() {
        put("ObjectCleanRegions", ObjectCleanRegions.CODEC, RecoveryDump::regions);
        put("ObjectModDesc", ObjectModDesc.CODEC, RecoveryDump::undo);
        put("ObjectRecoveryInfo", ObjectRecoveryInfo.CODEC, RecoveryDump::recovery);
        put("ObjectRecoveryProgress", ObjectRecoveryProgress.CODEC, ObjectDump::progress);
        put("PullOp", PullOp.CODEC, RecoveryDump::pull);
        put("PushOp", PushOp.CODEC, RecoveryDump::push);
        put("PushReplyOp", PushReplyOp.CODEC, (it, out) -> out.put("soid", it.object().toString()));
        put("SnapContext", SnapContext.CODEC, AnswerDump::context);
        put("SnapSet", SnapSet.CODEC, ObjectDump::snaps);
        put("ghobject_t", GhObject.CODEC, (it, out) -> ObjectDump.object(it.object(), out));
        put("hobject_t", HObject.CODEC, ObjectDump::object);
        put("obj_list_snap_response_t", OpOutputs.Snaps.CODEC, AnswerDump::snaps);
        put("obj_list_watch_response_t", OpOutputs.Watchers.CODEC, AnswerDump::watchers);
        put("object_info_t", ObjectInfo.CODEC, RecoveryDump::object);
        put("object_stat_collection_t", ObjectStats.CODEC, StatDump::stats);
        put("object_stat_sum_t", ObjectStatSum.CODEC, StatDump::sum);
        put("pg_nls_response_t", OpOutputs.PgListing.CODEC, AnswerDump::listing);
        put("watch_info_t", WatchInfo.CODEC, ObjectDump::watch);
    }

    private static void groups() {
        put("OSDSuperblock", OsdSuperblock.CODEC, ObjectDump::superblock);
        put("PGMapDigest", PgMapDigest.CODEC, GroupDump::digest);
        put("PGMapDigest::pg_count", PgCount.CODEC, GroupDump::count);
        put("PastIntervals", PastIntervals.CODEC, PeeringDump::intervals);
        put("objectstore_perf_stat_t", StoreLatency.CODEC, StatDump::latency);
        put("osd_reqid_t", OsdReqId.CODEC, AnswerDump::request);
        put("osd_stat_t", OsdStat.CODEC, StatDump::osd);
        put("pg_history_t", PgHistory.CODEC, ObjectDump::history);
        put("pg_hit_set_history_t", HitSetHistory.CODEC, ObjectDump::hitSets);
        put("pg_hit_set_info_t", HitSetInfo.CODEC, ObjectDump::hitSet);
        put("pg_info_t", PgInfo.CODEC, GroupDump::info);
        put(
                "pg_lease_ack_t",
                PgLeaseAck.CODEC,
                (ack, out) -> out.put("readable_until_ub", ObjectDump.span(ack.upperBound())));
        put("pg_lease_t", PgLease.CODEC, ObjectDump::lease);
        put("pg_log_dup_t", PgLogDup.CODEC, ObjectDump::dup);
        put("pg_log_entry_t", PgLogEntry.CODEC, GroupDump::entry);
        put("pg_log_op_return_item_t", OpReturn.CODEC, AnswerDump::result);
        put("pg_log_t", PgLog.CODEC, GroupDump::log);
        put("pg_missing_item", MissingItem.CODEC, PeeringDump::missing);
        put("pg_missing_t", PgMissing.CODEC, PeeringDump::missing);
        put("pg_notify_t", PgNotify.CODEC, PeeringDump::notification);
        put("pg_query_t", PgQuery.CODEC, ObjectDump::query);
        put("pg_stat_t", PgStat.CODEC, GroupDump::stat);
        put("pool_stat_t", PoolStat.CODEC, StatDump::pool);
        put("pow2_hist_t", Pow2Histogram.CODEC, StatDump::histogram);
        put("store_statfs_t", StoreStat.CODEC, StatDump::store);
    }
}
