package io.sepiola.monitor;

import io.sepiola.messenger.KeyServer;
import io.sepiola.monitor.state.AuthState;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.Draft;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.RotatingSecrets;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Keys and global ids for logins. Event loops ask it, so it answers from the agreed state, which is
 * immutable; global ids come from a range that was committed before.
 */
final class MonitorKeys implements KeyServer {
    private static final List<EntityType> SERVICES =
            List.of(
                    EntityType.AUTH,
                    EntityType.MON,
                    EntityType.MDS,
                    EntityType.OSD,
                    EntityType.MGR);
    private static final Duration LOGIN = Duration.ofHours(72);
    private static final Duration SERVICE = Duration.ofHours(1);
    private static final long IDS_RESERVED = 10_000;
    private static final long IDS_LOW = 5_000;

    private final Supplier<AuthState> auth;
    private final AtomicLong nextId;

    /**
     * Ids below {@code auth}'s end may be in use since before a restart: the next range is asked
     * for.
     */
    MonitorKeys(Supplier<AuthState> auth) {
        this.auth = auth;
        this.nextId = new AtomicLong(auth.get().globalIdEnd());
    }

    @Override
    public Optional<EntityAuth> entity(AuthName name) {
        return Optional.ofNullable(auth.get().entities().get(name));
    }

    @Override
    public Optional<RotatingSecrets> rotating(EntityType service) {
        return Optional.ofNullable(auth.get().services().get(service));
    }

    @Override
    public OptionalLong newGlobalId() {
        long end = auth.get().globalIdEnd();
        long id = nextId.getAndUpdate(next -> next < end ? next + 1 : next);
        return id < end ? OptionalLong.of(id) : OptionalLong.empty();
    }

    /** Proposes what logins will need soon: secrets that are due, and ids. */
    void maintain(Draft draft, RandomGenerator random, Instant now) {
        AuthState state = draft.state().auth();
        for (EntityType service : SERVICES) {
            RotatingSecrets secrets = state.services().getOrDefault(service, RotatingSecrets.EMPTY);
            if (secrets.isDue(now)) {
                Duration validity = service == EntityType.AUTH ? LOGIN : SERVICE;
                draft.propose(
                        new Change.SecretsRotated(service, secrets.rotated(now, validity, random)));
            }
        }
        long needed = nextId.get() + IDS_LOW;
        if (state.globalIdEnd() < needed) {
            draft.propose(new Change.GlobalIdsReserved(nextId.get() + IDS_RESERVED));
        }
    }
}
