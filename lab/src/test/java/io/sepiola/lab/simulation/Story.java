package io.sepiola.lab.simulation;

import io.sepiola.base.Simulation;
import io.sepiola.messenger.SimulatedNetwork;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/** What happens in one simulation, from its seed. */
final class Story {
    private static final int OSDS = 3;
    private static final int OSDS_MOVING = 6;
    private static final int COPIES = 3;
    private static final Duration COMMIT_MAX = Duration.ofMillis(4);
    private static final int REQUESTS = 250;
    private static final Duration LOAD_MAX = Duration.ofSeconds(120);
    private static final Duration CLEAN_MAX = Duration.ofSeconds(120);

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final boolean moving;

    /**
     * A story not yet told.
     *
     * @param moving whether the map changes all the time, so that groups move between more OSDs
     *     than they have copies
     */
    Story(long seed, boolean moving) {
        this.moving = moving;
        this.simulation = new Simulation(seed);
        this.network = new SimulatedNetwork(simulation);
        network.onMessage((to, from, message) ->
                simulation.trace(
                        to + " has from " + from + " " + message.getClass().getSimpleName()));
    }

    /** Shows the trace, and what messages say. */
    Story traced(Consumer<String> listener) {
        simulation.onTrace(listener);
        network.onMessage((to, from, message) -> {
            String text = message.toString();
            listener.accept("    " + text.substring(0, Math.min(600, text.length())));
        });
        return this;
    }

    /**
     * Runs to the end.
     *
     * @return the hash of the trace
     */
    long run() {
        network.delayMax(Duration.ofNanos(100_000 + simulation.random().nextInt(10_000_000)));
        SimulatedCluster cluster =
                moving
                        ? new SimulatedCluster(
                                simulation, network, OSDS_MOVING, commitMaxWhileMoving())
                        : new SimulatedCluster(simulation, network, OSDS, COMMIT_MAX);
        Model model = new Model();
        Faults faults = new Faults(simulation, network, cluster);
        Workload workload =
                new Workload(
                        simulation,
                        cluster.clientShard(),
                        cluster.pool(),
                        model,
                        REQUESTS,
                        faults::crashOne);
        Moves moves = new Moves(simulation, cluster);
        workload.start();
        faults.start();
        if (moving) {
            moves.start();
        }
        simulation.runUntil(workload::isDone, Duration.ofSeconds(10));
        simulation.trace("faults are over");
        faults.end();
        if (moving) {
            moves.end();
        }
        if (!simulation.runUntil(workload::isDone, LOAD_MAX)) {
            throw new Violation(
                    model.open() + " requests were not answered:" + model.describeOpen());
        }
        cluster.awaitClean(CLEAN_MAX);
        compare(cluster, model, workload);
        return simulation.traceHash();
    }

    /** Slow disks now and then: a group that left may come back before it is removed. */
    private Duration commitMaxWhileMoving() {
        return Duration.ofMillis(simulation.random().nextBoolean() ? 4 : 150);
    }

    private void compare(SimulatedCluster cluster, Model model, Workload workload) {
        cluster.clientShard().execute(() -> model.objects().forEach(workload::read));
        simulation.run(Duration.ofMillis(1));
        if (!simulation.runUntil(workload::isDone, LOAD_MAX)) {
            throw new Violation("reads were not answered:" + model.describeOpen());
        }
        for (String object : model.objects()) {
            Set<ObjectState> possible = model.check(object);
            if (possible.size() != 1) {
                throw new Violation(object + " was read, and may still be " + possible);
            }
        }
        simulation.run(
                Duration.ofSeconds(1)); // so that replicas have what the primary acknowledged
        Copies.compare(cluster.osds(), COPIES);
    }
}
