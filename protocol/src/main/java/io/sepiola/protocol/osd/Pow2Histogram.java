package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

import java.util.List;

/**
 * Counts by powers of two (pow2_hist_t).
 *
 * <p>Pow2Histogram := S(1/1){list of s32}.
 */
public record Pow2Histogram(List<Integer> counts) {
    /** As in the class comment. */
    public static final Codec<Pow2Histogram> CODEC =
            Primitives.of(Pow2Histogram::encode, Pow2Histogram::decode);

    private static void encode(Encoder out, Pow2Histogram value) {
        int begun = out.beginStruct(1, 1);
        out.list(value.counts, Primitives.U32);
        out.endSized(begun);
    }

    private static Pow2Histogram decode(Decoder in) {
        return in.struct(1, Pow2Histogram::decodeFields);
    }

    private static Pow2Histogram decodeFields(int layout, Decoder in) {
        List<Integer> counts = in.list(Primitives.U32);
        return new Pow2Histogram(counts);
    }

    /** Of nothing. */
    public static final Pow2Histogram EMPTY = new Pow2Histogram(List.of());
}
