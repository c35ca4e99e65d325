package io.sepiola.manager;

import io.sepiola.base.Shard;
import io.sepiola.client.MonClient;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.protocol.Message;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the manager's messenger hears: what concerns monitors goes to their client, everything else
 * to the manager, on its shard.
 */
final class FrontDispatcher implements Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDispatcher.class);

    private final Shard shard;
    private final Supplier<MonClient> monitors; // made after the messenger
    private final BiConsumer<Connection, Message> received;
    private final Consumer<Connection> ended;
    private final ManagerCounters counters;

    FrontDispatcher(
            Shard shard,
            Supplier<MonClient> monitors,
            BiConsumer<Connection, Message> received,
            Consumer<Connection> ended,
            ManagerCounters counters) {
        this.counters = counters;
        this.shard = shard;
        this.monitors = monitors;
        this.received = received;
        this.ended = ended;
    }

    @Override
    public void accepted(Connection connection) {
        counters.opened(connection);
    }

    @Override
    public void connected(Connection connection) {
        counters.opened(connection);
        if (monitors.get().owns(connection)) {
            monitors.get().dispatcher().connected(connection);
        }
    }

    @Override
    public void received(Connection connection, Message message) {
        counters.received();
        if (monitors.get().owns(connection)) {
            monitors.get().dispatcher().received(connection, message);
        } else {
            shard.execute(() -> received.accept(connection, message));
        }
    }

    @Override
    public void reset(Connection connection) {
        counters.ended(connection);
        if (monitors.get().owns(connection)) {
            monitors.get().dispatcher().reset(connection);
        } else {
            shard.execute(() -> ended.accept(connection));
        }
    }

    @Override
    public void refused(Connection connection) {
        if (monitors.get().owns(connection)) {
            monitors.get().dispatcher().refused(connection);
        }
    }

    @Override
    public void denied(Connection connection, String reason) {
        if (monitors.get().owns(connection)) {
            monitors.get().dispatcher().denied(connection, reason);
        } else {
            LOG.warn("refused {}: {}", connection.peerAddrs(), reason);
        }
    }
}
