package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.AuthCaps;
import io.sepiola.protocol.auth.AuthTicket;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.ExpiringKey;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.auth.KeyUse;
import io.sepiola.protocol.auth.RotatingSecrets;
import io.sepiola.protocol.auth.ServiceTicket;
import io.sepiola.protocol.auth.ServiceTicketInfo;
import io.sepiola.protocol.auth.TicketBlob;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The monitors' side of cephx: checks that a dialler has its entity's secret, gives out tickets,
 * renews them, and hands daemons the rotating secrets of their service.
 *
 * <p>A global id may be kept only by who shows a valid ticket of that id (CVE-2021-20288); there is
 * no option to allow less. Has no state; may be shared.
 */
public final class CephxMonitorAuth implements ServerAuth {
    private static final int EAGAIN = -11;
    private static final int NAME_LENGTH_MAX = 256;

    private final KeyServer keys;
    private final Clock clock;
    private final RandomGenerator random;

    /**
     * For the monitors.
     *
     * @param random secure outside of simulations, and safe for all event loops
     */
    public CephxMonitorAuth(KeyServer keys, Clock clock, RandomGenerator random) {
        this.keys = keys;
        this.clock = clock;
        this.random = random;
    }

    /** What goes into MAuthReply: a result, and the payload when the result is 0. */
    public record Answer(int result, Bytes payload) {}

    /** Answers the payload of MAuth (protocol 2), sent by {@code who} on a session that stands. */
    public Answer answer(Identity who, Bytes payload) {
        try {
            Decoder in = new Decoder(payload);
            int kind = in.u16();
            return switch (kind) {
                case Cephx.SERVICE_TICKETS -> new Answer(0, renew(who, in));
                case Cephx.ROTATING_SECRETS -> new Answer(0, rotating(who));
                default -> new Answer(-22, Bytes.EMPTY);
            };
        } catch (AuthException refused) {
            return new Answer(refused.result(), Bytes.EMPTY);
        } catch (Malformed bad) {
            return new Answer(Cephx.EACCES, Bytes.EMPTY);
        }
    }

    private Bytes renew(Identity who, Decoder in) {
        Cephx.Authorizer authorizer = Cephx.Authorizer.decode(in);
        int version = in.u8();
        int wanted = in.u32();
        if (version != 1 || authorizer.service() != EntityType.AUTH) {
            throw new Malformed("a request for tickets of version " + version);
        }
        ServiceTicketInfo info =
                openLogin(authorizer.ticket())
                        .orElseThrow(() -> refused("the ticket of the login is not ours"));
        Cephx.Authorize.open(
                info.sessionKey(), authorizer.sealed()); // whoever sealed it has the key
        AuthTicket ticket = info.ticket();
        if (!ticket.name().equals(who.name())
                || ticket.globalId() != who.globalId()
                || ticket.globalId() != authorizer.globalId()) {
            throw refused("a ticket of somebody else");
        }
        EntityAuth entity = entity(ticket.name());
        Encoder out = new Encoder().u16(Cephx.SERVICE_TICKETS).u32(0);
        List<Cephx.Granted> granted = grant(entity, ticket.name(), ticket.globalId(), wanted);
        Cephx.encodeTickets(out, granted, info.sessionKey(), Optional.empty(), random);
        return out.toBytes();
    }

    private Bytes rotating(Identity who) {
        EntityAuth entity = entity(who.name());
        RotatingSecrets secrets =
                keys.rotating(who.name().type())
                        .orElseThrow(() -> refused(who.name() + " is no service"));
        Bytes sealed =
                entity.key()
                        .seal(
                                KeyUse.ROTATING_SECRETS,
                                random,
                                out -> RotatingSecrets.CODEC.encode(secrets, out));
        return new Encoder().u16(Cephx.ROTATING_SECRETS).u32(0).blob(sealed).toBytes();
    }

    private EntityAuth entity(AuthName name) {
        return keys.entity(name).orElseThrow(() -> refused("no such entity: " + name));
    }

    private static AuthException refused(String reason) {
        return new AuthException(Cephx.EACCES, reason);
    }

    /**
     * The contents of a login's ticket, when one of our secrets sealed it and it has not expired.
     */
    private Optional<ServiceTicketInfo> openLogin(TicketBlob blob) {
        Optional<ExpiringKey> secret =
                keys.rotating(EntityType.AUTH).flatMap(secrets -> secrets.secret(blob.secretId()));
        if (blob.isNone() || secret.isEmpty()) {
            return Optional.empty();
        }
        try {
            ServiceTicketInfo info = ServiceTicketInfo.open(blob, secret.get().key());
            boolean valid = clock.now().isBefore(info.ticket().expires().toInstant());
            return valid ? Optional.of(info) : Optional.empty();
        } catch (Malformed forged) {
            return Optional.empty();
        }
    }

    private Cephx.Granted grant(
            EntityType service, AuthCaps caps, AuthName name, long globalId, KeyType known) {
        Duration validity = keys.validity(service);
        Map.Entry<Long, ExpiringKey> secret =
                keys.rotating(service)
                        .filter(secrets -> !secrets.secrets().isEmpty())
                        .orElseThrow(
                                () -> new AuthException(EAGAIN, "no secret to seal tickets yet"))
                        .current();
        Instant now = clock.now();
        // Both ends of the session must know its type. The monitors, who open the tickets of logins
        // themselves, know all.
        KeyType sealing = secret.getValue().key().type();
        KeyType type = service == EntityType.AUTH ? known : known.weaker(sealing);
        CryptoKey sessionKey = CryptoKey.generate(type, random, now);
        AuthTicket ticket =
                new AuthTicket(
                        name, globalId, Utime.of(now), Utime.of(now.plus(validity)), caps, 0);
        ServiceTicketInfo info = new ServiceTicketInfo(ticket, sessionKey);
        Utime span = new Utime((int) validity.getSeconds(), validity.getNano());
        return new Cephx.Granted(
                service,
                info,
                new ServiceTicket(sessionKey, span),
                info.seal(secret.getKey(), secret.getValue().key(), random));
    }

    private List<Cephx.Granted> grant(EntityAuth entity, AuthName name, long globalId, int wanted) {
        List<Cephx.Granted> granted = new ArrayList<>();
        for (EntityType service :
                List.of(EntityType.MON, EntityType.MDS, EntityType.OSD, EntityType.MGR)) {
            if ((wanted & service.code()) != 0) {
                String caps = entity.caps().get(service.label());
                AuthCaps inTicket = caps == null ? AuthCaps.NONE : AuthCaps.of(caps);
                KeyType known = entity.key().type();
                granted.add(grant(service, inTicket, name, globalId, known));
            }
        }
        return granted;
    }

    /**
     * How a monitor proves itself to daemons that it dials: it makes the ticket for each by itself,
     * as Ceph's monitors do. A ticket allows all.
     */
    public ClientAuth dialler(AuthName self) {
        return peer -> {
            AuthCaps all = new AuthCaps(true, Bytes.EMPTY);
            Cephx.Granted granted = grant(peer, all, self, 0, KeyType.AES256K);
            Ticket ticket = Ticket.of(granted.forHolder(), granted.blob(), clock.now());
            return CephxClient.holding(self, peer, ticket, clock, random).begin(peer);
        };
    }

    @Override
    public Login begin(EntityType peer) {
        return new MonitorLogin();
    }

    private final class MonitorLogin implements Login {
        private final long challenge = random.nextLong();
        private Phase phase = new Phase.Unknown();

        @Override
        public Reply on(Bytes payload, ConnectionMode mode) {
            try {
                Decoder in = new Decoder(payload);
                return switch (phase) {
                    case Phase.Unknown s -> claim(in);
                    case Phase.Claimed s -> prove(s, in, mode);
                };
            } catch (AuthException refused) {
                return new Reply.Denied(refused.result(), String.valueOf(refused.getMessage()));
            } catch (Malformed bad) {
                return new Reply.Denied(Cephx.EACCES, String.valueOf(bad.getMessage()));
            }
        }

        private Reply claim(Decoder in) {
            int how = in.u8();
            if (how != Cephx.MODE_MONITOR) {
                throw refused("a login of kind " + how + " at a monitor");
            }
            AuthName name = AuthName.CODEC.decode(in);
            String id = name.id();
            if (id.length() > NAME_LENGTH_MAX || id.chars().anyMatch(Character::isISOControl)) {
                throw refused("a name that nobody has"); // not repeated, it ends up in logs
            }
            phase = new Phase.Claimed(name, in.u64());
            // Whether there is such an entity is not told before the proof.
            return new Reply.More(new Encoder().u8(1).u64(challenge).toBytes());
        }

        private Reply prove(Phase.Claimed claimed, Decoder in, ConnectionMode mode) {
            int kind = in.u16();
            int version = in.u8();
            if (kind != Cephx.AUTH_SESSION || version < 2) {
                throw new Malformed("a proof of kind " + kind + ", version " + version);
            }
            long clientChallenge = in.u64();
            long proof = in.u64();
            TicketBlob oldTicket = TicketBlob.CODEC.decode(in);
            int wanted = in.u32();
            EntityAuth entity = entity(claimed.name);
            if (proof != entity.key().proof(challenge, clientChallenge)) {
                throw refused("a wrong secret for " + claimed.name);
            }
            Optional<ServiceTicketInfo> old =
                    openLogin(oldTicket)
                            .filter(info -> info.ticket().name().equals(claimed.name))
                            .filter(info -> info.ticket().globalId() == claimed.globalId);
            long globalId = globalId(claimed, old.isPresent());
            return done(claimed.name, entity, globalId, wanted, old, mode);
        }

        private long globalId(Phase.Claimed claimed, boolean proven) {
            if (claimed.globalId == 0) {
                return keys.newGlobalId()
                        .orElseThrow(() -> new AuthException(EAGAIN, "no global id in reserve"));
            }
            if (!proven) {
                throw refused(
                        claimed.name
                                + " claims global id "
                                + claimed.globalId
                                + " without a valid ticket of it");
            }
            return claimed.globalId;
        }

        private Reply done(
                AuthName name,
                EntityAuth entity,
                long globalId,
                int wanted,
                Optional<ServiceTicketInfo> old,
                ConnectionMode mode) {
            Cephx.Granted login =
                    grant(EntityType.AUTH, AuthCaps.NONE, name, globalId, entity.key().type());
            CryptoKey key = login.info().sessionKey();
            Bytes secret = CephxServiceAuth.connectionSecret(mode, random);
            Encoder out = new Encoder().u16(Cephx.AUTH_SESSION).u32(0);
            Cephx.encodeTickets(
                    out,
                    List.of(login),
                    entity.key(),
                    old.map(ServiceTicketInfo::sessionKey),
                    random);
            out.blob(sealedSecret(key, secret)); // in crc mode an empty one, sealed all the same
            List<Cephx.Granted> others = grant(entity, name, globalId, wanted);
            if (others.isEmpty()) {
                out.u32(0);
            } else {
                out.sized(
                        extra -> Cephx.encodeTickets(extra, others, key, Optional.empty(), random));
            }
            return new Reply.Done(
                    new Identity(name, globalId, Bytes.EMPTY, false),
                    new AuthSession(key, secret),
                    out.toBytes());
        }

        private Bytes sealedSecret(CryptoKey key, Bytes secret) {
            Bytes sealed = key.seal(KeyUse.CONNECTION_SECRET, random, out -> out.blob(secret));
            return new Encoder().blob(sealed).toBytes();
        }
    }

    private sealed interface Phase {
        /** Nothing was said. */
        record Unknown() implements Phase {}

        /** A name was said, and a global id, 0 for none. */
        record Claimed(AuthName name, long globalId) implements Phase {}
    }
}
