package io.sepiola.protocol.auth;

import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

/**
 * One of a service's rotating secrets (ExpiringCryptoKey).
 *
 * <p>ExpiringKey := u8 1, CryptoKey expires:Utime.
 */
public record ExpiringKey(CryptoKey key, Utime expires) {
    /** As in the class comment. */
    public static final Codec<ExpiringKey> CODEC =
            Primitives.of(
                    (out, expiring) -> {
                        CryptoKey.CODEC.encode(expiring.key, out.u8(1));
                        Utime.CODEC.encode(expiring.expires, out);
                    },
                    in -> {
                        int version = in.u8();
                        if (version != 1) {
                            throw new Malformed("ExpiringCryptoKey of version " + version);
                        }
                        CryptoKey key = CryptoKey.CODEC.decode(in);
                        return new ExpiringKey(key, Utime.CODEC.decode(in));
                    });
}
