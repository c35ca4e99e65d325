package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;

/**
 * What a primary asks a member (pg_query_t).
 *
 * <p>PgQuery := S(3/3){kind:s32 since:EVersion PgHistory epochSent:u32 to:s8 from:s8}.
 *
 * @param kind {@link #INFO}, {@link #LOG}, {@link #MISSING} or {@link #FULL_LOG}
 * @param since the log from here
 * @param to shard
 * @param from shard
 */
public record PgQuery(
        int kind, EVersion since, PgHistory history, int epochSent, int to, int from) {
    /** Asks for the {@link PgInfo}. */
    public static final int INFO = 0;

    /** Asks for the log from {@code since}. */
    public static final int LOG = 1;

    /** Asks for what is missing. */
    public static final int MISSING = 4;

    /** Asks for the whole log. */
    public static final int FULL_LOG = 5;

    /** As in the class comment. */
    public static final Codec<PgQuery> CODEC = Primitives.of(PgQuery::encode, PgQuery::decode);

    private static void encode(Encoder out, PgQuery value) {
        int begun = out.beginStruct(3, 3);
        out.u32(value.kind);
        EVersion.CODEC.encode(value.since, out);
        PgHistory.CODEC.encode(value.history, out);
        out.u32(value.epochSent);
        out.u8(value.to);
        out.u8(value.from);
        out.endSized(begun);
    }

    private static PgQuery decode(Decoder in) {
        return in.struct(3, PgQuery::decodeFields);
    }

    private static PgQuery decodeFields(int layout, Decoder in) {
        int kind = in.u32();
        EVersion since = EVersion.CODEC.decode(in);
        PgHistory history = PgHistory.CODEC.decode(in);
        int epochSent = in.u32();
        int to = in.s8();
        int from = in.s8();
        return new PgQuery(kind, since, history, epochSent, to, from);
    }
}
