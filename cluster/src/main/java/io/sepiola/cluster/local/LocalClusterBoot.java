package io.sepiola.cluster.local;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Shard;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosOptions;
import io.sepiola.cluster.Refusal;
import io.sepiola.cluster.Release;
import io.sepiola.cluster.daemon.OsdHome;
import io.sepiola.gateway.Gateway;
import io.sepiola.gateway.GatewayOptions;
import io.sepiola.gateway.RadosgwAdmin;
import io.sepiola.manager.Manager;
import io.sepiola.manager.ManagerOptions;
import io.sepiola.messenger.ClientAuth;
import io.sepiola.messenger.InProcessTransport;
import io.sepiola.messenger.Msgr2;
import io.sepiola.messenger.Msgr2Options;
import io.sepiola.messenger.NettyTransport;
import io.sepiola.monitor.Genesis;
import io.sepiola.monitor.LocalLog;
import io.sepiola.monitor.MemoryLog;
import io.sepiola.monitor.Monitor;
import io.sepiola.monitor.MonitorOptions;
import io.sepiola.monitor.ReplicatedLog;
import io.sepiola.osd.Osd;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.store.IndexCache;
import io.sepiola.store.MemoryStore;
import io.sepiola.store.ObjectStore;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Everything of a local cluster, in boot order; closed in the opposite one. */
final class LocalClusterBoot implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalClusterBoot.class);
    private static final int LOOPS = 2;
    private static final long INDEX_CACHE_BYTES = 16L << 20;
    private static final long STORE_BYTES_MAX = 100L << 30;
    private static final long DISK_RESERVE_BYTES = 128L << 20;
    private static final long MEMORY_STORE_BYTES = 256L << 20;
    private static final Duration HEALTHY_MAX = Duration.ofSeconds(90);

    private final ClusterDirectory directory;
    private final ClusterSpec spec;
    private final Consumer<String> step;
    private final Consumer<Throwable> failed;
    private final SecureRandom random = new SecureRandom();
    private final Deque<AutoCloseable> open = new ArrayDeque<>(); // last opened first
    private final NettyTransport tcp;
    private final InProcessTransport transport;

    /**
     * Nothing runs before {@link #start}.
     *
     * @param step hears what is being done
     * @param failed hears once of what the cluster cannot survive
     */
    LocalClusterBoot(
            ClusterDirectory directory, Consumer<String> step, Consumer<Throwable> failed) {
        this.directory = directory;
        this.spec = directory.spec();
        this.step = step;
        this.failed = failed;
        this.tcp = new NettyTransport(LOOPS, this::letThrough);
        this.transport = new InProcessTransport(tcp);
    }

    private void letThrough(Shard shard, Throwable failure) {
        LOG.error("{} let an exception through", shard.name(), failure);
        if (failure instanceof Error) {
            failed.accept(failure); // a broken invariant: better down than wrong
        }
    }

    private Shard loop(int number) {
        return tcp.shards().get(number % tcp.shards().size());
    }

    /** Starts everything and waits until the cluster is healthy and serves S3. */
    void start() {
        open.push(tcp);
        ClusterKeys keys = keys();
        step.accept("starting the monitor");
        monitor(keys);
        manager(keys);
        try (Rados admin = client(keys, ClusterKeys.ADMIN)) {
            step.accept("starting " + spec.osdCount() + " OSDs");
            for (CompletableFuture<Void> one : startOsds(keys, admin)) {
                within(one, "an OSD did not come up");
            }
            step.accept("starting the S3 gateway");
            gateway(keys);
            step.accept("waiting for health");
            awaitHealth(admin);
        }
    }

    private ClusterKeys keys() {
        if (Files.isRegularFile(directory.keyring())) {
            return ClusterKeys.read(directory);
        }
        ClusterKeys made = ClusterKeys.make(spec.osdCount(), random, Clock.system().now());
        made.write(directory);
        return made;
    }

    private EntityAddr monitorAddr() {
        return EntityAddr.msgr2(new InetSocketAddress(spec.address(), spec.monitorPort()), 0);
    }

    private List<EntityAddrVec> monitors() {
        return List.of(EntityAddrVec.of(monitorAddr()));
    }

    private void monitor(ClusterKeys keys) {
        Shard shard = loop(1);
        ReplicatedLog log =
                spec.memory()
                        ? new MemoryLog(new MemoryLog.Disk(), shard, Duration.ZERO)
                        : log(shard);
        MonitorOptions options =
                new MonitorOptions(
                        "a",
                        spec.fsid(),
                        monitorAddr(),
                        new java.util.TreeMap<>(),
                        Release.cephVersion(),
                        new java.util.TreeMap<>(Map.of("hostname", OsdHome.hostname())));
        Monitor monitor =
                new Monitor(
                        options,
                        shard,
                        random,
                        log,
                        (self, auth, dispatcher) ->
                                new Msgr2(
                                        self,
                                        Msgr2Options.DEFAULT,
                                        new Msgr2.Parts(
                                                shard,
                                                transport,
                                                NO_DIALLING,
                                                auth,
                                                dispatcher,
                                                random)));
        open.push(() -> {
            monitor.close();
            drain(shard);
        });
        within(
                monitor.start(Optional.of(genesis(keys))).toCompletableFuture(),
                "the monitor did not start");
    }

    /** Waits until what was given to the shard so far has run. */
    private static void drain(Shard shard) {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        shard.execute(() -> drained.complete(null));
        drained.orTimeout(5, TimeUnit.SECONDS).exceptionally(late -> null).join();
    }

    private static final ClientAuth NO_DIALLING =
            peer -> {
                throw new IllegalStateException("a lone monitor dials nobody");
            };

    private ReplicatedLog log(Shard shard) {
        ExecutorService disk =
                Executors.newSingleThreadExecutor(task -> daemonThread(task, "mon.a log"));
        open.push(() -> {
            disk.shutdown();
            if (!disk.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("the monitor's log is still busy");
            }
        });
        try {
            return new LocalLog(directory.file("mon.a"), disk, shard);
        } catch (IOException failure) {
            throw new Refusal("cannot open the monitor's log: " + failure.getMessage());
        }
    }

    private static Thread daemonThread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private Genesis genesis(ClusterKeys keys) {
        return new Genesis(
                        spec.fsid(),
                        List.of(new MonMap.MonInfo("a", EntityAddrVec.of(monitorAddr()))),
                        keys.entities(),
                        new java.util.TreeMap<>(),
                        "osd")
                .with("global", "osd_pool_default_size", Integer.toString(spec.replicas()))
                .with("global", "osd_pool_default_pg_num", "32")
                .with("global", "osd_pool_default_pg_autoscale_mode", "off")
                .with("global", "mon_allow_pool_delete", "true")
                .with("global", "mon_max_pg_per_osd", "1000")
                .with("global", "mon_warn_on_pool_no_redundancy", "false");
    }

    private List<CompletableFuture<Void>> startOsds(ClusterKeys keys, Rados admin) {
        IndexCache cache = spec.memory() ? null : new IndexCache(INDEX_CACHE_BYTES);
        if (cache != null) {
            open.push(cache);
        }
        List<CompletableFuture<Void>> up = new ArrayList<>();
        List<Osd> osds = new ArrayList<>();
        for (int id = 0; id < spec.osdCount(); id++) {
            Shard shard = loop(id);
            UUID osdFsid =
                    UUID.nameUUIDFromBytes(
                            (spec.fsid() + "/osd." + id).getBytes(StandardCharsets.UTF_8));
            ObjectStore store =
                    cache == null
                            ? memoryStore(shard, id, osdFsid)
                            : diskStore(shard, id, osdFsid, cache);
            open.push(store);
            makeKnown(admin, id, osdFsid);
            long bytes = store.usage().totalBytes();
            Osd osd =
                    new Osd(
                            OsdHome.options(id, monitors(), spec.address(), "ssd", bytes),
                            shard,
                            transport,
                            store,
                            keys.key(ClusterKeys.osd(id)),
                            random,
                            failed);
            osds.add(osd);
            up.add(osd.start());
        }
        open.push(() -> leave(osds));
        return up;
    }

    /** Tells the monitors that there is such an OSD; nothing happens when they know. */
    private static void makeKnown(Rados admin, int id, UUID osdFsid) {
        String command = "{\"prefix\":\"osd new\",\"uuid\":\"" + osdFsid + "\",\"id\":" + id + "}";
        Rados.CommandReply reply = Await.on(admin.monitorCommand(command, Bytes.EMPTY));
        if (reply.result() < 0) {
            throw new Refusal("the monitors refuse osd." + id + ": " + reply.text());
        }
    }

    private ObjectStore memoryStore(Shard shard, int id, UUID osdFsid) {
        MemoryStore store =
                new MemoryStore(
                        new MemoryStore.Options(
                                MemoryStore.Options.DEFAULT.commitDelay(), MEMORY_STORE_BYTES));
        Await.on(Osd.mkfs(store, shard, spec.fsid(), id, osdFsid));
        return store;
    }

    private ObjectStore diskStore(Shard shard, int id, UUID osdFsid, IndexCache cache) {
        OsdHome home = new OsdHome(directory.file("osd." + id), id);
        if (!home.isFormatted()) {
            home.format(spec.fsid(), osdFsid, storeBytes(), cache, shard);
        }
        return home.open(cache, DISK_RESERVE_BYTES, failed::accept);
    }

    /** An OSD may hold its share of what the disk has free when the cluster is made. */
    private long storeBytes() {
        try {
            long free = Files.getFileStore(directory.path()).getUsableSpace();
            return Math.min(STORE_BYTES_MAX, free / spec.osdCount());
        } catch (IOException unknown) {
            return STORE_BYTES_MAX / 10;
        }
    }

    private void manager(ClusterKeys keys) {
        Manager manager =
                new Manager(
                        ManagerOptions.of(
                                "x",
                                monitors(),
                                EntityAddr.msgr2(new InetSocketAddress(spec.address(), 0), 0),
                                Optional.of(
                                        new InetSocketAddress(
                                                spec.address(), spec.dashboardPort())),
                                OsdHome.hostname()),
                        loop(1),
                        transport,
                        keys.key(ClusterKeys.MANAGER),
                        random);
        open.push(manager);
        within(manager.start(), "the manager did not start");
    }

    private Rados client(ClusterKeys keys, AuthName name) {
        return within(
                Rados.connect(
                        loop(0),
                        transport,
                        new RadosOptions(
                                name,
                                monitors(),
                                RadosOptions.TIMEOUT,
                                RadosOptions.Limits.DEFAULT),
                        keys.key(name),
                        random),
                name + " did not get in");
    }

    private void gateway(ClusterKeys keys) {
        Rados rados = client(keys, ClusterKeys.GATEWAY);
        open.push(rados);
        Gateway gateway =
                new Gateway(
                        GatewayOptions.at(new InetSocketAddress(spec.address(), spec.s3Port())),
                        rados,
                        Clock.system());
        gateway.start();
        open.push(gateway);
        firstUser(rados);
    }

    private void firstUser(Rados rados) {
        S3Credentials credentials = S3Credentials.read(directory);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream sink = new PrintStream(said, true, StandardCharsets.UTF_8);
        RadosgwAdmin admin = new RadosgwAdmin(rados);
        if (admin.run(new String[] {"user", "info", "--uid=" + spec.name()}, sink, sink) == 0) {
            return;
        }
        said.reset();
        int code =
                admin.run(
                        new String[] {
                            "user",
                            "create",
                            "--uid=" + spec.name(),
                            "--display-name=" + spec.name(),
                            "--access-key=" + credentials.accessKey(),
                            "--secret=" + credentials.secretKey()
                        },
                        sink,
                        sink);
        if (code != 0) {
            throw new Refusal(
                    "cannot make the first S3 user: "
                            + said.toString(StandardCharsets.UTF_8).trim());
        }
    }

    private void awaitHealth(Rados admin) {
        long end = System.nanoTime() + HEALTHY_MAX.toNanos();
        while (true) {
            Readiness readiness = Readiness.ask(admin);
            if (readiness.ready()) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new Refusal(
                        "not healthy after "
                                + HEALTHY_MAX.toSeconds()
                                + " s: "
                                + readiness.shown());
            }
            step.accept("waiting for health: " + readiness.shown());
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    private static <T> T within(CompletableFuture<T> future, String otherwise) {
        try {
            return Await.on(future.orTimeout(HEALTHY_MAX.toSeconds(), TimeUnit.SECONDS));
        } catch (java.util.concurrent.CompletionException late) {
            if (late.getCause() instanceof TimeoutException) {
                throw new Refusal(otherwise + " within " + HEALTHY_MAX.toSeconds() + " s");
            }
            throw late;
        }
    }

    /** Leaves in the opposite order; the OSDs say goodbye before their stores close. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            AutoCloseable next = open.pop();
            try {
                next.close();
            } catch (Exception failure) {
                LOG.warn("closing {}", next.getClass().getSimpleName(), failure);
            }
        }
    }

    private static void leave(List<Osd> osds) {
        List<CompletableFuture<Void>> leaving = new ArrayList<>();
        for (Osd osd : osds) {
            leaving.add(osd.stop());
        }
        CompletableFuture.allOf(leaving.toArray(new CompletableFuture<?>[0]))
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(late -> null)
                .join();
    }
}
