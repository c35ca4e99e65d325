package io.sepiola.client;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.base.Shard;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.UuidCodec;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.message.MMgrCommand;
import io.sepiola.protocol.message.MMgrCommandReply;
import io.sepiola.protocol.message.MMgrMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Sends commands to whichever manager is active, and again when another becomes active or the
 * connection breaks. Follows the manager map from the first command on. Owned by its shard.
 */
final class ManagerSession {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerSession.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private record Command(MMgrCommand message, CompletableFuture<Rados.CommandReply> answer) {}

    private final Shard shard;
    private final Messenger messenger;
    private final MonClient monitors;
    private final TreeMap<Long, Command> commands = new TreeMap<>();
    private MgrMap map = MgrMap.EMPTY;
    private @Nullable Connection connectionOrNull;
    private final CompletableFuture<MgrMap> known = new CompletableFuture<>();
    private boolean subscribed;
    private boolean closed;
    private long lastTid;

    ManagerSession(Shard shard, Messenger messenger, MonClient monitors) {
        this.shard = shard;
        this.messenger = messenger;
        this.monitors = monitors;
    }

    CompletableFuture<Rados.CommandReply> command(String json, Bytes input) {
        shard.own();
        follow();
        CompletableFuture<Rados.CommandReply> answer = new CompletableFuture<>();
        long tid = ++lastTid;
        MMgrCommand message = new MMgrCommand(tid, UuidCodec.ZERO, List.of(json), input);
        commands.put(tid, new Command(message, answer));
        if (connectionOrNull == null) {
            dial();
        } else {
            connectionOrNull.send(message);
        }
        return answer;
    }

    /** Completes with the first manager map. */
    CompletableFuture<MgrMap> known() {
        follow();
        return known;
    }

    private void follow() {
        if (!subscribed) {
            subscribed = true;
            monitors.subscribe("mgrmap", 0, false);
        }
    }

    /** Where the active manager is; empty without one. */
    EntityAddrVec activeAddrs() {
        return map.activeAddrs();
    }

    void received(MMgrMap message) {
        MgrMap news;
        try {
            news = MgrMap.CODEC.fromBytes(message.map());
        } catch (Malformed malformed) {
            LOG.warn("a manager map cannot be read: {}", malformed.getMessage());
            return;
        }
        monitors.received("mgrmap", Integer.toUnsignedLong(news.epoch()));
        boolean moved = !news.activeAddrs().equals(map.activeAddrs());
        map = news;
        known.complete(news);
        if (moved && connectionOrNull != null) {
            connectionOrNull.close();
            connectionOrNull = null;
        }
        if (connectionOrNull == null) {
            dial();
        }
    }

    private void dial() {
        if (commands.isEmpty() || map.activeAddrs().msgr2().isEmpty() || closed) {
            return;
        }
        Connection connection = messenger.connect(EntityType.MGR, map.activeAddrs(), Policy.LOSSY);
        connection.attach(this);
        connectionOrNull = connection;
        commands.values().forEach(command -> connection.send(command.message));
    }

    void received(MMgrCommandReply reply) {
        Command command = commands.remove(reply.tid());
        if (command != null) {
            command.answer.complete(
                    new Rados.CommandReply(reply.result(), reply.text(), reply.output()));
        }
    }

    void reset(Connection connection) {
        if (connection != connectionOrNull) {
            return;
        }
        connection.close();
        connectionOrNull = null;
        shard.timers()
                .after(
                        PAUSE,
                        () -> {
                            if (connectionOrNull == null) {
                                dial();
                            }
                        });
    }

    void close() {
        closed = true;
        if (connectionOrNull != null) {
            connectionOrNull.close();
        }
        List<Command> open = List.copyOf(commands.values());
        commands.clear();
        open.forEach(command ->
                command.answer.completeExceptionally(
                        new RadosException(Errno.ESHUTDOWN, "the client was closed")));
    }
}
