package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

import java.util.Map;

/**
 * What an entry of the log has not changed (ObjectCleanRegions).
 *
 * <p>ObjectCleanRegions := S(1/1){clean:map of offset:u64 to length:u64, omapClean:bool
 * newObject:bool}.
 *
 * @param clean offset to length
 */
public record ObjectCleanRegions(Map<Long, Long> clean, boolean omapClean, boolean newObject) {
    /** As in the class comment. */
    public static final Codec<ObjectCleanRegions> CODEC =
            Primitives.of(ObjectCleanRegions::encode, ObjectCleanRegions::decode);

    private static void encode(Encoder out, ObjectCleanRegions value) {
        int begun = out.beginStruct(1, 1);
        out.map(value.clean, Primitives.U64, Primitives.U64);
        out.bool(value.omapClean);
        out.bool(value.newObject);
        out.endSized(begun);
    }

    private static ObjectCleanRegions decode(Decoder in) {
        return in.struct(1, ObjectCleanRegions::decodeFields);
    }

    private static ObjectCleanRegions decodeFields(int layout, Decoder in) {
        Map<Long, Long> clean = in.map(Primitives.U64, Primitives.U64);
        boolean omapClean = in.bool();
        boolean newObject = in.bool();
        return new ObjectCleanRegions(clean, omapClean, newObject);
    }

    /** All is changed. */
    public static final ObjectCleanRegions DIRTY = new ObjectCleanRegions(Map.of(), false, false);

    /** All is changed, as there was nothing before. */
    public static final ObjectCleanRegions NEW = new ObjectCleanRegions(Map.of(), false, true);

    /** Nothing is changed. */
    public static final ObjectCleanRegions CLEAN =
            new ObjectCleanRegions(Map.of(0L, -1L), true, false);
}
