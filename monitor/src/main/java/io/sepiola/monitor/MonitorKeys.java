package io.sepiola.monitor;

import io.sepiola.messenger.KeyServer;
import io.sepiola.monitor.state.AuthState;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.Draft;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.auth.RotatingSecrets;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Keys and global ids for logins. Event loops ask it, so it answers from the agreed state, which is
 * immutable; global ids come from a range that was committed before, for this monitor alone.
 */
final class MonitorKeys implements KeyServer {
    private static final List<EntityType> SERVICES =
            List.of(
                    EntityType.AUTH,
                    EntityType.MON,
                    EntityType.MDS,
                    EntityType.OSD,
                    EntityType.MGR);
    private static final Duration VALIDITY_MIN = Duration.ofSeconds(10);
    private static final long IDS_RESERVED = 10_000;
    private static final long IDS_LOW = 5_000;

    /** From {@code next} on, and below {@code end}. */
    record Ids(long next, long end) {}

    private final Supplier<AuthState> auth;
    private final UnaryOperator<String> settings;
    private final AtomicReference<Ids> ids = new AtomicReference<>(new Ids(0, 0));

    /**
     * Has no ids to give before the first {@link #grant}.
     *
     * @param settings the values of options; any thread may ask
     */
    MonitorKeys(Supplier<AuthState> auth, UnaryOperator<String> settings) {
        this.auth = auth;
        this.settings = settings;
    }

    @Override
    public Optional<EntityAuth> entity(AuthName name) {
        AuthState state = auth.get();
        return Optional.ofNullable(state.entities().get(name))
                .filter(entity -> state.ciphers().allowed().contains(entity.key().type()));
    }

    @Override
    public Optional<RotatingSecrets> rotating(EntityType service) {
        return Optional.ofNullable(auth.get().services().get(service));
    }

    @Override
    public Duration validity(EntityType service) {
        return validity(service, settings);
    }

    /** Less than some seconds would end before it is used. */
    private static Duration validity(EntityType service, UnaryOperator<String> settings) {
        boolean login = service == EntityType.AUTH;
        String seconds = settings.apply(login ? "auth_mon_ticket_ttl" : "auth_service_ticket_ttl");
        Duration span = Duration.ofMillis(Math.round(1000 * Double.parseDouble(seconds)));
        return span.compareTo(VALIDITY_MIN) < 0 ? VALIDITY_MIN : span;
    }

    @Override
    public OptionalLong newGlobalId() {
        Ids had =
                ids.getAndUpdate(now -> now.next < now.end ? new Ids(now.next + 1, now.end) : now);
        return had.next < had.end ? OptionalLong.of(had.next) : OptionalLong.empty();
    }

    /** Whether it is time for a {@link #grant}. */
    boolean isLow() {
        Ids now = Objects.requireNonNull(ids.get());
        return now.end - now.next < IDS_LOW;
    }

    /** Gives out these from now on; what is left of others is lost. */
    void grant(Ids more) {
        ids.set(more);
    }

    /** Proposes a range for one monitor alone. */
    static Ids reserve(Draft draft) {
        long first = draft.state().auth().globalIdEnd();
        draft.propose(new Change.GlobalIdsReserved(first + IDS_RESERVED));
        return new Ids(first, first + IDS_RESERVED);
    }

    /** Proposes the secrets that are due. */
    static void maintain(
            Draft draft, UnaryOperator<String> settings, RandomGenerator random, Instant now) {
        AuthState state = draft.state().auth();
        KeyType type = state.ciphers().service();
        for (EntityType service : SERVICES) {
            RotatingSecrets secrets = state.services().getOrDefault(service, RotatingSecrets.EMPTY);
            if (secrets.isDue(now)) {
                Duration validity = validity(service, settings);
                draft.propose(
                        new Change.SecretsRotated(
                                service, secrets.rotated(type, now, validity, random)));
            }
        }
    }
}
