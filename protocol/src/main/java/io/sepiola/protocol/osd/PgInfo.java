package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;

import java.util.Map;

/**
 * What a member of a placement group has and knows (pg_info_t).
 *
 * <p>PgInfo := S(32/26){pg:PgId fields in order; the shard comes after the hit sets; HObject MIN
 * before the statistics, bool true before the last}.
 *
 * @param lastUpdate the newest entry of the log
 * @param lastComplete everything up to here is there
 * @param logTail the log reaches back to here
 * @param lastBackfill objects up to here are there; {@link HObject#MAX} when backfill is done
 * @param purgedSnaps first to count
 * @param lastEpochStarted as this member knows it
 */
public record PgInfo(
        SpgId pg,
        EVersion lastUpdate,
        EVersion lastComplete,
        EVersion logTail,
        HObject lastBackfill,
        PgStat stats,
        PgHistory history,
        Map<Long, Long> purgedSnaps,
        int lastEpochStarted,
        long lastUserVersion,
        HitSetHistory hitSets,
        int lastIntervalStarted) {
    /** As in the class comment. */
    public static final Codec<PgInfo> CODEC = Primitives.of(PgInfo::encode, PgInfo::decode);

    private static void encode(Encoder out, PgInfo value) {
        int begun = out.beginStruct(32, 26);
        PgId.CODEC.encode(value.pg.pg(), out);
        EVersion.CODEC.encode(value.lastUpdate, out);
        EVersion.CODEC.encode(value.lastComplete, out);
        EVersion.CODEC.encode(value.logTail, out);
        HObject.CODEC.encode(HObject.MIN, out); // was the last backfilled object in another order
        PgStat.CODEC.encode(value.stats, out);
        PgHistory.CODEC.encode(value.history, out);
        out.map(value.purgedSnaps, Primitives.U64, Primitives.U64);
        out.u32(value.lastEpochStarted);
        out.u64(value.lastUserVersion);
        HitSetHistory.CODEC.encode(value.hitSets, out);
        out.u8(value.pg.shard());
        HObject.CODEC.encode(value.lastBackfill, out);
        out.bool(true); // the order of the last backfilled object is the one of today
        out.u32(value.lastIntervalStarted);
        out.endSized(begun);
    }

    private static PgInfo decode(Decoder in) {
        return in.struct(32, PgInfo::decodeFields);
    }

    private static PgInfo decodeFields(int version, Decoder in) {
        PgId pg = PgId.CODEC.decode(in);
        EVersion lastUpdate = EVersion.CODEC.decode(in);
        EVersion lastComplete = EVersion.CODEC.decode(in);
        EVersion logTail = EVersion.CODEC.decode(in);
        HObject.CODEC.decode(in);
        PgStat stats = PgStat.CODEC.decode(in);
        PgHistory history = PgHistory.CODEC.decode(in);
        Map<Long, Long> purgedSnaps = in.map(Primitives.U64, Primitives.U64);
        int lastEpochStarted = in.u32();
        long lastUserVersion = in.u64();
        HitSetHistory hitSets = HitSetHistory.CODEC.decode(in);
        int shard = in.s8();
        HObject lastBackfill = HObject.CODEC.decode(in);
        in.bool();
        int lastIntervalStarted = version >= 32 ? in.u32() : lastEpochStarted;
        return new PgInfo(
                new SpgId(pg, shard),
                lastUpdate,
                lastComplete,
                logTail,
                lastBackfill,
                stats,
                history,
                purgedSnaps,
                lastEpochStarted,
                lastUserVersion,
                hitSets,
                lastIntervalStarted);
    }
}
