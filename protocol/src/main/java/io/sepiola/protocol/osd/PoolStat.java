package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * Sums over a pool (pool_stat_t).
 *
 * <p>PoolStat := S(7/5){ObjectStats logSize:s64 logSizeOnDisk:s64 up:s32 acting:s32 StoreStat
 * storeCount:s32}.
 *
 * @param up counts members of up sets
 * @param acting counts members of acting sets
 * @param storeCount counts the OSDs that reported it
 */
public record PoolStat(
        ObjectStats stats,
        long logSize,
        long logSizeOnDisk,
        int up,
        int acting,
        StoreStat store,
        int storeCount) {
    /** As in the class comment. */
    public static final Codec<PoolStat> CODEC = Primitives.of(PoolStat::encode, PoolStat::decode);

    private static void encode(Encoder out, PoolStat value) {
        int begun = out.beginStruct(7, 5);
        ObjectStats.CODEC.encode(value.stats, out);
        out.u64(value.logSize);
        out.u64(value.logSizeOnDisk);
        out.u32(value.up);
        out.u32(value.acting);
        StoreStat.CODEC.encode(value.store, out);
        out.u32(value.storeCount);
        out.endSized(begun);
    }

    private static PoolStat decode(Decoder in) {
        return in.struct(7, PoolStat::decodeFields);
    }

    private static PoolStat decodeFields(int layout, Decoder in) {
        ObjectStats stats = ObjectStats.CODEC.decode(in);
        long logSize = in.u64();
        long logSizeOnDisk = in.u64();
        int up = in.u32();
        int acting = in.u32();
        StoreStat store = StoreStat.CODEC.decode(in);
        int storeCount = in.u32();
        return new PoolStat(stats, logSize, logSizeOnDisk, up, acting, store, storeCount);
    }

    /** Of nothing. */
    public static final PoolStat ZERO =
            new PoolStat(ObjectStats.ZERO, 0, 0, 0, 0, StoreStat.ZERO, 0);
}
