package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * How far the recovery of an object is (ObjectRecoveryProgress).
 *
 * <p>ObjectRecoveryProgress := S(1/1){first:bool dataComplete:bool dataTo:u64 omapTo:string
 * omapComplete:bool}.
 *
 * @param dataTo offset
 * @param omapTo key
 */
public record ObjectRecoveryProgress(
        boolean first, boolean dataComplete, long dataTo, String omapTo, boolean omapComplete) {
    /** As in the class comment. */
    public static final Codec<ObjectRecoveryProgress> CODEC =
            Primitives.of(ObjectRecoveryProgress::encode, ObjectRecoveryProgress::decode);

    private static void encode(Encoder out, ObjectRecoveryProgress value) {
        int begun = out.beginStruct(1, 1);
        out.bool(value.first);
        out.bool(value.dataComplete);
        out.u64(value.dataTo);
        out.string(value.omapTo);
        out.bool(value.omapComplete);
        out.endSized(begun);
    }

    private static ObjectRecoveryProgress decode(Decoder in) {
        return in.struct(1, ObjectRecoveryProgress::decodeFields);
    }

    private static ObjectRecoveryProgress decodeFields(int layout, Decoder in) {
        boolean first = in.bool();
        boolean dataComplete = in.bool();
        long dataTo = in.u64();
        String omapTo = in.string();
        boolean omapComplete = in.bool();
        return new ObjectRecoveryProgress(first, dataComplete, dataTo, omapTo, omapComplete);
    }

    /** Nothing is done. */
    public static final ObjectRecoveryProgress START =
            new ObjectRecoveryProgress(true, false, 0, "", false);
}
