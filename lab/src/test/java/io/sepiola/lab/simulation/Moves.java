package io.sepiola.lab.simulation;

import io.sepiola.base.Simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Changes the map now and then, so that placement groups move between OSDs. */
final class Moves {
    private final SimulatedCluster cluster;
    private final RandomGenerator random;
    private final Simulation.SimulatedShard shard;
    private final long pauseNanosMax;
    private boolean over;

    Moves(Simulation simulation, SimulatedCluster cluster) {
        this.cluster = cluster;
        this.random = simulation.random();
        this.shard = simulation.shard("moves");
        this.pauseNanosMax = Duration.ofMillis(20 + random.nextInt(1500)).toNanos();
    }

    void start() {
        shard.timers()
                .after(
                        Duration.ofNanos(random.nextLong(pauseNanosMax)),
                        () -> {
                            if (!over) {
                                cluster.ask(change());
                                start();
                            }
                        });
    }

    /** From now on nothing moves; every OSD has its share again. */
    void end() {
        over = true;
        for (SimulatedOsd osd : cluster.osds()) {
            cluster.command("{\"prefix\":\"osd in\",\"ids\":[\"" + osd.id() + "\"]}");
            cluster.command(reweight(osd.id(), 1.0));
        }
    }

    private String change() {
        int osd = random.nextInt(cluster.osds().size());
        return switch (random.nextInt(5)) {
            case 0, 1 -> "{\"prefix\":\"osd out\",\"ids\":[\"" + osd + "\"]}";
            case 2, 3 -> "{\"prefix\":\"osd in\",\"ids\":[\"" + osd + "\"]}";
            default -> reweight(osd, random.nextBoolean() ? 0.25 : 1.0);
        };
    }

    private static String reweight(int osd, double weight) {
        return "{\"prefix\":\"osd reweight\",\"id\":" + osd + ",\"weight\":" + weight + "}";
    }
}
