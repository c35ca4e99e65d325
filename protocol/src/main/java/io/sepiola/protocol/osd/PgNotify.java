package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * What a member tells the primary about itself (pg_notify_t).
 *
 * <p>PgNotify := S(3/2){queryEpoch:u32 epochSent:u32 info:PgInfo to:s8 from:s8 PastIntervals}.
 *
 * @param queryEpoch of the question
 * @param to shard
 * @param from shard
 */
public record PgNotify(
        int queryEpoch, int epochSent, PgInfo info, int to, int from, PastIntervals pastIntervals) {
    /** As in the class comment. */
    public static final Codec<PgNotify> CODEC = Primitives.of(PgNotify::encode, PgNotify::decode);

    private static void encode(Encoder out, PgNotify value) {
        int begun = out.beginStruct(3, 2);
        out.u32(value.queryEpoch);
        out.u32(value.epochSent);
        PgInfo.CODEC.encode(value.info, out);
        out.u8(value.to);
        out.u8(value.from);
        PastIntervals.CODEC.encode(value.pastIntervals, out);
        out.endSized(begun);
    }

    private static PgNotify decode(Decoder in) {
        return in.struct(3, PgNotify::decodeFields);
    }

    private static PgNotify decodeFields(int layout, Decoder in) {
        int queryEpoch = in.u32();
        int epochSent = in.u32();
        PgInfo info = PgInfo.CODEC.decode(in);
        int to = in.s8();
        int from = in.s8();
        PastIntervals pastIntervals = PastIntervals.CODEC.decode(in);
        return new PgNotify(queryEpoch, epochSent, info, to, from, pastIntervals);
    }
}
