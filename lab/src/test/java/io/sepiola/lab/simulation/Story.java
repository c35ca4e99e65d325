package io.sepiola.lab.simulation;

import io.sepiola.base.Simulation;
import io.sepiola.messenger.SimulatedNetwork;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What happens in one simulation, from its seed; and the oracles, which know nothing of the code:
 *
 * <ul>
 *   <li>O1: at the moment at which a client hears that a write is done, it is on the disks of all
 *       acting members, who have noted the interval ({@link Promises});
 *   <li>O1, O2, O3: for each object there is an order of all requests that explains every answer
 *       and what is read in the end, to the last byte, attribute and omap entry; so nothing that
 *       was acknowledged is lost ({@link Linearization});
 *   <li>O5: all copies are equal, nobody has one in vain, or thinks to lack one ({@link Copies});
 *       damaged ones are mended, and no scrub finds anything where nothing was damaged ({@link
 *       ScrubWitness});
 *   <li>O6: once faults are over everything is answered, and all groups are active and clean,
 *       within a bound of simulated time;
 *   <li>O7: no daemon gives up but for a reason that a fault gave it;
 *   <li>O8: when nobody asks any more, nothing is left: links, tasks.
 * </ul>
 */
final class Story {
    private static final int COPIES = 3;
    private static final Duration LOAD_MAX = Duration.ofSeconds(180);
    private static final Duration CLEAN_MAX = Duration.ofSeconds(180);
    private static final Duration UNLIMITED_END = Duration.ofSeconds(20);
    private static final String DEEP_SCRUB = "{\"prefix\":\"osd deep-scrub\",\"who\":\"*\"}";
    private static final int LINKS_PER_PAIR_MAX = 8;
    private static final int TASKS_PER_HOST_MAX = 2_000;

    /**
     * What came of it.
     *
     * @param traceHash equal for equal runs
     * @param answers that clients got
     */
    record Result(long traceHash, Duration simulated, int answers, long tasks) {}

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final Setting setting;
    private final FaultPlan plan;
    private final Upkeep upkeep;

    /** A story not yet told. */
    Story(long seed, Setting setting, FaultPlan plan) {
        this.setting = setting;
        this.plan = plan;
        this.upkeep = Upkeep.of(seed);
        this.simulation = new Simulation(seed);
        this.network = new SimulatedNetwork(simulation);
    }

    /** Shows the trace, and what messages say. */
    Story traced(Consumer<String> listener) {
        simulation.onTrace(listener);
        network.onMessage((to, from, message) -> {
            listener.accept(
                    simulation.clock().nanos()
                            + " "
                            + to
                            + " has from "
                            + from
                            + " "
                            + message.getClass().getSimpleName());
            String text = message.toString();
            listener.accept("    " + text.substring(0, Math.min(600, text.length())));
        });
        return this;
    }

    /**
     * Runs to the end.
     *
     * @throws Violation when an oracle objects
     */
    Result run() {
        network.delayMax(setting.delayMax());
        SimulatedCluster cluster = new SimulatedCluster(simulation, network, setting, upkeep);
        Promises promises = new Promises(cluster);
        if (!upkeep.isOn()) { // disks are exchanged there, and groups change their shape
            network.onMessage(promises::delivered);
        }
        History history = new History();
        List<Workload> workloads = new ArrayList<>();
        for (SimulatedClient client : cluster.clients()) {
            int count = setting.requests() / setting.clients();
            workloads.add(new Workload(simulation, client, history, setting, count, plan.load()));
        }
        Faults faults = new Faults(simulation, network, cluster, workloads, setting.recoverable());
        ScrubWitness witness = new ScrubWitness(faults.damages());
        network.onMessage(witness::delivered);
        faults.start(plan);
        workloads.forEach(Workload::start);
        simulation.run(plan.load());
        promises.check();
        if (setting.recoverable()) {
            recover(cluster, history, workloads, faults);
        } else {
            simulation.runUntil(() -> isDone(workloads), UNLIMITED_END);
        }
        promises.check();
        witness.check();
        history.objects().forEach(object -> Linearization.check(object, history.of(object)));
        return new Result(
                simulation.traceHash(),
                Duration.ofNanos(simulation.clock().nanos()),
                history.answers(),
                simulation.taskCount());
    }

    private static boolean isDone(List<Workload> workloads) {
        return workloads.stream().allMatch(Workload::isDone);
    }

    private void recover(
            SimulatedCluster cluster, History history, List<Workload> workloads, Faults faults) {
        simulation.trace("faults are over");
        faults.end();
        if (!simulation.runUntil(() -> isDone(workloads), LOAD_MAX)) {
            throw new Violation(
                    "O6",
                    history.open()
                            + " requests were not answered:"
                            + history.describeOpen()
                            + cluster.describe());
        }
        if (!simulation.runUntil(
                () ->
                        faults.chores().areDone()
                                && cluster.osds().stream().noneMatch(SimulatedOsd::isMaking),
                LOAD_MAX)) {
            throw new Violation("O6", "the administrator cannot go on:" + cluster.describe());
        }
        cluster.awaitClean(CLEAN_MAX);
        if (upkeep.isOn()) {
            scrubAll(cluster, faults.damages());
        }
        readAll(cluster, history, workloads.getFirst());
        compareCopies(cluster);
        lookForLeaks(cluster);
    }

    /** Afterwards every damage that nobody came upon before is found and mended. */
    private void scrubAll(SimulatedCluster cluster, Damages damages) {
        SortedMap<PgId, Utime> before = deepScrubs(cluster);
        long end = simulation.clock().nanos() + CLEAN_MAX.toNanos();
        for (int i = 0; !damages.areMended() || !areScrubbed(cluster, before); i++) {
            if (simulation.clock().nanos() > end) {
                throw new Violation(
                        "O5",
                        "not mended or not scrubbed:" + damages.describe() + cluster.describe());
            }
            if (i % 10 == 0) {
                cluster.askedManager(DEEP_SCRUB);
            }
            simulation.run(Duration.ofSeconds(1));
        }
        cluster.awaitClean(CLEAN_MAX);
    }

    private static SortedMap<PgId, Utime> deepScrubs(SimulatedCluster cluster) {
        SortedMap<PgId, Utime> stamps = new TreeMap<>();
        cluster.stats().forEach((pg, stat) -> stamps.put(pg, stat.lastDeepScrubStamp()));
        return stamps;
    }

    private static boolean areScrubbed(SimulatedCluster cluster, Map<PgId, Utime> before) {
        return deepScrubs(cluster).entrySet().stream()
                .noneMatch(entry -> entry.getValue().equals(before.get(entry.getKey())));
    }

    private void readAll(SimulatedCluster cluster, History history, Workload reader) {
        reader.client()
                .shard()
                .execute(() -> history.objects().forEach(object -> reader.read(object, null)));
        simulation.run(Duration.ofMillis(1));
        if (!simulation.runUntil(reader::isDone, LOAD_MAX)) {
            throw new Violation(
                    "O6", "reads were not answered:" + history.describeOpen() + cluster.describe());
        }
    }

    /** Replicas have what the primary acknowledged, and those not needed are removed, soon. */
    private void compareCopies(SimulatedCluster cluster) {
        simulation.run(Duration.ofSeconds(1));
        Set<PgId> groups = cluster.stats().keySet();
        for (int i = 0; i < 20 && !Copies.arePlaced(cluster.osds(), groups, COPIES); i++) {
            simulation.run(Duration.ofSeconds(1));
        }
        Copies.compare(cluster.osds(), groups, COPIES);
    }

    private void lookForLeaks(SimulatedCluster cluster) {
        Map<String, String> hosts = cluster.hosts();
        int links = network.openLinks();
        long tasks = simulation.waitingCount();
        if (links > hosts.size() * hosts.size() * LINKS_PER_PAIR_MAX / 2) {
            throw new Violation("O8", links + " links are open between " + hosts.size());
        }
        if (tasks > (long) hosts.size() * TASKS_PER_HOST_MAX) {
            throw new Violation("O8", tasks + " tasks and timers are waiting");
        }
    }
}
