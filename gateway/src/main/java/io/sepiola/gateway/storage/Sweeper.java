package io.sepiola.gateway.storage;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.client.IoContext;
import io.sepiola.client.RadosException;
import io.sepiola.gateway.protocol.S3Exception;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Finds what nobody refers to: garbage on record, deletions of buckets that stopped half way, and
 * data in the ranges of sessions that fell silent. See the package for why it cannot hurt a gateway
 * that was only slow. Owned by its thread.
 */
public final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int GARBAGE_EVERY = 10;
    private static final Duration POISON_LIFE = Duration.ofDays(1);

    private final Pools pools;
    private final DataStore data;
    private final Collector collector;
    private final Buckets buckets;
    private final Sessions own;
    private final Clock clock;
    private final Duration interval;
    private final Duration sessionTimeout;
    private final Map<String, Beat> beats = new HashMap<>();
    private final Thread thread = Thread.ofVirtual().name("s3 sweeper").unstarted(this::run);

    private record Beat(long count, long seenNanos) {}

    /** Sweeps every {@code interval}, once started. */
    public Sweeper(
            Pools pools,
            DataStore data,
            Collector collector,
            Buckets buckets,
            Sessions own,
            Clock clock,
            Duration interval,
            Duration sessionTimeout) {
        this.pools = pools;
        this.data = data;
        this.collector = collector;
        this.buckets = buckets;
        this.own = own;
        this.clock = clock;
        this.interval = interval;
        this.sessionTimeout = sessionTimeout;
    }

    /** Begins to work. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        long round = 0;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                own.beat();
                sweepSessions();
                if (round % GARBAGE_EVERY == 0) {
                    sweepBuckets();
                }
            } catch (RuntimeException failure) {
                LOG.info("sweep given up for now: {}", failure.toString());
            }
            round++;
            try {
                Thread.sleep(interval);
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    /** Collects garbage that is due, and finishes what deletions of buckets left. */
    void sweepBuckets() {
        for (Bucket bucket : buckets.all()) {
            try {
                if (bucket.deleting()) {
                    buckets.finishDelete(bucket);
                    continue;
                }
                for (int shard = 0; shard < bucket.shardCount(); shard++) {
                    collector.sweep(bucket.shard(shard));
                    dropOldPoison(bucket.shard(shard));
                }
            } catch (S3Exception | RadosException failure) {
                LOG.info("bucket {} not swept: {}", bucket.name(), failure.toString());
            }
        }
    }

    private void dropOldPoison(String shard) {
        long limit = clock.now().minus(POISON_LIFE).toEpochMilli();
        TreeSet<String> old = new TreeSet<>();
        IoContext.OmapEntries page =
                Await.on(
                        Omap.page(
                                pools.index(), shard, "", BucketIndex.POISON, Omap.PAGE_COUNT_MAX));
        page.entries()
                .forEach((key, value) -> {
                    if (new Decoder(value).u64() < limit) {
                        old.add(key);
                    }
                });
        if (!old.isEmpty()) {
            Await.on(pools.index().write().removeOmap(old).submit(shard));
        }
    }

    /** Notes which sessions live, and sweeps those that have been silent for long. */
    void sweepSessions() {
        String after = "";
        while (true) {
            IoContext.OmapEntries page =
                    Await.on(
                            Omap.page(
                                    pools.meta(),
                                    Pools.SESSIONS,
                                    after,
                                    Sessions.BEAT,
                                    Omap.PAGE_COUNT_MAX));
            for (Map.Entry<String, Bytes> entry : page.entries().entrySet()) {
                after = entry.getKey();
                String session = after.substring(Sessions.BEAT.length());
                if (isSilent(session, new Decoder(entry.getValue()).u64())) {
                    sweepSession(session);
                }
            }
            if (!page.more() || page.entries().isEmpty()) {
                return;
            }
        }
    }

    private boolean isSilent(String session, long count) {
        long now = clock.nanos();
        Beat seen = beats.get(session);
        if (session.equals(own.name())) {
            return false;
        }
        if (seen == null || seen.count != count) {
            beats.put(session, new Beat(count, now));
            return sessionTimeout.isZero();
        }
        return now - seen.seenNanos >= sessionTimeout.toNanos();
    }

    private void sweepSession(String session) {
        String prefix = Sessions.CLAIM + session + ".";
        TreeSet<String> done = new TreeSet<>();
        IoContext.OmapEntries page;
        int deleted = 0;
        do {
            page =
                    Await.on(
                            Omap.page(
                                    pools.meta(),
                                    Pools.SESSIONS,
                                    prefix,
                                    prefix,
                                    Omap.PAGE_COUNT_MAX));
            TreeSet<String> keys = new TreeSet<>(page.entries().keySet());
            for (String key : keys) {
                deleted += sweepRange(session, Long.parseLong(key.substring(prefix.length())));
            }
            done.addAll(keys);
            if (!keys.isEmpty()) {
                Await.on(pools.meta().write().removeOmap(keys).submit(Pools.SESSIONS));
            }
        } while (page.more());
        TreeSet<String> beat = new TreeSet<>();
        beat.add(Sessions.BEAT + session);
        Await.on(pools.meta().write().removeOmap(beat).submit(Pools.SESSIONS));
        beats.remove(session);
        LOG.info(
                "session {} swept: {} ranges, {} runs of data deleted",
                session,
                done.size(),
                deleted);
    }

    private int sweepRange(String session, long range) {
        long id = HexFormat.fromHexDigitsToLong(session);
        int deleted = 0;
        for (int i = 0; i < Sessions.RANGE; i++) {
            deleted += sweepTag(new Tag(id, range * Sessions.RANGE + i)) ? 1 : 0;
        }
        return deleted;
    }

    /** Deletes the data of a tag when nothing refers to it; whether it did. */
    private boolean sweepTag(Tag tag) {
        Home home = homeOrNull(tag, 0);
        if (home == null || isReferredTo(tag, home)) {
            return false;
        }
        long end = DataStore.WINDOW;
        while (homeOrNull(tag, end) != null) {
            end += DataStore.WINDOW;
        }
        data.deleteChunks(tag, end);
        return true;
    }

    /** What the chunks from {@code first} on say; null when a whole window of them is absent. */
    private @Nullable Home homeOrNull(Tag tag, long first) {
        Map<Long, CompletableFuture<Bytes>> reads = new TreeMap<>();
        for (long chunk = first; chunk < first + DataStore.WINDOW; chunk++) {
            reads.put(
                    chunk,
                    pools.data()
                            .read()
                            .xattr(Home.XATTR)
                            .submit(tag.chunk(chunk))
                            .thenApply(results -> results.data(0)));
        }
        Home home = null;
        for (CompletableFuture<Bytes> read : reads.values()) {
            try {
                home = Home.CODEC.fromBytes(Await.on(read));
            } catch (RadosException absent) {
                if (absent.errno() != Errno.ENOENT) {
                    throw absent;
                }
            }
        }
        return home;
    }

    private boolean isReferredTo(Tag tag, Home home) {
        if (!home.upload().isEmpty()) {
            Boolean answer = inUploadOrNull(tag, home);
            if (answer != null) {
                return answer;
            }
        }
        while (true) {
            Bytes entry;
            try {
                entry = Await.on(Omap.get(pools.index(), home.shard(), home.entry()));
            } catch (RadosException failure) {
                if (failure.errno() == Errno.ENOENT) {
                    return false; // the bucket is gone
                }
                throw failure;
            }
            if (!entry.isEmpty() && refers(ObjectEntry.CODEC.fromBytes(entry).layout(), tag)) {
                return true;
            }
            if (poison(home.shard(), home.entry(), entry, tag)) {
                return false;
            }
        }
    }

    private boolean refers(Layout layout, Tag tag) {
        boolean isList = layout instanceof Layout.Listed listed && listed.list().tag().equals(tag);
        return isList || data.extents(layout).stream().anyMatch(extent -> extent.tag().equals(tag));
    }

    /** Whether the upload refers to the tag; null when there is no such upload any more. */
    private @Nullable Boolean inUploadOrNull(Tag tag, Home home) {
        while (true) {
            try {
                SortedMap<String, Bytes> found =
                        Await.on(
                                Omap.of(
                                        pools.index(),
                                        home.upload(),
                                        home.part(),
                                        Uploads.replacedKey(tag)));
                Bytes part = found.getOrDefault(home.part(), Bytes.EMPTY);
                boolean current =
                        !part.isEmpty()
                                && PartEntry.CODEC.fromBytes(part).extent().tag().equals(tag);
                if (current || found.containsKey(Uploads.replacedKey(tag))) {
                    return true;
                }
                if (poison(home.upload(), home.part(), part, tag)) {
                    return false;
                }
            } catch (RadosException failure) {
                if (failure.errno() == Errno.ENOENT) {
                    return null;
                }
                throw failure;
            }
        }
    }

    private boolean poison(String object, String key, Bytes seen, Tag tag) {
        return new Commit(pools.index(), object)
                .expect(key, seen)
                .set(
                        BucketIndex.POISON + tag.text(),
                        new Encoder().u64(clock.now().toEpochMilli()).toBytes())
                .submit();
    }
}
