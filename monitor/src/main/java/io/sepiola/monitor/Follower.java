package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Shard;
import io.sepiola.messenger.CephxMonitorAuth;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Identity;
import io.sepiola.messenger.Messenger;
import io.sepiola.monitor.command.CommandTable;
import io.sepiola.monitor.operation.Operation;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.ChangeCodec;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.message.MAuth;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.message.MForward;
import io.sepiola.protocol.message.MMgrDigest;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MMonCommandAck;
import io.sepiola.protocol.message.MMonFollow;
import io.sepiola.protocol.message.MMonFollow.Kind;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.MOSDBoot;
import io.sepiola.protocol.message.MOSDMarkMeDown;
import io.sepiola.protocol.message.MRoute;
import io.sepiola.protocol.message.MServiceMap;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.perf.PerfCounters;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ArrayNode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Serves clients at a monitor that does not lead, for the time of following one leader. It lets
 * them in by the agreed keys, sends them maps as it hears of them, answers what it is told of
 * itself, and hands everything else that they say to the leader, whose answers it passes on. Of
 * their wishes for maps, too, it asks the leader first: who wishes gets what was agreed by then,
 * and nothing when nobody leads.
 *
 * <p>Nothing is said again when the leader is lost: the clients are let go, and say it again
 * themselves to whoever leads next, as they would had they been the leader's own.
 *
 * <p>Owned by the monitor's shard.
 */
final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final int UNSEEN_MAX = 10_000; // of one client, not yet looked at by the leader

    /** A message that was handed to the leader. */
    private record Unseen(Message message, Operation operation) {}

    /** A client. */
    private static final class Guest {
        private final long number;
        private final Session session;

        /** What the leader has not looked at yet, in order. */
        private final Deque<Unseen> unseen = new ArrayDeque<>();

        /** Commands that the leader may have looked at, but has not answered, by their numbers. */
        private final Map<Long, Operation> unanswered = new LinkedHashMap<>();

        /** Whether it is an OSD that gets every map unasked, as soon as the leader takes it up. */
        private boolean boots;

        Guest(long number, Session session) {
            this.number = number;
            this.session = session;
        }
    }

    private final MonitorOptions options;
    private final Shard shard;
    private final Connection leader;
    private final int epoch;
    private final LongSupplier numbers;
    private final Lasting lasting;
    private final PerfCounters counters = new PerfCounters();
    private final SessionCounters counted;
    private final MonitorKeys keys;
    private final CephxMonitorAuth auth;
    private final Messenger messenger;
    private final ModesInForce modes;
    private final Subscriptions subscriptions;
    private final Map<Connection, Guest> guests = new LinkedHashMap<>();
    private final Map<Long, Guest> byNumber = new HashMap<>();
    private volatile MonitorState state; // read by the event loops
    private long version;
    private @Nullable MMgrDigest digestOrNull;
    private Optional<QuorumView> quorum = Optional.empty(); // before the leader has said it
    private boolean serves;
    private boolean asksForIds = true; // they come with the state
    private boolean closed;

    /**
     * Serves from when the leader has given it global ids.
     *
     * @param leader the line to it
     * @param begin the state to begin with
     * @param numbers for clients; none comes twice over the lives of the line
     * @param lasting what this monitor has kept from earlier
     * @throws Malformed when the state cannot be read
     */
    Follower(
            MonitorOptions options,
            Shard shard,
            RandomGenerator random,
            MessengerFactory messengers,
            Connection leader,
            MMonFollow begin,
            LongSupplier numbers,
            Lasting lasting) {
        this.lasting = lasting;
        this.options = options;
        this.shard = shard;
        this.leader = leader;
        this.epoch = begin.epoch();
        this.numbers = numbers;
        this.counted = new SessionCounters(counters, guests::size);
        this.state = MonitorState.CODEC.fromBytes(begin.payload().detach());
        this.version = begin.number();
        this.keys = new MonitorKeys(() -> state.auth(), option -> options.value(state, option));
        this.auth = new CephxMonitorAuth(keys, shard.clock(), random);
        this.subscriptions = new Subscriptions(() -> state, () -> version, keys, new PgCreations());
        int rank = Math.max(0, state.monMap().rank(options.name()));
        this.messenger =
                messengers.make(new EntityName(EntityType.MON, rank), auth, new Incoming());
        this.modes = new ModesInForce(options, messenger, state);
        configureOperations();
    }

    private void configureOperations() {
        RunningOptions running = options.running(state, lasting.overrides().values());
        lasting.operations().configure(option -> running.value(option).orElse(""));
    }

    /** The line to the leader. */
    Connection leader() {
        return leader;
    }

    /** The monitors, as they are agreed. */
    MonMap monMap() {
        return state.monMap();
    }

    /** Of the leader's election. */
    int epoch() {
        return epoch;
    }

    /**
     * The leader said something.
     *
     * @return whether it fits what was said before
     */
    boolean said(Message message) {
        switch (message) {
            case MMonFollow m when m.kind() == Kind.RECORD -> {
                return m.epoch() == epoch && record(m);
            }
            case MMonFollow m when m.kind() == Kind.IDS -> ids(m);
            case MRoute m -> route(m);
            case MServiceMap m -> subscriptions.serviceMap(sessions(), m.map());
            case MMgrDigest m -> {
                digestOrNull = m;
                guests.values().forEach(this::digest);
            }
            default -> LOG.debug("the leader sent {}", message.getClass().getSimpleName());
        }
        return true;
    }

    /** The leader has said who agrees. */
    void agrees(Bytes payload) {
        quorum = Optional.of(QuorumView.CODEC.fromBytes(payload.detach()));
    }

    /** Answers for this monitor alone; it knows what it needs for that. */
    MCommandReply tell(MCommand command) {
        ArrayNode shown = JsonText.array();
        sessions().forEach(session -> shown.add(session.json(keys)));
        return new AsideFacts(
                        options,
                        shard.clock(),
                        lasting,
                        state,
                        Optional.of(quorum.orElseGet(this::theTwo)),
                        epoch,
                        SelfPortrait.of(options, sessions()).sessions(),
                        shown,
                        counters)
                .answer(command);
    }

    /** What the manager is told of this monitor. */
    SelfReport selfReport() {
        return new SelfReport(
                new EntityName(EntityType.MON, state.monMap().rank(options.name())),
                state.mgrMap(),
                auth,
                options.running(state, lasting.overrides().values()),
                counters,
                lasting.operations().slow());
    }

    /** At the begin: the leader and this one agree. */
    private QuorumView theTwo() {
        MonMap map = state.monMap();
        int first = (int) leader.peerName().number();
        List<Integer> ranks =
                IntStream.of(first, map.rank(options.name())).sorted().boxed().toList();
        String name = first < map.size() ? map.ranks().get(first) : "";
        return new QuorumView(name, ranks, shard.clock().now());
    }

    private boolean record(MMonFollow m) {
        if (m.number() != version + 1) {
            return false;
        }
        List<Change> changes = ChangeCodec.changes(m.payload().detach());
        state = state.apply(changes);
        version = m.number();
        modes.committed(state, changes);
        if (changes.stream().anyMatch(Subscriptions::isOfConfig)) {
            configureOperations();
        }
        subscriptions.committed(sessions(), version, changes);
        return true;
    }

    private void ids(MMonFollow m) {
        keys.grant(new MonitorKeys.Ids(m.number(), new Decoder(m.payload()).u64()));
        asksForIds = false;
        if (!serves) {
            serves = true;
            messenger.listen(options.addr());
            LOG.info("mon.{} serves behind {}", options.name(), leader.peerName());
        }
    }

    /** With its clients. */
    List<Session> sessions() {
        return guests.values().stream().map(guest -> guest.session).toList();
    }

    private void digest(Guest guest) {
        MMgrDigest digest = digestOrNull;
        if (digest != null && guest.session.wishes.containsKey("mgrdigest")) {
            guest.session.send(digest);
        }
    }

    private void route(MRoute route) {
        Guest guest = byNumber.get(route.session());
        if (guest == null) {
            return; // it went
        }
        if (route.message().isPresent()) {
            Message answer = route.message().get();
            guest.session.send(answer);
            if (answer instanceof MMonCommandAck ack) {
                Operation answered = guest.unanswered.remove(ack.tid());
                if (answered != null) {
                    lasting.operations().ended(answered);
                }
            }
        } else if (route.firstMap() > 0) {
            maps(guest, route.firstMap());
        } else {
            seen(guest);
        }
    }

    private void maps(Guest guest, int first) {
        int newest = state.osdMaps().newest().epoch();
        int next = Math.max(first, guest.session.osdMapSent + 1);
        if (next <= newest) {
            guest.session.sendMaps(state.osdMaps(), next);
        }
        if (guest.boots) {
            guest.session.osdMapSent = newest;
        }
    }

    private void seen(Guest guest) {
        Unseen seen = guest.unseen.pollFirst();
        if (seen == null) {
            return;
        }
        if (seen.message instanceof MMonSubscribe wish) {
            subscriptions.wish(guest.session, wish);
            if (wish.what().containsKey("mgrdigest")) {
                digest(guest);
            }
        }
        boolean isAsked =
                seen.message instanceof MMonCommand m
                        && guest.unanswered.get(m.tid()) == seen.operation;
        if (!isAsked) {
            lasting.operations().ended(seen.operation);
        }
    }

    /** Hands what comes in to the shard. Called on event loops. */
    private final class Incoming implements Dispatcher {
        @Override
        public void accepted(Connection connection) {
            shard.execute(() -> open(connection));
        }

        @Override
        public void received(Connection connection, Message message) {
            long arrivedNanos = shard.clock().nanos();
            shard.execute(() -> heard(connection, message, arrivedNanos));
        }

        @Override
        public void reset(Connection connection) {
            shard.execute(() -> forget(connection));
        }
    }

    private void open(Connection connection) {
        Identity identity = connection.identityOrNull();
        if (identity == null || closed) {
            connection.close();
            return;
        }
        Guest guest = new Guest(numbers.getAsLong(), new Session(connection, identity));
        guests.put(connection, guest);
        counted.begun();
        byNumber.put(guest.number, guest);
        if (keys.isLow() && !asksForIds) {
            asksForIds = true;
            leader.send(new MMonFollow(Kind.IDS_WANTED, epoch, 0, Bytes.EMPTY));
        }
    }

    private void forget(Connection connection) {
        Guest guest = guests.remove(connection);
        if (guest != null) {
            byNumber.remove(guest.number);
            counted.ended();
            guest.unseen.forEach(unseen -> lasting.operations().dropped(unseen.operation));
            guest.unanswered.values().forEach(lasting.operations()::dropped);
        }
    }

    private void heard(Connection connection, Message message, long arrivedNanos) {
        Guest guest = guests.get(connection);
        if (guest == null || closed) {
            return;
        }
        Session session = guest.session;
        Operation operation = lasting.operations().began(message, session.source(), arrivedNanos);
        operation.step("mon:dispatch_op");
        if (message instanceof MAuth m) {
            session.send(Requests.auth(auth, session.identity, m));
            lasting.operations().ended(operation);
            return;
        }
        if (message instanceof MCommand m) {
            lasting.operations().ended(operation); // it does not show itself
            boolean may = session.caps(keys).allows("mon", "rwx");
            session.send(may ? tell(m) : CommandTable.DENIED.reply().to(m));
            return;
        }
        if (guest.unseen.size() >= UNSEEN_MAX) {
            LOG.warn("{} sends faster than it can be answered; closed", session);
            connection.close();
            forget(connection);
            lasting.operations().dropped(operation);
            return;
        }
        switch (message) {
            case MOSDBoot _ -> guest.boots = true;
            case MOSDMarkMeDown m when m.wantAnswer() -> {
                guest.boots = false;
                session.osdMapSent = -1; // it goes; maps would only keep it busy
            }
            default -> {}
        }
        operation.forwarded();
        guest.unseen.addLast(new Unseen(message, operation));
        if (message instanceof MMonCommand m && guest.unanswered.size() < UNSEEN_MAX) {
            Operation before = guest.unanswered.put(m.tid(), operation);
            if (before != null) {
                lasting.operations().dropped(before);
            }
        }
        leader.send(forward(guest, connection, message));
    }

    private MForward forward(Guest guest, Connection connection, Message message) {
        String caps =
                keys.entity(guest.session.name())
                        .map(entity -> entity.caps().getOrDefault("mon", ""))
                        .orElse("");
        return new MForward(
                guest.number,
                guest.session.type(),
                connection.peerAddrs(),
                connection.peerSeenAt(),
                caps,
                MonitorFacts.FEATURES,
                guest.session.name(),
                message);
    }

    /** Lets everybody go. */
    @Override
    public void close() {
        closed = true;
        messenger.close();
        new ArrayList<>(guests.keySet()).forEach(this::forget);
    }
}
