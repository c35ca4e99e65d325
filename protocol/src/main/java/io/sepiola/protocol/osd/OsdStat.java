package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

import java.util.List;
import java.util.Map;

/**
 * What an OSD tells of itself (osd_stat_t).
 *
 * <p>OsdStat := S(14/2){fields in order}.
 *
 * @param kib total
 * @param snapTrimQueue how many placement groups have snapshots to trim
 * @param upFrom the epoch in which it came up
 * @param sequence upFrom in the upper half, counts reports in the lower
 * @param alerts of the store, by OSD
 * @param osdCount how many OSDs this is the sum of
 * @param osdCountPerPool how many of them count usage by pool
 * @param pings by OSD
 */
public record OsdStat(
        long kib,
        long kibUsed,
        long kibAvailable,
        int snapTrimQueue,
        int snapTrimming,
        List<Integer> heartbeatPeers,
        Pow2Histogram operationAges,
        StoreLatency latency,
        int upFrom,
        long sequence,
        int pgCount,
        long kibUsedData,
        long kibUsedOmap,
        long kibUsedMetadata,
        StoreStat store,
        Map<Integer, Map<String, String>> alerts,
        long shardsRepaired,
        int osdCount,
        int osdCountPerPool,
        int osdCountPerPoolOmap,
        Map<Integer, PingTimes> pings) {
    /** As in the class comment. */
    public static final Codec<OsdStat> CODEC = Primitives.of(OsdStat::encode, OsdStat::decode);

    private static void encode(Encoder out, OsdStat value) {
        int begun = out.beginStruct(14, 2);
        out.u64(value.kib);
        out.u64(value.kibUsed);
        out.u64(value.kibAvailable);
        out.u32(value.snapTrimQueue);
        out.u32(value.snapTrimming);
        out.list(value.heartbeatPeers, Primitives.U32);
        out.u32(0);
        Pow2Histogram.CODEC.encode(value.operationAges, out);
        StoreLatency.CODEC.encode(value.latency, out);
        out.u32(value.upFrom);
        out.u64(value.sequence);
        out.u32(value.pgCount);
        out.u64(value.kibUsedData);
        out.u64(value.kibUsedOmap);
        out.u64(value.kibUsedMetadata);
        StoreStat.CODEC.encode(value.store, out);
        out.map(
                value.alerts,
                Primitives.U32,
                Primitives.mapOf(Primitives.STRING, Primitives.STRING));
        out.u64(value.shardsRepaired);
        out.u32(value.osdCount);
        out.u32(value.osdCountPerPool);
        out.u32(value.osdCountPerPoolOmap);
        out.map(value.pings, Primitives.U32, PingTimes.CODEC);
        out.endSized(begun);
    }

    private static OsdStat decode(Decoder in) {
        return in.struct(14, OsdStat::decodeFields);
    }

    private static OsdStat decodeFields(int layout, Decoder in) {
        long kib = in.u64();
        long kibUsed = in.u64();
        long kibAvailable = in.u64();
        int snapTrimQueue = in.u32();
        int snapTrimming = in.u32();
        List<Integer> heartbeatPeers = in.list(Primitives.U32);
        in.u32(); // heartbeatOut, was a list
        Pow2Histogram operationAges = Pow2Histogram.CODEC.decode(in);
        StoreLatency latency = StoreLatency.CODEC.decode(in);
        int upFrom = in.u32();
        long sequence = in.u64();
        int pgCount = in.u32();
        long kibUsedData = in.u64();
        long kibUsedOmap = in.u64();
        long kibUsedMetadata = in.u64();
        StoreStat store = StoreStat.CODEC.decode(in);
        Map<Integer, Map<String, String>> alerts =
                in.map(Primitives.U32, Primitives.mapOf(Primitives.STRING, Primitives.STRING));
        long shardsRepaired = in.u64();
        int osdCount = in.u32();
        int osdCountPerPool = in.u32();
        int osdCountPerPoolOmap = in.u32();
        Map<Integer, PingTimes> pings = in.map(Primitives.U32, PingTimes.CODEC);
        return new OsdStat(
                kib,
                kibUsed,
                kibAvailable,
                snapTrimQueue,
                snapTrimming,
                heartbeatPeers,
                operationAges,
                latency,
                upFrom,
                sequence,
                pgCount,
                kibUsedData,
                kibUsedOmap,
                kibUsedMetadata,
                store,
                alerts,
                shardsRepaired,
                osdCount,
                osdCountPerPool,
                osdCountPerPoolOmap,
                pings);
    }

    /** The same with other times of pings. */
    public OsdStat withPings(Map<Integer, PingTimes> times) {
        return new OsdStat(
                kib,
                kibUsed,
                kibAvailable,
                snapTrimQueue,
                snapTrimming,
                heartbeatPeers,
                operationAges,
                latency,
                upFrom,
                sequence,
                pgCount,
                kibUsedData,
                kibUsedOmap,
                kibUsedMetadata,
                store,
                alerts,
                shardsRepaired,
                osdCount,
                osdCountPerPool,
                osdCountPerPoolOmap,
                times);
    }

    /** Of nothing. */
    public static final OsdStat ZERO =
            new OsdStat(
                    0,
                    0,
                    0,
                    0,
                    0,
                    List.of(),
                    Pow2Histogram.EMPTY,
                    StoreLatency.ZERO,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    StoreStat.ZERO,
                    Map.of(),
                    0,
                    0,
                    0,
                    0,
                    Map.of());
}
