package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

import java.util.List;

/**
 * The snapshots that a write has to keep (SnapContext).
 *
 * <p>SnapContext := sequence:u64 snaps:list of u64.
 *
 * @param sequence the newest snapshot
 * @param snaps those that exist, newest first
 */
public record SnapContext(long sequence, List<Long> snaps) {
    /** As in the class comment. */
    public static final Codec<SnapContext> CODEC =
            Primitives.of(SnapContext::encode, SnapContext::decode);

    private static void encode(Encoder out, SnapContext value) {
        out.u64(value.sequence);
        out.list(value.snaps, Primitives.U64);
    }

    private static SnapContext decode(Decoder in) {
        long sequence = in.u64();
        List<Long> snaps = in.list(Primitives.U64);
        return new SnapContext(sequence, snaps);
    }

    /** No snapshots. */
    public static final SnapContext NONE = new SnapContext(0, List.of());
}
