package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.KeyUse;
import io.sepiola.protocol.auth.RotatingSecrets;
import io.sepiola.protocol.auth.TicketBlob;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * One entity's cephx credentials: its secret, and the tickets that the monitors gave for it.
 * Logging in to a monitor fetches tickets; dialling any other daemon uses them. May be shared: what
 * it holds is replaced as a whole.
 */
public final class CephxClient implements ClientAuth {
    private record Held(long globalId, Map<EntityType, Ticket> tickets, RotatingSecrets rotating) {
        Held with(long newGlobalId, Map<EntityType, Ticket> more) {
            EnumMap<EntityType, Ticket> all = new EnumMap<>(EntityType.class);
            all.putAll(tickets);
            all.putAll(more);
            return new Held(newGlobalId, Collections.unmodifiableMap(all), rotating);
        }

        Held with(RotatingSecrets secrets) {
            return new Held(globalId, tickets, secrets);
        }
    }

    private final AuthName name;
    private final CryptoKey secret;
    private final Set<EntityType> services;
    private final Clock clock;
    private final RandomGenerator random;
    private final AtomicReference<Held> held =
            new AtomicReference<>(new Held(0, Map.of(), RotatingSecrets.EMPTY));

    /**
     * Credentials without tickets.
     *
     * @param secret the entity's own
     * @param services for which tickets are wanted: {@link #CLIENT_SERVICES} for most
     * @param random secure outside of simulations, and safe for all threads that dial
     */
    public CephxClient(
            AuthName name,
            CryptoKey secret,
            Set<EntityType> services,
            Clock clock,
            RandomGenerator random) {
        this.name = name;
        this.secret = secret;
        EnumSet<EntityType> wanted = EnumSet.noneOf(EntityType.class);
        wanted.addAll(services);
        this.services = Collections.unmodifiableSet(wanted);
        this.clock = clock;
        this.random = random;
    }

    /** One that was given a ticket, and can get no other. */
    static CephxClient holding(
            AuthName name, EntityType service, Ticket ticket, Clock clock, RandomGenerator random) {
        CephxClient client = new CephxClient(name, ticket.sessionKey(), Set.of(), clock, random);
        client.held.updateAndGet(now -> now.with(0, Map.of(service, ticket)));
        return client;
    }

    /** The services that clients and daemons other than metadata's speak to. */
    public static final Set<EntityType> CLIENT_SERVICES =
            Collections.unmodifiableSet(EnumSet.of(EntityType.MON, EntityType.OSD, EntityType.MGR));

    private Held held() {
        return Objects.requireNonNull(held.get());
    }

    /** Whose credentials these are. */
    public AuthName name() {
        return name;
    }

    /** Of the login; 0 before the first. */
    public long globalId() {
        return held().globalId;
    }

    /** Whether there is a valid ticket for the service. */
    public boolean hasTicket(EntityType service) {
        Ticket ticket = held().tickets.get(service);
        return ticket != null && clock.now().isBefore(ticket.expires());
    }

    /** The services whose ticket is missing or should be renewed, by {@link #renewal}. */
    public Set<EntityType> due() {
        Map<EntityType, Ticket> tickets = held().tickets;
        Set<EntityType> due = EnumSet.noneOf(EntityType.class);
        for (EntityType service : services) {
            if (isDue(tickets.get(service))) {
                due.add(service);
            }
        }
        return due;
    }

    /** Whether the login itself is missing or should be renewed, by dialling a monitor again. */
    public boolean loginDue() {
        return isDue(held().tickets.get(EntityType.AUTH));
    }

    private boolean isDue(@Nullable Ticket ticket) {
        return ticket == null || !clock.now().isBefore(ticket.renewAfter());
    }

    /** The time at which the first ticket should be renewed; empty before the login. */
    public Optional<Instant> nextRenewal() {
        return held().tickets.values().stream().map(Ticket::renewAfter).min(Instant::compareTo);
    }

    /** Drops the ticket for a service that refused it. */
    public void forget(EntityType service) {
        held.updateAndGet(now -> {
            EnumMap<EntityType, Ticket> rest = new EnumMap<>(EntityType.class);
            rest.putAll(now.tickets);
            rest.remove(service);
            return new Held(now.globalId, Collections.unmodifiableMap(rest), now.rotating);
        });
    }

    /**
     * Makes the ticket for a service {@link #due}, because somebody refused it; it may be used
     * until there is another, for whoever refused may be alone with that.
     */
    public void doubt(EntityType service) {
        held.updateAndGet(now -> {
            Ticket ticket = now.tickets.get(service);
            return ticket == null ? now : now.with(now.globalId, Map.of(service, ticket.doubted()));
        });
    }

    /**
     * The payload of MAuth (protocol 2) that asks for tickets for these services.
     *
     * @throws AuthException before the login
     */
    public Bytes renewal(Set<EntityType> wanted) {
        Cephx.Authorizer authorizer = authorizer(EntityType.AUTH, random.nextLong(), false, 0);
        Encoder out = new Encoder().u16(Cephx.SERVICE_TICKETS);
        authorizer.encode(out);
        return out.u8(1).u32(mask(wanted)).toBytes();
    }

    /** The payload of MAuth (protocol 2) that asks for the secrets of the service that we are. */
    public Bytes rotatingRequest() {
        return new Encoder().u16(Cephx.ROTATING_SECRETS).toBytes();
    }

    /**
     * Takes the payload of MAuthReply.
     *
     * @throws AuthException when the monitor refused
     * @throws Malformed when it is none
     */
    public void onReply(int result, Bytes payload) {
        if (result < 0) {
            throw new AuthException(result, "the monitor refused to renew the tickets of " + name);
        }
        Decoder in = new Decoder(payload);
        int kind = in.u16();
        int status = in.u32();
        if (status != 0) {
            throw new AuthException(status, "the monitor refused to renew the tickets of " + name);
        }
        switch (kind) {
            case Cephx.SERVICE_TICKETS -> {
                CryptoKey key = ticket(EntityType.AUTH).sessionKey();
                Map<EntityType, Ticket> more =
                        tickets(Cephx.decodeTickets(in, key, Optional.empty()));
                held.updateAndGet(now -> now.with(now.globalId, more));
            }
            case Cephx.ROTATING_SECRETS -> {
                RotatingSecrets secrets =
                        RotatingSecrets.CODEC.decode(
                                secret.open(KeyUse.ROTATING_SECRETS, in.blob()));
                held.updateAndGet(now -> now.with(secrets));
            }
            default -> throw new Malformed("an answer of cephx of kind " + kind);
        }
    }

    /** The secrets of the service that we are, as last fetched; for {@link CephxServiceAuth}. */
    public RotatingSecrets rotating() {
        return held().rotating;
    }

    /** Sets what {@link #rotating} returns. For a daemon that gets them by another way. */
    public void rotating(UnaryOperator<RotatingSecrets> change) {
        held.updateAndGet(now -> now.with(change.apply(now.rotating)));
    }

    @Override
    public Login begin(EntityType peer) {
        return peer == EntityType.MON ? new MonitorLogin() : new ServiceLogin(peer);
    }

    private Ticket ticket(EntityType service) {
        Ticket ticket = held().tickets.get(service);
        if (ticket == null || !clock.now().isBefore(ticket.expires())) {
            throw new AuthException(
                    -2, name + " has no valid ticket for " + service.label() + "; log in first");
        }
        return ticket;
    }

    private Map<EntityType, Ticket> tickets(List<Cephx.Received> received) {
        Instant now = clock.now();
        EnumMap<EntityType, Ticket> tickets = new EnumMap<>(EntityType.class);
        for (Cephx.Received one : received) {
            tickets.put(one.service(), Ticket.of(one.ticket(), one.blob(), now));
        }
        return tickets;
    }

    private Cephx.Authorizer authorizer(
            EntityType service, long nonce, boolean hasChallenge, long challengePlusOne) {
        Ticket ticket = ticket(service);
        return authorizer(
                service, ticket, new Cephx.Authorize(nonce, hasChallenge, challengePlusOne));
    }

    private Cephx.Authorizer authorizer(
            EntityType service, Ticket ticket, Cephx.Authorize authorize) {
        return new Cephx.Authorizer(
                globalId(), service, ticket.blob(), authorize.seal(ticket.sessionKey(), random));
    }

    private static int mask(Set<EntityType> services) {
        int mask = 0;
        for (EntityType service : services) {
            mask |= service.code();
        }
        return mask;
    }

    /** A login to a monitor, by the entity's secret. */
    private final class MonitorLogin implements Login {
        private final Held before = held();

        // An expired one proves nothing: who shows it is refused, now and ever after.
        private final Optional<Ticket> oldTicket =
                Optional.ofNullable(before.tickets.get(EntityType.AUTH))
                        .filter(ticket -> clock.now().isBefore(ticket.expires()));

        @Override
        public Bytes request() {
            // A global id is claimed only together with the ticket that proves it to be ours.
            long claimed = oldTicket.isPresent() ? before.globalId : 0;
            Encoder out = new Encoder().u8(Cephx.MODE_MONITOR);
            AuthName.CODEC.encode(name, out);
            return out.u64(claimed).toBytes();
        }

        @Override
        public Bytes more(Bytes payload) {
            Decoder in = new Decoder(payload);
            int version = in.u8();
            if (version != 1) {
                throw new Malformed("a challenge of version " + version);
            }
            long serverChallenge = in.u64();
            long clientChallenge = random.nextLong();
            Encoder out = new Encoder().u16(Cephx.AUTH_SESSION).u8(3).u64(clientChallenge);
            out.u64(secret.proof(serverChallenge, clientChallenge));
            TicketBlob old = oldTicket.map(Ticket::blob).orElse(TicketBlob.NONE);
            TicketBlob.CODEC.encode(old, out);
            return out.u32(mask(services) | EntityType.AUTH.code()).toBytes();
        }

        @Override
        public AuthSession done(long globalId, ConnectionMode mode, Bytes payload) {
            Decoder in = new Decoder(payload);
            int kind = in.u16();
            int status = in.u32();
            if (kind != Cephx.AUTH_SESSION || status != 0) {
                throw new Malformed("AUTH_DONE of kind " + kind + ", status " + status);
            }
            Optional<CryptoKey> oldKey = oldTicket.map(Ticket::sessionKey);
            Map<EntityType, Ticket> gained = tickets(Cephx.decodeTickets(in, secret, oldKey));
            Ticket auth = gained.get(EntityType.AUTH);
            if (auth == null) {
                throw new Malformed("AUTH_DONE without a ticket for the monitors themselves");
            }
            CryptoKey key = auth.sessionKey();
            Bytes sealedSecret = in.blob();
            Bytes extra = in.blob();
            if (!extra.isEmpty()) {
                gained.putAll(
                        tickets(Cephx.decodeTickets(new Decoder(extra), key, Optional.empty())));
            }
            Bytes secretOfConnection =
                    sealedSecret.isEmpty()
                            ? Bytes.EMPTY
                            : key.open(KeyUse.CONNECTION_SECRET, new Decoder(sealedSecret).blob())
                                    .blob();
            held.updateAndGet(now -> now.with(globalId, gained));
            return new AuthSession(key, secretOfConnection);
        }
    }

    /** A login to any other daemon, by a ticket. */
    private final class ServiceLogin implements Login {
        private final EntityType service;
        private final Ticket ticket;
        private final long nonce = random.nextLong();

        ServiceLogin(EntityType service) {
            this.service = service;
            this.ticket = ticket(service);
        }

        @Override
        public Bytes request() {
            return payload(new Cephx.Authorize(nonce, false, 0));
        }

        private Bytes payload(Cephx.Authorize authorize) {
            Encoder out = new Encoder();
            authorizer(service, ticket, authorize).encode(out);
            return out.toBytes();
        }

        @Override
        public Bytes more(Bytes payload) {
            Decoder in = ticket.sessionKey().open(KeyUse.CHALLENGE, payload);
            int version = in.u8();
            if (version != 1) {
                throw new Malformed("a challenge of version " + version);
            }
            return payload(new Cephx.Authorize(nonce, true, in.u64() + 1));
        }

        @Override
        public AuthSession done(long globalId, ConnectionMode mode, Bytes payload) {
            Decoder in = ticket.sessionKey().open(KeyUse.AUTHORIZED, new Decoder(payload).blob());
            int version = in.u8();
            if (in.u64() != nonce + 1) {
                throw new Malformed("the peer has not read our authorizer");
            }
            Bytes secretOfConnection = version >= 2 ? in.blob() : Bytes.EMPTY;
            return new AuthSession(ticket.sessionKey(), secretOfConnection);
        }
    }
}
