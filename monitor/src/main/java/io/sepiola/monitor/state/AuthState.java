package io.sepiola.monitor.state;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.RotatingSecrets;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who may log in, and the secrets under which tickets are sealed.
 *
 * <p>AuthState := entities:map(AuthName, EntityAuth) services:map(u8, RotatingSecrets)
 * globalIdEnd:u64. The ciphers are written elsewhere, by {@link MonitorState}.
 *
 * @param globalIdEnd no global id at or above it was ever given out
 */
public record AuthState(
        SortedMap<AuthName, EntityAuth> entities,
        SortedMap<EntityType, RotatingSecrets> services,
        long globalIdEnd,
        Ciphers ciphers) {
    /** Nobody. Ceph's global ids start at 4096 too: small ones are kept for daemons. */
    public static final AuthState EMPTY =
            new AuthState(
                    Collections.emptySortedMap(), Collections.emptySortedMap(), 4100, Ciphers.OLD);

    private static final Codec<EntityType> SERVICE =
            Primitives.of((out, service) -> out.u8(service.code()), in -> EntityType.of(in.u8()));

    /** As in the class comment. */
    public static final Codec<AuthState> CODEC =
            Primitives.of(
                    (out, state) ->
                            out.map(state.entities, AuthName.CODEC, EntityAuth.CODEC)
                                    .map(state.services, SERVICE, RotatingSecrets.CODEC)
                                    .u64(state.globalIdEnd),
                    in ->
                            new AuthState(
                                    new TreeMap<>(in.map(AuthName.CODEC, EntityAuth.CODEC)),
                                    new TreeMap<>(in.map(SERVICE, RotatingSecrets.CODEC)),
                                    in.u64(),
                                    Ciphers.OLD));

    /** Copies the maps. */
    public AuthState {
        entities = Collections.unmodifiableSortedMap(new TreeMap<>(entities));
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    AuthState with(AuthName name, EntityAuth auth) {
        return new AuthState(Sorted.with(entities, name, auth), services, globalIdEnd, ciphers);
    }

    AuthState without(AuthName name) {
        return new AuthState(Sorted.without(entities, name), services, globalIdEnd, ciphers);
    }

    AuthState with(EntityType service, RotatingSecrets secrets) {
        return new AuthState(
                entities, Sorted.with(services, service, secrets), globalIdEnd, ciphers);
    }

    AuthState withGlobalIds(long end) {
        return new AuthState(entities, services, Math.max(globalIdEnd, end), ciphers);
    }

    AuthState with(Ciphers others) {
        return new AuthState(entities, services, globalIdEnd, others);
    }
}
