package io.sepiola.client;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.messenger.AuthException;
import io.sepiola.messenger.CephxClient;
import io.sepiola.messenger.Connection;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.message.MAuth;
import io.sepiola.protocol.message.MAuthReply;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * Renews what a login gave before it expires: tickets, and for a service its rotating secrets.
 * Owned by the client's shard.
 */
final class LoginKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LoginKeeper.class);
    private static final int CEPHX = 2;
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

    /** An answer may take this long before the same is asked again. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A quarter of the hour after which the monitors make a new one, if they keep to Ceph's. */
    private static final Duration ROTATING_REFRESH_MAX = Duration.ofMinutes(15);

    private final Shard shard;
    private final CephxClient cephx;
    private final boolean rotating;
    private final Runnable logInAgain;
    private @Nullable Connection connectionOrNull;
    private Timers.@Nullable Timer timerOrNull;
    private @Nullable Instant renewalAskedOrNull;
    private @Nullable Instant rotatingAskedOrNull;

    /**
     * Does nothing before {@link #stands}.
     *
     * @param rotating whether we are a service with rotating secrets
     * @param logInAgain called when the login itself is about to expire
     */
    LoginKeeper(Shard shard, CephxClient cephx, boolean rotating, Runnable logInAgain) {
        this.shard = shard;
        this.cephx = cephx;
        this.rotating = rotating;
        this.logInAgain = logInAgain;
    }

    long globalId() {
        return cephx.globalId();
    }

    /** Whether nothing is missing that peers need of us. */
    boolean isComplete() {
        return !rotating || !cephx.rotating().secrets().isEmpty();
    }

    /** A new session stands. */
    void stands(Connection connection) {
        connectionOrNull = connection;
        renewalAskedOrNull = null;
        rotatingAskedOrNull = null;
        check();
    }

    /** The session is over. */
    void lost() {
        connectionOrNull = null;
        stop();
    }

    void stop() {
        if (timerOrNull != null) {
            timerOrNull.cancel();
            timerOrNull = null;
        }
    }

    /** A ticket was lost: asks for another at once, but not more often than answers can come. */
    void renewNow() {
        if (connectionOrNull != null
                && passed(renewalAskedOrNull, PAUSE_MIN, shard.clock().now())) {
            renewalAskedOrNull = null;
            check();
        }
    }

    void received(MAuthReply reply) {
        try {
            cephx.onReply(reply.result(), reply.payload());
        } catch (AuthException | Malformed refused) {
            LOG.warn("tickets or secrets were not renewed: {}", refused.getMessage());
        }
    }

    private void check() {
        Connection connection = connectionOrNull;
        if (connection == null) {
            return;
        }
        Instant now = shard.clock().now();
        if (cephx.loginDue() && cephx.globalId() != 0) {
            logInAgain.run();
            return;
        }
        Set<EntityType> due = cephx.due();
        if (!due.isEmpty() && cephx.globalId() != 0 && passed(renewalAskedOrNull, PATIENCE, now)) {
            renewalAskedOrNull = now;
            ask(connection, cephx.renewal(due));
        }
        if (rotating && passed(rotatingAskedOrNull, refresh(), now)) {
            rotatingAskedOrNull = now;
            ask(connection, cephx.rotatingRequest());
        }
        stop();
        timerOrNull = shard.timers().after(pause(now), this::check);
    }

    private static void ask(Connection connection, Bytes payload) {
        connection.send(new MAuth(0, CEPHX, payload, 0));
    }

    /** Secrets are asked for four times before a new one is used. */
    private Duration refresh() {
        if (!isComplete()) {
            return PATIENCE;
        }
        return cephx.rotating()
                .validity()
                .map(validity -> validity.dividedBy(4))
                .filter(quarter -> quarter.compareTo(ROTATING_REFRESH_MAX) < 0)
                .orElse(ROTATING_REFRESH_MAX);
    }

    private Duration pause(Instant now) {
        Duration until = cephx.nextRenewal().map(at -> Duration.between(now, at)).orElse(PAUSE_MAX);
        if (rotating && until.compareTo(refresh()) > 0) {
            until = refresh();
        }
        if (until.compareTo(PAUSE_MIN) < 0) {
            return PAUSE_MIN;
        }
        return until.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : until;
    }

    private static boolean passed(@Nullable Instant sinceOrNull, Duration span, Instant now) {
        return sinceOrNull == null || !now.isBefore(sinceOrNull.plus(span));
    }
}
