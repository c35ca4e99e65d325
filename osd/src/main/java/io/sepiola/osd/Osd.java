package io.sepiola.osd;

import io.sepiola.base.Shard;
import io.sepiola.messenger.Transport;
import io.sepiola.osd.daemon.OsdDaemon;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.store.ObjectStore;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One object storage daemon: keeps placement groups on one {@link ObjectStore} and serves them to
 * clients and to its peers. Everything it owns lives on one shard.
 */
public final class Osd {
    private final OsdDaemon daemon;

    /**
     * An OSD that does nothing before {@link #start}.
     *
     * @param store formatted by {@link #mkfs}
     * @param secret the key of {@code osd.ID}
     * @param random secure outside of simulations
     * @param failed told once when the OSD cannot go on; whoever runs it ends the process
     */
    public Osd(
            OsdOptions options,
            Shard shard,
            Transport transport,
            ObjectStore store,
            CryptoKey secret,
            RandomGenerator random,
            Consumer<Throwable> failed) {
        this.daemon = new OsdDaemon(options, shard, transport, store, secret, random, failed);
    }

    /**
     * Makes an empty store this OSD's.
     *
     * @param osdFsid the OSD's own id, random
     */
    public static CompletableFuture<Void> mkfs(
            ObjectStore store, Shard shard, UUID clusterFsid, int id, UUID osdFsid) {
        return OsdDaemon.mkfs(store, shard, clusterFsid, id, osdFsid);
    }

    /** Joins the cluster. Completes when the map says that it is up. */
    public CompletableFuture<Void> start() {
        return daemon.start();
    }

    /**
     * What the manager is told of the groups whose primary this OSD is. On the shard, or in a
     * simulation.
     */
    public SortedMap<PgId, PgStat> groups() {
        return new TreeMap<>(daemon.statistics().pgs());
    }

    /** What the OSD's owner tells it, who may tell it everything. Any thread may. */
    public CompletableFuture<MCommandReply> tell(MCommand command) {
        return daemon.tell(command);
    }

    /**
     * Leaves the cluster: the monitors are told, so that no peer waits. Completes when that is
     * known or has taken too long; the store stays the caller's to close.
     */
    public CompletableFuture<Void> stop() {
        return daemon.stop();
    }
}
