package io.sepiola.protocol.message;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * What somebody wants to have of a map.
 *
 * <p>Subscription := first:u64 flags:u8.
 *
 * @param first the first version wanted
 * @param flags {@link #ONCE} or 0
 */
public record Subscription(long first, int flags) {
    /** Send one version, then end the subscription. */
    public static final int ONCE = 1;

    /** As in the class comment. */
    public static final Codec<Subscription> CODEC =
            Primitives.of(Subscription::encode, Subscription::decode);

    private static void encode(Encoder out, Subscription value) {
        out.u64(value.first);
        out.u8(value.flags);
    }

    private static Subscription decode(Decoder in) {
        long first = in.u64();
        int flags = in.u8();
        return new Subscription(first, flags);
    }
}
