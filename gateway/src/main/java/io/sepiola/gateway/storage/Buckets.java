package io.sepiola.gateway.storage;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.client.IoContext;
import io.sepiola.client.RadosException;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The buckets there are. Remembers them for a few seconds: what another gateway deletes meanwhile
 * shows itself, because its index is gone. May be shared.
 */
public final class Buckets {
    private static final String BY_NAME = "b/";
    private static final String BY_OWNER = "o/";
    private static final int SHARD_COUNT = 8;
    private static final int CACHE_COUNT_MAX = 10_000;
    private static final long CACHE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Pools pools;
    private final Collector collector;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Cached> cache = new ConcurrentHashMap<>();

    private record Cached(Bucket bucket, long untilNanos) {}

    /** Keeps buckets in these pools. */
    public Buckets(Pools pools, Collector collector, Clock clock) {
        this.pools = pools;
        this.collector = collector;
        this.clock = clock;
    }

    /** The bucket of this name. */
    public Bucket find(String name) {
        Cached cached = cache.get(name);
        if (cached != null && cached.untilNanos - clock.nanos() > 0) {
            return cached.bucket;
        }
        Bucket bucket = readOrNull(name);
        if (bucket == null || bucket.deleting()) {
            throw new S3Exception(S3Error.NO_SUCH_BUCKET);
        }
        if (cache.size() > CACHE_COUNT_MAX) {
            cache.clear();
        }
        cache.put(name, new Cached(bucket, clock.nanos() + CACHE_NANOS));
        return bucket;
    }

    /** Looks again the next time. */
    public void forget(String name) {
        cache.remove(name);
    }

    private @Nullable Bucket readOrNull(String name) {
        Bytes bytes = Await.on(Omap.get(pools.meta(), Pools.BUCKETS, BY_NAME + name));
        return bytes.isEmpty() ? null : Bucket.CODEC.fromBytes(bytes);
    }

    /** Makes a bucket; nothing happens when its owner has it already. */
    public void create(String name, String owner, int countMax) {
        Bucket existing = readOrNull(name);
        if (existing == null) {
            checkCount(owner, countMax);
            byte[] instance = new byte[8];
            random.nextBytes(instance);
            Bucket bucket =
                    new Bucket(
                            name,
                            owner,
                            clock.now().toEpochMilli(),
                            HexFormat.of().formatHex(instance),
                            SHARD_COUNT,
                            false);
            makeShards(bucket);
            Commit commit =
                    new Commit(pools.meta(), Pools.BUCKETS)
                            .expect(BY_NAME + name, Bytes.EMPTY)
                            .set(BY_NAME + name, Bucket.CODEC.toBytes(bucket))
                            .set(ownerKey(bucket), Bytes.of(new byte[] {1}));
            if (commit.submit()) {
                return;
            }
            for (int shard = 0; shard < SHARD_COUNT; shard++) {
                Await.on(pools.index().remove(bucket.shard(shard)));
            }
            existing = readOrNull(name);
        }
        if (existing == null || existing.deleting()) {
            throw new S3Exception(S3Error.SLOW_DOWN);
        }
        if (!existing.owner().equals(owner)) {
            throw new S3Exception(S3Error.BUCKET_ALREADY_EXISTS);
        }
    }

    private void makeShards(Bucket bucket) {
        List<CompletableFuture<?>> made = new ArrayList<>();
        for (int shard = 0; shard < bucket.shardCount(); shard++) {
            made.add(pools.index().write().create(false).submit(bucket.shard(shard)));
        }
        made.forEach(Await::on);
    }

    private void checkCount(String owner, int countMax) {
        if (countMax < 0 || countMax > 0 && namesOf(pools, owner).size() >= countMax) {
            throw new S3Exception(S3Error.TOO_MANY_BUCKETS);
        }
    }

    private static String ownerKey(Bucket bucket) {
        return BY_OWNER + bucket.owner() + "/" + bucket.name();
    }

    /** An owner's buckets, by name. */
    public List<Bucket> list(String owner) {
        List<Bucket> buckets = new ArrayList<>();
        for (String name : namesOf(pools, owner)) {
            Bucket bucket = readOrNull(name);
            if (bucket != null && !bucket.deleting()) {
                buckets.add(bucket);
            }
        }
        return buckets;
    }

    /** The names of an owner's buckets, those being deleted too. */
    public static List<String> namesOf(Pools pools, String owner) {
        String prefix = BY_OWNER + owner + "/";
        return keys(pools, prefix).stream().map(key -> key.substring(prefix.length())).toList();
    }

    private static List<String> keys(Pools pools, String prefix) {
        List<String> keys = new ArrayList<>();
        String after = prefix;
        while (true) {
            IoContext.OmapEntries page =
                    Await.on(
                            Omap.page(
                                    pools.meta(),
                                    Pools.BUCKETS,
                                    after,
                                    prefix,
                                    Omap.PAGE_COUNT_MAX));
            keys.addAll(page.entries().keySet());
            if (!page.more() || keys.isEmpty()) {
                return keys;
            }
            after = keys.getLast();
        }
    }

    /** All buckets, those being deleted too. */
    List<Bucket> all() {
        List<Bucket> buckets = new ArrayList<>();
        for (String key : keys(pools, BY_NAME)) {
            Bucket bucket = readOrNull(key.substring(BY_NAME.length()));
            if (bucket != null) {
                buckets.add(bucket);
            }
        }
        return buckets;
    }

    /**
     * Deletes an empty bucket, with the uploads that are open in it. It is marked first, so that no
     * gateway that looks finds it; one that remembers it fails on the first removed shard.
     *
     * @throws S3Exception BucketNotEmpty
     */
    public void delete(Bucket bucket) {
        for (int shard = 0; shard < bucket.shardCount(); shard++) {
            if (!isEmpty(bucket.shard(shard))) {
                throw new S3Exception(S3Error.BUCKET_NOT_EMPTY);
            }
        }
        mark(bucket.withDeleting(false), bucket.withDeleting(true));
        finishDelete(bucket);
    }

    private void mark(Bucket from, Bucket to) {
        forget(from.name());
        Commit commit =
                new Commit(pools.meta(), Pools.BUCKETS)
                        .expect(BY_NAME + from.name(), Bucket.CODEC.toBytes(from))
                        .set(BY_NAME + to.name(), Bucket.CODEC.toBytes(to));
        if (!commit.submit()) {
            throw new S3Exception(S3Error.NO_SUCH_BUCKET);
        }
        forget(from.name());
    }

    private boolean isEmpty(String shard) {
        try {
            return Await.on(Omap.page(pools.index(), shard, "", BucketIndex.ENTRY, 1))
                    .entries()
                    .isEmpty();
        } catch (RadosException gone) {
            if (gone.errno() == Errno.ENOENT) {
                return true;
            }
            throw gone;
        }
    }

    /** Removes the shards of a bucket that is marked; gives it back when one is not empty. */
    void finishDelete(Bucket bucket) {
        for (int shard = 0; shard < bucket.shardCount(); shard++) {
            if (!removeShard(bucket, bucket.shard(shard))) {
                makeShards(bucket);
                mark(bucket.withDeleting(true), bucket.withDeleting(false));
                throw new S3Exception(S3Error.BUCKET_NOT_EMPTY);
            }
        }
        new Commit(pools.meta(), Pools.BUCKETS)
                .expect(BY_NAME + bucket.name(), Bucket.CODEC.toBytes(bucket.withDeleting(true)))
                .remove(BY_NAME + bucket.name())
                .remove(ownerKey(bucket))
                .submit();
    }

    private boolean removeShard(Bucket bucket, String shard) {
        while (true) {
            try {
                IoContext.ReadResults results =
                        Await.on(
                                pools.index()
                                        .read()
                                        .omap("", "", Omap.PAGE_COUNT_MAX)
                                        .submit(shard));
                IoContext.OmapEntries page = results.omap(0);
                for (Map.Entry<String, Bytes> entry : page.entries().entrySet()) {
                    if (entry.getKey().startsWith(BucketIndex.ENTRY)) {
                        return false;
                    }
                    clear(bucket, entry.getKey(), entry.getValue());
                }
                if (page.more()) {
                    Await.on(
                            pools.index()
                                    .write()
                                    .removeOmap(new TreeSet<>(page.entries().keySet()))
                                    .submit(shard));
                    continue;
                }
                Await.on(
                        pools.index()
                                .write()
                                .assertVersion(results.version())
                                .remove()
                                .submit(shard));
                return true;
            } catch (RadosException failure) {
                if (failure.errno() == Errno.ENOENT) {
                    return true;
                }
                if (failure.errno() != Errno.ERANGE && failure.errno() != Errno.EOVERFLOW) {
                    throw failure;
                }
            }
        }
    }

    private void clear(Bucket bucket, String key, Bytes value) {
        if (key.startsWith(BucketIndex.GARBAGE)) {
            collector.delete(Garbage.CODEC.fromBytes(value));
        } else if (key.startsWith(BucketIndex.UPLOAD)) {
            String id = key.substring(key.lastIndexOf('\0') + 1);
            collector.delete(new Garbage.Upload(0, bucket.uploadObject(id), Layout.EMPTY));
        }
    }
}
