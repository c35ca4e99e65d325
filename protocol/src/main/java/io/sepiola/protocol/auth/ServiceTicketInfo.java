package io.sepiola.protocol.auth;

import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

import java.util.random.RandomGenerator;

/**
 * The inside of a {@link TicketBlob}, for the service alone (CephXServiceTicketInfo).
 *
 * <p>ServiceTicketInfo := u8 1, AuthTicket, sessionKey:CryptoKey.
 *
 * @param sessionKey which the holder has too
 */
public record ServiceTicketInfo(AuthTicket ticket, CryptoKey sessionKey) {
    /** As in the class comment. */
    public static final Codec<ServiceTicketInfo> CODEC =
            Primitives.of(
                    (out, info) -> {
                        AuthTicket.CODEC.encode(info.ticket, out.u8(1));
                        CryptoKey.CODEC.encode(info.sessionKey, out);
                    },
                    in -> {
                        int version = in.u8();
                        if (version != 1) {
                            throw new Malformed("CephXServiceTicketInfo of version " + version);
                        }
                        AuthTicket ticket = AuthTicket.CODEC.decode(in);
                        return new ServiceTicketInfo(ticket, CryptoKey.CODEC.decode(in));
                    });

    /** Seals this for the holder to carry. */
    public TicketBlob seal(long secretId, CryptoKey secret, RandomGenerator random) {
        return new TicketBlob(
                secretId, secret.seal(KeyUse.TICKET, random, out -> CODEC.encode(this, out)));
    }

    /**
     * Opens a ticket.
     *
     * @throws Malformed when it was not sealed with this secret
     */
    public static ServiceTicketInfo open(TicketBlob blob, CryptoKey secret) {
        return CODEC.decode(secret.open(KeyUse.TICKET, blob.sealed()));
    }
}
