package io.sepiola.client;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.messenger.CephxClient;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.ConnectionModes;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Msgr2;
import io.sepiola.messenger.Msgr2Options;
import io.sepiola.messenger.ServerAuth;
import io.sepiola.messenger.Transport;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.LogEntry;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.message.MConfig;
import io.sepiola.protocol.message.MGetPoolStats;
import io.sepiola.protocol.message.MGetPoolStatsReply;
import io.sepiola.protocol.message.MLog;
import io.sepiola.protocol.message.MMgrCommandReply;
import io.sepiola.protocol.message.MMgrMap;
import io.sepiola.protocol.message.MOSDMap;
import io.sepiola.protocol.message.MPing;
import io.sepiola.protocol.message.MPoolOp;
import io.sepiola.protocol.message.MPoolOpReply;
import io.sepiola.protocol.message.MStatfs;
import io.sepiola.protocol.message.MStatfsReply;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.PoolStat;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A client of one cluster: wires a messenger, the monitors' session, the objecter, the manager's.
 */
final class ClusterClient implements Rados {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterClient.class);

    private final Shard shard;
    private final RadosOptions options;
    private final Messenger messenger;
    private final MonClient monitors;
    private final Objecter objecter;
    private final ManagerSession manager;
    private final TellCommands tells;
    private final Runnable afterClose;
    private final CompletableFuture<Rados> ready = new CompletableFuture<>();
    private Consumer<LogEntry> logListener = entry -> {};
    private Timers.@Nullable Timer timeoutOrNull;

    private ClusterClient(
            Shard shard,
            Transport transport,
            RadosOptions options,
            CryptoKey secret,
            RandomGenerator random,
            Runnable afterClose) {
        this.shard = shard;
        this.options = options;
        this.afterClose = afterClose;
        CephxClient cephx =
                new CephxClient(
                        options.name(), secret, CephxClient.CLIENT_SERVICES, shard.clock(), random);
        this.messenger =
                new Msgr2(
                        new EntityName(EntityType.CLIENT, -1),
                        Msgr2Options.DEFAULT.with(options.modes()),
                        new Msgr2.Parts(
                                shard, transport, cephx, ServerAuth.NOBODY, new Events(), random));
        this.monitors =
                new MonClient(
                        shard,
                        messenger,
                        cephx,
                        MonClient.Options.client(options.monitors()),
                        random,
                        new MonitorNews());
        this.objecter = new Objecter(shard, messenger, monitors, cephx, random, options.limits());
        this.manager = new ManagerSession(shard, messenger, monitors);
        this.tells = new TellCommands(shard, messenger);
    }

    static CompletableFuture<Rados> connect(
            Shard shard,
            Transport transport,
            RadosOptions options,
            CryptoKey secret,
            RandomGenerator random,
            Runnable afterClose) {
        ClusterClient client =
                new ClusterClient(shard, transport, options, secret, random, afterClose);
        shard.execute(client::begin);
        return client.ready;
    }

    private void begin() {
        timeoutOrNull = shard.timers().after(options.timeout(), this::tooLate);
        objecter.start();
        monitors.start()
                .thenCompose(globalId -> objecter.map(1))
                .whenComplete((map, failure) -> {
                    if (timeoutOrNull != null) {
                        timeoutOrNull.cancel();
                    }
                    if (failure == null) {
                        ready.complete(this);
                    } else {
                        ready.completeExceptionally(failure);
                    }
                });
    }

    private void tooLate() {
        Duration timeout = options.timeout();
        boolean loggedIn = monitors.globalId() != 0;
        giveUp(
                new RadosException(
                        Errno.ETIMEDOUT,
                        loggedIn
                                ? "no OSD map came from the monitors within "
                                        + timeout.toSeconds()
                                        + " s; are they in quorum?"
                                : "cannot reach the monitors at "
                                        + shown(options.monitors())
                                        + " within "
                                        + timeout.toSeconds()
                                        + " s; check mon_host and that they run"));
    }

    private static String shown(List<EntityAddrVec> monitors) {
        return String.join(" ", monitors.stream().map(EntityAddrVec::toString).toList());
    }

    private void giveUp(RadosException why) {
        if (ready.completeExceptionally(why)) {
            close();
        }
    }

    @Override
    public UUID fsid() {
        return monitors.fsid();
    }

    @Override
    public long globalId() {
        return monitors.globalId();
    }

    @Override
    public CompletableFuture<IoContext> open(String pool) {
        return onShard(
                        () -> {
                            OsdMap map = objecter.mapOrNull();
                            OptionalLong id = map == null ? OptionalLong.empty() : map.poolId(pool);
                            return id.isPresent()
                                    ? CompletableFuture.completedFuture(id.getAsLong())
                                    : objecter.newestMap().thenApply(newest -> idOf(newest, pool));
                        })
                .thenApply(id -> context(pool, id));
    }

    private static long idOf(OsdMap map, String pool) {
        return map.poolId(pool)
                .orElseThrow(
                        () -> new RadosException(Errno.ENOENT, "there is no pool '" + pool + "'"));
    }

    private IoContext context(String pool, long id) {
        return new Pool(shard, objecter, pool, ObjectLocator.of(id), 0);
    }

    @Override
    public CompletableFuture<List<String>> pools() {
        return onShard(() -> {
            OsdMap map = objecter.mapOrNull();
            return CompletableFuture.completedFuture(
                    map == null ? List.of() : List.copyOf(map.poolNames().values()));
        });
    }

    @Override
    public CompletableFuture<OsdMap> osdMap() {
        return onShard(() -> objecter.newestMap());
    }

    @Override
    public CompletableFuture<Void> createPool(String pool) {
        // The monitors do not mind that there is one already, so the newest map is asked.
        return osdMap().thenCompose(
                        map -> {
                            if (map.poolId(pool).isPresent()) {
                                throw new RadosException(
                                        Errno.EEXIST, "there is a pool '" + pool + "' already");
                            }
                            return poolOp(tid ->
                                    new MPoolOp(tid, 0, fsid(), 0, MPoolOp.CREATE, 0, pool, -1));
                        })
                .thenCompose(epoch -> waitFor(epoch, "the pool '" + pool + "'"));
    }

    @Override
    public CompletableFuture<Void> deletePool(String pool) {
        return open(pool)
                .thenCompose(context ->
                        poolOp(tid ->
                                new MPoolOp(
                                        tid,
                                        0,
                                        fsid(),
                                        (int) context.poolId(),
                                        MPoolOp.DELETE,
                                        0,
                                        "delete",
                                        0)))
                .thenCompose(epoch -> waitFor(epoch, "the pool '" + pool + "'"));
    }

    private CompletableFuture<Integer> poolOp(java.util.function.LongFunction<Message> question) {
        return monitors.ask(question)
                .thenApply(answer -> {
                    MPoolOpReply reply = (MPoolOpReply) answer;
                    if (reply.result() < 0) {
                        throw new RadosException(
                                -reply.result(),
                                "the monitors refuse: " + Errno.describe(reply.result()));
                    }
                    return reply.epoch();
                });
    }

    private CompletableFuture<Void> waitFor(int epoch, String what) {
        LOG.debug("waiting for OSD map {} with {}", epoch, what);
        return onShard(() -> objecter.map(epoch)).thenAccept(map -> {});
    }

    @Override
    public CompletableFuture<ClusterUsage> usage() {
        return monitors.ask(tid -> new MStatfs(tid, 0, fsid(), Optional.empty()))
                .thenApply(answer -> {
                    MStatfsReply reply = (MStatfsReply) answer;
                    return new ClusterUsage(
                            reply.kb(), reply.kbUsed(), reply.kbAvailable(), reply.objects());
                });
    }

    @Override
    public CompletableFuture<SortedMap<String, PoolUsage>> poolUsage(List<String> pools) {
        CompletableFuture<List<String>> names =
                pools.isEmpty() ? pools() : CompletableFuture.completedFuture(pools);
        return names.thenCompose(all -> monitors.ask(tid -> new MGetPoolStats(tid, 0, fsid(), all)))
                .thenApply(answer -> {
                    MGetPoolStatsReply reply = (MGetPoolStatsReply) answer;
                    SortedMap<String, PoolUsage> usage = new TreeMap<>();
                    reply.stats().forEach((name, s) -> usage.put(name, usage(s, reply.perPool())));
                    return usage;
                });
    }

    private static PoolUsage usage(PoolStat stat, boolean perPool) {
        ObjectStatSum sum = stat.stats().sum();
        return new PoolUsage(
                perPool ? stat.store().allocated() : sum.bytes(),
                sum.objects(),
                sum.clones(),
                sum.copies(),
                sum.missingOnPrimary(),
                sum.unfound(),
                sum.degraded(),
                sum.reads(),
                sum.readKib(),
                sum.writes(),
                sum.writeKib(),
                stat.store().compressedAllocated(),
                stat.store().compressedOriginal());
    }

    @Override
    public CompletableFuture<CommandReply> monitorCommand(String json, Bytes input) {
        return monitors.command(json, input);
    }

    @Override
    public CompletableFuture<CommandReply> managerCommand(String json, Bytes input) {
        return onShard(() -> manager.command(json, input));
    }

    @Override
    public CompletableFuture<CommandReply> osdCommand(int osd, String json, Bytes input) {
        return onShard(() -> objecter.newestMap())
                .thenCompose(map -> {
                    if (!map.exists(osd)) {
                        throw new RadosException(Errno.ENOENT, "there is no osd." + osd);
                    }
                    return tell(EntityType.OSD, "osd." + osd, () -> addrsOf(osd), json, input);
                });
    }

    private EntityAddrVec addrsOf(int osd) {
        OsdMap map = objecter.mapOrNull();
        return map != null && map.isUp(osd) ? map.addrs(osd) : EntityAddrVec.EMPTY;
    }

    @Override
    public CompletableFuture<CommandReply> pgCommand(PgId pg, String json, Bytes input) {
        return onShard(() -> objecter.newestMap())
                .thenCompose(map -> {
                    if (map.pool(pg.pool()).isEmpty()) {
                        throw new RadosException(Errno.ENOENT, "there is no placement group " + pg);
                    }
                    int primary = map.map(map.actualPg(pg)).actingPrimary();
                    return tell(
                            EntityType.OSD,
                            "the primary of " + pg,
                            () -> addrsOf(primary),
                            json,
                            input);
                });
    }

    @Override
    public CompletableFuture<CommandReply> managerTell(String json, Bytes input) {
        return onShard(() ->
                        manager.known()
                                .thenCompose(map ->
                                        tells.ask(
                                                EntityType.MGR,
                                                "the active manager",
                                                manager::activeAddrs,
                                                tid -> tellMessage(tid, json, input))))
                .thenApply(ClusterClient::reply);
    }

    @Override
    public CompletableFuture<CommandReply> monitorTell(String name, String json, Bytes input) {
        return tell(EntityType.MON, "mon." + name, () -> monitor(name), json, input);
    }

    @Override
    public CompletableFuture<String> pingMonitor(String name) {
        return onShard(() ->
                        tells.ask(
                                EntityType.MON,
                                "mon." + name,
                                () -> monitor(name),
                                TellCommands::ping))
                .thenApply(answer -> answer instanceof MPing ping ? pingText(ping) : "");
    }

    private static String pingText(MPing ping) {
        return ping.text().isEmpty() ? "" : new io.sepiola.base.Decoder(ping.text()).string();
    }

    private EntityAddrVec monitor(String name) {
        Optional<MonMap> map = monitors.monMap();
        return map.flatMap(m -> Optional.ofNullable(m.monitors().get(name)))
                .map(MonMap.MonInfo::addrs)
                .orElse(EntityAddrVec.EMPTY);
    }

    private CompletableFuture<CommandReply> tell(
            EntityType type, String name, TellCommands.Target target, String json, Bytes input) {
        return onShard(() -> tells.ask(type, name, target, tid -> tellMessage(tid, json, input)))
                .thenApply(ClusterClient::reply);
    }

    private MCommand tellMessage(long tid, String json, Bytes input) {
        return new MCommand(tid, fsid(), List.of(json), input);
    }

    private static CommandReply reply(Message answer) {
        if (answer instanceof MCommandReply reply) {
            return new CommandReply(reply.result(), reply.text(), reply.output());
        }
        throw new RadosException(Errno.EIO, "an answer of the wrong kind came to a command");
    }

    @Override
    public void watchLog(String level, Consumer<LogEntry> listener) {
        shard.execute(() -> {
            logListener = listener;
            monitors.subscribe("log-" + level, 0, false);
        });
    }

    @Override
    public void close() {
        shard.execute(() -> {
            objecter.close();
            manager.close();
            tells.close();
            monitors.close();
            messenger.close();
            afterClose.run();
        });
    }

    private <T> CompletableFuture<T> onShard(Supplier<CompletableFuture<T>> task) {
        if (shard.isCurrent()) {
            return task.get();
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        shard.execute(() ->
                task.get()
                        .whenComplete((value, failure) -> {
                            if (failure == null) {
                                result.complete(value);
                            } else {
                                result.completeExceptionally(failure);
                            }
                        }));
        return result;
    }

    /** What the monitors keep for this client counts where its own configuration says nothing. */
    private void configured(MConfig config) {
        try {
            messenger.modes(options.modes().over(ConnectionModes.of(config.options())));
        } catch (Malformed kept) { // Ceph's monitors take any word
            LOG.warn("{}: {}", options.name(), kept.getMessage());
        }
    }

    /** What the monitors tell that the session with them does not use itself. */
    private final class MonitorNews implements MonClient.Listener {
        @Override
        public void received(Message message) {
            switch (message) {
                case MOSDMap map -> objecter.received(map);
                case MMgrMap map -> manager.received(map);
                case MConfig config -> configured(config);
                case MLog log -> {
                    for (LogEntry entry : log.entries()) {
                        logListener.accept(entry);
                    }
                    monitors.received("log-info", log.version());
                }
                default -> {} // maps that clients of objects have no use for
            }
        }

        @Override
        public void denied(String reason) {
            giveUp(
                    new RadosException(
                            Errno.EACCES,
                            "the monitors refuse the login of "
                                    + options.name()
                                    + " ("
                                    + reason
                                    + ")"));
        }
    }

    /** Brings the messenger's calls to whom they concern, on the shard. */
    private final class Events implements Dispatcher {
        @Override
        public void connected(Connection connection) {
            if (connection.peerType() == EntityType.MON) {
                monitors.dispatcher().connected(connection);
            }
        }

        @Override
        public void received(Connection connection, Message message) {
            boolean told = message instanceof MCommandReply || message instanceof MPing;
            if (monitors.owns(connection) && !told) {
                monitors.dispatcher().received(connection, message);
            } else if (shard.isCurrent()) {
                route(connection, message);
            } else {
                shard.execute(() -> route(connection, message));
            }
        }

        private void route(Connection connection, Message message) {
            switch (message) {
                case MOSDMap map -> objecter.received(map);
                case MMgrCommandReply reply -> manager.received(reply);
                case MCommandReply _, MPing _ -> tells.received(message, connection);
                default -> objecter.received(connection, message);
            }
        }

        @Override
        public void reset(Connection connection) {
            if (monitors.owns(connection)) {
                monitors.dispatcher().reset(connection);
            }
            shard.execute(() -> {
                objecter.reset(connection);
                manager.reset(connection);
                tells.reset(connection);
            });
        }

        @Override
        public void refused(Connection connection) {
            if (monitors.owns(connection)) {
                monitors.dispatcher().refused(connection);
            }
            shard.execute(() -> {
                objecter.refused(connection);
                manager.reset(connection);
                tells.reset(connection);
            });
        }

        @Override
        public void denied(Connection connection, String reason) {
            if (monitors.owns(connection)) {
                monitors.dispatcher().denied(connection, reason);
                return;
            }
            shard.execute(() -> objecter.denied(connection, reason));
        }
    }
}
