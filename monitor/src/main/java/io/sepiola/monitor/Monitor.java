package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Malformed;
import io.sepiola.base.Shard;
import io.sepiola.messenger.CephxMonitorAuth;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Identity;
import io.sepiola.messenger.Messenger;
import io.sepiola.monitor.health.HealthRules;
import io.sepiola.monitor.operation.Operation;
import io.sepiola.monitor.operation.Operations;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.ChangeCodec;
import io.sepiola.monitor.state.Draft;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.caps.MonCaps;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.message.MMgrDigest;
import io.sepiola.protocol.message.MServiceMap;
import io.sepiola.protocol.option.RunningOptions;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * A monitor: keeps the cluster's maps, lets clients and daemons in, and answers commands.
 *
 * <p>Messages come in on the event loops and are handed to the monitor's shard, which owns
 * everything but the keys. What a message changes is drafted, committed to the log, and only then
 * seen by anybody or answered.
 */
public final class Monitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int QUEUED_MAX = 10_000; // messages of one session, not yet looked at

    private final MonitorOptions options;
    private final Shard shard;
    private final Clock clock;
    private final RandomGenerator random;
    private final ReplicatedLog log;
    private final LeaseGate gate;
    private final Committer committer;
    private final MonitorKeys keys;
    private final CephxMonitorAuth auth;
    private final Messenger messenger;
    private final ModesInForce modes;
    private final Subscriptions subscriptions;
    private final OsdService osds;
    private final MgrService mgrs;
    private final ClusterLog clusterLog;
    private final HealthLog healthLog;
    private final HealthRules rules;
    private final MonitorFacts facts;
    private final Requests requests;
    private final Followers followers;
    private final MonitorCounters counters;
    private final Joins joins;
    private final Map<Connection, Session> sessions = new LinkedHashMap<>();
    private final CompletableFuture<EntityAddrVec> serving = new CompletableFuture<>();
    private Lasting lasting;
    private @Nullable Instant servingSince;
    private boolean reserving; // global ids for itself
    private Consumer<MonMap> monMaps = map -> {};
    private boolean closed;

    /**
     * Recovers what the log holds; may block for reading it. {@link #start} does the rest.
     *
     * @param random secure outside of simulations
     * @param log not yet read
     * @throws Malformed when the log is damaged or another cluster's
     */
    public Monitor(
            MonitorOptions options,
            Shard shard,
            RandomGenerator random,
            ReplicatedLog log,
            MessengerFactory messengers) {
        this.options = options;
        this.shard = shard;
        this.clock = shard.clock();
        this.random = random;
        this.log = log;
        this.lasting = new Lasting(clock);
        this.gate = new LeaseGate(shard, log);
        ReplicatedLog.Recovered recovered = log.recover();
        this.committer =
                new Committer(
                        shard,
                        clock,
                        log,
                        recovered,
                        MonitorState.blank(options.fsid()),
                        this::committed);
        if (!state().monMap().fsid().equals(options.fsid())) {
            throw new Malformed(
                    "the monitor's log belongs to cluster "
                            + state().monMap().fsid()
                            + ", not to "
                            + options.fsid()
                            + "; give it the right directory");
        }
        this.keys = new MonitorKeys(() -> committer.state().auth(), this::agreed);
        this.auth = new CephxMonitorAuth(keys, clock, random);
        int rank = Math.max(0, state().monMap().rank(options.name()));
        this.messenger =
                messengers.make(new EntityName(EntityType.MON, rank), auth, new Incoming());
        this.modes = new ModesInForce(options, messenger, state());
        this.clusterLog =
                new ClusterLog(
                        options.name(), rank, EntityAddrVec.of(options.addr()), committer.draft());
        this.rules = new HealthRules(option -> setting(state(), option));
        this.osds = new OsdService(committer.draft(), clusterLog, this::drafted);
        this.mgrs = new MgrService(committer.draft(), clusterLog, this::drafted);
        this.subscriptions =
                new Subscriptions(committer::state, committer::version, keys, new PgCreations());
        this.facts = new MonitorFacts(this);
        this.healthLog = new HealthLog(this, clusterLog);
        this.requests = new Requests(this);
        this.followers = new Followers(this);
        this.joins = new Joins(this);
        this.counters = new MonitorCounters(this);
    }

    /**
     * Makes the log of a new cluster's monitor and serves nobody; may block for reading it.
     *
     * @param log not yet read
     * @return completes when what a new cluster begins with is durable
     * @throws Malformed when the log holds a cluster already
     */
    public static CompletionStage<Void> mkfs(ReplicatedLog log, Shard shard, Genesis genesis) {
        if (log.recover().version() != 0) {
            throw new Malformed("the monitor's log holds a cluster already");
        }
        Draft draft = new Draft(MonitorState.blank(genesis.fsid()), shard.clock());
        genesis.changes(shard.clock().now()).forEach(draft::propose);
        CompletableFuture<Void> done = new CompletableFuture<>();
        shard.execute(
                () -> log.append(ChangeCodec.record(draft.take()), version -> done.complete(null)));
        return done;
    }

    /** Makes one state of a log's contents, for logs that summarize by themselves. */
    public static Function<ReplicatedLog.Recovered, Bytes> summary(UUID fsid) {
        return found ->
                MonitorState.CODEC.toBytes(Committer.replay(found, MonitorState.blank(fsid)));
    }

    /** Who hears of the monitors' map as it is agreed; before {@link #start}. On the shard. */
    void tellMonMaps(Consumer<MonMap> listener) {
        monMaps = listener;
    }

    /** Whether the log holds no cluster yet; then {@link #start} needs a genesis. */
    public boolean isNew() {
        return state().monMap().epoch() == 0;
    }

    /**
     * Begins to serve.
     *
     * @param genesis what a new cluster begins with; not looked at when there is one already
     * @return where it listens, once it does
     */
    public CompletionStage<EntityAddrVec> start(Optional<Genesis> genesis) {
        shard.execute(() -> {
            try {
                begin(genesis);
            } catch (RuntimeException failure) {
                serving.completeExceptionally(failure);
            }
        });
        return serving;
    }

    private void begin(Optional<Genesis> genesis) {
        if (isNew()) {
            Genesis given =
                    genesis.orElseThrow(() ->
                            new IllegalStateException(
                                    "the monitor's log holds no cluster; make one with --mkfs"));
            given.changes(clock.now()).forEach(draft()::propose);
        }
        MonMap.MonInfo known = state().monMap().monitors().get(options.name());
        if (known != null && !known.addrs().msgr2().equals(Optional.of(options.addr()))) {
            throw new Malformed(
                    "mon."
                            + options.name()
                            + " is at "
                            + known.addrs()
                            + " by the monitors' own map, not at "
                            + EntityAddrVec.of(options.addr())
                            + "; correct mon_host");
        }
        MonitorKeys.maintain(draft(), this::agreed, random, clock.now());
        reserveIds(keys::grant);
        clusterLog.write(
                ClusterLog.INFO,
                "mon." + options.name() + " is new leader, mons " + quorumText(),
                clock.now());
        committer.whenCommitted(this::listen);
    }

    private String quorumText() {
        MonMap map = draft().state().monMap();
        List<Integer> ranks = present();
        return ranks.stream().map(rank -> map.ranks().get(rank)).collect(Collectors.joining(","))
                + " in quorum (ranks "
                + ranks.stream().map(String::valueOf).collect(Collectors.joining(","))
                + ")";
    }

    private void listen() {
        try {
            messenger.listen(options.addr());
        } catch (RuntimeException refused) {
            serving.completeExceptionally(refused);
            return;
        }
        servingSince = clock.now();
        configureOperations();
        healthLog.begin();
        tickLater();
        LOG.info("mon.{} serves at {}", options.name(), messenger.addrs());
        serving.complete(messenger.addrs());
        monMaps.accept(state().monMap());
    }

    private void tickLater() {
        shard.timers()
                .after(
                        TICK,
                        () -> {
                            if (!closed) {
                                tick();
                                tickLater();
                            }
                        });
    }

    private void tick() {
        Instant now = clock.now();
        MonitorKeys.maintain(draft(), this::agreed, random, now);
        if (keys.isLow() && !reserving) {
            reserving = true;
            reserveIds(ids -> {
                reserving = false;
                keys.grant(ids);
            });
        }
        osds.tick(now);
        mgrs.tick(now);
        healthLog.look(now);
        healthLog.endMutes(now);
        requests.tick(now);
        followers.forgetSilent();
        if (!draft().isEmpty()) {
            committer.flushSoon();
        }
    }

    /** Reserves global ids for one monitor; {@code then} is told once they are. */
    void reserveIds(Consumer<MonitorKeys.Ids> then) {
        MonitorKeys.Ids ids = MonitorKeys.reserve(draft());
        committer.whenCommitted(() -> then.accept(ids));
    }

    /** Takes what the manager says of services. */
    void serviceMap(Bytes map) {
        if (subscriptions.serviceMap(sessions.values(), map)) {
            followers.tell(() -> new MServiceMap(subscriptions.serviceMap()));
        }
    }

    /** Another monitor, which does not lead, said something. */
    void said(Connection line, Message message) {
        if (servingSince != null && !closed) {
            gate.whenLeased(() -> followers.said(line, message));
        }
    }

    /** The line to another monitor is gone. */
    void lost(Connection line) {
        followers.lost(line);
    }

    /** A commit happened: tell who wished to know. */
    private void committed(long version, List<Change> changes) {
        modes.committed(state(), changes);
        followers.committed(version, changes);
        subscriptions.committed(sessions.values(), version, changes);
        if (changes.stream().anyMatch(Subscriptions::isOfConfig)) {
            configureOperations();
        }
        if (changes.stream().anyMatch(Change.OsdMapStep.class::isInstance)) {
            healthLog.look(clock.now());
        }
        if (changes.stream().anyMatch(Change.MonMapReplaced.class::isInstance)) {
            monMaps.accept(state().monMap());
        }
    }

    /** Stops. What was not committed is not answered. */
    @Override
    public void close() {
        shard.execute(() -> {
            closed = true;
            gate.close();
            lasting.operations().dropAll();
            messenger.close();
            log.close();
        });
    }

    /** What is agreed; any thread may ask. */
    MonitorState state() {
        return committer.state();
    }

    int electionEpoch() {
        return log.electionEpoch();
    }

    /** Why other monitors cannot come to hold the log; empty when they can. */
    Optional<String> whyAlone() {
        return log.whyAlone(() -> MonitorState.CODEC.toBytes(state()));
    }

    /** The ranks of the monitors that agree at present. */
    List<Integer> present() {
        return log.present();
    }

    Draft draft() {
        return committer.draft();
    }

    Committer committer() {
        return committer;
    }

    MonitorOptions options() {
        return options;
    }

    MonitorKeys keys() {
        return keys;
    }

    CephxMonitorAuth auth() {
        return auth;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    Joins joins() {
        return joins;
    }

    Followers followers() {
        return followers;
    }

    MMgrDigest digest() {
        return requests.digest();
    }

    OsdService osds() {
        return osds;
    }

    MgrService mgrs() {
        return mgrs;
    }

    HealthRules rules() {
        return rules;
    }

    MonitorFacts facts() {
        return facts;
    }

    MonitorCounters counters() {
        return counters;
    }

    Clock clock() {
        return clock;
    }

    RandomGenerator random() {
        return random;
    }

    List<Session> sessions() {
        return new ArrayList<>(sessions.values());
    }

    Instant servingSince() {
        return servingSince == null ? clock.now() : servingSince;
    }

    /** What the monitor's owner tells it, who may tell it everything. Any thread may. */
    public CompletableFuture<MCommandReply> tell(MCommand command) {
        CompletableFuture<MCommandReply> answered = new CompletableFuture<>();
        shard.execute(() -> {
            requests.tell(self(), MonCaps.ALL, command, answered::complete);
            if (!draft().isEmpty()) {
                committer.flushSoon();
            }
        });
        return answered;
    }

    private String drafted(String option) {
        return setting(draft().settled(), option);
    }

    /** An option of the monitors: agreed, else configured, else the default. */
    String setting(MonitorState from, String option) {
        String told = lasting.overrides().values().get(option);
        if (told != null) {
            return told;
        }
        return options.value(from, option);
    }

    /** The same, whatever this monitor alone was told; any thread may ask. */
    private String agreed(String option) {
        return options.value(committer.state(), option);
    }

    private AuthName self() {
        return new AuthName(EntityType.MON, options.name());
    }

    /** Where the values of options come from: told, agreed, or configured. */
    RunningOptions running(MonitorState from) {
        return options.running(from, lasting.overrides().values());
    }

    Overrides overrides() {
        return lasting.overrides();
    }

    Operations operations() {
        return lasting.operations();
    }

    void configureOperations() {
        RunningOptions running = running(state());
        operations().configure(option -> running.value(option).orElse(""));
    }

    /** What this monitor has kept from earlier, and will keep; before {@link #start}. */
    void share(Lasting kept) {
        lasting = kept;
    }

    /** The newest agreed OSD map. */
    OsdMap osdMap() {
        return state().osdMaps().newest();
    }

    /** Hands what comes in to the shard. Called on event loops. */
    private final class Incoming implements Dispatcher {
        private final Map<Connection, AtomicInteger> queued = new IdentityHashMap<>();

        private AtomicInteger queuedOf(Connection connection) {
            synchronized (queued) { // several event loops
                return queued.computeIfAbsent(connection, key -> new AtomicInteger());
            }
        }

        @Override
        public void accepted(Connection connection) {
            shard.execute(() -> open(connection));
        }

        @Override
        public void received(Connection connection, Message message) {
            AtomicInteger count = queuedOf(connection);
            if (count.incrementAndGet() > QUEUED_MAX) {
                LOG.warn("{} sends faster than it can be answered; closed", connection.peerName());
                connection.close();
                reset(connection);
                return;
            }
            long arrivedNanos = clock.nanos();
            shard.execute(() -> {
                Session from = sessions.get(connection);
                String source = from == null ? "" : from.source();
                Operation operation = operations().began(message, source, arrivedNanos);
                gate.whenLeased(() -> {
                    count.decrementAndGet(); // what is held counts, too
                    Session session = sessions.get(connection);
                    if (session == null) {
                        operations().dropped(operation);
                    } else {
                        handle(session, message, operation);
                    }
                });
            });
        }

        @Override
        public void reset(Connection connection) {
            synchronized (queued) {
                queued.remove(connection);
            }
            shard.execute(() -> {
                if (sessions.remove(connection) != null) {
                    counters.sessions().ended();
                }
            });
        }
    }

    private void open(Connection connection) {
        Identity identity = connection.identityOrNull();
        if (identity == null || closed) {
            connection.close();
            return;
        }
        sessions.put(connection, new Session(connection, identity));
        counters.sessions().begun();
    }

    /** A message comes now. */
    Operation began(Session session, Message message) {
        return operations().began(message, session.source(), clock.nanos());
    }

    /** Does what a session asks for. */
    void handle(Session session, Message message, Operation operation) {
        operation.step("mon:dispatch_op");
        if (message instanceof MCommand) {
            operations().ended(operation); // it does not show itself
        }
        int waiting = committer.waitingCount();
        boolean hadDraft = !draft().isEmpty();
        try {
            requests.handle(session, message);
        } catch (Malformed malformed) {
            LOG.warn("{} sent what cannot be read: {}", session, malformed.getMessage());
        }
        if (committer.waitingCount() > waiting || !hadDraft && !draft().isEmpty()) {
            operation.awaitsCommit();
            committer.whenCommitted(() -> {
                operation.step("callback finished");
                operations().ended(operation);
            });
        } else {
            operations().ended(operation);
        }
        if (!draft().isEmpty()) {
            committer.flushSoon();
        }
    }

    /** What {@code ceph ping} gets. */
    Bytes pingText() {
        return facts.pingText();
    }
}
