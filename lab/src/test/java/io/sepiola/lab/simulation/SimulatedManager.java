package io.sepiola.lab.simulation;

import io.sepiola.base.Simulation;
import io.sepiola.manager.Manager;
import io.sepiola.manager.ManagerOptions;
import io.sepiola.messenger.SimulatedNetwork;
import io.sepiola.monitor.Genesis;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.auth.CryptoKey;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** The manager, whom no fault touches. */
final class SimulatedManager {
    /** Who it is. */
    static final AuthName NAME = AuthName.parse("mgr.x");

    private static final String IP = "10.0.3.1";

    private final Manager manager;

    SimulatedManager(
            Simulation simulation,
            SimulatedNetwork network,
            CryptoKey key,
            List<EntityAddrVec> monitors) {
        this.manager =
                new Manager(
                        ManagerOptions.of(
                                        "x",
                                        monitors,
                                        EntityAddr.msgr2(new InetSocketAddress(IP, 0), 0),
                                        Optional.empty(),
                                        "host-of-mgr")
                                .withoutModules(),
                        simulation.shard("mgr.x"),
                        network.host(IP),
                        key,
                        simulation.random());
    }

    /** The same cluster, with the manager's key. */
    static Genesis with(Genesis genesis, RandomGenerator random, Simulation simulation) {
        return genesis.with(
                NAME,
                Genesis.entity(
                        random,
                        simulation.clock().now(),
                        Map.of("mon", "allow profile mgr", "osd", "allow *", "mds", "allow *")));
    }

    /** Completes when it is the active one. */
    CompletableFuture<Void> start() {
        return manager.start();
    }
}
