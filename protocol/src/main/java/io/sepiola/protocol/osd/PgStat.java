package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.Utime;

import java.util.List;
import java.util.Map;

/**
 * What a primary tells of its placement group (pg_stat_t).
 *
 * <p>PgStat := S(26/22){fields in order; the lower half of the state is the fourth field, the upper
 * half comes after the length of the snap trim queue}.
 *
 * @param state bits of {@link PgState}
 * @param created epoch
 * @param parent split from
 * @param purgedSnaps first to count
 * @param availableNoMissing members that miss nothing
 * @param locations how many objects are on which members
 */
public record PgStat(
        EVersion version,
        long reportedSequence,
        int reportedEpoch,
        long state,
        EVersion logStart,
        EVersion logStartOnDisk,
        int created,
        int lastEpochClean,
        PgId parent,
        int parentSplitBits,
        EVersion lastScrub,
        Utime lastScrubStamp,
        ObjectStats stats,
        long logSize,
        long logSizeOnDisk,
        List<Integer> up,
        List<Integer> acting,
        Utime lastFresh,
        Utime lastChange,
        Utime lastActive,
        Utime lastClean,
        Utime lastUnstale,
        int mappingEpoch,
        EVersion lastDeepScrub,
        Utime lastDeepScrubStamp,
        boolean statsInvalid,
        Utime lastCleanScrubStamp,
        Utime lastBecameActive,
        boolean dirtyStatsInvalid,
        int upPrimary,
        int actingPrimary,
        boolean omapStatsInvalid,
        boolean hitSetStatsInvalid,
        List<Integer> blockedBy,
        Utime lastUndegraded,
        Utime lastFullSized,
        boolean hitSetBytesStatsInvalid,
        Utime lastPeered,
        Utime lastBecamePeered,
        boolean pinStatsInvalid,
        int snapTrimQueue,
        Map<Long, Long> purgedSnaps,
        boolean manifestStatsInvalid,
        List<PgShard> availableNoMissing,
        Map<List<PgShard>, Integer> locations) {
    /** As in the class comment. */
    public static final Codec<PgStat> CODEC = Primitives.of(PgStat::encode, PgStat::decode);

    private static void encode(Encoder out, PgStat value) {
        int begun = out.beginStruct(26, 22);
        EVersion.CODEC.encode(value.version, out);
        out.u64(value.reportedSequence);
        out.u32(value.reportedEpoch);
        out.u32((int) value.state);
        EVersion.CODEC.encode(value.logStart, out);
        EVersion.CODEC.encode(value.logStartOnDisk, out);
        out.u32(value.created);
        out.u32(value.lastEpochClean);
        PgId.CODEC.encode(value.parent, out);
        out.u32(value.parentSplitBits);
        EVersion.CODEC.encode(value.lastScrub, out);
        Utime.CODEC.encode(value.lastScrubStamp, out);
        ObjectStats.CODEC.encode(value.stats, out);
        out.u64(value.logSize);
        out.u64(value.logSizeOnDisk);
        out.list(value.up, Primitives.U32);
        out.list(value.acting, Primitives.U32);
        Utime.CODEC.encode(value.lastFresh, out);
        Utime.CODEC.encode(value.lastChange, out);
        Utime.CODEC.encode(value.lastActive, out);
        Utime.CODEC.encode(value.lastClean, out);
        Utime.CODEC.encode(value.lastUnstale, out);
        out.u32(value.mappingEpoch);
        EVersion.CODEC.encode(value.lastDeepScrub, out);
        Utime.CODEC.encode(value.lastDeepScrubStamp, out);
        out.bool(value.statsInvalid);
        Utime.CODEC.encode(value.lastCleanScrubStamp, out);
        Utime.CODEC.encode(value.lastBecameActive, out);
        out.bool(value.dirtyStatsInvalid);
        out.u32(value.upPrimary);
        out.u32(value.actingPrimary);
        out.bool(value.omapStatsInvalid);
        out.bool(value.hitSetStatsInvalid);
        out.list(value.blockedBy, Primitives.U32);
        Utime.CODEC.encode(value.lastUndegraded, out);
        Utime.CODEC.encode(value.lastFullSized, out);
        out.bool(value.hitSetBytesStatsInvalid);
        Utime.CODEC.encode(value.lastPeered, out);
        Utime.CODEC.encode(value.lastBecamePeered, out);
        out.bool(value.pinStatsInvalid);
        out.u32(value.snapTrimQueue);
        out.u32((int) (value.state >>> 32));
        out.map(value.purgedSnaps, Primitives.U64, Primitives.U64);
        out.bool(value.manifestStatsInvalid);
        out.list(value.availableNoMissing, PgShard.CODEC);
        out.map(value.locations, Primitives.listOf(PgShard.CODEC), Primitives.U32);
        out.endSized(begun);
    }

    private static PgStat decode(Decoder in) {
        return in.struct(26, PgStat::decodeFields);
    }

    private static PgStat decodeFields(int layout, Decoder in) {
        EVersion version = EVersion.CODEC.decode(in);
        long reportedSequence = in.u64();
        int reportedEpoch = in.u32();
        long state = in.u32() & 0xffffffffL;
        EVersion logStart = EVersion.CODEC.decode(in);
        EVersion logStartOnDisk = EVersion.CODEC.decode(in);
        int created = in.u32();
        int lastEpochClean = in.u32();
        PgId parent = PgId.CODEC.decode(in);
        int parentSplitBits = in.u32();
        EVersion lastScrub = EVersion.CODEC.decode(in);
        Utime lastScrubStamp = Utime.CODEC.decode(in);
        ObjectStats stats = ObjectStats.CODEC.decode(in);
        long logSize = in.u64();
        long logSizeOnDisk = in.u64();
        List<Integer> up = in.list(Primitives.U32);
        List<Integer> acting = in.list(Primitives.U32);
        Utime lastFresh = Utime.CODEC.decode(in);
        Utime lastChange = Utime.CODEC.decode(in);
        Utime lastActive = Utime.CODEC.decode(in);
        Utime lastClean = Utime.CODEC.decode(in);
        Utime lastUnstale = Utime.CODEC.decode(in);
        int mappingEpoch = in.u32();
        EVersion lastDeepScrub = EVersion.CODEC.decode(in);
        Utime lastDeepScrubStamp = Utime.CODEC.decode(in);
        boolean statsInvalid = in.bool();
        Utime lastCleanScrubStamp = Utime.CODEC.decode(in);
        Utime lastBecameActive = Utime.CODEC.decode(in);
        boolean dirtyStatsInvalid = in.bool();
        int upPrimary = in.u32();
        int actingPrimary = in.u32();
        boolean omapStatsInvalid = in.bool();
        boolean hitSetStatsInvalid = in.bool();
        List<Integer> blockedBy = in.list(Primitives.U32);
        Utime lastUndegraded = Utime.CODEC.decode(in);
        Utime lastFullSized = Utime.CODEC.decode(in);
        boolean hitSetBytesStatsInvalid = in.bool();
        Utime lastPeered = Utime.CODEC.decode(in);
        Utime lastBecamePeered = Utime.CODEC.decode(in);
        boolean pinStatsInvalid = in.bool();
        int snapTrimQueue = in.u32();
        state |= (long) in.u32() << 32;
        Map<Long, Long> purgedSnaps = in.map(Primitives.U64, Primitives.U64);
        boolean manifestStatsInvalid = in.bool();
        List<PgShard> availableNoMissing = in.list(PgShard.CODEC);
        Map<List<PgShard>, Integer> locations =
                in.map(Primitives.listOf(PgShard.CODEC), Primitives.U32);
        return new PgStat(
                version,
                reportedSequence,
                reportedEpoch,
                state,
                logStart,
                logStartOnDisk,
                created,
                lastEpochClean,
                parent,
                parentSplitBits,
                lastScrub,
                lastScrubStamp,
                stats,
                logSize,
                logSizeOnDisk,
                up,
                acting,
                lastFresh,
                lastChange,
                lastActive,
                lastClean,
                lastUnstale,
                mappingEpoch,
                lastDeepScrub,
                lastDeepScrubStamp,
                statsInvalid,
                lastCleanScrubStamp,
                lastBecameActive,
                dirtyStatsInvalid,
                upPrimary,
                actingPrimary,
                omapStatsInvalid,
                hitSetStatsInvalid,
                blockedBy,
                lastUndegraded,
                lastFullSized,
                hitSetBytesStatsInvalid,
                lastPeered,
                lastBecamePeered,
                pinStatsInvalid,
                snapTrimQueue,
                purgedSnaps,
                manifestStatsInvalid,
                availableNoMissing,
                locations);
    }
}
