package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

/**
 * When a placement group was made. Within {@code MOSDPGCreate2}.
 *
 * <p>PgCreate := epoch:u32 Utime.
 */
public record PgCreate(int epoch, Utime stamp) {
    /** As in the class comment. */
    public static final Codec<PgCreate> CODEC = Primitives.of(PgCreate::encode, PgCreate::decode);

    private static void encode(Encoder out, PgCreate value) {
        out.u32(value.epoch);
        Utime.CODEC.encode(value.stamp, out);
    }

    private static PgCreate decode(Decoder in) {
        int epoch = in.u32();
        Utime stamp = Utime.CODEC.decode(in);
        return new PgCreate(epoch, stamp);
    }
}
