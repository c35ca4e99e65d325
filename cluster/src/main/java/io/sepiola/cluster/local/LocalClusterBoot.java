package io.sepiola.cluster.local;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Shard;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosOptions;
import io.sepiola.cluster.Refusal;
import io.sepiola.cluster.Release;
import io.sepiola.cluster.daemon.DaemonHost;
import io.sepiola.cluster.daemon.HostFacts;
import io.sepiola.cluster.daemon.OsdHome;
import io.sepiola.gateway.GatewayOptions;
import io.sepiola.gateway.RadosgwAdmin;
import io.sepiola.manager.ManagerOptions;
import io.sepiola.monitor.Genesis;
import io.sepiola.monitor.MemoryLog;
import io.sepiola.monitor.MonitorOptions;
import io.sepiola.monitor.ReplicatedLog;
import io.sepiola.osd.Osd;
import io.sepiola.osd.OsdOptions;
import io.sepiola.osd.StoppedException;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.store.MemoryStore;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreMemory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Everything of a local cluster, in boot order; closed in the opposite one. */
final class LocalClusterBoot implements AutoCloseable {
    private static final long STORE_BYTES_MAX = 100L << 30;

    // Three quarters are what the indexes of all OSDs may need beside what they hold: what is still
    // in memory (3 x 8 MiB each), and the new files of one merge (L0 and L1, 96 MiB).
    private static final long DISK_RESERVE_BYTES = 192L << 20;

    private static final long MEMORY_STORE_BYTES = 256L << 20;
    private static final Duration HEALTHY_MAX = DaemonHost.START_MAX;

    private final ClusterDirectory directory;
    private final ClusterSpec spec;
    private final Consumer<String> step;
    private final Consumer<Throwable> failed;
    private final DaemonHost host;

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
        // An OSD that was told to stop is gone; the others live on.
        this.host =
                new DaemonHost(
                        failure -> {
                            if (!(failure instanceof StoppedException)) {
                                failed.accept(failure);
                            }
                        },
                        name -> Optional.of(directory.adminSocket(name)));
    }

    /** Starts everything and waits until the cluster is healthy and serves S3. */
    void start() {
        ClusterKeys keys = keys();
        step.accept("starting the monitor");
        monitor(keys);
        manager(keys);
        try (Rados admin = client(keys, ClusterKeys.ADMIN)) {
            step.accept("starting " + spec.osdCount() + " OSDs");
            for (CompletableFuture<Void> one : startOsds(keys, admin)) {
                DaemonHost.within(HEALTHY_MAX, one, "an OSD did not come up");
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
        ClusterKeys made = ClusterKeys.make(spec.osdCount(), host.random(), Clock.system().now());
        made.write(directory);
        return made;
    }

    private EntityAddr monitorAddr() {
        return EntityAddr.msgr2(new InetSocketAddress(spec.address(), spec.monitorPort()), 0);
    }

    private EntityAddr anyPort() {
        return EntityAddr.msgr2(new InetSocketAddress(spec.address(), 0), 0);
    }

    private List<EntityAddrVec> monitors() {
        return List.of(EntityAddrVec.of(monitorAddr()));
    }

    private void monitor(ClusterKeys keys) {
        Shard shard = host.loop(1);
        ReplicatedLog log =
                spec.memory()
                        ? new MemoryLog(new MemoryLog.Disk(), shard, Duration.ZERO)
                        : host.monitorLog(directory.file("mon.a"), shard);
        MonitorOptions options =
                new MonitorOptions(
                        "a",
                        spec.fsid(),
                        monitorAddr(),
                        new TreeMap<>(),
                        Release.cephVersion(),
                        HostFacts.all());
        host.monitor(options, shard, log, Optional.of(genesis(keys)));
    }

    private Genesis genesis(ClusterKeys keys) {
        return new Genesis(
                        spec.fsid(),
                        List.of(new MonMap.MonInfo("a", EntityAddrVec.of(monitorAddr()))),
                        keys.entities(),
                        new TreeMap<>(),
                        "osd")
                .with("global", "osd_pool_default_size", Integer.toString(spec.replicas()))
                .with("global", "osd_pool_default_pg_num", "32")
                .with("global", "osd_pool_default_pg_autoscale_mode", "off")
                .with("global", "mon_allow_pool_delete", "true")
                .with("global", "mon_max_pg_per_osd", "1000")
                .with("global", "mon_warn_on_pool_no_redundancy", "false");
    }

    private List<CompletableFuture<Void>> startOsds(ClusterKeys keys, Rados admin) {
        StoreMemory memory = spec.memory() ? null : host.storeMemory();
        List<CompletableFuture<Void>> up = new ArrayList<>();
        List<Osd> osds = new ArrayList<>();
        for (int id = 0; id < spec.osdCount(); id++) {
            Shard shard = host.loop(id);
            UUID osdFsid =
                    UUID.nameUUIDFromBytes(
                            (spec.fsid() + "/osd." + id).getBytes(StandardCharsets.UTF_8));
            ObjectStore store =
                    memory == null
                            ? memoryStore(shard, id, osdFsid)
                            : diskStore(shard, id, osdFsid, memory);
            host.opened(store);
            makeKnown(admin, id, osdFsid);
            long bytes = store.usage().totalBytes();
            OsdOptions options =
                    OsdHome.options(
                            id,
                            monitors(),
                            anyPort(),
                            "ssd",
                            bytes,
                            memory == null ? Optional.empty() : Optional.of(directory.path()));
            Osd osd =
                    host.osd(
                            // An OSD that ended would take the whole process along.
                            options.withTimes(
                                    options.heartbeats().everPatient(), options.beaconInterval()),
                            shard,
                            store,
                            keys.key(ClusterKeys.osd(id)));
            osds.add(osd);
            up.add(osd.start());
        }
        host.opened(() -> DaemonHost.leave(osds));
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

    private ObjectStore diskStore(Shard shard, int id, UUID osdFsid, StoreMemory memory) {
        OsdHome home = new OsdHome(directory.file("osd." + id), id);
        if (!home.isFormatted()) {
            home.format(spec.fsid(), osdFsid, storeBytes(), memory, shard);
        }
        return home.openForOsd(memory, DISK_RESERVE_BYTES, failed::accept);
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
        ManagerOptions options =
                ManagerOptions.of(
                                "x",
                                monitors(),
                                anyPort(),
                                Optional.of(
                                        new InetSocketAddress(
                                                spec.address(), spec.dashboardPort())),
                                OsdHome.hostname())
                        .withMetrics(new InetSocketAddress(spec.address(), spec.metricsPort()))
                        .describedBy(HostFacts.all());
        DaemonHost.within(
                HEALTHY_MAX,
                host.manager(options, host.loop(1), keys.key(ClusterKeys.MANAGER)),
                "the manager did not start");
    }

    private Rados client(ClusterKeys keys, AuthName name) {
        return host.client(
                new RadosOptions(
                        name, monitors(), RadosOptions.TIMEOUT, RadosOptions.Limits.DEFAULT),
                host.loop(0),
                keys.key(name));
    }

    private void gateway(ClusterKeys keys) {
        Rados rados = client(keys, ClusterKeys.GATEWAY);
        host.gateway(
                ClusterKeys.GATEWAY.toString(),
                Collections.emptySortedMap(),
                GatewayOptions.at(new InetSocketAddress(spec.address(), spec.s3Port())),
                rados);
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

    /** Leaves in the opposite order; the OSDs say goodbye before their stores close. */
    @Override
    public void close() {
        host.close();
    }
}
