package io.sepiola.client;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.base.Mark;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.messenger.CephxClient;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.message.MAuthReply;
import io.sepiola.protocol.message.MGetPoolStatsReply;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MMonCommandAck;
import io.sepiola.protocol.message.MMonGetVersion;
import io.sepiola.protocol.message.MMonGetVersionReply;
import io.sepiola.protocol.message.MMonMap;
import io.sepiola.protocol.message.MPoolOpReply;
import io.sepiola.protocol.message.MStatfsReply;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * A session with the monitors, kept as long as there is one to be had: finds a monitor, keeps the
 * subscriptions, asks questions again after a break, and renews what the login gave. Used by
 * clients and daemons alike. Owned by its shard; every method may be called from any thread, every
 * future completes and every listener is called on the shard.
 *
 * <p>It dials through the messenger given, because a monitor takes a daemon's public address from
 * the connection. That messenger's dispatcher hands everything that concerns monitors to {@link
 * #dispatcher}.
 */
public final class MonClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MonClient.class);

    /** How often the monitor is asked for a sign of life. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    /** A monitor that was silent for so long is given up. */
    private static final Duration DEAD = Duration.ofSeconds(30);

    private static final int OUTBOX_MAX = 1000;

    /** Hears what the monitors say. Called on the shard. */
    public interface Listener {
        /** A message that is not the session's own business: maps, digests, acknowledgements. */
        void received(Message message);

        /** A session stands; what was sent before and is unanswered must be sent again. */
        default void connected() {}

        /** The session is lost; another is being sought. */
        default void disconnected() {}

        /** The monitors refused the login; it will be tried again. */
        default void denied(String reason) {}
    }

    /**
     * What may differ between users.
     *
     * @param monitors where to begin; later the monitor map rules
     * @param hostname told to the monitors with subscriptions
     * @param attemptMax how long one monitor may take to let us in
     * @param pauseMax the longest pause between two rounds over all monitors
     * @param rotating whether we are a service, whose rotating secrets {@link CephxClient#rotating}
     *     shall have
     */
    public record Options(
            List<EntityAddrVec> monitors,
            String hostname,
            Duration attemptMax,
            Duration pauseMax,
            boolean rotating) {
        /** For a client of these monitors. */
        public static Options client(List<EntityAddrVec> monitors) {
            return new Options(monitors, "", Duration.ofSeconds(10), Duration.ofSeconds(5), false);
        }

        /** For a daemon with rotating secrets. */
        public static Options service(List<EntityAddrVec> monitors, String hostname) {
            return new Options(
                    monitors, hostname, Duration.ofSeconds(10), Duration.ofSeconds(5), true);
        }
    }

    /** The newest and the oldest version of a map that the monitors keep. */
    public record Versions(long newest, long oldest) {}

    /** What the session is at. */
    private sealed interface Phase {
        record Idle() implements Phase {}

        record Pausing(Timers.Timer timer) implements Phase {}

        record Dialling(Connection connection, Timers.Timer timer) implements Phase {}

        record Standing(Connection connection) implements Phase {}

        record Closed() implements Phase {}
    }

    /** What was asked and has no answer yet. */
    private record Question(LongFunction<Message> message, CompletableFuture<Message> answer) {}

    private final Shard shard;
    private final Messenger messenger;
    private final LoginKeeper login;
    private final Options options;
    private final MonitorChoice choice;
    private final Listener listener;
    private final Dispatcher dispatcher = new MonitorEvents();
    private final Subscriptions subscriptions = new Subscriptions();
    private final Map<Long, Question> questions = new LinkedHashMap<>();
    private final ArrayDeque<Message> outbox = new ArrayDeque<>();
    private final CompletableFuture<Long> started = new CompletableFuture<>();
    private Phase phase = new Phase.Idle();
    private long lastTid;
    private volatile @Nullable MonMap monMapOrNull;
    private volatile long globalId;

    /**
     * A client that does nothing before {@link #start}.
     *
     * @param cephx who we are; the messenger's connections use the same
     */
    public MonClient(
            Shard shard,
            Messenger messenger,
            CephxClient cephx,
            Options options,
            RandomGenerator random,
            Listener listener) {
        this.shard = shard;
        this.messenger = messenger;
        this.login = new LoginKeeper(shard, cephx, options.rotating, this::reconnect);
        this.options = options;
        this.choice = new MonitorChoice(options.monitors, options.pauseMax, random);
        this.listener = listener;
        subscriptions.want("config", 0, false);
        subscriptions.want("monmap", 0, false);
    }

    /** Where the messenger's dispatcher hands on what concerns connections to monitors. */
    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** Whether that connection was dialled by this client. */
    public boolean owns(Connection connection) {
        return connection.attachmentOrNull() == this;
    }

    /**
     * Begins. Completes with the global id when the first session stands, the monitor map is known
     * and, for a service, its rotating secrets are.
     */
    public CompletableFuture<Long> start() {
        onShard(() -> {
            if (phase instanceof Phase.Idle) {
                seek();
                probeLater();
            }
        });
        return started;
    }

    /** The cluster's id; all zero before the first session. */
    public UUID fsid() {
        MonMap map = monMapOrNull;
        return map == null ? UuidCodec.ZERO : map.fsid();
    }

    /** The newest monitor map, once there is one. */
    public Optional<MonMap> monMap() {
        return Optional.ofNullable(monMapOrNull);
    }

    /** Of the login; 0 before the first. */
    public long globalId() {
        return globalId;
    }

    /** Sends over the session there is, or the next; lost with the session that it was sent on. */
    public void send(Message message) {
        onShard(() -> {
            if (phase instanceof Phase.Standing standing) {
                standing.connection.send(message);
                return;
            }
            if (outbox.size() == OUTBOX_MAX) {
                Mark.hit("message to the monitors dropped, too many wait for a session");
                outbox.removeFirst();
            }
            outbox.addLast(message);
        });
    }

    /** Asks a command; asked again on the next session when this one breaks. */
    public CompletableFuture<Rados.CommandReply> command(String json, Bytes input) {
        return ask(tid -> new MMonCommand(tid, 0, fsid(), List.of(json), input))
                .thenApply(answer -> {
                    MMonCommandAck ack = (MMonCommandAck) answer;
                    return new Rados.CommandReply(ack.result(), ack.text(), ack.output());
                });
    }

    /** Asks which versions of a map ({@code osdmap}, {@code mgrmap} ...) there are. */
    public CompletableFuture<Versions> version(String map) {
        return ask(tid -> new MMonGetVersion(tid, map))
                .thenApply(answer -> {
                    MMonGetVersionReply reply = (MMonGetVersionReply) answer;
                    return new Versions(reply.newest(), reply.oldest());
                });
    }

    /**
     * Asks anything that is answered with the same transaction id (command, version, pool
     * operation, usage); asked again on the next session when this one breaks.
     *
     * @param question makes the message for its transaction id; called for every session anew
     */
    public CompletableFuture<Message> ask(LongFunction<Message> question) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        onShard(() -> {
            if (phase instanceof Phase.Closed) {
                answer.completeExceptionally(closed());
                return;
            }
            long tid = ++lastTid;
            questions.put(tid, new Question(question, answer));
            if (phase instanceof Phase.Standing standing) {
                standing.connection.send(question.apply(tid));
            }
        });
        return answer;
    }

    /**
     * Subscribes; kept over sessions. {@link #received} moves on where it begins after a break.
     *
     * @param from the first version wanted; 0 for the newest
     * @param once whether one answer is enough
     */
    public void subscribe(String what, long from, boolean once) {
        onShard(() -> {
            subscriptions.want(what, from, once);
            askSubscriptions();
        });
    }

    /** Ends a subscription. */
    public void unsubscribe(String what) {
        onShard(() -> subscriptions.drop(what));
    }

    /** Tells that a subscribed map came, up to this version. */
    public void received(String what, long version) {
        onShard(() -> subscriptions.got(what, version));
    }

    /** Renews tickets that are missing or due, without waiting for the next check. */
    public void renewTickets() {
        onShard(login::renewNow);
    }

    /** Gives the session up and seeks another monitor, as after a break. */
    public void reconnect() {
        onShard(() -> {
            if (phase instanceof Phase.Standing standing) {
                standing.connection.close();
                lost("given up on request");
            }
        });
    }

    /** Ends the session; what is unanswered fails with ESHUTDOWN. */
    @Override
    public void close() {
        onShard(() -> {
            switch (phase) {
                case Phase.Standing standing -> standing.connection.close();
                case Phase.Dialling dialling -> {
                    dialling.timer.cancel();
                    dialling.connection.close();
                }
                case Phase.Pausing pausing -> pausing.timer.cancel();
                case Phase.Idle _, Phase.Closed _ -> {}
            }
            phase = new Phase.Closed();
            login.stop();
            started.completeExceptionally(closed());
            List<Question> open = List.copyOf(questions.values());
            questions.clear();
            open.forEach(question -> question.answer.completeExceptionally(closed()));
        });
    }

    private void seek() {
        Duration pause = choice.pause();
        if (pause.isZero()) {
            dial();
        } else {
            phase = new Phase.Pausing(shard.timers().after(pause, this::dial));
        }
    }

    private void dial() {
        EntityAddrVec target = choice.next();
        Connection connection = messenger.connect(EntityType.MON, target, Policy.LOSSY);
        connection.attach(this);
        Timers.Timer timer =
                shard.timers().after(options.attemptMax, () -> tooSlow(connection, target));
        phase = new Phase.Dialling(connection, timer);
    }

    private void tooSlow(Connection connection, EntityAddrVec target) {
        if (phase instanceof Phase.Dialling dialling && dialling.connection == connection) {
            LOG.info("the monitor at {} does not let us in; trying the next", target);
            connection.close();
            seek();
        }
    }

    private void stands(Connection connection) {
        if (!(phase instanceof Phase.Dialling dialling) || dialling.connection != connection) {
            return;
        }
        dialling.timer.cancel();
        phase = new Phase.Standing(connection);
        choice.found();
        globalId = login.globalId();
        EntityType self = messenger.self().type();
        if (self == EntityType.CLIENT || self == EntityType.MGR) {
            messenger.rename(new EntityName(self, globalId));
        }
        subscriptions.forgetAsked();
        askSubscriptions();
        login.stands(connection);
        questions.forEach((tid, question) -> connection.send(question.message.apply(tid)));
        while (!outbox.isEmpty()) {
            connection.send(outbox.removeFirst());
        }
        listener.connected();
        startedWhenComplete();
    }

    private void askSubscriptions() {
        if (phase instanceof Phase.Standing standing) {
            subscriptions.take(options.hostname).ifPresent(standing.connection::send);
        }
    }

    private void lost(String why) {
        LOG.debug("session with the monitors lost: {}", why);
        boolean stood = phase instanceof Phase.Standing;
        if (phase instanceof Phase.Dialling dialling) {
            dialling.timer.cancel();
        }
        phase = new Phase.Idle();
        login.lost();
        if (stood) {
            listener.disconnected();
        }
        if (phase instanceof Phase.Idle) { // the listener may have closed us
            seek();
        }
    }

    private boolean isCurrent(Connection connection) {
        return switch (phase) {
            case Phase.Dialling dialling -> dialling.connection == connection;
            case Phase.Standing standing -> standing.connection == connection;
            case Phase.Idle _, Phase.Pausing _, Phase.Closed _ -> false;
        };
    }

    private void received(Connection connection, Message message) {
        if (!isCurrent(connection)) {
            return; // from a session given up
        }
        switch (message) {
            case MMonMap map -> learn(map);
            case MAuthReply reply -> {
                login.received(reply);
                startedWhenComplete();
            }
            case MMonGetVersionReply reply -> answer(reply.handle(), reply);
            case MMonCommandAck _, MPoolOpReply _, MStatfsReply _, MGetPoolStatsReply _ ->
                    answer(message.tid(), message);
            default -> listener.received(message);
        }
    }

    private void answer(long tid, Message message) {
        Question question = questions.remove(tid);
        if (question == null) {
            listener.received(message); // of a command that the owner numbered itself
        } else {
            question.answer.complete(message);
        }
    }

    private void learn(MMonMap message) {
        MonMap map;
        try {
            map = MonMap.CODEC.fromBytes(message.map());
        } catch (Malformed malformed) {
            LOG.warn(
                    "a monitor sent a monitor map that cannot be read: {}", malformed.getMessage());
            return;
        }
        subscriptions.got("monmap", Integer.toUnsignedLong(map.epoch()));
        MonMap known = monMapOrNull;
        if (known == null || Integer.compareUnsigned(map.epoch(), known.epoch()) >= 0) {
            monMapOrNull = map;
            choice.monitors(
                    map.ranks().stream()
                            .flatMap(name -> Optional.ofNullable(map.monitors().get(name)).stream())
                            .map(MonMap.MonInfo::addrs)
                            .filter(addrs -> addrs.msgr2().isPresent())
                            .toList());
        }
        listener.received(message);
        startedWhenComplete();
    }

    private void startedWhenComplete() {
        if (monMapOrNull != null && login.isComplete()) {
            started.complete(globalId);
        }
    }

    private void probeLater() {
        shard.timers()
                .after(
                        KEEP_ALIVE,
                        () -> {
                            if (!(phase instanceof Phase.Closed)) {
                                probe();
                                probeLater();
                            }
                        });
    }

    private void probe() {
        if (!(phase instanceof Phase.Standing standing)) {
            return;
        }
        long silentNanos = shard.clock().nanos() - standing.connection.heardNanos();
        if (silentNanos >= DEAD.toNanos()) {
            Mark.hit("monitor given up because it was silent");
            standing.connection.close();
            lost("silent for " + Duration.ofNanos(silentNanos).toSeconds() + " s");
        } else {
            standing.connection.keepAlive();
        }
    }

    private void onShard(Runnable task) {
        if (shard.isCurrent()) {
            task.run();
        } else {
            shard.execute(task);
        }
    }

    private static RadosException closed() {
        return new RadosException(Errno.ESHUTDOWN, "the client was closed");
    }

    /** Brings the event loop's calls to the shard. */
    private final class MonitorEvents implements Dispatcher {
        @Override
        public void connected(Connection connection) {
            shard.execute(() -> stands(connection));
        }

        @Override
        public void received(Connection connection, Message message) {
            shard.execute(() -> MonClient.this.received(connection, message));
        }

        @Override
        public void reset(Connection connection) {
            shard.execute(() -> {
                if (isCurrent(connection)) {
                    lost("the connection to " + connection.peerAddrs() + " broke");
                }
            });
        }

        @Override
        public void refused(Connection connection) {
            shard.execute(() -> {
                if (isCurrent(connection)) {
                    connection.close();
                    lost("nobody listens at " + connection.peerAddrs());
                }
            });
        }

        @Override
        public void denied(Connection connection, String reason) {
            shard.execute(() -> {
                if (isCurrent(connection)) {
                    LOG.debug("login refused by {}: {}", connection.peerAddrs(), reason);
                    listener.denied(reason);
                }
            });
        }
    }
}
