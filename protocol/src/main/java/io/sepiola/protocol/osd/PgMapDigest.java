package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

import java.util.List;
import java.util.Map;

/**
 * What the manager tells the monitors of all placement groups and OSDs (PGMapDigest).
 *
 * <p>PgMapDigest := S(4/1){fields in order}.
 *
 * @param pools by pool
 * @param pgSum of all pools
 * @param osdSum of all OSDs
 * @param pgCountByState by {@link PgState} bits
 * @param pgCountByOsd by OSD
 * @param pgCountByPool by pool
 * @param lastSequences of the reports, by OSD
 * @param poolDeltas recent change, by pool
 * @param poolDeltaStamps by pool
 * @param pgSumDelta recent change of all pools
 * @param stampDelta in how long
 * @param availableByRule in bytes, by CRUSH rule
 * @param purgedSnaps by pool, first to count
 * @param osdSumByClass by device class
 */
public record PgMapDigest(
        long pgCount,
        long pgCountActive,
        long pgCountUnknown,
        long osdCount,
        Map<Integer, PoolStat> pools,
        PoolStat pgSum,
        OsdStat osdSum,
        Map<Long, Integer> pgCountByState,
        Map<Integer, PgCount> pgCountByOsd,
        Map<Long, Long> pgCountByPool,
        List<Long> lastSequences,
        Map<Long, PoolDelta> poolDeltas,
        Map<Long, Utime> poolDeltaStamps,
        PoolStat pgSumDelta,
        Utime stampDelta,
        Map<Integer, Long> availableByRule,
        Map<Long, Map<Long, Long>> purgedSnaps,
        Map<String, OsdStat> osdSumByClass) {
    /** As in the class comment. */
    public static final Codec<PgMapDigest> CODEC =
            Primitives.of(PgMapDigest::encode, PgMapDigest::decode);

    private static void encode(Encoder out, PgMapDigest value) {
        int begun = out.beginStruct(4, 1);
        out.u64(value.pgCount);
        out.u64(value.pgCountActive);
        out.u64(value.pgCountUnknown);
        out.u64(value.osdCount);
        out.map(value.pools, Primitives.U32, PoolStat.CODEC);
        PoolStat.CODEC.encode(value.pgSum, out);
        OsdStat.CODEC.encode(value.osdSum, out);
        out.map(value.pgCountByState, Primitives.U64, Primitives.U32);
        out.map(value.pgCountByOsd, Primitives.U32, PgCount.CODEC);
        out.map(value.pgCountByPool, Primitives.U64, Primitives.U64);
        out.list(value.lastSequences, Primitives.U64);
        out.map(value.poolDeltas, Primitives.U64, PoolDelta.CODEC);
        out.map(value.poolDeltaStamps, Primitives.U64, Utime.CODEC);
        PoolStat.CODEC.encode(value.pgSumDelta, out);
        Utime.CODEC.encode(value.stampDelta, out);
        out.map(value.availableByRule, Primitives.U32, Primitives.U64);
        out.map(
                value.purgedSnaps,
                Primitives.U64,
                Primitives.mapOf(Primitives.U64, Primitives.U64));
        out.map(value.osdSumByClass, Primitives.STRING, OsdStat.CODEC);
        out.endSized(begun);
    }

    private static PgMapDigest decode(Decoder in) {
        return in.struct(4, PgMapDigest::decodeFields);
    }

    private static PgMapDigest decodeFields(int layout, Decoder in) {
        long pgCount = in.u64();
        long pgCountActive = in.u64();
        long pgCountUnknown = in.u64();
        long osdCount = in.u64();
        Map<Integer, PoolStat> pools = in.map(Primitives.U32, PoolStat.CODEC);
        PoolStat pgSum = PoolStat.CODEC.decode(in);
        OsdStat osdSum = OsdStat.CODEC.decode(in);
        Map<Long, Integer> pgCountByState = in.map(Primitives.U64, Primitives.U32);
        Map<Integer, PgCount> pgCountByOsd = in.map(Primitives.U32, PgCount.CODEC);
        Map<Long, Long> pgCountByPool = in.map(Primitives.U64, Primitives.U64);
        List<Long> lastSequences = in.list(Primitives.U64);
        Map<Long, PoolDelta> poolDeltas = in.map(Primitives.U64, PoolDelta.CODEC);
        Map<Long, Utime> poolDeltaStamps = in.map(Primitives.U64, Utime.CODEC);
        PoolStat pgSumDelta = PoolStat.CODEC.decode(in);
        Utime stampDelta = Utime.CODEC.decode(in);
        Map<Integer, Long> availableByRule = in.map(Primitives.U32, Primitives.U64);
        Map<Long, Map<Long, Long>> purgedSnaps =
                in.map(Primitives.U64, Primitives.mapOf(Primitives.U64, Primitives.U64));
        Map<String, OsdStat> osdSumByClass = in.map(Primitives.STRING, OsdStat.CODEC);
        return new PgMapDigest(
                pgCount,
                pgCountActive,
                pgCountUnknown,
                osdCount,
                pools,
                pgSum,
                osdSum,
                pgCountByState,
                pgCountByOsd,
                pgCountByPool,
                lastSequences,
                poolDeltas,
                poolDeltaStamps,
                pgSumDelta,
                stampDelta,
                availableByRule,
                purgedSnaps,
                osdSumByClass);
    }
}
