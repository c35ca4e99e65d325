package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

import java.util.List;
import java.util.Map;

/**
 * The clones of an object (SnapSet), in its attribute {@code snapset}.
 *
 * <p>SnapSet := S(3/2){sequence:u64 bool true, snaps:list of u64, clones:list of u64, overlap:map
 * of u64 to map of u64 to u64, sizes:map of u64 to u64, map of clone:u64 to list of u64}.
 *
 * @param sequence the newest snapshot seen
 * @param snaps newest first; of old formats
 * @param clones oldest first
 * @param overlap by clone: what it shares with the next newer one
 * @param sizes by clone
 * @param cloneSnaps by clone: the snapshots it stands for, newest first
 */
public record SnapSet(
        long sequence,
        List<Long> snaps,
        List<Long> clones,
        Map<Long, Map<Long, Long>> overlap,
        Map<Long, Long> sizes,
        Map<Long, List<Long>> cloneSnaps) {
    /** As in the class comment. */
    public static final Codec<SnapSet> CODEC = Primitives.of(SnapSet::encode, SnapSet::decode);

    private static void encode(Encoder out, SnapSet value) {
        int begun = out.beginStruct(3, 2);
        out.u64(value.sequence);
        out.bool(true);
        out.list(value.snaps, Primitives.U64);
        out.list(value.clones, Primitives.U64);
        out.map(value.overlap, Primitives.U64, Primitives.mapOf(Primitives.U64, Primitives.U64));
        out.map(value.sizes, Primitives.U64, Primitives.U64);
        out.map(value.cloneSnaps, Primitives.U64, Primitives.listOf(Primitives.U64));
        out.endSized(begun);
    }

    private static SnapSet decode(Decoder in) {
        return in.struct(3, SnapSet::decodeFields);
    }

    private static SnapSet decodeFields(int layout, Decoder in) {
        long sequence = in.u64();
        in.bool(); // headExists, was whether there is a head
        List<Long> snaps = in.list(Primitives.U64);
        List<Long> clones = in.list(Primitives.U64);
        Map<Long, Map<Long, Long>> overlap =
                in.map(Primitives.U64, Primitives.mapOf(Primitives.U64, Primitives.U64));
        Map<Long, Long> sizes = in.map(Primitives.U64, Primitives.U64);
        Map<Long, List<Long>> cloneSnaps =
                layout >= 3 ? in.map(Primitives.U64, Primitives.listOf(Primitives.U64)) : Map.of();
        return new SnapSet(sequence, snaps, clones, overlap, sizes, cloneSnaps);
    }

    /** No clones. */
    public static final SnapSet EMPTY =
            new SnapSet(0, List.of(), List.of(), Map.of(), Map.of(), Map.of());
}
