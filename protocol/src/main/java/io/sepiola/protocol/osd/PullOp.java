package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * Asks for a part of an object (PullOp).
 *
 * <p>PullOp := S(1/1){object:HObject ObjectRecoveryInfo ObjectRecoveryProgress}.
 */
public record PullOp(HObject object, ObjectRecoveryInfo info, ObjectRecoveryProgress progress) {
    /** As in the class comment. */
    public static final Codec<PullOp> CODEC = Primitives.of(PullOp::encode, PullOp::decode);

    private static void encode(Encoder out, PullOp value) {
        int begun = out.beginStruct(1, 1);
        HObject.CODEC.encode(value.object, out);
        ObjectRecoveryInfo.CODEC.encode(value.info, out);
        ObjectRecoveryProgress.CODEC.encode(value.progress, out);
        out.endSized(begun);
    }

    private static PullOp decode(Decoder in) {
        return in.struct(1, PullOp::decodeFields);
    }

    private static PullOp decodeFields(int layout, Decoder in) {
        HObject object = HObject.CODEC.decode(in);
        ObjectRecoveryInfo info = ObjectRecoveryInfo.CODEC.decode(in);
        ObjectRecoveryProgress progress = ObjectRecoveryProgress.CODEC.decode(in);
        return new PullOp(object, info, progress);
    }
}
