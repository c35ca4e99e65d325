package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;
import io.sepiola.base.SimulatedClock;
import io.sepiola.base.Simulation;
import io.sepiola.client.IoContext;
import io.sepiola.client.Rados;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;

/**
 * A monitor, OSDs and clients, each on a shard and a host of its own, and one more client for the
 * administrator, whom no fault touches. Owned by the simulation.
 */
final class SimulatedCluster {
    static final String MONITOR_IP = "10.0.0.1";
    static final String POOL = "tank";

    /** The first pool that is made. */
    static final int POOL_ID = 1;

    private static final int ADMINISTRATOR = 100;
    private static final Duration STEP_MAX = Duration.ofSeconds(60);
    private static final String PG_NUM =
            "{\"prefix\":\"osd pool get\",\"pool\":\"" + POOL + "\",\"var\":\"pg_num\"}";
    private static final ClientAuth DIALS_NOBODY =
            peer -> {
                throw new IllegalStateException("a lone monitor dials nobody");
            };

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final Setting setting;
    private final List<SimulatedOsd> osds = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final UUID fsid;
    private final SimulatedClock monitorClock;
    private final Simulation.SimulatedShard monitorShard;
    private final Genesis genesis;
    private final EntityAddrVec monitors;
    private final Simulation.SimulatedShard administratorShard;
    private final Rados administrator;

    /** Starts everything and makes the pool. */
    SimulatedCluster(Simulation simulation, SimulatedNetwork network, Setting setting) {
        this.simulation = simulation;
        this.network = network;
        this.setting = setting;
        RandomGenerator random = simulation.random();
        this.fsid = new UUID(random.nextLong(), random.nextLong());
        EntityAddr addr = EntityAddr.msgr2(new InetSocketAddress(MONITOR_IP, 3300), 0);
        this.monitors = EntityAddrVec.of(addr);
        this.genesis = genesis(addr, setting.osds() + 1, random);
        this.monitorClock = simulation.hostClock();
        this.monitorShard = simulation.shard("mon.a", monitorClock);
        Monitor monitor = monitor(addr);
        done("the monitor serves", monitor.start(Optional.of(genesis)).toCompletableFuture());
        this.administratorShard = simulation.shard("administrator");
        this.administrator =
                done(
                        "the administrator gets in",
                        SimulatedClient.connect(
                                simulation,
                                network,
                                administratorShard,
                                ADMINISTRATOR,
                                key("client.admin"),
                                monitors));
        startOsds();
        command(
                "{\"prefix\":\"osd pool create\",\"pool\":\""
                        + POOL
                        + "\",\"pg_num\":"
                        + setting.groups()
                        + ",\"pgp_num\":"
                        + setting.groups()
                        + ",\"pool_type\":\"replicated\",\"size\":3}");
        command(
                "{\"prefix\":\"osd pool set\",\"pool\":\""
                        + POOL
                        + "\",\"var\":\"min_size\",\"val\":\"2\"}");
        for (int id = 0; id < setting.clients(); id++) {
            clients.add(client(id));
        }
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
        return made.with("global", "osd_pool_default_pg_autoscale_mode", "off")
                .with("global", "mon_allow_pool_delete", "true");
    }

    private CryptoKey key(String entity) {
        EntityAuth auth = genesis.entities().get(AuthName.parse(entity));
        return auth.key();
    }

    private Monitor monitor(EntityAddr addr) {
        RandomGenerator random = simulation.random();
        return new Monitor(
                MonitorOptions.of("a", fsid, addr),
                monitorShard,
                random,
                new MemoryLog(new MemoryLog.Disk(), monitorShard, Duration.ofMillis(1)),
                (self, auth, dispatcher) ->
                        new Msgr2(
                                self,
                                Msgr2Options.DEFAULT,
                                new Msgr2.Parts(
                                        monitorShard,
                                        network.host(MONITOR_IP),
                                        DIALS_NOBODY,
                                        auth,
                                        dispatcher,
                                        random)));
    }

    private void startOsds() {
        List<CompletableFuture<Void>> up = new ArrayList<>();
        for (int id = 0; id < setting.osds(); id++) {
            up.add(join());
        }
        for (SimulatedOsd osd : osds) {
            done(osd.name() + " is up", up.get(osd.id()));
        }
    }

    /** One more OSD, on an empty disk. */
    CompletableFuture<Void> join() {
        int id = osds.size();
        SimulatedOsd osd =
                new SimulatedOsd(simulation, network, id, key("osd." + id), monitors, setting);
        osds.add(osd);
        CompletableFuture<Rados.CommandReply> known =
                asked(
                        "{\"prefix\":\"osd new\",\"uuid\":\""
                                + osd.osdFsid()
                                + "\",\"id\":"
                                + id
                                + "}");
        return known.thenCompose(reply -> osd.format(fsid)).thenCompose(formatted -> osd.start());
    }

    private SimulatedClient client(int id) {
        SimulatedClock clock = simulation.hostClock();
        Simulation.SimulatedShard shard = simulation.shard("client." + id, clock);
        Rados rados =
                done(
                        "client " + id + " gets in",
                        SimulatedClient.connect(
                                simulation, network, shard, id, key("client.admin"), monitors));
        IoContext pool = done("the pool opens", rados.open(POOL));
        return SimulatedClient.of(id, shard, clock, rados, pool);
    }

    /** Runs a monitors' command that must succeed. */
    void command(String json) {
        Rados.CommandReply reply = done(json, asked(json));
        if (reply.result() < 0) {
            throw new Violation("O6", json + ": " + reply.result() + " " + reply.text());
        }
    }

    /** Sends a monitors' command; its answer comes when it may. */
    CompletableFuture<Rados.CommandReply> asked(String json) {
        simulation.trace("administrator: " + json);
        CompletableFuture<Rados.CommandReply> answer = new CompletableFuture<>();
        administratorShard.execute(() ->
                administrator
                        .monitorCommand(json, Bytes.EMPTY)
                        .whenComplete((reply, failure) -> {
                            if (failure == null) {
                                answer.complete(reply);
                            } else {
                                answer.completeExceptionally(failure);
                            }
                        }));
        return answer;
    }

    /** Runs the simulation until the future is complete. */
    <T> T done(String what, CompletableFuture<T> future) {
        if (!simulation.runUntil(future::isDone, STEP_MAX)) {
            throw new Violation("O6", "not within " + STEP_MAX.toSeconds() + " s: " + what);
        }
        try {
            return future.join();
        } catch (CompletionException failure) {
            throw new Violation("O6", "failed: " + what, failure.getCause());
        }
    }

    UUID fsid() {
        return fsid;
    }

    List<SimulatedOsd> osds() {
        return osds;
    }

    List<SimulatedClient> clients() {
        return clients;
    }

    /** Addresses of all hosts but the administrator's, by name. */
    Map<String, String> hosts() {
        Map<String, String> hosts = new LinkedHashMap<>();
        hosts.put("mon", MONITOR_IP);
        osds.forEach(osd -> hosts.put(osd.name(), osd.ip()));
        clients.forEach(one -> hosts.put("client." + one.id(), SimulatedClient.ip(one.id())));
        return hosts;
    }

    /** The clock of a host. */
    SimulatedClock clock(String host) {
        return switch (host.charAt(0)) {
            case 'm' -> monitorClock;
            case 'o' -> osds.get(number(host)).clock();
            default -> clients.get(number(host)).clock();
        };
    }

    /** The shard of what runs on a host now. */
    Simulation.SimulatedShard shard(String host) {
        return switch (host.charAt(0)) {
            case 'm' -> monitorShard;
            case 'o' -> osds.get(number(host)).shard();
            default -> clients.get(number(host)).shard();
        };
    }

    private static int number(String host) {
        return Integer.parseInt(host.substring(host.indexOf('.') + 1));
    }

    /** Runs until every group is active and clean. */
    void awaitClean(Duration spanMax) {
        Duration step = Duration.ofMillis(200);
        long end = simulation.clock().nanos() + spanMax.toNanos();
        while (!isClean()) {
            if (simulation.clock().nanos() > end) {
                throw new Violation(
                        "O6",
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
        return clean == groups();
    }

    /** How many groups the pool has by now. */
    private int groups() {
        Rados.CommandReply reply = done("pg_num", asked(PG_NUM));
        return Integer.parseInt(reply.output().toUtf8().replaceAll("[^0-9]", ""));
    }

    String describe() {
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
