package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * A member has a part of an object (PushReplyOp).
 *
 * <p>PushReplyOp := S(1/1){object:HObject}.
 */
public record PushReplyOp(HObject object) {
    /** As in the class comment. */
    public static final Codec<PushReplyOp> CODEC =
            Primitives.of(PushReplyOp::encode, PushReplyOp::decode);

    private static void encode(Encoder out, PushReplyOp value) {
        int begun = out.beginStruct(1, 1);
        HObject.CODEC.encode(value.object, out);
        out.endSized(begun);
    }

    private static PushReplyOp decode(Decoder in) {
        return in.struct(1, PushReplyOp::decodeFields);
    }

    private static PushReplyOp decodeFields(int layout, Decoder in) {
        HObject object = HObject.CODEC.decode(in);
        return new PushReplyOp(object);
    }
}
