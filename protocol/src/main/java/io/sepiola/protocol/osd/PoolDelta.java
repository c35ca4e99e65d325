package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

/**
 * The recent change of a pool. Within {@link PgMapDigest}.
 *
 * <p>PoolDelta := PoolStat span:Utime.
 *
 * @param span in how long
 */
public record PoolDelta(PoolStat stat, Utime span) {
    /** As in the class comment. */
    public static final Codec<PoolDelta> CODEC =
            Primitives.of(PoolDelta::encode, PoolDelta::decode);

    private static void encode(Encoder out, PoolDelta value) {
        PoolStat.CODEC.encode(value.stat, out);
        Utime.CODEC.encode(value.span, out);
    }

    private static PoolDelta decode(Decoder in) {
        PoolStat stat = PoolStat.CODEC.decode(in);
        Utime span = Utime.CODEC.decode(in);
        return new PoolDelta(stat, span);
    }
}
