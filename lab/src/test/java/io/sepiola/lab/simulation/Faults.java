package io.sepiola.lab.simulation;

import io.sepiola.base.Simulation;
import io.sepiola.messenger.SimulatedNetwork;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lets the faults of a plan happen, and takes them back. Owned by the simulation. */
final class Faults {
    private static final Duration BACK_SOON = Duration.ofMillis(300);

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final SimulatedCluster cluster;
    private final List<Workload> workloads;
    private final Simulation.SimulatedShard shard;
    private final boolean heals;
    private final Set<String> blocked = new LinkedHashSet<>();
    private final List<FaultPlan.Planned> standing = new ArrayList<>();
    private final Map<Fault.Laid, Ambush> ambushes = new HashMap<>(); // looked up, never iterated
    private final Damages damages;
    private final Chores chores;
    private boolean over;

    /**
     * No fault yet.
     *
     * @param heals whether everything is taken back in the end
     */
    Faults(
            Simulation simulation,
            SimulatedNetwork network,
            SimulatedCluster cluster,
            List<Workload> workloads,
            boolean heals) {
        this.simulation = simulation;
        this.network = network;
        this.cluster = cluster;
        this.workloads = workloads;
        this.heals = heals;
        this.shard = simulation.shard("faults");
        this.damages = new Damages(simulation, cluster.osds());
        this.chores = new Chores(simulation, cluster, damages);
        cluster.osds().forEach(osd -> osd.onEnd(() -> restartLater(osd, BACK_SOON)));
    }

    void start(FaultPlan plan) {
        for (FaultPlan.Planned planned : plan.faults()) {
            shard.timers().after(planned.at(), () -> begin(planned));
        }
    }

    private void begin(FaultPlan.Planned planned) {
        if (over) {
            return;
        }
        simulation.trace("fault " + planned);
        standing.add(planned);
        begin(planned.fault(), planned.span());
        if (heals) {
            shard.timers().after(planned.span(), () -> takeBack(planned));
        }
    }

    private void takeBack(FaultPlan.Planned planned) {
        if (standing.remove(planned)) {
            simulation.trace("taken back: " + planned);
            takeBack(planned.fault());
        }
    }

    /** From now on nothing goes wrong; whoever is dead comes back. */
    void end() {
        over = true;
        chores.end();
        List.copyOf(standing).forEach(this::takeBack);
        for (SimulatedOsd osd : cluster.osds()) {
            osd.arm(Fault.Moment.NOW, 0, () -> {});
            osd.restart();
        }
    }

    /** What is wrong with disks. */
    Damages damages() {
        return damages;
    }

    /** What the administrator is about. */
    Chores chores() {
        return chores;
    }

    private void begin(Fault fault, Duration span) {
        switch (fault) {
            case Fault.Slow(String one, String other, Duration more) -> slow(one, other, more);
            case Fault.Reset(String from, String to, int bytes) ->
                    network.breakAfter(ip(from), ip(to), bytes);
            case Fault.Breaks(int count) -> breakSome(count);
            case Fault.Deaf(String from, String to) -> block(from, to);
            case Fault.Cut(String one, String other) -> cut(one, other, true);
            case Fault.Isolated(String host) ->
                    cluster.hosts().keySet().forEach(other -> cut(host, other, true));
            case Fault.Crash(int id, Fault.Moment moment, int count, int times) ->
                    crash(cluster.osds().get(id), moment, count, times, span);
            case Fault.PowerCut(List<Integer> osds) -> {
                for (int i = 0; i < osds.size(); i++) {
                    SimulatedOsd osd = cluster.osds().get(osds.get(i));
                    osd.crash();
                    restartLater(osd, span.dividedBy(osds.size()).multipliedBy(i + 1));
                }
            }
            case Fault.Laid laid -> lay(laid);
            case Fault.MonitorCrash(int rank) -> cluster.monitors().crash(rank);
            case Fault.ClientDies(int id) -> {
                workloads.get(id).die();
                network.kill(SimulatedClient.ip(id));
            }
            case Fault.Stops(String host) -> cluster.shard(host).stop(span);
            case Fault.ClockSet(String host, Duration ahead) -> cluster.clock(host).set(ahead);
            case Fault.ClockDrift(String host, double rate) -> cluster.clock(host).rate(rate);
            case Fault.SlowDisk(int id, int times) -> cluster.osds().get(id).store().slow(times);
            case Fault.SyncFails(int id) -> {
                SimulatedOsd osd = cluster.osds().get(id);
                if (osd.isAlive()) {
                    osd.failSync();
                }
            }
            case Fault.Full(int id) -> cluster.osds().get(id).store().full(true);
            case Fault.Admin(List<String> commands, List<String> _) ->
                    commands.forEach(cluster::asked);
            case Fault.OsdJoins() -> {
                cluster.join();
                SimulatedOsd joined = cluster.osds().getLast();
                joined.onEnd(() -> restartLater(joined, BACK_SOON));
            }
            case Fault.Rot(int id, int pick, int count) -> {
                if (!chores.hasLostDisk()) {
                    damages.add(cluster.osds().get(id), pick, count);
                }
            }
            case Fault.EmptyDisk(int id, boolean sameIdentity, boolean patient) ->
                    chores.empty(cluster.osds().get(id), sameIdentity, patient);
            case Fault.OldDisk(int id, boolean patient) ->
                    chores.old(cluster.osds().get(id), patient);
            case Fault.OsdLeaves(int id) -> chores.leave(cluster.osds().get(id));
            case Fault.PoolComes(String name) -> chores.poolComes(name);
            case Fault.Asked(String action) ->
                    cluster.askedManager("{\"prefix\":\"osd " + action + "\",\"who\":\"*\"}");
        }
    }

    private void takeBack(Fault fault) {
        switch (fault) {
            case Fault.Slow(String one, String other, Duration _) ->
                    slow(one, other, Duration.ZERO);
            case Fault.Deaf(String from, String to) -> network.unblock(ip(from), ip(to));
            case Fault.Cut(String one, String other) -> cut(one, other, false);
            case Fault.Isolated(String host) ->
                    cluster.hosts().keySet().forEach(other -> cut(host, other, false));
            case Fault.ClockSet(String host, Duration _) -> cluster.clock(host).set(Duration.ZERO);
            case Fault.ClockDrift(String host, double _) -> cluster.clock(host).rate(1);
            case Fault.SlowDisk(int id, int _) -> cluster.osds().get(id).store().slow(1);
            case Fault.Full(int id) -> cluster.osds().get(id).store().full(false);
            case Fault.Admin(List<String> _, List<String> back) -> back.forEach(cluster::asked);
            case Fault.Laid laid -> {
                Ambush ambush = ambushes.remove(laid);
                if (ambush != null) {
                    ambush.end();
                }
            }
            case Fault.MonitorCrash(int rank) -> cluster.monitors().restart(rank);
            case Fault.Reset _, Fault.Breaks _, Fault.Crash _, Fault.PowerCut _ -> {} // over
            case Fault.ClientDies _, Fault.Stops _, Fault.SyncFails _ -> {} // over
            case Fault.PoolComes(String name) -> chores.poolGoes(name);
            case Fault.Rot _, Fault.EmptyDisk _, Fault.OldDisk _ -> {} // mended by the cluster
            case Fault.OsdJoins _, Fault.OsdLeaves _, Fault.Asked _ -> {} // stays
        }
    }

    private void lay(Fault.Laid laid) {
        Ambush ambush = new Ambush(laid, shard, network, cluster, workloads);
        ambushes.put(laid, ambush);
        ambush.begin();
    }

    private String ip(String host) {
        return cluster.hosts().getOrDefault(host, host);
    }

    private void slow(String one, String other, Duration more) {
        network.slow(ip(one), ip(other), more);
        network.slow(ip(other), ip(one), more);
    }

    private void block(String from, String to) {
        if (!from.equals(to)) {
            network.block(ip(from), ip(to));
        }
    }

    private void cut(String one, String other, boolean closed) {
        if (one.equals(other)) {
            return;
        }
        if (closed) {
            network.block(ip(one), ip(other));
            network.block(ip(other), ip(one));
        } else {
            network.unblock(ip(one), ip(other));
            network.unblock(ip(other), ip(one));
        }
    }

    private void breakSome(int count) {
        network.breakAny();
        if (count > 1 && !over) {
            shard.timers().after(Duration.ofMillis(40), () -> breakSome(count - 1));
        }
    }

    private void crash(SimulatedOsd osd, Fault.Moment moment, int count, int times, Duration span) {
        Runnable now =
                () -> {
                    osd.crash();
                    restartLater(osd, span);
                    if (times > 1) {
                        shard.timers()
                                .after(
                                        span.plusMillis(1),
                                        () -> crash(osd, moment, count, times - 1, span));
                    }
                };
        if (over || !osd.isAlive()) {
            return;
        }
        if (moment == Fault.Moment.NOW) {
            now.run();
        } else {
            osd.arm(moment, count, now);
        }
    }

    private void restartLater(SimulatedOsd osd, Duration span) {
        if (!heals) {
            return;
        }
        shard.timers().after(span, osd::restart);
    }
}
