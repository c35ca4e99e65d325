package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * Sums over objects, once by category as well (object_stat_collection_t).
 *
 * <p>ObjectStats := S(2/2){sum:ObjectStatSum u32 0}.
 */
public record ObjectStats(ObjectStatSum sum) {
    /** As in the class comment. */
    public static final Codec<ObjectStats> CODEC =
            Primitives.of(ObjectStats::encode, ObjectStats::decode);

    private static void encode(Encoder out, ObjectStats value) {
        int begun = out.beginStruct(2, 2);
        ObjectStatSum.CODEC.encode(value.sum, out);
        out.u32(0); // there are no categories any more
        out.endSized(begun);
    }

    private static ObjectStats decode(Decoder in) {
        return in.struct(2, ObjectStats::decodeFields);
    }

    private static ObjectStats decodeFields(int layout, Decoder in) {
        ObjectStatSum sum = ObjectStatSum.CODEC.decode(in);
        // Releases before Ceph 0.90 had categories; what follows the struct's end is passed over.
        return new ObjectStats(sum);
    }

    /** Of nothing. */
    public static final ObjectStats ZERO = new ObjectStats(ObjectStatSum.ZERO);
}
