package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.client.IoContext;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosOptions;
import io.sepiola.messenger.ClientAuth;
import io.sepiola.messenger.Msgr2;
import io.sepiola.messenger.Msgr2Options;
import io.sepiola.messenger.SimulatedNetwork;
import io.sepiola.monitor.Genesis;
import io.sepiola.monitor.MemoryLog;
import io.sepiola.monitor.Monitor;
import io.sepiola.monitor.MonitorOptions;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;

/** A monitor, OSDs and a client, each on a shard and a host of its own. */
final class SimulatedCluster {
    static final String CLIENT_IP = "10.0.2.1";
    static final String MONITOR_IP = "10.0.0.1";
    static final String POOL = "tank";

    private static final Duration STEP_MAX = Duration.ofSeconds(60);
    private static final int GROUPS = 8;
    private static final ClientAuth DIALS_NOBODY =
            peer -> {
                throw new IllegalStateException("a lone monitor dials nobody");
            };

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final List<SimulatedOsd> osds = new ArrayList<>();
    private final Simulation.SimulatedShard clientShard;
    private final UUID fsid;
    private final Monitor monitor;
    private final Genesis genesis;
    private final Rados rados;
    private final IoContext pool;

    /**
     * Starts everything and makes the pool.
     *
     * @param commitMax how long an OSD's disk takes for a transaction, at most
     */
    SimulatedCluster(
            Simulation simulation, SimulatedNetwork network, int osdCount, Duration commitMax) {
        this.simulation = simulation;
        this.network = network;
        RandomGenerator random = simulation.random();
        this.fsid = new UUID(random.nextLong(), random.nextLong());
        EntityAddr addr = EntityAddr.msgr2(new InetSocketAddress(MONITOR_IP, 3300), 0);
        EntityAddrVec monitors = EntityAddrVec.of(addr);
        this.genesis = genesis(addr, osdCount, random);
        this.monitor = monitor(addr);
        this.clientShard = simulation.shard("client");
        done("the monitor serves", monitor.start(Optional.of(genesis)).toCompletableFuture());
        this.rados =
                done(
                        "the client gets in",
                        Rados.connect(
                                clientShard,
                                network.host(CLIENT_IP),
                                new RadosOptions(
                                        AuthName.parse("client.admin"),
                                        List.of(monitors),
                                        RadosOptions.TIMEOUT,
                                        RadosOptions.Limits.DEFAULT),
                                key("client.admin"),
                                simulation.random()));
        for (int id = 0; id < osdCount; id++) {
            osds.add(
                    new SimulatedOsd(
                            simulation, network, id, key("osd." + id), monitors, commitMax));
        }
        startOsds();
        command(
                "{\"prefix\":\"osd pool create\",\"pool\":\""
                        + POOL
                        + "\",\"pg_num\":"
                        + GROUPS
                        + ",\"pgp_num\":"
                        + GROUPS
                        + ",\"pool_type\":\"replicated\",\"size\":3}");
        command(
                "{\"prefix\":\"osd pool set\",\"pool\":\""
                        + POOL
                        + "\",\"var\":\"min_size\",\"val\":\"2\"}");
        this.pool = done("the pool opens", rados.open(POOL));
        awaitClean(STEP_MAX);
    }

    private Genesis genesis(EntityAddr addr, int osdCount, RandomGenerator random) {
        Genesis made = Genesis.of(fsid, "a", addr, random, simulation.clock().now());
        for (int id = 0; id < osdCount; id++) {
            made =
                    made.with(
                            AuthName.parse("osd." + id),
                            Genesis.entity(
                                    random,
                                    simulation.clock().now(),
                                    Map.of(
                                            "mon", "allow profile osd",
                                            "mgr", "allow profile osd",
                                            "osd", "allow *")));
        }
        return made.with("global", "osd_pool_default_pg_autoscale_mode", "off");
    }

    private CryptoKey key(String entity) {
        EntityAuth auth = genesis.entities().get(AuthName.parse(entity));
        return auth.key();
    }

    private Monitor monitor(EntityAddr addr) {
        Simulation.SimulatedShard shard = simulation.shard("mon.a");
        RandomGenerator random = simulation.random();
        return new Monitor(
                MonitorOptions.of("a", fsid, addr),
                shard,
                random,
                new MemoryLog(new MemoryLog.Disk(), shard, Duration.ofMillis(1)),
                (self, auth, dispatcher) ->
                        new Msgr2(
                                self,
                                Msgr2Options.DEFAULT,
                                new Msgr2.Parts(
                                        shard,
                                        network.host(MONITOR_IP),
                                        DIALS_NOBODY,
                                        auth,
                                        dispatcher,
                                        random)));
    }

    private void startOsds() {
        List<CompletableFuture<Void>> up = new ArrayList<>();
        for (SimulatedOsd osd : osds) {
            command(
                    "{\"prefix\":\"osd new\",\"uuid\":\""
                            + osd.osdFsid()
                            + "\",\"id\":"
                            + osd.id()
                            + "}");
            done("osd." + osd.id() + " is formatted", osd.format(fsid));
            up.add(osd.start());
        }
        for (SimulatedOsd osd : osds) {
            done("osd." + osd.id() + " is up", up.get(osd.id()));
        }
    }

    /** Runs a monitors' command that must succeed. */
    void command(String json) {
        Rados.CommandReply reply = done(json, rados.monitorCommand(json, Bytes.EMPTY));
        if (reply.result() < 0) {
            throw new Violation(json + ": " + reply.result() + " " + reply.text());
        }
    }

    /** Sends a monitors' command and does not wait for its answer. */
    void ask(String json) {
        clientShard.execute(() -> rados.monitorCommand(json, Bytes.EMPTY));
    }

    /** Runs the simulation until the future is complete. */
    <T> T done(String what, CompletableFuture<T> future) {
        if (!simulation.runUntil(future::isDone, STEP_MAX)) {
            throw new Violation("not within " + STEP_MAX.toSeconds() + " s: " + what);
        }
        try {
            return future.join();
        } catch (CompletionException failure) {
            throw new Violation("failed: " + what, failure.getCause());
        }
    }

    List<SimulatedOsd> osds() {
        return osds;
    }

    IoContext pool() {
        return pool;
    }

    Simulation.SimulatedShard clientShard() {
        return clientShard;
    }

    /** Runs until every group is active and clean. */
    void awaitClean(Duration spanMax) {
        Duration step = Duration.ofMillis(200);
        long end = simulation.clock().nanos() + spanMax.toNanos();
        while (!isClean()) {
            if (simulation.clock().nanos() > end) {
                throw new Violation(
                        "not active+clean after " + spanMax.toSeconds() + " s: " + describe());
            }
            simulation.run(step);
        }
    }

    private boolean isClean() {
        long wanted = PgState.ACTIVE.bit() | PgState.CLEAN.bit();
        int clean = 0;
        for (SimulatedOsd osd : osds) {
            for (PgStat stat : osd.groups().values()) {
                if (stat.state() != wanted) {
                    return false;
                }
                clean++;
            }
        }
        return clean == GROUPS;
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        for (SimulatedOsd osd : osds) {
            text.append("\n  osd.")
                    .append(osd.id())
                    .append(osd.isAlive() ? "" : " (dead)")
                    .append(':');
            osd.groups()
                    .forEach((pg, stat) ->
                            text.append("\n    ")
                                    .append(pg)
                                    .append(' ')
                                    .append(PgState.text(stat.state()))
                                    .append(" up ")
                                    .append(stat.up())
                                    .append(" acting ")
                                    .append(stat.acting()));
        }
        return text.toString();
    }
}
