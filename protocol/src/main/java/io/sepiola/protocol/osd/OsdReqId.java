package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;

/**
 * What tells a request of a client from all others (osd_reqid_t), so that a repetition is known.
 *
 * <p>OsdReqId := S(2/2){name:EntityName tid:u64 incarnation:s32}.
 *
 * @param incarnation of the client: 0, or a counter of its restarts
 */
public record OsdReqId(EntityName name, long tid, int incarnation) {
    /** As in the class comment. */
    public static final Codec<OsdReqId> CODEC = Primitives.of(OsdReqId::encode, OsdReqId::decode);

    private static void encode(Encoder out, OsdReqId value) {
        int begun = out.beginStruct(2, 2);
        EntityName.CODEC.encode(value.name, out);
        out.u64(value.tid);
        out.u32(value.incarnation);
        out.endSized(begun);
    }

    private static OsdReqId decode(Decoder in) {
        return in.struct(2, OsdReqId::decodeFields);
    }

    private static OsdReqId decodeFields(int version, Decoder in) {
        EntityName name = EntityName.CODEC.decode(in);
        long tid = in.u64();
        int incarnation = in.u32();
        return new OsdReqId(name, tid, incarnation);
    }

    /** Of no request. */
    public static final OsdReqId NONE = new OsdReqId(new EntityName(EntityType.NONE, 0), 0, 0);

    @Override
    public String toString() {
        return name + "." + incarnation + ":" + Long.toUnsignedString(tid);
    }
}
