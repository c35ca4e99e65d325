package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * How many placement groups an OSD is a member of. Within {@link PgMapDigest}.
 *
 * <p>PgCount := acting:s32 upNotActing:s32 primary:s32.
 */
public record PgCount(int acting, int upNotActing, int primary) {
    /** As in the class comment. */
    public static final Codec<PgCount> CODEC = Primitives.of(PgCount::encode, PgCount::decode);

    private static void encode(Encoder out, PgCount value) {
        out.u32(value.acting);
        out.u32(value.upNotActing);
        out.u32(value.primary);
    }

    private static PgCount decode(Decoder in) {
        int acting = in.u32();
        int upNotActing = in.u32();
        int primary = in.u32();
        return new PgCount(acting, upNotActing, primary);
    }
}
