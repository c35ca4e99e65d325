package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.AuthTicket;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.ExpiringKey;
import io.sepiola.protocol.auth.KeyUse;
import io.sepiola.protocol.auth.RotatingSecrets;
import io.sepiola.protocol.auth.ServiceTicketInfo;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The listener's side of cephx at every daemon but a monitor: opens tickets with the rotating
 * secrets, and always demands an answer to a challenge, so that a recorded authorizer is worth
 * nothing. Has no state; may be shared.
 */
public final class CephxServiceAuth implements ServerAuth {
    private final EntityType service;
    private final Supplier<RotatingSecrets> secrets;
    private final Clock clock;
    private final RandomGenerator random;

    /**
     * For one daemon.
     *
     * @param service what we are
     * @param secrets the newest known; called from the event loops ({@link CephxClient#rotating})
     * @param random secure outside of simulations, and safe for all event loops
     */
    public CephxServiceAuth(
            EntityType service,
            Supplier<RotatingSecrets> secrets,
            Clock clock,
            RandomGenerator random) {
        this.service = service;
        this.secrets = secrets;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Login begin(EntityType peer) {
        return new ServiceLogin();
    }

    private final class ServiceLogin implements Login {
        private @Nullable Long challengeOrNull;

        @Override
        public Reply on(Bytes payload, ConnectionMode mode) {
            try {
                return answer(payload, mode);
            } catch (AuthException refused) {
                return new Reply.Denied(refused.result(), String.valueOf(refused.getMessage()));
            } catch (Malformed bad) {
                return new Reply.Denied(Cephx.EACCES, String.valueOf(bad.getMessage()));
            }
        }

        private Reply answer(Bytes payload, ConnectionMode mode) {
            Decoder in = new Decoder(payload);
            Cephx.Authorizer authorizer = Cephx.Authorizer.decode(in);
            in.expectEnd();
            ServiceTicketInfo info = open(authorizer);
            CryptoKey key = info.sessionKey();
            Cephx.Authorize authorize = Cephx.Authorize.open(key, authorizer.sealed());
            Long challenge = challengeOrNull;
            if (challenge == null) {
                long fresh = random.nextLong();
                challengeOrNull = fresh;
                return new Reply.More(
                        key.seal(KeyUse.CHALLENGE, random, out -> out.u8(1).u64(fresh)));
            }
            if (!authorize.hasChallenge() || authorize.challengePlusOne() != challenge + 1) {
                throw new AuthException(Cephx.EACCES, "the challenge was not answered");
            }
            return done(info.ticket(), key, authorize.nonce(), mode);
        }

        private Reply done(AuthTicket ticket, CryptoKey key, long nonce, ConnectionMode mode) {
            Bytes secret = connectionSecret(mode, random);
            Bytes sealed =
                    key.seal(
                            KeyUse.AUTHORIZED,
                            random,
                            out -> {
                                out.u8(secret.isEmpty() ? 1 : 2).u64(nonce + 1);
                                if (!secret.isEmpty()) {
                                    out.blob(secret);
                                }
                            });
            Identity identity =
                    new Identity(
                            ticket.name(),
                            ticket.globalId(),
                            ticket.caps().caps(),
                            ticket.caps().allowAll());
            return new Reply.Done(
                    identity, new AuthSession(key, secret), new Encoder().blob(sealed).toBytes());
        }
    }

    private ServiceTicketInfo open(Cephx.Authorizer authorizer) {
        if (authorizer.service() != service) {
            throw new AuthException(
                    Cephx.EACCES, "a ticket for " + authorizer.service().label() + ", not for us");
        }
        ExpiringKey secret =
                secrets.get()
                        .secret(authorizer.ticket().secretId())
                        .orElseThrow(() ->
                                new AuthException(
                                        Cephx.EACCES,
                                        "a ticket under secret "
                                                + authorizer.ticket().secretId()
                                                + ", which is too old or not yet known"));
        ServiceTicketInfo info = ServiceTicketInfo.open(authorizer.ticket(), secret.key());
        AuthTicket ticket = info.ticket();
        if (ticket.globalId() != authorizer.globalId()) {
            throw new AuthException(Cephx.EACCES, "a ticket of another global id");
        }
        if (!clock.now().isBefore(ticket.expires().toInstant())) {
            throw new AuthException(
                    Cephx.EACCES, "the ticket of " + ticket.name() + " has expired");
        }
        return info;
    }

    static Bytes connectionSecret(ConnectionMode mode, RandomGenerator random) {
        if (mode == ConnectionMode.CRC) {
            return Bytes.EMPTY;
        }
        byte[] secret = new byte[Cephx.CONNECTION_SECRET_SIZE];
        random.nextBytes(secret);
        return Bytes.of(secret);
    }
}
