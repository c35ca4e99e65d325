package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.KeyUse;
import io.sepiola.protocol.auth.ServiceTicket;
import io.sepiola.protocol.auth.ServiceTicketInfo;
import io.sepiola.protocol.auth.TicketBlob;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The parts of cephx that both ends need. E(k, X) is a blob of ciphertext. */
final class Cephx {
    static final int AUTH_SESSION = 0x0100;
    static final int SERVICE_TICKETS = 0x0200;
    static final int ROTATING_SECRETS = 0x0400;

    /** The first byte of AUTH_REQUEST to a monitor. */
    static final int MODE_MONITOR = 10;

    /** The first byte of an authorizer. */
    static final int MODE_AUTHORIZER = 1;

    static final int CONNECTION_SECRET_SIZE = 64;
    static final int EACCES = -13;
    private static final int TICKETS_MAX = 16;

    private Cephx() {}

    /** Authorizer := u8 1, globalId:u64 service:u32 TicketBlob E(sessionKey, authorize). */
    record Authorizer(long globalId, EntityType service, TicketBlob ticket, Bytes sealed) {
        static Authorizer decode(Decoder in) {
            int version = in.u8();
            if (version != MODE_AUTHORIZER) {
                throw new Malformed("authorizer of version " + version);
            }
            long globalId = in.u64();
            EntityType service = EntityType.of(in.u32());
            TicketBlob ticket = TicketBlob.CODEC.decode(in);
            return new Authorizer(globalId, service, ticket, in.blob());
        }

        void encode(Encoder out) {
            out.u8(MODE_AUTHORIZER).u64(globalId).u32(service.code());
            TicketBlob.CODEC.encode(ticket, out);
            out.blob(sealed);
        }
    }

    /** Authorize := u8 2, nonce:u64 hasChallenge:u8 challengePlusOne:u64. */
    record Authorize(long nonce, boolean hasChallenge, long challengePlusOne) {
        static Authorize open(CryptoKey key, Bytes sealed) {
            Decoder in = key.open(KeyUse.AUTHORIZE, sealed);
            int version = in.u8();
            if (version != 2) {
                throw new Malformed("CephXAuthorize of version " + version);
            }
            return new Authorize(in.u64(), in.bool(), in.u64());
        }

        Bytes seal(CryptoKey key, RandomGenerator random) {
            return key.seal(
                    KeyUse.AUTHORIZE,
                    random,
                    out -> out.u8(2).u64(nonce).bool(hasChallenge).u64(challengePlusOne));
        }
    }

    /** A ticket on its way to its holder. */
    record Granted(
            EntityType service, ServiceTicketInfo info, ServiceTicket forHolder, TicketBlob blob) {}

    /**
     * Tickets := u8 1, count:u32, (service:u32 u8 1 E(key, ServiceTicket) wrapped:u8
     * ticket:blob)...
     *
     * @param oldSessionKey when present the tickets are sealed once more under it
     */
    static void encodeTickets(
            Encoder out,
            List<Granted> tickets,
            CryptoKey key,
            Optional<CryptoKey> oldSessionKey,
            RandomGenerator random) {
        out.u8(1).u32(tickets.size());
        for (Granted granted : tickets) {
            out.u32(granted.service.code()).u8(1);
            out.blob(
                    key.seal(
                            KeyUse.SESSION_KEY,
                            random,
                            body -> ServiceTicket.CODEC.encode(granted.forHolder, body)));
            Bytes blob = TicketBlob.CODEC.toBytes(granted.blob);
            out.bool(oldSessionKey.isPresent());
            out.blob(
                    oldSessionKey
                            .map(old ->
                                    old.seal(
                                            KeyUse.WRAPPED_TICKET, random, body -> body.blob(blob)))
                            .orElse(blob));
        }
    }

    /** A ticket as its holder reads it. */
    record Received(EntityType service, ServiceTicket ticket, TicketBlob blob) {}

    /** Reads what {@link #encodeTickets} wrote. */
    static List<Received> decodeTickets(
            Decoder in, CryptoKey key, Optional<CryptoKey> oldSessionKey) {
        int version = in.u8();
        if (version != 1) {
            throw new Malformed("tickets of version " + version);
        }
        int count = in.count(14);
        if (count > TICKETS_MAX) {
            throw new Malformed(count + " tickets");
        }
        List<Received> tickets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tickets.add(decodeTicket(in, key, oldSessionKey));
        }
        return tickets;
    }

    private static Received decodeTicket(
            Decoder in, CryptoKey key, Optional<CryptoKey> oldSessionKey) {
        EntityType service = EntityType.of(in.u32());
        int version = in.u8();
        if (version != 1) {
            throw new Malformed("ticket of version " + version);
        }
        ServiceTicket ticket = ServiceTicket.CODEC.decode(key.open(KeyUse.SESSION_KEY, in.blob()));
        boolean wrapped = in.bool();
        Bytes blob = in.blob();
        if (wrapped) {
            CryptoKey old =
                    oldSessionKey.orElseThrow(
                            () -> new Malformed("a ticket under an old key that we lack"));
            blob = old.open(KeyUse.WRAPPED_TICKET, blob).blob();
        }
        return new Received(service, ticket, TicketBlob.CODEC.fromBytes(blob));
    }
}
