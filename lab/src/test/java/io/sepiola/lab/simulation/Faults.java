package io.sepiola.lab.simulation;

import io.sepiola.base.Simulation;
import io.sepiola.messenger.SimulatedNetwork;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Breaks links now and then, and one OSD once. */
final class Faults {
    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final SimulatedCluster cluster;
    private final RandomGenerator random;
    private final Simulation.SimulatedShard shard;
    private final long breakNanosMax;
    private boolean over;

    Faults(Simulation simulation, SimulatedNetwork network, SimulatedCluster cluster) {
        this.simulation = simulation;
        this.network = network;
        this.cluster = cluster;
        this.random = simulation.random();
        this.shard = simulation.shard("faults");
        this.breakNanosMax = Duration.ofMillis(200 + random.nextInt(3000)).toNanos();
    }

    void start() {
        breakLater();
    }

    /** One OSD dies, and comes back soon or after it was marked down. */
    void crashOne() {
        crash(cluster.osds().get(random.nextInt(cluster.osds().size())));
    }

    /** From now on nothing breaks; who is dead comes back. */
    void end() {
        over = true;
        for (SimulatedOsd osd : cluster.osds()) {
            if (!osd.isAlive()) {
                osd.restart();
            }
        }
    }

    private void after(int millisMax, Runnable task) {
        shard.timers()
                .after(
                        Duration.ofMillis(random.nextInt(millisMax)),
                        () -> {
                            if (!over) {
                                task.run();
                            }
                        });
    }

    private void breakLater() {
        shard.timers()
                .after(
                        Duration.ofNanos(random.nextLong(breakNanosMax)),
                        () -> {
                            if (!over) {
                                simulation.trace("a link breaks");
                                network.breakAny();
                                breakLater();
                            }
                        });
    }

    private void crash(SimulatedOsd victim) {
        victim.crash();
        if (over) { // a slow load came to its crash only now: nobody else brings the OSD back
            shard.timers().after(Duration.ofMillis(500), victim::restart);
            return;
        }
        after(
                random.nextBoolean() ? 500 : 8_000,
                () -> {
                    victim.restart();
                });
    }
}
