package io.sepiola.client;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.message.MPing;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Asks one daemon one question, as {@code ceph tell} and {@code ping} do. A messenger has one
 * session with each peer, so the connection may be somebody else's too: nothing is attached to it
 * here, and it is closed only when nobody else has use for it. Owned by its shard.
 */
final class TellCommands {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int ATTEMPTS_MAX = 5;

    /** Where the daemon is now; empty when it is not up. */
    interface Target extends Supplier<EntityAddrVec> {}

    /** One question under way. */
    private static final class Talk {
        private final long tid;
        private final EntityType type;
        private final String name;
        private final Target target;
        private final Message question;
        private final CompletableFuture<Message> answer = new CompletableFuture<>();
        private @Nullable Connection connectionOrNull;
        private int attempts;

        private Talk(long tid, EntityType type, String name, Target target, Message question) {
            this.tid = tid;
            this.type = type;
            this.name = name;
            this.target = target;
            this.question = question;
        }
    }

    private final Shard shard;
    private final Messenger messenger;
    private final TreeMap<Long, Talk> talks = new TreeMap<>();
    private long lastTid;

    TellCommands(Shard shard, Messenger messenger) {
        this.shard = shard;
        this.messenger = messenger;
    }

    /**
     * The daemon's answer.
     *
     * @param question makes the message, with its transaction id
     */
    CompletableFuture<Message> ask(
            EntityType type, String name, Target target, LongFunction<Message> question) {
        shard.own();
        long tid = ++lastTid;
        Talk talk = new Talk(tid, type, name, target, question.apply(tid));
        talks.put(tid, talk);
        attempt(talk);
        return talk.answer;
    }

    private void attempt(Talk talk) {
        if (!talks.containsKey(talk.tid)) {
            return;
        }
        EntityAddrVec addrs = talk.target.get();
        if (addrs.msgr2().isEmpty()) {
            fail(talk, talk.name + " is not up");
            return;
        }
        talk.attempts++;
        Connection connection = messenger.connect(talk.type, addrs, Policy.LOSSY);
        talk.connectionOrNull = connection;
        connection.send(talk.question);
        shard.timers().after(PAUSE, () -> watch(talk, connection));
    }

    /** Whoever else uses the connection may close it, and nobody is told of that. */
    private void watch(Talk talk, Connection connection) {
        if (!talks.containsKey(talk.tid) || talk.connectionOrNull != connection) {
            return;
        }
        if (connection.isOpen()) {
            shard.timers().after(PAUSE, () -> watch(talk, connection));
        } else {
            again(talk, connection);
        }
    }

    /** Takes an answer; any other message is for somebody else. */
    void received(Message message, Connection connection) {
        switch (message) {
            case MCommandReply reply -> complete(talks.get(reply.tid()), reply);
            case MPing ping ->
                    List.copyOf(talks.values()).stream()
                            .filter(talk -> talk.question instanceof MPing)
                            .filter(talk -> talk.connectionOrNull == connection)
                            .forEach(talk -> complete(talk, ping));
            default -> {}
        }
    }

    private void complete(@Nullable Talk talk, Message answer) {
        if (talk != null && talks.remove(talk.tid, talk)) {
            leave(talk.connectionOrNull);
            talk.answer.complete(answer);
        }
    }

    private void leave(@Nullable Connection connection) {
        if (connection == null || connection.attachmentOrNull() != null) {
            return;
        }
        if (talks.values().stream().noneMatch(talk -> talk.connectionOrNull == connection)) {
            connection.close();
        }
    }

    void reset(Connection connection) {
        for (Talk talk : List.copyOf(talks.values())) {
            if (talk.connectionOrNull == connection) {
                again(talk, connection);
            }
        }
    }

    private void again(Talk talk, Connection connection) {
        talk.connectionOrNull = null;
        if (talk.attempts >= ATTEMPTS_MAX) {
            fail(talk, talk.name + " does not answer at " + connection.peerAddrs());
        } else {
            shard.timers().after(PAUSE, () -> attempt(talk));
        }
    }

    private void fail(Talk talk, String why) {
        if (talks.remove(talk.tid, talk)) {
            talk.answer.completeExceptionally(new RadosException(Errno.ENXIO, why));
        }
    }

    void close() {
        List<Talk> open = List.copyOf(talks.values());
        talks.clear();
        open.forEach(talk ->
                talk.answer.completeExceptionally(
                        new RadosException(Errno.ESHUTDOWN, "the client was closed")));
    }

    /** An empty ping. */
    static Message ping(long tid) {
        return new MPing(Bytes.EMPTY);
    }
}
