package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.base.Mark;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.client.MonClient;
import io.sepiola.messenger.CephxClient;
import io.sepiola.messenger.CephxServiceAuth;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.ConnectionModes;
import io.sepiola.messenger.Identity;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Msgr2;
import io.sepiola.messenger.Msgr2Options;
import io.sepiola.messenger.Transport;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.caps.MgrCaps;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.message.MConfig;
import io.sepiola.protocol.message.MKVData;
import io.sepiola.protocol.message.MMgrBeacon;
import io.sepiola.protocol.message.MMgrCommand;
import io.sepiola.protocol.message.MMgrCommandReply;
import io.sepiola.protocol.message.MMgrConfigure;
import io.sepiola.protocol.message.MMgrMap;
import io.sepiola.protocol.message.MMgrOpen;
import io.sepiola.protocol.message.MMgrReport;
import io.sepiola.protocol.message.MMonMgrReport;
import io.sepiola.protocol.message.MOSDMap;
import io.sepiola.protocol.message.MPGStats;
import io.sepiola.protocol.option.ReportedOptions;
import io.sepiola.protocol.osd.HealthCheck;
import io.sepiola.protocol.osd.HealthChecks;
import io.sepiola.protocol.osd.PgMapDigest;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * One manager daemon. Tells the monitors that it lives; when they make it the active one, gathers
 * the OSDs' reports, sums them up for the monitors and answers questions about them. Owned by its
 * shard; the public methods may be called from any thread.
 */
public final class Manager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Manager.class);
    private static final UUID NO_FSID = new UUID(0, 0);

    /** What pacific offers. */
    private static final long FEATURES = 0x3f01cfbdfffdffffL;

    private static final int OSD_REPORT_SECONDS = 5;
    private static final int EARLY_MAX = 10_000;
    private static final int NO_EPOCH = -1;
    private static final String STATUS = "{\"prefix\":\"status\",\"format\":\"json\"}";
    private static final int COUNTER_PRIORITY_MIN = 5;
    private static final Bytes NO_QUERIES = Bytes.zeros(4 + 4); // of OSDs, of metadata servers

    private final ManagerOptions options;
    private final Shard shard;
    private final Messenger messenger;
    private final MonClient monitors;
    private final OsdMapFollower osdMaps = new OsdMapFollower();
    private final Rates rates = new Rates();
    private final OsdSessions sessions = new OsdSessions();
    private final DaemonReports reports = new DaemonReports();
    private final Readiness readiness = new Readiness();
    private final HealthHistory history = new HealthHistory();
    private final ModuleOptions moduleOptions;
    private final MetricsDoor metrics;
    private final ModuleStore store = new ModuleStore();
    private final TellCommands tells;
    private final ManagerCounters own = new ManagerCounters();
    private final MonitorOrders orders;
    private final Progress progress;
    private final Modules modules;
    private final SortedMap<String, String> services = new TreeMap<>();
    private final SortedMap<Integer, MPGStats> early = new TreeMap<>(); // before the first OSD map
    private final CompletableFuture<Void> active = new CompletableFuture<>();
    private MgrMap mgrMap = MgrMap.EMPTY;
    private Rates.Delta delta = Rates.Delta.NONE;
    private @Nullable PgMap pgMapOrNull;
    private Timers.@Nullable Timer reportDue;
    private @Nullable Dashboard dashboard;
    private boolean started;
    private boolean soon;
    private boolean closed;

    /**
     * A manager that does nothing before {@link #start}.
     *
     * @param secret the key of {@code mgr.ID}
     * @param random secure outside of simulations
     */
    public Manager(
            ManagerOptions options,
            Shard shard,
            Transport transport,
            CryptoKey secret,
            RandomGenerator random) {
        this.options = options;
        this.shard = shard;
        CephxClient cephx =
                new CephxClient(
                        new AuthName(EntityType.MGR, options.id()),
                        secret,
                        CephxClient.CLIENT_SERVICES,
                        shard.clock(),
                        random);
        this.messenger =
                new Msgr2(
                        new EntityName(EntityType.MGR, -1),
                        Msgr2Options.DEFAULT.with(ConnectionModes.of(options.moduleOptions())),
                        new Msgr2.Parts(
                                shard,
                                transport,
                                cephx,
                                new CephxServiceAuth(
                                        EntityType.MGR, cephx::rotating, shard.clock(), random),
                                new FrontDispatcher(
                                        shard, this::monitors, this::received, this::ended, own),
                                random));
        this.monitors =
                new MonClient(
                        shard,
                        messenger,
                        cephx,
                        MonClient.Options.service(options.monitors(), options.hostname()),
                        random,
                        new News());
        this.moduleOptions = new ModuleOptions(options.id(), options.moduleOptions());
        this.tells =
                new TellCommands(
                        options.id(),
                        moduleOptions,
                        own.shown(),
                        this::override,
                        () -> new TellCommands.Status(mgrMap.epoch(), isActive()));
        MetricsPage page =
                new MetricsPage(
                        shard, command -> monitors.command(command, Bytes.EMPTY), this::known);
        this.metrics = new MetricsDoor(options.metrics(), moduleOptions, page::text);
        this.orders = new MonitorOrders(shard, monitors);
        this.progress = new Progress(moduleOptions, store, random);
        this.modules =
                new Modules(
                        List.of(
                                progress,
                                new Crashes(moduleOptions, store),
                                new Autoscaler(moduleOptions, progress),
                                new Balancer(moduleOptions, shard.clock())));
    }

    private boolean isMonitor(String name) {
        return monitors.monMap().filter(map -> map.rank(name) >= 0).isPresent();
    }

    private void ended(Connection connection) {
        sessions.ended(connection);
        reports.ended(connection);
    }

    private void override(SortedMap<String, String> values) {
        moduleOptions.override(values);
        openMetrics();
    }

    private MonClient monitors() {
        return monitors;
    }

    /** What metrics are made of; null while this is not the active manager or knows no map. */
    private Metrics.@Nullable Known known() {
        PgMap map = pgMapOrNull;
        return map == null || !isActive()
                ? null
                : new Metrics.Known(map, mgrMap, delta, reports, this::isMonitor, history);
    }

    /**
     * Listens and joins the cluster. Completes when the monitors' map names this manager as active
     * and, where a web page is wanted, that is served.
     *
     * @throws io.sepiola.messenger.MessengerException when an address cannot be had
     */
    public CompletableFuture<Void> start() {
        messenger.listen(options.addr());
        options.dashboard()
                .ifPresent(at -> {
                    Dashboard page = new Dashboard(this::status);
                    dashboard = page;
                    services.put("dashboard", page.listen(at));
                });
        shard.execute(this::openMetrics);
        monitors.subscribe("mgrmap", 0, false);
        monitors.subscribe("osdmap", 0, false);
        if (options.modules()) {
            monitors.subscribe("kv:" + ModuleStore.PREFIX, 0, false);
        }
        monitors.start()
                .thenAcceptAsync(globalId -> beaconAgain(), shard)
                .whenComplete((none, failure) -> {
                    if (failure != null) {
                        active.completeExceptionally(failure);
                    }
                });
        return active;
    }

    private void openMetrics() {
        if (metrics.update(shard.clock().nanos())) {
            services.remove("prometheus");
            if (!metrics.uri().isEmpty()) {
                services.put("prometheus", metrics.uri());
            }
            if (started) {
                beacon();
            }
        }
    }

    /** Where it listens. */
    public EntityAddrVec addrs() {
        return messenger.addrs();
    }

    /** Names a web address to the monitors, as {@code ceph mgr services} shows it. */
    public void service(String name, String uri) {
        shard.execute(() -> {
            services.put(name, uri);
            if (monitors.globalId() != 0) {
                beacon();
            }
        });
    }

    @Override
    public void close() {
        shard.execute(() -> {
            closed = true;
            cancelReport();
            metrics.close();
            if (dashboard != null) {
                dashboard.close();
            }
            monitors.close();
            messenger.close();
        });
    }

    private boolean isActive() {
        return mgrMap.activeGid() != 0 && mgrMap.activeGid() == monitors.globalId();
    }

    private void beaconAgain() {
        started = true;
        if (!closed) {
            openMetrics();
            beacon();
            shard.timers().after(options.beaconInterval(), this::beaconAgain);
        }
    }

    private void beacon() {
        monitors.send(
                new MMgrBeacon(
                        0,
                        messenger.addrs(),
                        monitors.globalId(),
                        isActive(),
                        options.id(),
                        monitors.fsid(),
                        List.of(),
                        mgrMap.available() ? List.of() : CommandTable.STANDARD.signatures(),
                        options.metadata(),
                        services,
                        List.of(),
                        FEATURES,
                        List.of(),
                        List.of()));
    }

    private void learn(MMgrMap message) {
        MgrMap map = MgrMap.CODEC.fromBytes(message.map());
        if (map.epoch() == NO_EPOCH) {
            return; // how a monitor answers a beacon that it drops
        }
        boolean before = isActive();
        mgrMap = map;
        monitors.received("mgrmap", Integer.toUnsignedLong(map.epoch()));
        if (isActive() && !before) {
            beacon(); // only who is active may say that it is available
            report();
        } else if (!isActive() && before) {
            readiness.reset();
            reports.configs().forget();
            LOG.info("mgr.{} is no longer active", options.id());
            modules.stopped();
            forget();
            cancelReport();
        }
        if (isActive() && map.available() && !active.isDone()) {
            LOG.info("mgr.{} is active", options.id());
            active.complete(null);
        }
    }

    /** What OSDs said to this manager will be old when it is the active one again. */
    private void forget() {
        OsdMap map = osdMaps.mapOrNull();
        if (map != null) {
            PgMap groups = new PgMap(map);
            groups.update(map, now());
            pgMapOrNull = groups;
        }
    }

    private void learn(MOSDMap message) {
        boolean newer;
        try {
            newer = osdMaps.learn(message);
        } catch (Malformed malformed) {
            LOG.warn("the OSD map is asked for anew: {}", malformed.getMessage());
            monitors.subscribe("osdmap", 0, false);
            return;
        }
        OsdMap map = osdMaps.mapOrNull();
        if (map == null) {
            return;
        }
        monitors.received("osdmap", Integer.toUnsignedLong(map.epoch()));
        if (newer) {
            PgMap known = pgMapOrNull;
            PgMap groups = known == null ? new PgMap(map) : known;
            pgMapOrNull = groups;
            groups.update(map, now());
            early.forEach((osd, stats) -> groups.report(osd, stats, now()));
            early.clear();
            changed();
        }
    }

    private Utime now() {
        return Utime.of(shard.clock().now());
    }

    /**
     * Something that the monitors show has changed: they hear of it soon, with what else changes.
     */
    private void changed() {
        if (!soon && isActive()) {
            soon = true;
            schedule(options.reportDelay());
        }
    }

    private void schedule(Duration delay) {
        cancelReport();
        reportDue = shard.timers().after(delay, this::report);
    }

    private void cancelReport() {
        if (reportDue != null) {
            reportDue.cancel();
            reportDue = null;
        }
    }

    private void report() {
        soon = false;
        PgMap map = pgMapOrNull;
        if (closed || !isActive()) {
            return;
        }
        if (map != null && readiness.isReached(map, shard.clock().nanos())) {
            delta = rates.at(shard.clock().nanos(), now(), Digest.pools(map));
            Instant now = shard.clock().now();
            monitors.send(
                    new MMonMgrReport(
                            0,
                            health(map, now),
                            Bytes.EMPTY,
                            monitors.globalId(),
                            progress.events(now),
                            PgMapDigest.CODEC.toBytes(Digest.of(map, delta))));
            goOn(map);
        }
        schedule(options.reportInterval());
    }

    private HealthChecks health(PgMap map, Instant now) {
        HealthChecks found =
                reports.slowOps()
                        .with(
                                PgHealth.of(map, now, PgHealth.Limits.of(moduleOptions)),
                                map.osdMap());
        SortedMap<String, HealthCheck> all = new TreeMap<>(found.checks());
        metrics.judge(all);
        modules.judge(all, now);
        return new HealthChecks(all);
    }

    /** What modules and pools' numbers of groups need of the monitors: one step at a time. */
    private void goOn(PgMap map) {
        if (!orders.areOpen()) {
            List<String> commands = new ArrayList<>(PgNumSteps.due(map));
            if (options.modules()) {
                commands.addAll(modules.tick(map, shard.clock().now()));
            }
            orders.give(commands);
        }
    }

    private Commands.Facts facts() {
        return new Commands.Facts(
                pgMapOrNull,
                delta,
                shard.clock().now(),
                moduleOptions.running().set(),
                sessions,
                reports.osds(),
                new ConfigShow(
                        "mgr." + options.id(),
                        ReportedOptions.of(moduleOptions.running()),
                        reports.configs()),
                modules);
    }

    private void received(Connection connection, Message message) {
        switch (message) {
            case MMgrOpen open -> {
                LOG.debug("{}.{} reports", connection.peerType().label(), open.daemon());
                reports.begin(connection, open);
                connection.send(
                        new MMgrConfigure(OSD_REPORT_SECONDS, COUNTER_PRIORITY_MIN, NO_QUERIES));
            }
            case MPGStats stats -> report(connection, stats);
            case MMgrReport report -> reports.heard(connection, report, shard.clock().now());
            case MMgrCommand command when isActive() ->
                    answer(command.command(), command.input(), Peer.caps(connection))
                            .thenAccept(answer ->
                                    connection.send(
                                            new MMgrCommandReply(
                                                    command.tid(),
                                                    answer.result(),
                                                    answer.text(),
                                                    answer.output())));
            case MCommand command ->
                    told(command, Peer.caps(connection))
                            .thenAccept(answer -> connection.send(answer.to(command)));
            default -> Mark.hit("message that the manager has no use for, or another has");
        }
    }

    /** Completes on the shard: at once, or when the monitors have answered in our stead. */
    private CompletableFuture<Command.Answer> answer(
            List<String> words, Bytes input, MgrCaps caps) {
        Command.Answer answer = Commands.run(words, input, caps, facts());
        String question = answer.questionOrNull();
        return question == null
                ? orders.then(answer.orders(), answer)
                : monitors.command(question, Bytes.EMPTY)
                        .thenApply(said ->
                                new Command.Answer(said.result(), said.text(), said.output()));
    }

    /** What the manager's owner tells it, who may tell it everything. Any thread may. */
    public CompletableFuture<MCommandReply> tell(MCommand command) {
        return CompletableFuture.supplyAsync(() -> told(command, MgrCaps.ALL), shard)
                .thenCompose(answer -> answer)
                .thenApply(answer -> answer.to(command));
    }

    /** Only those who may all tell this daemon something; a blank fsid marks a command for any. */
    private CompletableFuture<Command.Answer> told(MCommand command, MgrCaps caps) {
        if (!command.fsid().equals(NO_FSID) && !caps.allowsAll()) {
            return CompletableFuture.completedFuture(Commands.DENIED.answer());
        }
        return tells.run(command.command())
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> answer(command.command(), command.input(), caps));
    }

    private void report(Connection connection, MPGStats stats) {
        Identity who = connection.identityOrNull();
        if (who == null
                || who.name().type() != EntityType.OSD
                || !stats.fsid().equals(monitors.fsid())) {
            Mark.hit("statistics refused");
            return;
        }
        OptionalInt osd = Command.osd(who.name().id());
        PgMap map = pgMapOrNull;
        osd.ifPresent(id -> sessions.heard(id, connection));
        if (osd.isEmpty()) {
            Mark.hit("statistics of an OSD without a number");
        } else if (map == null) {
            if (early.size() < EARLY_MAX) {
                early.put(osd.getAsInt(), stats);
            }
        } else if (map.report(osd.getAsInt(), stats, now())) {
            changed();
        }
    }

    /**
     * What the web page shows, as JSON: the monitors' status, and what the manager knows of OSDs,
     * pools and placement groups.
     */
    CompletableFuture<String> status() {
        CompletableFuture<String> status = new CompletableFuture<>();
        shard.execute(() ->
                monitors.command(STATUS, Bytes.EMPTY)
                        .whenComplete((reply, failure) -> {
                            if (failure != null || reply.result() != 0) {
                                status.completeExceptionally(
                                        new IllegalStateException(
                                                "the monitors do not tell the status"));
                            } else {
                                status.complete(
                                        StatusJson.of(
                                                reply.output().toUtf8(),
                                                pgMapOrNull,
                                                delta,
                                                shard.clock().now()));
                            }
                        }));
        return status;
    }

    /** What the monitors say. */
    private final class News implements MonClient.Listener {
        @Override
        public void received(Message message) {
            try {
                switch (message) {
                    case MMgrMap map -> learn(map);
                    case MOSDMap map -> learn(map);
                    case MKVData news -> store.told(news);
                    case MConfig config -> {
                        if (moduleOptions.told(config.options())) {
                            openMetrics();
                            messenger.modes(ConnectionModes.of(moduleOptions.running().set()));
                        }
                    }
                    default -> Mark.hit("news that the manager has no use for");
                }
            } catch (Malformed malformed) {
                LOG.warn("a monitor sent what cannot be read: {}", malformed.getMessage());
            }
        }

        @Override
        public void connected() {
            if (started) {
                beacon();
            }
        }

        @Override
        public void denied(String reason) {
            LOG.warn("the monitors refuse mgr.{}: {}", options.id(), reason);
        }
    }
}
