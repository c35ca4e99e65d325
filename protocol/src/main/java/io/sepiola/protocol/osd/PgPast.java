package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * The past of a placement group. Within {@code MOSDPGCreate2}.
 *
 * <p>PgPast := PgHistory PastIntervals.
 */
public record PgPast(PgHistory history, PastIntervals intervals) {
    /** As in the class comment. */
    public static final Codec<PgPast> CODEC = Primitives.of(PgPast::encode, PgPast::decode);

    private static void encode(Encoder out, PgPast value) {
        PgHistory.CODEC.encode(value.history, out);
        PastIntervals.CODEC.encode(value.intervals, out);
    }

    private static PgPast decode(Decoder in) {
        PgHistory history = PgHistory.CODEC.decode(in);
        PastIntervals intervals = PastIntervals.CODEC.decode(in);
        return new PgPast(history, intervals);
    }
}
