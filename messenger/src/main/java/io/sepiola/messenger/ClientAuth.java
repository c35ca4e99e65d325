package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.EntityType;

/** Proves who we are to those whom we dial. Called from the event loops, from several at a time. */
public interface ClientAuth {
    /**
     * Begins the login of one connection.
     *
     * @throws AuthException when there is nothing to prove it with, such as a missing ticket
     */
    Login begin(EntityType peer);

    /**
     * One connection's login; its methods are called in the order given here, {@link #more} once or
     * more.
     */
    interface Login {
        /** The payload of AUTH_REQUEST. */
        Bytes request();

        /**
         * Answers AUTH_REPLY_MORE with the payload of AUTH_REQUEST_MORE.
         *
         * @throws io.sepiola.base.Malformed when the peer does not know what it should
         */
        Bytes more(Bytes payload);

        /**
         * Takes AUTH_DONE.
         *
         * @throws io.sepiola.base.Malformed when the peer does not know what it should
         */
        AuthSession done(long globalId, ConnectionMode mode, Bytes payload);
    }
}
