package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

/**
 * For how long members may serve reads (pg_lease_t); spans of the primary's clock.
 *
 * <p>PgLease := S(1/1){readableUntil:Utime upperBound:Utime interval:Utime}.
 *
 * @param upperBound no member serves reads after this
 */
public record PgLease(Utime readableUntil, Utime upperBound, Utime interval) {
    /** As in the class comment. */
    public static final Codec<PgLease> CODEC = Primitives.of(PgLease::encode, PgLease::decode);

    private static void encode(Encoder out, PgLease value) {
        int begun = out.beginStruct(1, 1);
        Utime.CODEC.encode(value.readableUntil, out);
        Utime.CODEC.encode(value.upperBound, out);
        Utime.CODEC.encode(value.interval, out);
        out.endSized(begun);
    }

    private static PgLease decode(Decoder in) {
        return in.struct(1, PgLease::decodeFields);
    }

    private static PgLease decodeFields(int layout, Decoder in) {
        Utime readableUntil = Utime.CODEC.decode(in);
        Utime upperBound = Utime.CODEC.decode(in);
        Utime interval = Utime.CODEC.decode(in);
        return new PgLease(readableUntil, upperBound, interval);
    }
}
