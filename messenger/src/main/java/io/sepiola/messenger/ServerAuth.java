package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.EntityType;

/** Checks who those are that dial us. Called from the event loops, from several at a time. */
public interface ServerAuth {
    /** Refuses everybody; for ends that only dial. */
    ServerAuth NOBODY =
            peer -> (payload, mode) -> new Reply.Denied(-13, "this end takes no logins");

    /** Begins the login of one connection; the peer's type is what it claims. */
    Login begin(EntityType peer);

    /** One connection's login. */
    interface Login {
        /** Answers the payload of AUTH_REQUEST, then of each AUTH_REQUEST_MORE. */
        Reply on(Bytes payload, ConnectionMode mode);
    }

    /** What the dialler hears. */
    sealed interface Reply {
        /** A challenge: AUTH_REPLY_MORE. */
        record More(Bytes payload) implements Reply {}

        /** Let in: AUTH_DONE. */
        record Done(Identity identity, AuthSession session, Bytes payload) implements Reply {}

        /**
         * Kept out: AUTH_BAD_METHOD.
         *
         * @param result a negative error number
         * @param reason for our log; the peer does not learn it
         */
        record Denied(int result, String reason) implements Reply {}

        /**
         * This end lets nobody in at present: the link is dropped without a word, as if nobody
         * listened, so that the dialler tries elsewhere.
         */
        record Absent() implements Reply {}
    }
}
