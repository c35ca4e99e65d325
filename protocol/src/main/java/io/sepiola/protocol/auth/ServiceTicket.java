package io.sepiola.protocol.auth;

import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

/**
 * What the holder of a ticket learns about it (CephXServiceTicket).
 *
 * <p>ServiceTicket := u8 1, sessionKey:CryptoKey validity:Utime.
 *
 * @param validity a span from now
 */
public record ServiceTicket(CryptoKey sessionKey, Utime validity) {
    /** As in the class comment. */
    public static final Codec<ServiceTicket> CODEC =
            Primitives.of(
                    (out, ticket) -> {
                        CryptoKey.CODEC.encode(ticket.sessionKey, out.u8(1));
                        Utime.CODEC.encode(ticket.validity, out);
                    },
                    in -> {
                        int version = in.u8();
                        if (version != 1) {
                            throw new Malformed("CephXServiceTicket of version " + version);
                        }
                        CryptoKey key = CryptoKey.CODEC.decode(in);
                        return new ServiceTicket(key, Utime.CODEC.decode(in));
                    });
}
