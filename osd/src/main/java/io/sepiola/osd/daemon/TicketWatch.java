package io.sepiola.osd.daemon;

import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Consumer;

/**
 * Hands on all events of connections, and tells when a daemon other than a monitor refuses our
 * ticket: it looks valid to us, so nothing else would replace it before it expires by our clock.
 * The monitor that made it may have had another idea of the time. Called on event loops.
 */
final class TicketWatch implements Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(TicketWatch.class);

    private final Dispatcher dispatcher;
    private final Consumer<EntityType> refused;

    /**
     * Watches.
     *
     * @param refused told for which service another ticket is wanted; on any thread
     */
    TicketWatch(Dispatcher dispatcher, Consumer<EntityType> refused) {
        this.dispatcher = dispatcher;
        this.refused = refused;
    }

    @Override
    public void accepted(Connection connection) {
        dispatcher.accepted(connection);
    }

    @Override
    public void connected(Connection connection) {
        dispatcher.connected(connection);
    }

    @Override
    public void received(Connection connection, Message message) {
        dispatcher.received(connection, message);
    }

    @Override
    public void reset(Connection connection) {
        dispatcher.reset(connection);
    }

    @Override
    public void refused(Connection connection) {
        dispatcher.refused(connection);
    }

    @Override
    public void denied(Connection connection, String reason) {
        dispatcher.denied(connection, reason);
        if (connection.peerType() != EntityType.MON) {
            LOG.warn("{} does not let us in: {}", connection.peerName(), reason);
            refused.accept(connection.peerType());
        }
    }
}
