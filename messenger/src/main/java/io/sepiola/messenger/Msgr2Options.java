package io.sepiola.messenger;

import io.sepiola.protocol.EntityType;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What may differ between two ends that speak msgr2.1.
 *
 * @param acceptPolicies what sessions with diallers of a type promise, where it is not {@link
 *     Policy#LOSSY}
 * @param modes of connections, until {@link Messenger#modes} says otherwise
 * @param featuresRequired what listeners require of whoever dials, besides revision 1
 * @param handshakeTimeout from the link's opening to the session's standing
 * @param idleTimeout after which a silent lossy session that was accepted is closed
 * @param backoffMin the pause before the second attempt to dial; doubles with each
 * @param backoffMax the longest pause
 * @param frontSizeMax of a message, in bytes
 * @param dataSizeMax of a message, in bytes
 * @param sendBytesMax queued for one peer before it is given up as stuck
 */
public record Msgr2Options(
        Map<EntityType, Policy> acceptPolicies,
        ConnectionModes modes,
        long featuresRequired,
        Duration handshakeTimeout,
        Duration idleTimeout,
        Duration backoffMin,
        Duration backoffMax,
        int frontSizeMax,
        int dataSizeMax,
        long sendBytesMax) {
    /** Ceph's own choices. */
    public static final Msgr2Options DEFAULT =
            new Msgr2Options(
                    Map.of(),
                    ConnectionModes.DEFAULT,
                    0,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(900),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(15),
                    64 << 20,
                    128 << 20,
                    1L << 30);

    /** Copies the map. */
    public Msgr2Options {
        EnumMap<EntityType, Policy> policies = new EnumMap<>(EntityType.class);
        policies.putAll(acceptPolicies);
        acceptPolicies = Collections.unmodifiableMap(policies);
    }

    /** The same, with another promise to diallers of a type: LOSSLESS_PEER among OSDs. */
    public Msgr2Options accepting(EntityType type, Policy policy) {
        EnumMap<EntityType, Policy> policies = new EnumMap<>(EntityType.class);
        policies.putAll(acceptPolicies);
        policies.put(type, policy);
        return new Msgr2Options(
                policies,
                modes,
                featuresRequired,
                handshakeTimeout,
                idleTimeout,
                backoffMin,
                backoffMax,
                frontSizeMax,
                dataSizeMax,
                sendBytesMax);
    }

    /** The same, with one mode only. */
    public Msgr2Options only(ConnectionMode mode) {
        return with(ConnectionModes.only(mode));
    }

    /** The same, with other modes. */
    public Msgr2Options with(ConnectionModes others) {
        return new Msgr2Options(
                acceptPolicies,
                others,
                featuresRequired,
                handshakeTimeout,
                idleTimeout,
                backoffMin,
                backoffMax,
                frontSizeMax,
                dataSizeMax,
                sendBytesMax);
    }

    Policy acceptPolicy(EntityType type) {
        return acceptPolicies.getOrDefault(type, Policy.LOSSY);
    }
}
