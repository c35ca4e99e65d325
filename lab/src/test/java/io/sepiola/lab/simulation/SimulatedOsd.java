package io.sepiola.lab.simulation;

import io.sepiola.base.Simulation;
import io.sepiola.messenger.SimulatedNetwork;
import io.sepiola.osd.Osd;
import io.sepiola.osd.OsdOptions;
import io.sepiola.osd.heartbeat.Heartbeats;
import io.sepiola.osd.pg.PgOptions;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.store.MemoryStore;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** One OSD that crashes and comes back; its store survives as a disk would. */
final class SimulatedOsd {
    private static final long STORE_BYTES = 64L << 20;
    private static final Duration COMMIT_MIN = Duration.ofNanos(50_000);

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final RandomGenerator random;
    private final int id;
    private final UUID osdFsid;
    private final CryptoKey secret;
    private final EntityAddrVec monitor;
    // Objects of a simulation are shorter and longer than this.
    private static final int LONG_READ_MIN = 300;

    // A few operations.
    private static final long CLIENT_BYTES_MAX = 6000;

    private MemoryStore store;
    private Simulation.SimulatedShard shard;
    private Osd osd;
    private int lives;
    private boolean alive;

    SimulatedOsd(
            Simulation simulation,
            SimulatedNetwork network,
            int id,
            CryptoKey secret,
            EntityAddrVec monitor,
            Duration commitMax) {
        this.simulation = simulation;
        this.network = network;
        this.random = simulation.random();
        this.id = id;
        this.osdFsid = new UUID(random.nextLong(), random.nextLong());
        this.secret = secret;
        this.monitor = monitor;
        this.store =
                new MemoryStore(
                        new MemoryStore.Options(
                                new MemoryStore.CommitDelay.Between(
                                        COMMIT_MIN, commitMax, simulation.random()),
                                STORE_BYTES));
        this.shard = simulation.shard(name());
        this.osd = build();
    }

    private String name() {
        return "osd." + id;
    }

    String ip() {
        return "10.0.1." + (id + 1);
    }

    UUID osdFsid() {
        return osdFsid;
    }

    int id() {
        return id;
    }

    boolean isAlive() {
        return alive;
    }

    MemoryStore store() {
        return store;
    }

    CompletableFuture<Void> format(UUID fsid) {
        return Osd.mkfs(store, shard, fsid, id, osdFsid);
    }

    /** Begins to serve with what the store holds. */
    CompletableFuture<Void> start() {
        alive = true;
        lives++;
        return osd.start();
    }

    /** As kill -9 and the loss of power: what was not durable may be gone. */
    void crash() {
        simulation.trace(name() + " crashes");
        alive = false;
        shard.kill();
        network.kill(ip());
        store = store.crash(random);
    }

    /** A new process on the old disk. */
    CompletableFuture<Void> restart() {
        simulation.trace(name() + " restarts");
        shard = simulation.shard(name() + "/" + lives);
        osd = build();
        return start();
    }

    /** Groups whose primary this OSD thinks to be. */
    SortedMap<PgId, PgStat> groups() {
        return alive ? osd.groups() : new TreeMap<>();
    }

    private Osd build() {
        EntityAddr addr = EntityAddr.msgr2(new InetSocketAddress(ip(), 0), 0);
        SortedMap<String, String> location = new TreeMap<>();
        location.put("host", "host" + id);
        location.put("root", "default");
        OsdOptions options =
                new OsdOptions(
                        id,
                        List.of(monitor),
                        addr,
                        addr,
                        "host" + id,
                        location,
                        "ssd",
                        1,
                        new TreeMap<>(),
                        new Heartbeats.Options(Duration.ofSeconds(1), Duration.ofSeconds(4)),
                        Duration.ofSeconds(30),
                        PgOptions.DEFAULT.with(LONG_READ_MIN, CLIENT_BYTES_MAX),
                        0.97);
        return new Osd(
                options,
                shard,
                network.host(ip()),
                store,
                secret,
                simulation.random(),
                failure -> {
                    throw new Violation(name() + " gave up", failure);
                });
    }
}
