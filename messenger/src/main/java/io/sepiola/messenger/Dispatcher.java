package io.sepiola.messenger;

import io.sepiola.protocol.Message;

/**
 * Takes what a messenger received. Called on the event loop of the connection, one call at a time
 * per connection and in order; must not block: hand over to a {@link io.sepiola.base.Shard}.
 */
public interface Dispatcher {
    /** A peer dialled us and proved who it is. */
    default void accepted(Connection connection) {}

    /** A connection that we dialled stands for the first time; that it was resumed is not told. */
    default void connected(Connection connection) {}

    /** A message came. */
    void received(Connection connection, Message message);

    /**
     * The session is over and what was unsent is lost: a lossy connection broke, or a lossless peer
     * forgot the session (it was restarted).
     */
    void reset(Connection connection);

    /**
     * Nobody listens at the peer's address: its process is gone. Followed by retries, or by reset.
     */
    default void refused(Connection connection) {}

    /**
     * The peer refused our credentials, or we have none for it. Followed by reset, on lossless
     * sessions by retries.
     *
     * @param reason for people
     */
    default void denied(Connection connection, String reason) {}
}
