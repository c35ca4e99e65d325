package io.sepiola.messenger;

import org.jspecify.annotations.Nullable;

/**
 * What a listener does with a peer that opens or resumes a session, given what it knows of that
 * peer already. Two lossless peers that dial each other at once must come to the same end, so the
 * link of the one with the lower address counts.
 */
final class Acceptance {
    private Acceptance() {}

    /**
     * A session there is with the peer.
     *
     * @param clientCookie of who opened it; 0 for lossy ones
     * @param serverCookie of who accepted it; 0 while nobody did
     * @param peerGlobalSeq the peer's last attempt that we saw
     * @param connectSeq counts the session's links after the first
     * @param neverDialled whether we only wait for the peer
     */
    record Known(
            boolean lossy,
            long clientCookie,
            long serverCookie,
            long peerGlobalSeq,
            long connectSeq,
            boolean neverDialled) {}

    /** The answer to CLIENT_IDENT. */
    enum Opening {
        /** A new session. */
        CREATE,
        /** A new session; the old one is over. */
        REPLACE,
        /** The same session, numbered from the start: nothing was delivered on it yet. */
        ADOPT,
        /** The peer's later attempt is known already. */
        STALE,
        /** Our own link to the peer counts. */
        WAIT
    }

    /** The answer to SESSION_RECONNECT. */
    enum Resuming {
        /** Go on where the break was. */
        RESUME,
        /** There is no such session. */
        FORGOTTEN,
        /** The session never stood here: open it. */
        UNFINISHED,
        /** With a higher global sequence. */
        RETRY_GLOBAL,
        /** With a higher connect sequence. */
        RETRY,
        /** Our own link to the peer counts. */
        WAIT
    }

    static Opening opening(
            @Nullable Known known,
            boolean lossy,
            long cookie,
            long globalSeq,
            boolean peerIsLower) {
        if (known == null) {
            return Opening.CREATE;
        }
        if (Long.compareUnsigned(known.peerGlobalSeq, globalSeq) > 0) {
            return Opening.STALE;
        }
        if (known.lossy || lossy) {
            return Opening.REPLACE;
        }
        if (known.clientCookie == cookie) {
            return Opening.ADOPT;
        }
        if (known.serverCookie != 0) {
            return Opening.REPLACE;
        }
        return peerIsLower || known.neverDialled ? Opening.ADOPT : Opening.WAIT;
    }

    static Resuming resuming(
            @Nullable Known known,
            long clientCookie,
            long globalSeq,
            long connectSeq,
            boolean peerIsLower) {
        if (known == null || known.lossy || known.clientCookie != clientCookie) {
            return Resuming.FORGOTTEN;
        }
        if (known.serverCookie == 0) {
            return Resuming.UNFINISHED;
        }
        if (Long.compareUnsigned(known.peerGlobalSeq, globalSeq) > 0) {
            return Resuming.RETRY_GLOBAL;
        }
        int order = Long.compareUnsigned(known.connectSeq, connectSeq);
        if (order > 0) {
            return Resuming.RETRY;
        }
        return order == 0 && !peerIsLower && !known.neverDialled ? Resuming.WAIT : Resuming.RESUME;
    }
}
