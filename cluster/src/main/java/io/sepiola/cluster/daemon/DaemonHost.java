package io.sepiola.cluster.daemon;

import io.sepiola.base.Await;
import io.sepiola.base.Clock;
import io.sepiola.base.Malformed;
import io.sepiola.base.Shard;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosException;
import io.sepiola.client.RadosOptions;
import io.sepiola.cluster.Refusal;
import io.sepiola.gateway.Gateway;
import io.sepiola.gateway.GatewayOptions;
import io.sepiola.manager.Manager;
import io.sepiola.manager.ManagerOptions;
import io.sepiola.messenger.ClientAuth;
import io.sepiola.messenger.ConnectionModes;
import io.sepiola.messenger.InProcessTransport;
import io.sepiola.messenger.MessengerException;
import io.sepiola.messenger.Msgr2;
import io.sepiola.messenger.Msgr2Options;
import io.sepiola.messenger.NettyTransport;
import io.sepiola.messenger.ServerAuth;
import io.sepiola.messenger.Transport;
import io.sepiola.monitor.Genesis;
import io.sepiola.monitor.LocalLog;
import io.sepiola.monitor.LoneQuorum;
import io.sepiola.monitor.ManagerLine;
import io.sepiola.monitor.MemberDoor;
import io.sepiola.monitor.MemberHome;
import io.sepiola.monitor.Monitor;
import io.sepiola.monitor.MonitorMember;
import io.sepiola.monitor.MonitorOptions;
import io.sepiola.monitor.Quorum;
import io.sepiola.monitor.QuorumLibrary;
import io.sepiola.monitor.ReplicatedLog;
import io.sepiola.osd.FlappingException;
import io.sepiola.osd.Osd;
import io.sepiola.osd.OsdOptions;
import io.sepiola.osd.StoppedException;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreGone;
import io.sepiola.store.StoreMemory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A process in which daemons run, one or a whole cluster: its event loops, its transport, and what
 * has been opened, in boot order. {@link #close} leaves in the opposite one. The methods that start
 * daemons are called by one thread, which may block.
 */
public final class DaemonHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonHost.class);
    private static final int LOOPS = 2;
    private static final long INDEX_CACHE_BYTES = 16L << 20;
    private static final Duration FAREWELL_MAX = Duration.ofSeconds(10);
    private static final Duration DRAIN_MAX = Duration.ofSeconds(5);
    private static final Duration COMMAND_MAX = Duration.ofSeconds(60);

    /** How long a daemon may take to start. */
    public static final Duration START_MAX = Duration.ofSeconds(90);

    private static final ClientAuth NO_DIALLING =
            peer -> {
                throw new IllegalStateException("a lone monitor dials nobody");
            };

    private static final ServerAuth NO_LETTING =
            peer -> {
                throw new IllegalStateException("a line to the manager lets nobody in");
            };

    private final Consumer<Throwable> failed;
    private final Function<String, Optional<Path>> adminSockets;
    private final SecureRandom random = new SecureRandom();
    private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>(); // last first
    private final NettyTransport tcp;
    private final Transport transport;

    /**
     * Starts the event loops, nothing else.
     *
     * @param failed hears once of what the daemons cannot survive
     * @param adminSockets where a daemon's admin socket is to be, by its name, as {@code osd.0}
     */
    public DaemonHost(Consumer<Throwable> failed, Function<String, Optional<Path>> adminSockets) {
        this(failed, adminSockets, UnaryOperator.identity());
    }

    /** For what needs no daemon. */
    DaemonHost() {
        this(failure -> {}, name -> Optional.empty());
    }

    /**
     * As above.
     *
     * @param doors may change how listeners get their ports
     */
    DaemonHost(
            Consumer<Throwable> failed,
            Function<String, Optional<Path>> adminSockets,
            UnaryOperator<Transport> doors) {
        this.failed = failed;
        this.adminSockets = adminSockets;
        this.tcp = new NettyTransport(LOOPS, this::letThrough);
        this.transport = new InProcessTransport(doors.apply(tcp));
        open.push(transport);
    }

    private void letThrough(Shard shard, Throwable failure) {
        LOG.error("{} let an exception through", shard.name(), failure);
        if (failure instanceof Error) {
            failed.accept(failure); // a broken invariant: better down than wrong
        }
    }

    /** Tells whoever runs the process that a daemon cannot go on. */
    void fail(Throwable failure) {
        failed.accept(failure);
    }

    /** One of the event loops; daemons of one process take different ones by number. */
    public Shard loop(int number) {
        return tcp.shards().get(number % tcp.shards().size());
    }

    /** Secure. */
    public SecureRandom random() {
        return random;
    }

    /** Closes this too, before all that was opened earlier. */
    public void opened(AutoCloseable closeable) {
        open.push(closeable);
    }

    /** Memory that this process's stores share. */
    public StoreMemory storeMemory() {
        StoreMemory memory = new StoreMemory(INDEX_CACHE_BYTES);
        opened(memory);
        return memory;
    }

    /** Opens the log of a monitor that stands alone, and stays so. */
    public ReplicatedLog monitorLog(Path directory, Shard shard) {
        return monitorLog(directory, logDisk(), shard);
    }

    private ExecutorService logDisk() {
        ExecutorService disk =
                Executors.newSingleThreadExecutor(task -> {
                    Thread thread = new Thread(task, "monitor log");
                    thread.setDaemon(true);
                    return thread;
                });
        opened(() -> {
            disk.shutdown();
            if (!disk.awaitTermination(DRAIN_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the monitor's log is still busy");
            }
        });
        return disk;
    }

    private static ReplicatedLog monitorLog(Path directory, ExecutorService disk, Shard shard) {
        try {
            return new LocalLog(directory, disk, shard);
        } catch (IOException failure) {
            throw new Refusal(
                    "cannot open the monitor's log in "
                            + directory
                            + " ("
                            + failure.getMessage()
                            + "); check the directory's owner and mode, and that no other monitor"
                            + " runs there");
        }
    }

    /**
     * Starts a monitor and waits until it serves.
     *
     * @param shard where {@code log} has its owner
     * @param genesis for an empty log
     */
    public void monitor(
            MonitorOptions options, Shard shard, ReplicatedLog log, Optional<Genesis> genesis) {
        Monitor monitor =
                new Monitor(
                        options,
                        shard,
                        random,
                        log,
                        (self, auth, dispatcher) ->
                                new Msgr2(
                                        self,
                                        modes(options),
                                        new Msgr2.Parts(
                                                shard,
                                                transport,
                                                NO_DIALLING,
                                                auth,
                                                dispatcher,
                                                random)));
        opened(() -> {
            monitor.close();
            drain(shard);
        });
        listenToOwner("mon." + options.name(), monitor::tell);
        opened(ManagerLine.of(options, shard, monitor, dialler(options, shard)));
        within(
                START_MAX,
                monitor.start(genesis).toCompletableFuture(),
                "the monitor did not start");
    }

    /** A monitor's line to the manager: it lets nobody in. */
    private ManagerLine.Builder dialler(MonitorOptions options, Shard shard) {
        return (self, dials, dispatcher) ->
                new Msgr2(
                        self,
                        modes(options),
                        new Msgr2.Parts(shard, transport, dials, NO_LETTING, dispatcher, random));
    }

    /** Until the monitor knows what is agreed. */
    private static Msgr2Options modes(MonitorOptions options) {
        return Msgr2Options.DEFAULT.with(ConnectionModes.of(options.settings()));
    }

    /**
     * What a monitor that is one of several is started with.
     *
     * @param secret the key that they share
     * @param directory for its copy of the log
     * @param home where it keeps who they are
     * @param genesis for an empty log, where this one may begin a cluster
     */
    public record Membership(
            CryptoKey secret, Path directory, MemberHome home, Optional<Genesis> genesis) {}

    /** Starts a monitor that is one of several, and returns when the others can reach it. */
    public void monitorMember(MonitorOptions options, Shard shard, Membership membership) {
        MonMap map = membership.home().map();
        MemberDoor door = door(options, shard, map, membership.secret());
        Quorum quorum = shared(options, shard, map, membership.directory(), door);
        member(options, shard, quorum, membership::genesis, door, membership.home());
    }

    /**
     * Starts a monitor that stands alone until others come, and waits until it serves.
     *
     * @param directory of its log
     */
    void loneMonitor(MonitorOptions options, Shard shard, Path directory, LoneStore store) {
        MemberDoor door = door(options, shard, store.map(), store.secret());
        ExecutorService disk = logDisk();
        Quorum quorum =
                new LoneQuorum(
                        options.name(),
                        monitorLog(directory, disk, shard),
                        shard,
                        disk,
                        () -> {
                            MemberStore made = store.handOver();
                            return shared(options, shard, made.map(), made.raft(), door);
                        },
                        failed);
        within(
                START_MAX,
                member(options, shard, quorum, store::genesis, door, store).served(),
                "the monitor did not start");
    }

    private MemberDoor door(MonitorOptions options, Shard shard, MonMap map, CryptoKey secret) {
        MemberDoor door =
                new MemberDoor(
                        options.name(),
                        options.addr(),
                        map,
                        secret,
                        shard,
                        random,
                        (self, dials, lets, dispatcher) ->
                                new Msgr2(
                                        self,
                                        modes(options),
                                        new Msgr2.Parts(
                                                shard,
                                                transport,
                                                dials,
                                                lets,
                                                dispatcher,
                                                random)));
        opened(door);
        return door;
    }

    /** A place among those who share a log. */
    private Quorum shared(
            MonitorOptions options, Shard shard, MonMap map, Path directory, MemberDoor door) {
        return ServiceLoader.load(QuorumLibrary.class)
                .findFirst()
                .orElseThrow(() -> new Refusal("this jar has no library for quorums"))
                .member(
                        new QuorumLibrary.Place(
                                options.name(),
                                map,
                                directory,
                                door.peers(),
                                shard,
                                Monitor.summary(map.fsid()),
                                failed));
    }

    private MonitorMember member(
            MonitorOptions options,
            Shard shard,
            Quorum quorum,
            Supplier<Optional<Genesis>> genesis,
            MemberDoor door,
            MemberHome home) {
        MonitorMember member =
                new MonitorMember(options, shard, random, quorum, genesis, door, home);
        opened(() -> {
            member.close();
            drain(shard);
            await(member.ended());
        });
        listenToOwner("mon." + options.name(), member::tell);
        opened(ManagerLine.of(options, shard, member, dialler(options, shard)));
        door.open();
        member.start();
        return member;
    }

    /** A daemon without its admin socket is still a daemon. */
    private void listenToOwner(
            String name, Function<MCommand, ? extends CompletionStage<MCommandReply>> daemon) {
        Optional<Path> place = adminSockets.apply(name);
        if (place.isPresent()) {
            try {
                opened(AdminSocket.open(place.get(), daemon, COMMAND_MAX));
            } catch (IOException | UnsupportedOperationException refused) {
                LOG.warn("{} has no admin socket {}: {}", name, place.get(), reason(refused));
            }
        }
    }

    /** Waits until what was given to the shard so far has run. */
    private static void drain(Shard shard) {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        shard.execute(() -> drained.complete(null));
        await(drained);
    }

    private static void await(CompletableFuture<Void> end) {
        end.orTimeout(DRAIN_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> null)
                .join();
    }

    /** An OSD over an open store, not yet started; {@link #leave} makes it say goodbye. */
    public Osd osd(OsdOptions options, Shard shard, ObjectStore store, CryptoKey secret) {
        Osd osd = new Osd(options, shard, transport, store, secret, random, failed);
        listenToOwner("osd." + options.id(), osd::tell);
        return osd;
    }

    /** Tells the monitors that these OSDs go, all at once, and waits until they know. */
    public static void leave(List<Osd> osds) {
        List<CompletableFuture<Void>> leaving = new ArrayList<>();
        for (Osd osd : osds) {
            leaving.add(osd.stop());
        }
        CompletableFuture.allOf(leaving.toArray(new CompletableFuture<?>[0]))
                .orTimeout(FAREWELL_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> null)
                .join();
    }

    /** Starts a manager; completes when it is the active one. */
    public CompletableFuture<Void> manager(ManagerOptions options, Shard shard, CryptoKey secret) {
        Manager manager = new Manager(options, shard, transport, secret, random);
        opened(() -> {
            manager.close();
            drain(shard);
        });
        listenToOwner("mgr." + options.id(), manager::tell);
        return manager.start();
    }

    /** Connects a client; the caller's to close. */
    public Rados client(RadosOptions options, Shard shard, CryptoKey secret) {
        return within(
                START_MAX,
                Rados.connect(shard, transport, options, secret, random),
                options.name() + " did not get in");
    }

    /**
     * Starts a gateway over that client, which is closed with it.
     *
     * @param name such as {@code client.rgw.a}
     * @param configured its ceph.conf
     */
    public void gateway(
            String name,
            SortedMap<String, String> configured,
            GatewayOptions options,
            Rados rados) {
        opened(rados);
        Gateway gateway = new Gateway(options, rados, Clock.system());
        gateway.start();
        opened(gateway);
        listenToOwner(name, new GatewayCommands(name, configured, gateway.counters())::tell);
    }

    /**
     * Waits.
     *
     * @throws Refusal beginning with {@code otherwise} when it takes longer
     */
    public static <T> T within(Duration limit, CompletableFuture<T> future, String otherwise) {
        try {
            return Await.on(future.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (CompletionException late) {
            if (late.getCause() instanceof TimeoutException) {
                throw new Refusal(otherwise + " within " + limit.toSeconds() + " s");
            }
            throw late;
        }
    }

    /** What went wrong, in one line for a person. */
    public static String reason(Throwable failed) {
        Throwable deepest = failed;
        while (deepest.getCause() != null && !isSaid(deepest)) {
            deepest = deepest.getCause();
        }
        String message = String.valueOf(deepest.getMessage());
        return message.lines().findFirst().orElse(deepest.getClass().getSimpleName());
    }

    /** Whether its message tells everything, so that a trace would only hide it. */
    public static boolean isSaid(Throwable failure) {
        return failure instanceof Refusal
                || failure instanceof RadosException
                || failure instanceof Malformed
                || failure instanceof MessengerException
                || failure instanceof FlappingException
                || failure instanceof StoppedException
                || failure instanceof RemovedException
                || failure instanceof StoreException
                || failure instanceof StoreGone;
    }

    @Override
    public void close() {
        AutoCloseable next;
        while ((next = open.poll()) != null) {
            try {
                next.close();
            } catch (Exception failure) {
                LOG.warn("closing {}", next.getClass().getSimpleName(), failure);
            }
        }
    }
}
