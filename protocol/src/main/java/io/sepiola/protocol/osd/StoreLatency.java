package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * How long a store takes (objectstore_perf_stat_t), in milliseconds.
 *
 * <p>StoreLatency := S(1/1){commit:u32 apply:u32}.
 */
public record StoreLatency(int commitMillis, int applyMillis) {
    /** As in the class comment. */
    public static final Codec<StoreLatency> CODEC =
            Primitives.of(StoreLatency::encode, StoreLatency::decode);

    private static void encode(Encoder out, StoreLatency value) {
        int begun = out.beginStruct(1, 1);
        out.u32(value.commitMillis);
        out.u32(value.applyMillis);
        out.endSized(begun);
    }

    private static StoreLatency decode(Decoder in) {
        return in.struct(2, StoreLatency::decodeFields);
    }

    private static StoreLatency decodeFields(int layout, Decoder in) {
        if (layout >= 2) { // nanoseconds
            return new StoreLatency((int) (in.u64() / 1_000_000), (int) (in.u64() / 1_000_000));
        }
        int commitMillis = in.u32();
        int applyMillis = in.u32();
        return new StoreLatency(commitMillis, applyMillis);
    }

    /** At once. */
    public static final StoreLatency ZERO = new StoreLatency(0, 0);
}
