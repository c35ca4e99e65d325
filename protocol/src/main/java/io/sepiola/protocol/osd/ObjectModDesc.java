package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * How to undo an entry in an erasure-coded pool (ObjectModDesc).
 *
 * <p>ObjectModDesc := S(v/v){canRollBack:bool complete:bool steps:blob}, v as the steps need.
 *
 * @param layout the version that the steps need
 */
public record ObjectModDesc(int layout, boolean canRollBack, boolean complete, Bytes steps) {
    /** As in the class comment. */
    public static final Codec<ObjectModDesc> CODEC =
            Primitives.of(ObjectModDesc::encode, ObjectModDesc::decode);

    private static void encode(Encoder out, ObjectModDesc value) {
        int begun = out.beginStruct(value.layout, value.layout);
        out.bool(value.canRollBack);
        out.bool(value.complete);
        out.blob(value.steps);
        out.endSized(begun);
    }

    private static ObjectModDesc decode(Decoder in) {
        return in.struct(2, ObjectModDesc::decodeFields);
    }

    private static ObjectModDesc decodeFields(int layout, Decoder in) {
        boolean canRollBack = in.bool();
        boolean complete = in.bool();
        Bytes steps = in.blob();
        return new ObjectModDesc(layout, canRollBack, complete, steps);
    }

    /** It cannot be undone. */
    public static final ObjectModDesc NONE = new ObjectModDesc(1, false, false, Bytes.EMPTY);
}
