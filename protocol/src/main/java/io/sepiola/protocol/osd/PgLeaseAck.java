package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

/**
 * A member has a lease (pg_lease_ack_t).
 *
 * <p>PgLeaseAck := S(1/1){upperBound:Utime}.
 */
public record PgLeaseAck(Utime upperBound) {
    /** As in the class comment. */
    public static final Codec<PgLeaseAck> CODEC =
            Primitives.of(PgLeaseAck::encode, PgLeaseAck::decode);

    private static void encode(Encoder out, PgLeaseAck value) {
        int begun = out.beginStruct(1, 1);
        Utime.CODEC.encode(value.upperBound, out);
        out.endSized(begun);
    }

    private static PgLeaseAck decode(Decoder in) {
        return in.struct(1, PgLeaseAck::decodeFields);
    }

    private static PgLeaseAck decodeFields(int layout, Decoder in) {
        Utime upperBound = Utime.CODEC.decode(in);
        return new PgLeaseAck(upperBound);
    }
}
