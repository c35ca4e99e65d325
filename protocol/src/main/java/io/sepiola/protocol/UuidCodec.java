package io.sepiola.protocol;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;

import java.util.UUID;

/** A UUID (uuid_d), such as a cluster's fsid: 16 bytes in the order in which it is printed. */
public final class UuidCodec implements Codec<UUID> {
    /** The only instance. */
    public static final Codec<UUID> CODEC = new UuidCodec();

    /** The UUID of nothing. */
    public static final UUID ZERO = new UUID(0, 0);

    private UuidCodec() {}

    @Override
    public void encode(UUID value, Encoder out) {
        out.u64(Long.reverseBytes(value.getMostSignificantBits()));
        out.u64(Long.reverseBytes(value.getLeastSignificantBits()));
    }

    @Override
    public UUID decode(Decoder in) {
        long most = Long.reverseBytes(in.u64());
        return new UUID(most, Long.reverseBytes(in.u64()));
    }
}
