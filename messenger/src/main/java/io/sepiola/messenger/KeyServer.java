package io.sepiola.messenger;

import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.RotatingSecrets;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The monitors' keys, as {@link CephxMonitorAuth} asks for them. Called from the event loops, from
 * several at a time, and must not block: answer from a snapshot.
 */
public interface KeyServer {
    /** The entity's key and caps, if there is such an entity. */
    Optional<EntityAuth> entity(AuthName name);

    /**
     * The secrets under which tickets for a service are sealed: AUTH, MON, MDS, OSD, MGR. Empty
     * while there are none, or for types that serve nobody.
     */
    Optional<RotatingSecrets> rotating(EntityType service);

    /** A global id never given out before; empty while none is in reserve. */
    OptionalLong newGlobalId();
}
