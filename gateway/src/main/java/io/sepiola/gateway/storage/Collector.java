package io.sepiola.gateway.storage;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.client.IoContext;
import io.sepiola.client.RadosException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * Deletes garbage when it is due. What does not fit into its queue, or was left by a gateway that
 * died, is found again in the index by a sweep. May be shared.
 */
public final class Collector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
    private static final int QUEUE_COUNT_MAX = 50_000;
    private static final int BATCH_COUNT_MAX = 64;
    private static final long RETRY_MILLIS = 10_000;

    private final Pools pools;
    private final DataStore data;
    private final Clock clock;
    private final DelayQueue<Item> queue = new DelayQueue<>();
    private final Thread thread = Thread.ofVirtual().name("s3 collector").unstarted(this::run);

    private record Item(Clock clock, String object, String key, Garbage garbage)
            implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(
                    garbage.dueMillis() - clock.now().toEpochMilli(), TimeUnit.MILLISECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(garbage.dueMillis(), ((Item) other).garbage.dueMillis());
        }
    }

    /** Collects from these pools, once started. */
    public Collector(Pools pools, DataStore data, Clock clock) {
        this.pools = pools;
        this.data = data;
        this.clock = clock;
    }

    /** Begins to work. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** Remembers garbage that is on record at this key of an index object. */
    void schedule(String object, String key, Garbage garbage) {
        if (queue.size() < QUEUE_COUNT_MAX) {
            queue.add(new Item(clock, object, key, garbage));
        }
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                List<Item> batch = new ArrayList<>();
                batch.add(queue.take());
                queue.drainTo(batch, BATCH_COUNT_MAX - 1);
                collect(batch);
            } catch (InterruptedException closed) {
                return;
            } catch (RuntimeException failure) {
                LOG.info("garbage stays on record for a sweep: {}", failure.toString());
            }
        }
    }

    private void collect(List<Item> batch) {
        Map<String, TreeSet<String>> done = new TreeMap<>();
        for (Item item : batch) {
            if (item.garbage instanceof Garbage.Data old && data.isBeingRead(old.layout())) {
                long later = clock.now().toEpochMilli() + RETRY_MILLIS;
                schedule(item.object, item.key, new Garbage.Data(later, old.layout()));
                continue;
            }
            delete(item.garbage);
            done.computeIfAbsent(item.object, object -> new TreeSet<>()).add(item.key);
        }
        done.forEach(this::forget);
    }

    private void forget(String object, TreeSet<String> keys) {
        try {
            Await.on(pools.index().write().assertExists().removeOmap(keys).submit(object));
        } catch (RadosException gone) {
            if (gone.errno() != Errno.ENOENT) {
                throw gone;
            }
        }
    }

    /** Deletes what garbage stands for; its record stays the caller's. */
    void delete(Garbage garbage) {
        switch (garbage) {
            case Garbage.Data old -> data.delete(old.layout());
            case Garbage.Upload upload -> endUpload(upload);
        }
    }

    private void endUpload(Garbage.Upload upload) {
        Set<Tag> kept = new HashSet<>();
        data.extents(upload.kept()).forEach(extent -> kept.add(extent.tag()));
        boolean ended = false;
        while (!ended) { // again when a late part was committed meanwhile
            try {
                long version = deleteParts(upload.object(), kept);
                Await.on(
                        pools.index()
                                .write()
                                .assertVersion(version)
                                .remove()
                                .submit(upload.object()));
                ended = true;
            } catch (RadosException failure) {
                if (failure.errno() == Errno.ENOENT) {
                    ended = true;
                } else if (failure.errno() != Errno.ERANGE && failure.errno() != Errno.EOVERFLOW) {
                    throw failure;
                }
            }
        }
    }

    private long deleteParts(String object, Set<Tag> kept) {
        long version = -1;
        String after = "";
        while (true) {
            IoContext.ReadResults results =
                    Await.on(
                            pools.index()
                                    .read()
                                    .omap(after, "", Omap.PAGE_COUNT_MAX)
                                    .submit(object));
            version = version < 0 ? results.version() : version;
            IoContext.OmapEntries page = results.omap(0);
            for (Map.Entry<String, Bytes> entry : page.entries().entrySet()) {
                after = entry.getKey();
                Extent extent = Uploads.extentOrNull(entry.getKey(), entry.getValue());
                if (extent != null && !kept.contains(extent.tag())) {
                    data.deleteChunks(extent.tag(), extent.chunkCount());
                }
            }
            if (!page.more() || page.entries().isEmpty()) {
                return version;
            }
        }
    }

    /** Looks through an index object for garbage that is due, and deletes it. */
    void sweep(String object) {
        long now = clock.now().toEpochMilli();
        String after = BucketIndex.GARBAGE;
        while (true) {
            IoContext.OmapEntries page =
                    Await.on(
                            Omap.page(
                                    pools.index(),
                                    object,
                                    after,
                                    BucketIndex.GARBAGE,
                                    BATCH_COUNT_MAX));
            List<Item> due = new ArrayList<>();
            for (Map.Entry<String, Bytes> entry : page.entries().entrySet()) {
                after = entry.getKey();
                Garbage garbage = Garbage.CODEC.fromBytes(entry.getValue());
                if (garbage.dueMillis() <= now) {
                    due.add(new Item(clock, object, entry.getKey(), garbage));
                }
            }
            collect(due);
            if (!page.more() || page.entries().isEmpty()) {
                return;
            }
        }
    }
}
