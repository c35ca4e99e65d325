package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

import java.util.Map;

/**
 * Features of an on-disk format: who may read and write it (CompatSet).
 *
 * <p>CompatSet := compatible readOnlyCompatible incompatible: each bits:u64, map of number:u64 to
 * name:string.
 */
public record CompatSet(Features compatible, Features readOnlyCompatible, Features incompatible) {
    /**
     * A set of features.
     *
     * @param bits the numbers as bits
     * @param names by number
     */
    public record Features(long bits, Map<Long, String> names) {
        /** As in the comment of {@link CompatSet}. */
        public static final Codec<Features> CODEC =
                Primitives.of(
                        (out, set) ->
                                out.u64(set.bits).map(set.names, Primitives.U64, Primitives.STRING),
                        in -> new Features(in.u64(), in.map(Primitives.U64, Primitives.STRING)));

        /** No features. */
        public static final Features NONE = new Features(0, Map.of());
    }

    /** As in the class comment. */
    public static final Codec<CompatSet> CODEC =
            Primitives.of(CompatSet::encode, CompatSet::decode);

    private static void encode(Encoder out, CompatSet value) {
        Features.CODEC.encode(value.compatible, out);
        Features.CODEC.encode(value.readOnlyCompatible, out);
        Features.CODEC.encode(value.incompatible, out);
    }

    private static CompatSet decode(Decoder in) {
        Features compatible = Features.CODEC.decode(in);
        Features readOnlyCompatible = Features.CODEC.decode(in);
        Features incompatible = Features.CODEC.decode(in);
        return new CompatSet(compatible, readOnlyCompatible, incompatible);
    }
}
