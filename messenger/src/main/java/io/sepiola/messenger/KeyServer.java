package io.sepiola.messenger;

import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.RotatingSecrets;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The monitors' keys, as {@link CephxMonitorAuth} asks for them. Called from the event loops, from
 * several at a time, and must not block: answer from a snapshot.
 */
public interface KeyServer {
    /** Ceph's validity of a login. */
    Duration LOGIN_VALIDITY = Duration.ofHours(72);

    /** Ceph's validity of a ticket for a service. */
    Duration SERVICE_VALIDITY = Duration.ofHours(1);

    /** The entity's key and caps, if there is such an entity. */
    Optional<EntityAuth> entity(AuthName name);

    /**
     * The secrets under which tickets for a service are sealed: AUTH, MON, MDS, OSD, MGR. Empty
     * while there are none, or for types that serve nobody.
     */
    Optional<RotatingSecrets> rotating(EntityType service);

    /** How long a ticket for a service is valid; for AUTH, a login. Ceph's where nobody says. */
    default Duration validity(EntityType service) {
        return service == EntityType.AUTH ? LOGIN_VALIDITY : SERVICE_VALIDITY;
    }

    /** A global id never given out before; empty while none is in reserve. */
    OptionalLong newGlobalId();
}
