package io.sepiola.lab.quorum;

import io.sepiola.base.Shard;
import io.sepiola.base.Simulation;
import io.sepiola.monitor.ModelledQuorum;
import io.sepiola.monitor.Quorum;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The simulator's log. */
final class ModelledTest extends QuorumContract {
    private final Simulation simulation = new Simulation(1);
    private final boolean[][] cut = new boolean[MEMBERS_MAX][MEMBERS_MAX];
    private final ModelledQuorum quorum =
            new ModelledQuorum(
                    simulation.shard("quorum"),
                    simulation.random(),
                    MEMBERS_MAX,
                    BEGINNING,
                    (from, to) -> !cut[from][to]);

    @Override
    Shard shard(String name) {
        return simulation.shard(name);
    }

    @Override
    Quorum place(int rank, Shard shard) {
        return quorum.place(rank, shard);
    }

    @Override
    void stopped(int rank, Shard shard) {
        ((Simulation.SimulatedShard) shard).kill();
    }

    @Override
    void loseDisk(int rank) {
        quorum.loseDisk(rank);
    }

    @Override
    void cut(int from, int to, boolean wanted) {
        cut[from][to] = wanted;
        cut[to][from] = wanted;
    }

    @Override
    void pass(Duration time) {
        simulation.run(time);
    }

    @Override
    boolean comes(BooleanSupplier condition, Duration within) {
        return simulation.runUntil(condition, within);
    }

    @Override
    void close() {}
}
