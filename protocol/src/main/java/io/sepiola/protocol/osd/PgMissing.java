package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

import java.util.Map;

/**
 * What a member lacks (pg_missing_t).
 *
 * <p>PgMissing := S(5/2){map of HObject to MissingItem, mayIncludeDeletes:bool}.
 */
public record PgMissing(Map<HObject, MissingItem> items, boolean mayIncludeDeletes) {
    /** As in the class comment. */
    public static final Codec<PgMissing> CODEC =
            Primitives.of(PgMissing::encode, PgMissing::decode);

    private static void encode(Encoder out, PgMissing value) {
        int begun = out.beginStruct(5, 2);
        out.map(value.items, HObject.CODEC, MissingItem.CODEC);
        out.bool(value.mayIncludeDeletes);
        out.endSized(begun);
    }

    private static PgMissing decode(Decoder in) {
        return in.struct(5, PgMissing::decodeFields);
    }

    private static PgMissing decodeFields(int layout, Decoder in) {
        Map<HObject, MissingItem> items = in.map(HObject.CODEC, MissingItem.CODEC);
        boolean mayIncludeDeletes = layout >= 4 ? in.bool() : false;
        return new PgMissing(items, mayIncludeDeletes);
    }

    /** Nothing. */
    public static final PgMissing NONE = new PgMissing(Map.of(), true);
}
