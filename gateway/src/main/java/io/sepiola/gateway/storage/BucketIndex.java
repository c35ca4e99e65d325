package io.sepiola.gateway.storage;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.client.RadosException;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The objects of buckets: reads entries, and changes them by the one commit. May be shared. */
public final class BucketIndex {
    static final String ENTRY = "0";
    static final String GARBAGE_DATA = "1d";
    static final String GARBAGE_UPLOAD = "1u";
    static final String GARBAGE = "1";
    static final String POISON = "2";
    static final String UPLOAD = "3";

    private static final int ATTEMPT_COUNT_MAX = 1000;
    private static final long PUT_SIZE_MAX = 5L << 30;

    private final Pools pools;
    private final DataStore data;
    private final Collector collector;
    private final Clock clock;
    private final Duration grace;

    /** Replaced data goes to the collector after {@code grace}. */
    public BucketIndex(
            Pools pools, DataStore data, Collector collector, Clock clock, Duration grace) {
        this.pools = pools;
        this.data = data;
        this.collector = collector;
        this.clock = clock;
        this.grace = grace;
    }

    /** Decides whether a change may happen, seeing what is there: null when nothing is. */
    @FunctionalInterface
    public interface Condition {
        /** Throws {@link S3Exception} when it may not. */
        void check(@Nullable ObjectEntry current);
    }

    /** Makes the entry once its data is stored. */
    @FunctionalInterface
    public interface EntryOf {
        /** The entry of an object with this data. */
        ObjectEntry make(Layout layout, long size);
    }

    /** The object's entry, or null. */
    public @Nullable ObjectEntry findOrNull(Bucket bucket, String key) {
        return decodeOrNull(await(read(bucket, key)));
    }

    private CompletableFuture<Bytes> read(Bucket bucket, String key) {
        return Omap.get(pools.index(), bucket.shardOf(key), ENTRY + key);
    }

    static Bytes await(CompletableFuture<Bytes> read) {
        try {
            return Await.on(read);
        } catch (RadosException failure) {
            throw failure.errno() == Errno.ENOENT
                    ? new S3Exception(S3Error.NO_SUCH_BUCKET)
                    : failure;
        }
    }

    private static @Nullable ObjectEntry decodeOrNull(Bytes entry) {
        return entry.isEmpty() ? null : ObjectEntry.CODEC.fromBytes(entry);
    }

    /**
     * Stores an object: its data, then the commit. Unless the commit's outcome is unknown, data
     * that is not referred to is deleted before this returns or throws.
     *
     * @param sizeHint how much the source has, or -1
     */
    public ObjectEntry put(
            Bucket bucket,
            String key,
            DataStore.Source source,
            long sizeHint,
            boolean conditional,
            Condition condition,
            EntryOf entryOf) {
        String shard = bucket.shardOf(key);
        CompletableFuture<Bytes> current = read(bucket, key);
        if (conditional) {
            condition.check(decodeOrNull(await(current))); // before the body is read for nothing
        }
        Extent extent =
                data.write(source, sizeHint, PUT_SIZE_MAX, new Home("", "", shard, ENTRY + key));
        Layout layout =
                extent.size() == 0 ? Layout.EMPTY : new Layout.Direct(java.util.List.of(extent));
        try {
            ObjectEntry entry = entryOf.make(layout, extent.size());
            change(
                    bucket,
                    key,
                    await(current),
                    condition,
                    entry,
                    commit -> commit.fresh(extent.tag()));
            data.committed(extent);
            return entry;
        } catch (S3Exception refused) {
            data.discard(extent);
            throw refused;
        }
    }

    /** Removes an object; whether there was one. */
    public boolean delete(Bucket bucket, String key, Condition condition) {
        Bytes current = await(read(bucket, key));
        if (current.isEmpty()) {
            condition.check(null);
            return false;
        }
        change(bucket, key, current, condition, null, commit -> {});
        return true;
    }

    /**
     * The commit, tried until it meets the entry that it was decided on.
     *
     * @param next the new entry, or null to remove it
     * @param more what else the commit expects and changes
     */
    void change(
            Bucket bucket,
            String key,
            Bytes first,
            Condition condition,
            @Nullable ObjectEntry next,
            Consumer<Commit> more) {
        Bytes current = first;
        for (int attempt = 0; attempt < ATTEMPT_COUNT_MAX; attempt++) {
            ObjectEntry replaced = decodeOrNull(current);
            condition.check(replaced);
            if (next == null && replaced == null) {
                return;
            }
            Bytes now = commitOrReread(bucket, key, current, replaced, next, more);
            if (now == null) {
                return;
            }
            current = now;
        }
        throw new S3Exception(S3Error.SLOW_DOWN);
    }

    /** Null when it is done, else the entry that was in the way. */
    private @Nullable Bytes commitOrReread(
            Bucket bucket,
            String key,
            Bytes current,
            @Nullable ObjectEntry replaced,
            @Nullable ObjectEntry next,
            Consumer<Commit> more) {
        String shard = bucket.shardOf(key);
        Commit commit = new Commit(pools.index(), shard).expect(ENTRY + key, current);
        more.accept(commit);
        if (next == null) {
            commit.remove(ENTRY + key);
        } else {
            commit.set(ENTRY + key, ObjectEntry.CODEC.toBytes(next));
        }
        Garbage garbage = null;
        String garbageKey = "";
        if (replaced != null && !replaced.layout().equals(Layout.EMPTY)) {
            garbage = new Garbage.Data(dueMillis(), replaced.layout());
            garbageKey = GARBAGE_DATA + firstTag(replaced.layout()).text();
            commit.set(garbageKey, Garbage.CODEC.toBytes(garbage));
        }
        if (!submit(commit)) {
            return commit.reread(ENTRY + key);
        }
        if (garbage != null) {
            collector.schedule(shard, garbageKey, garbage);
        }
        return null;
    }

    private static boolean submit(Commit commit) {
        try {
            return commit.submit();
        } catch (RadosException failure) {
            throw failure.errno() == Errno.ENOENT
                    ? new S3Exception(S3Error.NO_SUCH_BUCKET)
                    : failure;
        }
    }

    long dueMillis() {
        return clock.now().toEpochMilli() + grace.toMillis();
    }

    private static Tag firstTag(Layout layout) {
        return switch (layout) {
            case Layout.Direct direct -> direct.extents().getFirst().tag();
            case Layout.Listed listed -> listed.list().tag();
        };
    }

    /** Walks through the objects of a bucket whose keys begin with {@code prefix}, in order. */
    public Scan scan(Bucket bucket, String prefix, String after, int countHint) {
        return new Scan(pools.index(), bucket, ENTRY, prefix, after, countHint);
    }

    /** Walks through the open uploads of a bucket; their keys are KEY, NUL, UPLOAD. */
    public Scan scanUploads(Bucket bucket, String prefix, String after, int countHint) {
        return new Scan(pools.index(), bucket, UPLOAD, prefix, after, countHint);
    }
}
