package io.sepiola.osd.daemon;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.base.Mark;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.client.MonClient;
import io.sepiola.messenger.CephxClient;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.ConnectionModes;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Identity;
import io.sepiola.messenger.Transport;
import io.sepiola.osd.FlappingException;
import io.sepiola.osd.OsdOptions;
import io.sepiola.osd.StoppedException;
import io.sepiola.osd.heartbeat.Heartbeats;
import io.sepiola.osd.report.ManagerReports;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.message.MConfig;
import io.sepiola.protocol.message.MMgrConfigure;
import io.sepiola.protocol.message.MMgrMap;
import io.sepiola.protocol.message.MOSDBoot;
import io.sepiola.protocol.message.MOSDFailure;
import io.sepiola.protocol.message.MOSDMap;
import io.sepiola.protocol.message.MOSDMarkMeDown;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.message.MOSDPGCreate2;
import io.sepiola.protocol.message.MPGStats;
import io.sepiola.protocol.message.MPing;
import io.sepiola.protocol.osd.OsdSuperblock;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreGone;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * An OSD's way into the cluster and out of it, and the roads of its messages. Owned by the shard;
 * the public methods may be called from any thread.
 */
public final class OsdDaemon {
    private static final Logger LOG = LoggerFactory.getLogger(OsdDaemon.class);

    /** What pacific offers; the monitors keep it with the OSD. */
    private static final long FEATURES = 0x3f01cfbdfffdffffL;

    private static final Duration FAREWELL_MAX = Duration.ofSeconds(3);
    private static final Duration BOOT_AGAIN = Duration.ofSeconds(5);
    private static final Duration LISTEN_AGAIN = Duration.ofMillis(500);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

    /** Where the OSD is on its way. */
    private enum Phase {
        /** Not begun. */
        IDLE,
        /** Logging in and catching up with the maps. */
        JOINING,
        /** Has asked to be marked up. */
        BOOTING,
        /** Up by the newest map. */
        UP,
        /** Has asked to be marked down. */
        LEAVING,
        /** Ended. */
        GONE
    }

    private final OsdOptions options;
    private final Shard shard;
    private final Consumer<Throwable> failed;
    private final CephxClient cephx;
    private final OsdNetwork network;
    private final MonClient monitors;
    private final Heartbeats heartbeats;
    private final ManagerReports reports;
    private final ObjectStore store;
    private final PlacementGroups groups;
    private final OsdSettings settings;
    private final Tell tell;
    private final Markdowns markdowns;
    private final CompletableFuture<Void> up = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private Phase phase = Phase.IDLE;
    private @Nullable MapStore mapsOrNull;
    private int bootEpoch;
    private int firstUp; // the epoch at which this process came up first; 0 before
    private Timers.@Nullable Timer retry;

    /** See {@link io.sepiola.osd.Osd}. */
    public OsdDaemon(
            OsdOptions options,
            Shard shard,
            Transport transport,
            ObjectStore store,
            CryptoKey secret,
            RandomGenerator random,
            Consumer<Throwable> failed) {
        this.options = options;
        this.shard = shard;
        this.store = store;
        this.failed = failed;
        this.cephx =
                new CephxClient(
                        new AuthName(EntityType.OSD, Integer.toString(options.id())),
                        secret,
                        CephxClient.CLIENT_SERVICES,
                        shard.clock(),
                        random);
        this.heartbeats =
                new Heartbeats(shard, random, options.id(), options.heartbeats(), new PeerHealth());
        this.network =
                new OsdNetwork(
                        options,
                        shard,
                        transport,
                        cephx,
                        random,
                        new OsdNetwork.Dispatchers(
                                        new PublicEvents(),
                                        new ClusterEvents(),
                                        heartbeats.frontDispatcher(),
                                        heartbeats.backDispatcher())
                                .watched(this::ticketRefused));
        this.monitors =
                new MonClient(
                        shard,
                        network.publicEnd(),
                        cephx,
                        MonClient.Options.service(options.monitors(), options.hostname()),
                        random,
                        new MonitorNews());
        this.groups =
                new PlacementGroups(
                        options, shard, store, network, monitors, random, this::end, this::touched);
        OpsInFlight operations = new OpsInFlight(shard.clock(), options.complaint(), groups::visit);
        this.settings =
                new OsdSettings(
                        options.id(),
                        options.configured(),
                        groups.counters().shown(),
                        this::configured);
        this.reports =
                new ManagerReports(
                        shard,
                        network.publicEnd(),
                        Integer.toString(options.id()),
                        () -> groups.statistics().withPings(heartbeats.times()),
                        () -> List.of(operations.slow()),
                        settings::running,
                        groups.counters());
        settings.begin();
        this.tell =
                new Tell(
                        options,
                        settings,
                        groups,
                        operations,
                        new Bench(store, shard, random),
                        reports::flush);
        this.markdowns = new Markdowns(options.heartbeats());
    }

    /** See {@link io.sepiola.osd.Osd#mkfs}. */
    public static CompletableFuture<Void> mkfs(
            ObjectStore store, Shard shard, UUID clusterFsid, int id, UUID osdFsid) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        shard.execute(() -> {
            try {
                store.submit(
                        MapStore.format(clusterFsid, id, osdFsid),
                        shard,
                        () -> done.complete(null));
            } catch (StoreException refused) {
                done.completeExceptionally(refused);
            }
        });
        return done;
    }

    /** Joins the cluster. */
    public CompletableFuture<Void> start() {
        shard.execute(() -> {
            try {
                begin();
            } catch (RuntimeException refused) {
                up.completeExceptionally(refused);
            }
        });
        return up;
    }

    private void begin() {
        OsdSuperblock superblock =
                MapStore.superblock(store)
                        .orElseThrow(() ->
                                new StoreException(
                                        StoreException.Kind.UNUSABLE,
                                        "the store is no OSD's; make it one with --mkfs"));
        if (superblock.osd() != options.id()) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "the store belongs to osd."
                            + superblock.osd()
                            + ", not to osd."
                            + options.id());
        }
        MapStore maps = MapStore.open(store, shard, superblock);
        mapsOrNull = maps;
        groups.open(maps);
        network.listen();
        phase = Phase.JOINING;
        monitors.start().whenComplete((globalId, refused) -> joined(maps, refused));
    }

    private void joined(MapStore maps, @Nullable Throwable refused) {
        if (refused != null) {
            up.completeExceptionally(refused);
            return;
        }
        UUID cluster = maps.superblock().clusterFsid();
        if (!monitors.fsid().equals(cluster)) {
            up.completeExceptionally(
                    new StoreException(
                            StoreException.Kind.UNUSABLE,
                            "the store belongs to cluster "
                                    + cluster
                                    + ", the monitors to "
                                    + monitors.fsid()));
            return;
        }
        placeInHierarchy();
        monitors.subscribe("mgrmap", 0, false);
        monitors.subscribe("osd_pg_creates", 0, false);
        monitors.subscribe("osdmap", maps.nextEpoch(), false);
        monitors.version("osdmap").thenAccept(versions -> caughtUp((int) versions.newest()));
    }

    private void placeInHierarchy() {
        if (!options.deviceClass().isEmpty()) {
            monitors.command(
                    "{\"prefix\":\"osd crush set-device-class\",\"class\":\""
                            + options.deviceClass()
                            + "\",\"ids\":[\""
                            + options.id()
                            + "\"]}",
                    Bytes.EMPTY);
        }
        if (!options.crushLocation().isEmpty()) {
            StringBuilder args = new StringBuilder();
            options.crushLocation()
                    .forEach((type, name) ->
                            args.append(args.isEmpty() ? "" : ",")
                                    .append('"')
                                    .append(type)
                                    .append('=')
                                    .append(name)
                                    .append('"'));
            monitors.command(
                    "{\"prefix\":\"osd crush create-or-move\",\"id\":"
                            + options.id()
                            + ",\"weight\":"
                            + Math.round(options.crushWeight() * 10_000) / 10_000.0
                            + ",\"args\":["
                            + args
                            + "]}",
                    Bytes.EMPTY);
        }
    }

    /** The monitors' newest map is known; once we have it too, we ask to be marked up. */
    private void caughtUp(int epoch) {
        bootEpoch = Math.max(epoch, 1);
        bootWhenCaughtUp();
    }

    private void bootWhenCaughtUp() {
        MapStore maps = mapsOrNull;
        if (maps == null || phase != Phase.JOINING || bootEpoch == 0) {
            return;
        }
        if (maps.newest().epoch() < bootEpoch) {
            return;
        }
        Optional<String> refusal = refusal(maps);
        if (refusal.isPresent()) {
            phase = Phase.IDLE;
            up.completeExceptionally(
                    new StoreException(StoreException.Kind.UNUSABLE, refusal.get()));
            return;
        }
        phase = Phase.BOOTING;
        boot();
    }

    private Optional<String> refusal(MapStore maps) {
        return maps.newest().exists(options.id())
                ? StoreAge.refusal(maps.superblock(), maps.newest().info(options.id()))
                : Optional.empty();
    }

    private void boot() {
        MapStore maps = mapsOrNull;
        if (phase == Phase.BOOTING && maps != null && heartbeats.isHeard()) {
            maps.mounting(() -> guard(null, () -> askToBoot(maps)));
        } else if (phase == Phase.BOOTING) {
            retryLater(LISTEN_AGAIN, this::boot); // else it would be marked down again, and so on
        }
    }

    private void askToBoot(MapStore maps) {
        if (phase != Phase.BOOTING) {
            return;
        }
        LOG.info("osd.{} asks to be marked up at epoch {}", options.id(), maps.newest().epoch());
        monitors.send(
                new MOSDBoot(
                        maps.newest().epoch(),
                        maps.superblock(),
                        network.heartbeatBack().addrs(),
                        network.clusterEnd().addrs(),
                        firstUp,
                        network.heartbeatFront().addrs(),
                        options.metadata(),
                        FEATURES));
        retryLater(BOOT_AGAIN, this::boot);
    }

    private void retryLater(Duration delay, Runnable task) {
        if (retry != null) {
            retry.cancel();
        }
        retry = shard.timers().after(delay, task);
    }

    private void learned(MOSDMap message) {
        MapStore maps = mapsOrNull;
        if (maps == null || phase == Phase.GONE) {
            return;
        }
        if (!message.fsid().equals(maps.superblock().clusterFsid())) {
            Mark.hit("another cluster's map");
            return;
        }
        try {
            maps.add(message, groups.neededFrom(), map -> guard(null, () -> changed(map)));
        } catch (Malformed damaged) {
            LOG.error(
                    "osd.{}: a map is damaged and left out: {}",
                    options.id(),
                    damaged.getMessage());
        } catch (StoreException | StoreGone refused) {
            end(refused);
        }
    }

    /** One more map is durable. */
    private void changed(OsdMap map) {
        if (phase == Phase.GONE) {
            return;
        }
        monitors.received("osdmap", map.epoch());
        network.update(map);
        groups.update(map);
        heartbeats.update(map, groups.peers(map));
        reports.changed();
        boolean mine =
                map.isUp(options.id())
                        && map.addrs(options.id()).equals(network.publicEnd().addrs());
        switch (phase) {
            case JOINING -> bootWhenCaughtUp();
            case BOOTING -> {
                if (mine) {
                    arrived(map);
                }
            }
            case UP -> {
                if ((map.state(options.id()) & OsdMap.STATE_STOP) != 0) {
                    stopped(map);
                } else if (!mine) {
                    downThoughAlive(map);
                }
            }
            case LEAVING -> {
                if (!mine) {
                    left();
                }
            }
            case IDLE, GONE -> {} // nothing is expected of it
        }
    }

    /** The map tells it to end: it is down there already. */
    private void stopped(OsdMap map) {
        String why = "osd." + options.id() + " is stopped by epoch " + map.epoch();
        LOG.info("{}, and ends", why);
        left();
        failed.accept(new StoppedException(why));
    }

    private void downThoughAlive(OsdMap map) {
        if (markdowns.again(shard.clock().nanos())) {
            end(new FlappingException(markdowns.reason(options.id())));
            return;
        }
        LOG.warn(
                "osd.{} is marked down by epoch {} but lives; it asks again",
                options.id(),
                map.epoch());
        phase = Phase.BOOTING;
        groups.down();
        heartbeats.doubt();
        boot();
    }

    private void arrived(OsdMap map) {
        phase = Phase.UP;
        firstUp = firstUp == 0 ? map.epoch() : firstUp;
        if (retry != null) {
            retry.cancel();
        }
        LOG.info("osd.{} is up at epoch {}", options.id(), map.epoch());
        groups.up();
        heartbeats.start(map.fsid(), network.heartbeatFront(), network.heartbeatBack());
        heartbeats.update(map, groups.peers(map));
        reports.changed();
        beacon();
        askAgain();
        up.complete(null);
    }

    private void beacon() {
        if (phase == Phase.UP) {
            monitors.send(groups.beacon());
            shard.timers().after(options.beaconInterval(), this::beacon);
        }
    }

    /** Wishes that the monitors have let fall are told again from time to time. */
    private void askAgain() {
        if (phase == Phase.UP) {
            guard(null, groups::askAgain);
            shard.timers().after(ASK_AGAIN, this::askAgain);
        }
    }

    private void configured(MConfig config) {
        groups.fromMonitors(config);
        groups.counters().history().configure(config.options());
        network.modes(ConnectionModes.of(config.options()));
    }

    private void touched() {
        reports.changed();
    }

    /**
     * Runs what an event asks for: what is malformed is passed over, what is broken ends the OSD.
     */
    private void guard(@Nullable Connection from, Runnable task) {
        if (phase == Phase.GONE) {
            return;
        }
        try {
            task.run();
        } catch (Malformed malformed) {
            LOG.warn("osd.{}: {}", options.id(), malformed.getMessage());
            if (from != null) {
                from.close();
            }
        } catch (RuntimeException | Error broken) {
            end(broken);
        }
    }

    /**
     * Whether the peer has proved to be the OSD that it says it is. Whom we dialled at an OSD's
     * address has proved to hold the OSDs' secret, and no name.
     */
    private static boolean isOsd(Connection connection) {
        Identity identity = connection.identityOrNull();
        return connection.peerType() == EntityType.OSD
                && (identity == null
                        || identity.name().type() == EntityType.OSD
                                && identity.name()
                                        .id()
                                        .equals(Long.toString(connection.peerName().number())));
    }

    private void fromPeer(Connection connection, Message message) {
        if (message instanceof MOSDMap maps) {
            learned(maps);
        } else {
            groups.peer((int) connection.peerName().number(), message);
        }
    }

    /** See {@link io.sepiola.osd.Osd#tell}. */
    public CompletableFuture<MCommandReply> tell(MCommand command) {
        CompletableFuture<MCommandReply> answered = new CompletableFuture<>();
        shard.execute(() -> {
            if (mapsOrNull == null || phase == Phase.GONE) {
                answered.complete(Tell.busy(command));
            } else {
                guard(null, () -> tell.answer(command).thenAccept(answered::complete));
            }
        });
        return answered;
    }

    /** What the manager is told. */
    public MPGStats statistics() {
        return groups.statistics();
    }

    /** Leaves the cluster. */
    public CompletableFuture<Void> stop() {
        shard.execute(() -> {
            MapStore maps = mapsOrNull;
            if (phase != Phase.UP || maps == null) {
                left();
                return;
            }
            phase = Phase.LEAVING;
            groups.down(); // we are about to say that nobody is served here any more
            monitors.send(
                    new MOSDMarkMeDown(
                            maps.newest().epoch(),
                            maps.superblock().clusterFsid(),
                            options.id(),
                            network.publicEnd().addrs(),
                            maps.newest().epoch(),
                            true,
                            true));
            shard.timers().after(FAREWELL_MAX, this::left);
        });
        return gone;
    }

    private void left() {
        if (phase == Phase.GONE) {
            return;
        }
        phase = Phase.GONE;
        if (retry != null) {
            retry.cancel();
        }
        heartbeats.stop();
        reports.close();
        monitors.close();
        network.close();
        groups.close();
        gone.complete(null);
    }

    private void end(Throwable cause) {
        LOG.error("osd.{} cannot go on", options.id(), cause);
        left();
        failed.accept(cause);
    }

    private void fromManagerOrClient(Connection connection, Message message) {
        switch (message) {
            case MOSDOp op -> groups.client(connection, op);
            case MMgrConfigure configure -> reports.configured(configure);
            case MCommand command -> tell.answer(connection, command);
            case MPing ping -> {} // a client makes sure of the connection
            default -> groups.fromClient(connection, message);
        }
    }

    private void ticketRefused(EntityType service) {
        cephx.doubt(service);
        monitors.renewTickets();
    }

    private final class PublicEvents implements Dispatcher {
        @Override
        public void connected(Connection connection) {
            if (monitors.owns(connection)) {
                monitors.dispatcher().connected(connection);
            }
        }

        @Override
        public void received(Connection connection, Message message) {
            if (monitors.owns(connection)) {
                monitors.dispatcher().received(connection, message);
            } else {
                guard(connection, () -> fromManagerOrClient(connection, message));
            }
        }

        @Override
        public void reset(Connection connection) {
            if (monitors.owns(connection)) {
                monitors.dispatcher().reset(connection);
            } else if (reports.owns(connection)) {
                reports.reset(connection);
            } else {
                groups.clientGone(connection);
            }
        }

        @Override
        public void refused(Connection connection) {
            if (monitors.owns(connection)) {
                monitors.dispatcher().refused(connection);
            }
        }

        @Override
        public void denied(Connection connection, String reason) {
            if (monitors.owns(connection)) {
                monitors.dispatcher().denied(connection, reason);
            }
        }
    }

    private final class ClusterEvents implements Dispatcher {
        @Override
        public void received(Connection connection, Message message) {
            if (isOsd(connection)) {
                guard(connection, () -> fromPeer(connection, message));
            } else {
                LOG.warn(
                        "{} speaks like an OSD and has not proved to be it", connection.peerName());
                connection.close(); // nobody else has business on this network
            }
        }

        @Override
        public void reset(Connection connection) {
            groups.peerGone((int) connection.peerName().number());
        }
    }

    private final class MonitorNews implements MonClient.Listener {
        @Override
        public void received(Message message) {
            switch (message) {
                case MOSDMap maps -> learned(maps);
                case MMgrMap managers -> {
                    MgrMap newest = MgrMap.CODEC.fromBytes(managers.map());
                    monitors.received("mgrmap", newest.epoch());
                    reports.update(newest);
                }
                case MOSDPGCreate2 create -> {
                    monitors.received("osd_pg_creates", create.epoch());
                    groups.create(create);
                }
                case MOSDMarkMeDown answer -> {
                    if (phase == Phase.LEAVING) {
                        left();
                    }
                }
                case MConfig config -> guard(null, () -> settings.kept(config));
                default -> groups.fromMonitors(message);
            }
        }

        @Override
        public void connected() {
            groups.askAgain();
            boot();
        }
    }

    private final class PeerHealth implements Heartbeats.Listener {
        @Override
        public void failed(int osd, EntityAddrVec addrs, boolean immediate, Duration silent) {
            report(
                    osd,
                    addrs,
                    MOSDFailure.FAILED | (immediate ? MOSDFailure.IMMEDIATE : 0),
                    silent);
        }

        @Override
        public void alive(int osd, EntityAddrVec addrs) {
            report(osd, addrs, 0, Duration.ZERO);
        }

        @Override
        public void lags(int osd, int epoch) {
            MapStore maps = mapsOrNull;
            if (phase == Phase.UP && maps != null) {
                Mark.hit("a peer that lags is told of newer maps");
                network.send(osd, maps.since(epoch), maps.newest());
            }
        }

        private void report(int osd, EntityAddrVec addrs, int flags, Duration silent) {
            MapStore maps = mapsOrNull;
            if (phase == Phase.UP && maps != null) {
                int epoch = maps.newest().epoch();
                monitors.send(
                        new MOSDFailure(
                                epoch,
                                maps.superblock().clusterFsid(),
                                osd,
                                addrs,
                                epoch,
                                flags,
                                (int) silent.toSeconds()));
            }
        }
    }
}
