package io.sepiola.lab.simulation;

import io.sepiola.base.SimulatedClock;
import io.sepiola.base.Simulation;
import io.sepiola.client.IoContext;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosOptions;
import io.sepiola.messenger.SimulatedNetwork;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.auth.CryptoKey;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One client on a host of its own. */
final class SimulatedClient {
    private final int id;
    private final Simulation.SimulatedShard shard;
    private final SimulatedClock clock;
    private final Rados rados;
    private final IoContext pool;

    private SimulatedClient(
            int id,
            Simulation.SimulatedShard shard,
            SimulatedClock clock,
            Rados rados,
            IoContext pool) {
        this.id = id;
        this.shard = shard;
        this.clock = clock;
        this.rados = rados;
        this.pool = pool;
    }

    /** A client's way into a cluster. */
    static CompletableFuture<Rados> connect(
            Simulation simulation,
            SimulatedNetwork network,
            Simulation.SimulatedShard shard,
            int id,
            CryptoKey key,
            List<EntityAddrVec> monitors) {
        return Rados.connect(
                shard,
                network.host(ip(id)),
                new RadosOptions(
                        AuthName.parse("client.admin"),
                        monitors,
                        RadosOptions.TIMEOUT,
                        RadosOptions.Limits.DEFAULT),
                key,
                simulation.random());
    }

    /** A client that is in. */
    static SimulatedClient of(
            int id,
            Simulation.SimulatedShard shard,
            SimulatedClock clock,
            Rados rados,
            IoContext pool) {
        return new SimulatedClient(id, shard, clock, rados, pool);
    }

    static String ip(int id) {
        return "10.0.2." + (id + 1);
    }

    int id() {
        return id;
    }

    Simulation.SimulatedShard shard() {
        return shard;
    }

    SimulatedClock clock() {
        return clock;
    }

    Rados rados() {
        return rados;
    }

    IoContext pool() {
        return pool;
    }
}
