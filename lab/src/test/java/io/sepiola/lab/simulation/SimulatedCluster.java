package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;
import io.sepiola.base.SimulatedClock;
import io.sepiola.base.Simulation;
import io.sepiola.client.IoContext;
import io.sepiola.client.Rados;
import io.sepiola.messenger.SimulatedNetwork;
import io.sepiola.monitor.Genesis;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Monitors, OSDs and clients, each on a shard and a host of its own, and one more client for the
 * administrator, whom no fault touches. Owned by the simulation.
 */
final class SimulatedCluster {
    static final String POOL = "tank";

    /** The first pool that is made. */
    static final int POOL_ID = 1;

    private static final int ADMINISTRATOR = 100;
    private static final Duration STEP_MAX = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String DUMP = "{\"prefix\":\"osd dump\",\"format\":\"json\"}";
    private static final String PG_NUM =
            "{\"prefix\":\"osd pool get\",\"pool\":\"" + POOL + "\",\"var\":\"pg_num\"}";

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final Setting setting;
    private final Upkeep upkeep;
    private final List<SimulatedOsd> osds = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final UUID fsid;
    private final Genesis genesis;
    private final SimulatedMonitors monitors;
    private final Simulation.SimulatedShard administratorShard;
    private final Rados administrator;

    /** Starts everything and makes the pool. */
    SimulatedCluster(
            Simulation simulation, SimulatedNetwork network, Setting setting, Upkeep upkeep) {
        this.simulation = simulation;
        this.network = network;
        this.setting = setting;
        this.upkeep = upkeep;
        RandomGenerator random = simulation.random();
        this.fsid = new UUID(random.nextLong(), random.nextLong());
        this.monitors = new SimulatedMonitors(simulation, network, setting.monitors());
        this.genesis = genesis(setting.osds() + 1, random);
        monitors.start(genesis);
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
                                monitors.addrs()));
        startOsds();
        if (upkeep.isOn()) {
            startManager();
        }
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
                        + "\",\"var\":\"min_size\",\"val\":\""
                        + setting.minSize()
                        + "\"}");
        for (int id = 0; id < setting.clients(); id++) {
            clients.add(client(id));
        }
        awaitClean(STEP_MAX);
    }

    private Genesis genesis(int osdCount, RandomGenerator random) {
        Genesis made =
                new Genesis(
                        fsid,
                        monitors.infos(),
                        Genesis.keys(random, simulation.clock().now()),
                        new TreeMap<>(),
                        "osd");
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
        for (Map.Entry<String, String> option : upkeep.options().entrySet()) {
            made = made.with("osd", option.getKey(), option.getValue());
        }
        made = upkeep.isOn() ? SimulatedManager.with(made, random, simulation) : made;
        return made.with("global", "osd_pool_default_pg_autoscale_mode", "off")
                .with("global", "mon_allow_pool_delete", "true");
    }

    private void startManager() {
        SimulatedManager manager =
                new SimulatedManager(
                        simulation,
                        network,
                        genesis.entities().get(SimulatedManager.NAME).key(),
                        monitors.addrs());
        done("the manager is active", manager.start());
    }

    CryptoKey key(String entity) {
        EntityAuth auth = genesis.entities().get(AuthName.parse(entity));
        return auth.key();
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
                new SimulatedOsd(
                        simulation, network, id, key("osd." + id), monitors.addrs(), setting);
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
                                simulation,
                                network,
                                shard,
                                id,
                                key("client.admin"),
                                monitors.addrs()));
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
        return asked(json, Bytes.EMPTY);
    }

    /** The same, with an input. */
    CompletableFuture<Rados.CommandReply> asked(String json, Bytes input) {
        simulation.trace("administrator: " + json);
        return administrator(rados -> rados.monitorCommand(json, input));
    }

    /** Sends a manager's command. */
    CompletableFuture<Rados.CommandReply> askedManager(String json) {
        simulation.trace("administrator, of the manager: " + json);
        return administrator(rados -> rados.managerCommand(json, Bytes.EMPTY));
    }

    /** What the administrator does. */
    <T> CompletableFuture<T> administrator(Function<Rados, CompletableFuture<T>> action) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        administratorShard.execute(() ->
                action.apply(administrator)
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

    /** Of the pool, as it was made. */
    int minSize() {
        return setting.minSize();
    }

    UUID fsid() {
        return fsid;
    }

    SimulatedMonitors monitors() {
        return monitors;
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
        for (int rank = 0; rank < monitors.count(); rank++) {
            hosts.put("mon." + rank, SimulatedMonitors.ip(rank));
        }
        osds.forEach(osd -> hosts.put(osd.name(), osd.ip()));
        clients.forEach(one -> hosts.put("client." + one.id(), SimulatedClient.ip(one.id())));
        return hosts;
    }

    /** The clock of a host. */
    SimulatedClock clock(String host) {
        return switch (host.charAt(0)) {
            case 'm' -> monitors.clock(number(host));
            case 'o' -> osds.get(number(host)).clock();
            default -> clients.get(number(host)).clock();
        };
    }

    /** The shard of what runs on a host now. */
    Simulation.SimulatedShard shard(String host) {
        return switch (host.charAt(0)) {
            case 'm' -> monitors.shard(number(host));
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
        long passing = upkeep.isOn() ? PgState.SCRUBBING.bit() | PgState.DEEP_SCRUB.bit() : 0;
        int clean = 0;
        for (SimulatedOsd osd : osds) {
            for (PgStat stat : osd.groups().values()) {
                if ((stat.state() & ~passing) != wanted) {
                    return false;
                }
                clean++;
            }
        }
        return clean == groups() && (!upkeep.isOn() || isSettled());
    }

    /** Whether the manager has brought the pool to the numbers of groups that it is to have. */
    private boolean isSettled() {
        JsonNode dump = JSON.readTree(done("osd dump", asked(DUMP)).output().toUtf8());
        for (JsonNode pool : dump.path("pools")) {
            if (pool.path("pool_name").stringValue().equals(POOL)) {
                int count = pool.path("pg_num").intValue();
                return count == pool.path("pg_num_target").intValue()
                        && count == pool.path("pg_num_pending").intValue()
                        && pool.path("pg_placement_num").intValue()
                                == pool.path("pg_placement_num_target").intValue();
            }
        }
        throw new AssertionError("no pool " + POOL);
    }

    /** The groups that there are, by those who lead them. */
    SortedMap<PgId, PgStat> stats() {
        SortedMap<PgId, PgStat> stats = new TreeMap<>();
        osds.forEach(osd -> stats.putAll(osd.groups()));
        return stats;
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
