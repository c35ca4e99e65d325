package io.sepiola.messenger;

import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;

import org.jspecify.annotations.Nullable;

/** A session with one peer. Any thread may call; messages of one caller stay in order. */
public interface Connection {
    /**
     * Sends. On a lossless session the message arrives once, in order, however often the connection
     * breaks, until the session ends; on a lossy one it is lost with the connection.
     */
    void send(Message message);

    /** The peer's type, known from the start. */
    EntityType peerType();

    /** The peer's name; its number is -1 until the connection stands. */
    EntityName peerName();

    /** The peer's addresses: as dialled, or as the peer gave them. */
    EntityAddrVec peerAddrs();

    /** The address from which the peer was seen to come, with its own nonce. */
    io.sepiola.protocol.EntityAddr peerSeenAt();

    /** What the peer proved about itself; null before the connection stands. */
    @Nullable Identity identityOrNull();

    /** Whether messages can still go out or be kept for going out. */
    boolean isOpen();

    /** Stops and resumes reading from this peer, for back-pressure. */
    void reading(boolean wanted);

    /** Sends a KEEPALIVE2, which the peer answers at once. */
    void keepAlive();

    /** When anything last came from the peer, by the messenger's clock ({@code Clock.nanos}). */
    long heardNanos();

    /** Ends the session without telling the dispatcher. */
    void close();

    /** A place for whatever the dispatcher keeps for this session. */
    @Nullable Object attachmentOrNull();

    /** Sets what {@link #attachmentOrNull} returns. */
    void attach(@Nullable Object attachment);
}
