package io.sepiola.protocol.map;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

import java.util.NavigableMap;
import java.util.NavigableSet;

/**
 * pg_pool_t := S(29/5), or S(30/5) in stretch mode, of {@link PgPool}'s components in their order,
 * with 8 zero bytes after pgpNum, 4 after flags and 8 after pgNumPending, where old releases kept
 * more.
 */
final class PgPoolCodec implements Codec<PgPool> {
    private static final Codec<NavigableMap<Long, PoolSnap>> SNAPS =
            MapCodecs.sortedMap(Primitives.U64, PoolSnap.CODEC);
    private static final Codec<NavigableSet<Long>> IDS = MapCodecs.sortedSet(Primitives.U64);
    private static final Codec<NavigableMap<String, NavigableMap<String, String>>> APPLICATIONS =
            MapCodecs.sortedMap(Primitives.STRING, MapCodecs.TEXTS);

    @Override
    public void encode(PgPool pool, Encoder out) {
        boolean stretch = pool.stretchBucketCount() > 0;
        out.struct(
                stretch ? 30 : 29,
                5,
                body -> {
                    encodeIdentity(pool, body);
                    encodeCache(pool, body);
                    encodeLater(pool, body);
                    if (stretch) {
                        body.u32(pool.stretchBucketCount()).u32(pool.stretchBucketTarget());
                        body.u32(pool.stretchBucketBarrier()).u32(pool.stretchBucketMandatory());
                    }
                });
    }

    @Override
    public PgPool decode(Decoder in) {
        return in.struct(
                30,
                (version, body) -> {
                    if (version < 29) {
                        throw new Malformed("pool of encoding " + version + ", older than pacific");
                    }
                    PgPoolBuilder pool = new PgPoolBuilder();
                    decodeIdentity(pool, body);
                    decodeCache(pool, body);
                    decodeLater(pool, body);
                    // Tentacle asks first whether there is a stretch mode.
                    if (version == 30 || version > 30 && body.bool()) {
                        pool.stretchBucketCount = body.u32();
                        pool.stretchBucketTarget = body.u32();
                        pool.stretchBucketBarrier = body.u32();
                        pool.stretchBucketMandatory = body.u32();
                    }
                    return pool.build();
                });
    }

    private static void encodeIdentity(PgPool pool, Encoder out) {
        out.u8(pool.type());
        out.u8(pool.size());
        out.u8(pool.crushRule());
        out.u8(pool.objectHash());
        out.u32(pool.pgNum());
        out.u32(pool.pgpNum());
        out.zeros(8);
        out.u32(pool.lastChange());
        out.u64(pool.snapSeq());
        out.u32(pool.snapEpoch());
        SNAPS.encode(pool.snaps(), out);
        SnapInterval.SET.encode(pool.removedSnaps(), out);
        out.u64(pool.auid());
        out.u64(pool.flags());
        out.zeros(4);
        out.u8(pool.minSize());
        out.u64(pool.quotaBytesMax());
        out.u64(pool.quotaObjectsMax());
    }

    private static void decodeIdentity(PgPoolBuilder pool, Decoder in) {
        pool.type = in.u8();
        pool.size = in.u8();
        pool.crushRule = in.u8();
        pool.objectHash = in.u8();
        pool.pgNum = in.u32();
        pool.pgpNum = in.u32();
        in.skip(8);
        pool.lastChange = in.u32();
        pool.snapSeq = in.u64();
        pool.snapEpoch = in.u32();
        pool.snaps = SNAPS.decode(in);
        pool.removedSnaps = SnapInterval.SET.decode(in);
        pool.auid = in.u64();
        pool.flags = in.u64();
        in.skip(4);
        pool.minSize = in.u8();
        pool.quotaBytesMax = in.u64();
        pool.quotaObjectsMax = in.u64();
    }

    private static void encodeCache(PgPool pool, Encoder out) {
        IDS.encode(pool.tiers(), out);
        out.u64(pool.tierOf());
        out.u8(pool.cacheMode());
        out.u64(pool.readTier());
        out.u64(pool.writeTier());
        MapCodecs.TEXTS.encode(pool.properties(), out);
        out.raw(pool.hitSetParams());
        out.u32(pool.hitSetPeriod());
        out.u32(pool.hitSetCount());
        out.u32(pool.stripeWidth());
        out.u64(pool.targetBytesMax());
        out.u64(pool.targetObjectsMax());
        out.u32(pool.cacheTargetDirtyRatioMicro());
        out.u32(pool.cacheTargetFullRatioMicro());
        out.u32(pool.cacheFlushAgeMin());
        out.u32(pool.cacheEvictAgeMin());
        out.string(pool.erasureCodeProfile());
        out.u32(pool.forcedResendPreluminous());
        out.u32(pool.readRecencyMin());
        out.u64(pool.expectedObjects());
        out.u32(pool.cacheTargetDirtyHighRatioMicro());
        out.u32(pool.writeRecencyMin());
    }

    private static void decodeCache(PgPoolBuilder pool, Decoder in) {
        pool.tiers = IDS.decode(in);
        pool.tierOf = in.u64();
        pool.cacheMode = in.u8();
        pool.readTier = in.u64();
        pool.writeTier = in.u64();
        pool.properties = MapCodecs.TEXTS.decode(in);
        pool.hitSetParams = hitSetParams(in);
        pool.hitSetPeriod = in.u32();
        pool.hitSetCount = in.u32();
        pool.stripeWidth = in.u32();
        pool.targetBytesMax = in.u64();
        pool.targetObjectsMax = in.u64();
        pool.cacheTargetDirtyRatioMicro = in.u32();
        pool.cacheTargetFullRatioMicro = in.u32();
        pool.cacheFlushAgeMin = in.u32();
        pool.cacheEvictAgeMin = in.u32();
        pool.erasureCodeProfile = in.string();
        pool.forcedResendPreluminous = in.u32();
        pool.readRecencyMin = in.u32();
        pool.expectedObjects = in.u64();
        pool.cacheTargetDirtyHighRatioMicro = in.u32();
        pool.writeRecencyMin = in.u32();
    }

    private static void encodeLater(PgPool pool, Encoder out) {
        out.bool(pool.gmtHitSet());
        out.bool(pool.fastRead());
        out.u32(pool.hitSetGradeDecayRate());
        out.u32(pool.hitSetSearchLast());
        PoolOption.MAP.encode(pool.options(), out);
        out.u32(pool.forcedResendPrenautilus());
        APPLICATIONS.encode(pool.applications(), out);
        Utime.CODEC.encode(pool.created(), out);
        out.u32(pool.pgNumTarget());
        out.u32(pool.pgpNumTarget());
        out.u32(pool.pgNumPending());
        out.zeros(8);
        out.u32(pool.forcedResend());
        out.u8(pool.autoscaleMode());
        PgMerge.CODEC.encode(pool.lastMerge(), out);
    }

    private static void decodeLater(PgPoolBuilder pool, Decoder in) {
        pool.gmtHitSet = in.bool();
        pool.fastRead = in.bool();
        pool.hitSetGradeDecayRate = in.u32();
        pool.hitSetSearchLast = in.u32();
        pool.options = PoolOption.MAP.decode(in);
        pool.forcedResendPrenautilus = in.u32();
        pool.applications = APPLICATIONS.decode(in);
        pool.created = Utime.CODEC.decode(in);
        pool.pgNumTarget = in.u32();
        pool.pgpNumTarget = in.u32();
        pool.pgNumPending = in.u32();
        in.skip(8);
        pool.forcedResend = in.u32();
        pool.autoscaleMode = in.u8();
        pool.lastMerge = PgMerge.CODEC.decode(in);
    }

    /** Hit sets are not built here; their parameters pass through unread. */
    private static Bytes hitSetParams(Decoder in) {
        Encoder copy = new Encoder(16);
        copy.u8(in.u8()).u8(in.u8()).blob(in.blob());
        return copy.toBytes();
    }
}
