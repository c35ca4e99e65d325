package io.sepiola.client;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.messenger.NettyTransport;
import io.sepiola.messenger.Transport;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.LogEntry;

import org.slf4j.LoggerFactory;

import java.security.SecureRandom;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A client of one cluster, Sepiola's or Ceph's. Asynchronous: every stage completes on an event
 * loop, where continuations must not block; blocking code waits with {@link io.sepiola.base.Await}.
 * Any thread may call. Stages fail with {@link RadosException}.
 */
public interface Rados extends AutoCloseable {
    /**
     * Connects as the configuration says, with the key found where it says, over TCP on an event
     * loop of the client's own; blocks. For applications.
     *
     * @throws RadosException when there is no key, no monitor lets us in, or none is reached in
     *     time
     */
    static Rados connect(CephConf conf) {
        return connect(RadosOptions.of(conf), Keyring.find(conf));
    }

    /** As {@link #connect(CephConf)}, with everything given. */
    static Rados connect(RadosOptions options, Keyring keyring) {
        CryptoKey secret = keyring.cryptoKey(options.name());
        NettyTransport transport =
                new NettyTransport(
                        1,
                        (shard, failure) ->
                                LoggerFactory.getLogger(Rados.class)
                                        .error(
                                                "{} let an exception through",
                                                shard.name(),
                                                failure));
        return Await.on(
                connect(
                        transport.shards().getFirst(),
                        transport,
                        options,
                        secret,
                        new SecureRandom(),
                        () -> Thread.ofPlatform().start(transport::close)));
    }

    /**
     * Connects within a daemon or a simulation.
     *
     * @param shard owns the client; one of the transport's own spares a change of threads
     * @param random secure outside of simulations
     */
    static CompletableFuture<Rados> connect(
            Shard shard,
            Transport transport,
            RadosOptions options,
            CryptoKey secret,
            RandomGenerator random) {
        return connect(shard, transport, options, secret, random, () -> {});
    }

    private static CompletableFuture<Rados> connect(
            Shard shard,
            Transport transport,
            RadosOptions options,
            CryptoKey secret,
            RandomGenerator random,
            Runnable afterClose) {
        return ClusterClient.connect(shard, transport, options, secret, random, afterClose);
    }

    /** The cluster's id. */
    UUID fsid();

    /** The global id of this login. */
    long globalId();

    /** Opens a pool by name; ENOENT, after asking for the newest map, when there is none. */
    CompletableFuture<IoContext> open(String pool);

    /** The pools' names by the newest map at hand. */
    CompletableFuture<List<String>> pools();

    /** Makes a replicated pool with the cluster's defaults; EEXIST when there is one. */
    CompletableFuture<Void> createPool(String pool);

    /** Deletes a pool and everything in it. */
    CompletableFuture<Void> deletePool(String pool);

    /** The cluster's usage. */
    CompletableFuture<ClusterUsage> usage();

    /** Usage in KiB, as the monitors report it. */
    record ClusterUsage(long totalKib, long usedKib, long availableKib, long objectCount) {}

    /** Usage by pool, for these pools or, when there are none, for all; by name. */
    CompletableFuture<SortedMap<String, PoolUsage>> poolUsage(List<String> pools);

    /** A pool's usage and traffic; counts of objects, sizes in bytes where nothing else is said. */
    record PoolUsage(
            long usedBytes,
            long objects,
            long clones,
            long copies,
            long missingOnPrimary,
            long unfound,
            long degraded,
            long reads,
            long readKib,
            long writes,
            long writtenKib,
            long compressedBytes,
            long compressedFromBytes) {}

    /** Sends a command in Ceph's JSON form to the monitors. */
    CompletableFuture<CommandReply> monitorCommand(String json, Bytes input);

    /** Sends a command to the active manager. */
    CompletableFuture<CommandReply> managerCommand(String json, Bytes input);

    /** Sends a command to one OSD; ENXIO when it is not up. */
    CompletableFuture<CommandReply> osdCommand(int osd, String json, Bytes input);

    /** Sends a command to the primary of a placement group. */
    CompletableFuture<CommandReply> pgCommand(PgId pg, String json, Bytes input);

    /** Sends a command to the active manager as a daemon, as {@code tell} does. */
    CompletableFuture<CommandReply> managerTell(String json, Bytes input);

    /** Sends a command to one monitor, as {@code tell} does. */
    CompletableFuture<CommandReply> monitorTell(String name, String json, Bytes input);

    /** Asks one monitor for a sign of life; its status in JSON. */
    CompletableFuture<String> pingMonitor(String name);

    /** The newest OSD map. */
    CompletableFuture<OsdMap> osdMap();

    /**
     * Follows the cluster's log from now on: {@code debug}, {@code info}, {@code warn} and so on.
     */
    void watchLog(String level, Consumer<LogEntry> listener);

    /**
     * A command's answer.
     *
     * @param result 0, or a negative errno
     * @param text for people
     * @param output the data
     */
    record CommandReply(int result, String text, Bytes output) {}

    /** Waits for nothing; fails what is under way with ESHUTDOWN. */
    @Override
    void close();
}
