package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;

import java.util.List;

/**
 * A request whose entry has left the log (pg_log_dup_t), so that a repetition is known.
 *
 * <p>PgLogDup := S(2/1){OsdReqId EVersion userVersion:u64 returnCode:s32 returns:list of OpReturn}.
 */
public record PgLogDup(
        OsdReqId reqId,
        EVersion version,
        long userVersion,
        int returnCode,
        List<OpReturn> returns) {
    /** As in the class comment. */
    public static final Codec<PgLogDup> CODEC = Primitives.of(PgLogDup::encode, PgLogDup::decode);

    private static void encode(Encoder out, PgLogDup value) {
        int begun = out.beginStruct(2, 1);
        OsdReqId.CODEC.encode(value.reqId, out);
        EVersion.CODEC.encode(value.version, out);
        out.u64(value.userVersion);
        out.u32(value.returnCode);
        out.list(value.returns, OpReturn.CODEC);
        out.endSized(begun);
    }

    private static PgLogDup decode(Decoder in) {
        return in.struct(2, PgLogDup::decodeFields);
    }

    private static PgLogDup decodeFields(int layout, Decoder in) {
        OsdReqId reqId = OsdReqId.CODEC.decode(in);
        EVersion version = EVersion.CODEC.decode(in);
        long userVersion = in.u64();
        int returnCode = in.u32();
        List<OpReturn> returns = layout >= 2 ? in.list(OpReturn.CODEC) : List.of();
        return new PgLogDup(reqId, version, userVersion, returnCode, returns);
    }
}
