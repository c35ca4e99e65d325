package io.sepiola.lab.simulation;

import io.sepiola.base.SimulatedClock;
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
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreGone;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;

/** One OSD that crashes and comes back; its store survives as a disk would. */
final class SimulatedOsd {
    private static final long STORE_BYTES = 256L << 20;
    private static final Heartbeats.Options HEARTBEATS =
            new Heartbeats.Options(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(4),
                    true,
                    1000,
                    Duration.ofSeconds(600));
    private static final Duration COMMIT_MIN = Duration.ofNanos(50_000);

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final RandomGenerator random;
    private final int id;
    private UUID osdFsid;
    private final CryptoKey secret;
    private final List<EntityAddrVec> monitors;
    private final MemoryStore.Options storeOptions;
    private final PgOptions groupOptions;
    private final SimulatedClock clock;
    private final Simulation.SimulatedShard complaints;
    private DiskDamage damage = new DiskDamage(StoreException.Kind.CORRUPT);
    private SimulatedStore store;
    private Simulation.SimulatedShard shard;
    private Osd osd;
    private int lives;
    private boolean alive;
    private int startCount;
    private boolean forgetful;
    private boolean refused;
    private boolean making = true; // there is no OSD on its disk yet
    private boolean gone;
    private Fault.@Nullable Moment armed;
    private int effectsLeft;
    private Runnable atEffect = () -> {};
    private Runnable ended = () -> {};

    SimulatedOsd(
            Simulation simulation,
            SimulatedNetwork network,
            int id,
            CryptoKey secret,
            List<EntityAddrVec> monitors,
            Setting setting) {
        this.simulation = simulation;
        this.network = network;
        this.random = simulation.random();
        this.id = id;
        this.osdFsid = new UUID(random.nextLong(), random.nextLong());
        this.secret = secret;
        this.monitors = monitors;
        this.groupOptions = setting.groupOptions();
        this.clock = simulation.hostClock();
        this.storeOptions =
                new MemoryStore.Options(
                        new MemoryStore.CommitDelay.Between(
                                COMMIT_MIN, setting.commitMax(), simulation.random()),
                        STORE_BYTES);
        this.complaints = simulation.shard(name() + "/complaints");
        this.store = new SimulatedStore(new MemoryStore(storeOptions), damage, this::reached);
        network.onWrite(ip(), () -> reached(Fault.Moment.AFTER_SEND));
        this.shard = simulation.shard(name(), clock);
        this.osd = build();
    }

    String name() {
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

    SimulatedStore store() {
        return store;
    }

    Simulation.SimulatedShard shard() {
        return shard;
    }

    SimulatedClock clock() {
        return clock;
    }

    DiskDamage damage() {
        return damage;
    }

    /** How many times the monitors have let it in. */
    int startCount() {
        return startCount;
    }

    /** Whether its disk has forgotten something, and it may not serve. */
    boolean isForgetful() {
        return forgetful;
    }

    /** Whether such a disk was refused. */
    boolean isRefused() {
        return refused;
    }

    /** Whether its disk is yet to be made an OSD's. */
    boolean isMaking() {
        return making;
    }

    /** Whether it has left for good. */
    boolean isGone() {
        return gone;
    }

    /** Told when the OSD has ended by itself, for a reason that is known. */
    void onEnd(Runnable listener) {
        ended = listener;
    }

    CompletableFuture<Void> format(UUID fsid) {
        return Osd.mkfs(store, shard, fsid, id, osdFsid);
    }

    /** Begins to serve with what the store holds. */
    CompletableFuture<Void> start() {
        making = false;
        alive = true;
        lives++;
        Osd started = osd;
        return osd.start()
                .whenComplete((none, failure) -> {
                    if (osd == started) {
                        started(failure);
                    }
                });
    }

    private void started(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
        if (cause == null) {
            startCount++;
            if (forgetful) {
                complain(name() + " serves from a disk that forgot something", null);
            }
        } else if (cause instanceof StoreException unusable) {
            simulation.trace(name() + " is refused: " + unusable.getMessage());
            refused = true;
            crash();
            if (!forgetful) {
                complain(name() + " is refused", unusable);
            }
        }
    }

    /** Whoever completes a future does not hear what its listeners throw. */
    private void complain(String what, @Nullable Throwable cause) {
        complaints.execute(() -> {
            throw new Violation("O7", what, cause);
        });
    }

    /** Runs {@code task} at the {@code count}-th such effect from now. */
    void arm(Fault.Moment moment, int count, Runnable task) {
        armed = moment;
        effectsLeft = count;
        atEffect = task;
    }

    private void reached(Fault.Moment moment) {
        if (alive && moment == armed && --effectsLeft == 0) {
            armed = null;
            simulation.trace(name() + " is at the effect " + moment);
            atEffect.run();
        }
    }

    /** As kill -9 and the loss of power: what was not durable may be gone. */
    void crash() {
        if (!alive) {
            return;
        }
        simulation.trace(name() + " crashes");
        alive = false;
        armed = null;
        shard.kill();
        network.kill(ip());
        store = new SimulatedStore(store.die(simulation), damage, this::reached);
    }

    /** A new process on the old disk. */
    void restart() {
        if (alive || gone || making) {
            return;
        }
        simulation.trace(name() + " restarts");
        network.kill(ip());
        shard = simulation.shard(name() + "/" + lives, clock);
        osd = build();
        start();
    }

    /** A copy of its disk. */
    MemoryStore snapshot() {
        return store.snapshot();
    }

    /** The disk is put back to what it was; a new process finds it so. */
    void putBack(MemoryStore older) {
        crash();
        simulation.trace(name() + " finds its disk as it was");
        forgetful = true;
        disk(older);
        restart();
    }

    /**
     * An empty disk stands in the place of the old one, made an OSD's by whoever remembered its
     * name, and perhaps its identity; a new process finds it so.
     */
    void wipe(UUID fsid, UUID identity) {
        crash();
        simulation.trace(name() + " finds its disk empty");
        forgetful = true;
        make(fsid, identity);
    }

    /** An empty disk, for an OSD that the monitors have under this identity. */
    void remake(UUID fsid, UUID identity) {
        crash();
        simulation.trace(name() + " is made again");
        osdFsid = identity;
        forgetful = false;
        refused = false;
        make(fsid, identity);
    }

    private void make(UUID fsid, UUID identity) {
        disk(new MemoryStore(storeOptions));
        SimulatedStore made = store;
        making = true;
        shard = simulation.shard(name() + "/" + lives + "/mkfs", clock);
        Osd.mkfs(made, shard, fsid, id, identity)
                .thenRun(() -> {
                    if (store == made) {
                        making = false;
                        restart();
                    }
                });
    }

    private void disk(MemoryStore found) {
        damage = new DiskDamage(StoreException.Kind.CORRUPT);
        store = new SimulatedStore(found, damage, this::reached);
    }

    /** It leaves for good. */
    void leave() {
        crash();
        simulation.trace(name() + " is gone");
        gone = true;
        making = false;
    }

    /** A sync fails: the store tells so, and the process ends at the latest by that. */
    void failSync() {
        store.failSync();
        SimulatedStore failed = store;
        shard.timers()
                .after(
                        Duration.ofMillis(100),
                        () -> {
                            if (store == failed) {
                                gaveUp(new StoreException(StoreException.Kind.IO, "sync failed"));
                            }
                        });
    }

    private void gaveUp(Throwable cause) {
        boolean deliberate =
                cause instanceof StoreGone
                        || cause instanceof StoreException failure
                                && switch (failure.kind()) {
                                    case IO, FULL -> true;
                                    case CORRUPT -> damage.everAny();
                                    case UNUSABLE, INVALID -> false;
                                };
        if (!deliberate) {
            throw new Violation("O7", name() + " gave up", cause);
        }
        simulation.trace(name() + " ends: " + cause.getMessage());
        crash();
        ended.run();
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
                        monitors,
                        addr,
                        addr,
                        "host" + id,
                        location,
                        "ssd",
                        1,
                        new TreeMap<>(),
                        HEARTBEATS,
                        Duration.ofSeconds(30),
                        groupOptions,
                        0.97,
                        new TreeMap<>(),
                        Duration.ofSeconds(30));
        ObjectStore disk = store;
        return new Osd(
                options,
                shard,
                network.host(ip()),
                disk,
                secret,
                simulation.random(),
                this::gaveUp);
    }
}
