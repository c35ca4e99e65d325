package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.base.Utf8;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A store that forgets. It serves clusters that need not outlive their process, and simulations, in
 * which it also {@linkplain #crash crashes} as a disk would. Shared; one lock guards all.
 */
public final class MemoryStore implements ObjectStore {
    /** When a transaction is durable. */
    public sealed interface CommitDelay {
        /** At once. */
        record None() implements CommitDelay {}

        /**
         * After a time drawn evenly from a range, by the owner's timers, in order of submission.
         */
        record Between(Duration min, Duration max, RandomGenerator random) implements CommitDelay {
            private Duration draw() {
                long span = max.toNanos() - min.toNanos();
                return min.plusNanos(span <= 0 ? 0 : random.nextLong(span));
            }
        }
    }

    /**
     * How a store behaves.
     *
     * @param capacityBytes beyond which it refuses to grow
     */
    public record Options(CommitDelay commitDelay, long capacityBytes) {
        /** Durable at once, 1 GiB. */
        public static final Options DEFAULT = new Options(new CommitDelay.None(), 1L << 30);
    }

    private static final Logger LOG = LoggerFactory.getLogger(MemoryStore.class);

    private static final class Pending {
        final Transaction transaction;
        final Shard owner;
        final Runnable committed;
        boolean due;

        Pending(Transaction transaction, Shard owner, Runnable committed) {
            this.transaction = transaction;
            this.owner = owner;
            this.committed = committed;
        }
    }

    private final Options options;
    private final MemoryState current;
    private final MemoryState durable; // the same as current when commits are not delayed
    private final Deque<Pending> pending = new ArrayDeque<>();
    private boolean closed;

    /** An empty store. */
    public MemoryStore(Options options) {
        this(options, new MemoryState());
    }

    private MemoryStore(Options options, MemoryState state) {
        this.options = options;
        this.current = state;
        this.durable = options.commitDelay instanceof CommitDelay.None ? state : state.copy();
    }

    /**
     * Takes this store away and gives what is found after a crash: all that was reported committed,
     * and of the rest what chance left, of each collection a prefix.
     */
    public synchronized MemoryStore crash(RandomGenerator random) {
        closed = true;
        Set<CollectionId> cut = new HashSet<>();
        for (Pending next : pending) {
            Set<CollectionId> touched = touched(next.transaction);
            if (touched.stream().anyMatch(cut::contains) || random.nextBoolean()) {
                cut.addAll(touched);
            } else {
                durable.apply(next.transaction, Long.MAX_VALUE);
            }
        }
        pending.clear();
        return new MemoryStore(options, durable);
    }

    /**
     * What a crash at this moment leaves at the least. To be read only, and before anything else
     * happens.
     */
    public synchronized MemoryStore durable() {
        return new MemoryStore(new Options(new CommitDelay.None(), options.capacityBytes), durable);
    }

    /** A copy of the disk as it is now: all that was reported committed, and nothing else. */
    public synchronized MemoryStore snapshot() {
        return new MemoryStore(options, durable.copy());
    }

    private static Set<CollectionId> touched(Transaction transaction) {
        Set<CollectionId> touched = new HashSet<>();
        for (Transaction.Op op : transaction.ops()) {
            touched.add(op.collection());
            switch (op) {
                case Transaction.MoveRename o -> touched.add(o.targetCollection());
                case Transaction.SplitCollection o -> touched.add(o.targetCollection());
                default -> {} // every other touches one collection
            }
        }
        return touched;
    }

    @Override
    public synchronized void submit(Transaction transaction, Shard owner, Runnable committed) {
        if (closed) {
            throw new StoreGone("the store is closed");
        }
        current.apply(transaction, options.capacityBytes);
        switch (options.commitDelay) {
            case CommitDelay.None _ -> owner.execute(committed);
            case CommitDelay.Between between -> {
                Pending added = new Pending(transaction, owner, committed);
                pending.add(added);
                owner.timers().after(between.draw(), () -> commit(added));
            }
        }
    }

    /** As a disk, takes its time, and gives no good data of an object that changed meanwhile. */
    @Override
    public void read(
            CollectionId collection,
            GhObject object,
            long offset,
            int length,
            Shard owner,
            Consumer<ReadAnswer> done) {
        Bytes planned = read(collection, object, offset, length);
        switch (options.commitDelay) {
            case CommitDelay.None _ ->
                    owner.execute(() -> done.accept(new ReadAnswer.Data(planned)));
            case CommitDelay.Between between ->
                    owner.timers()
                            .after(
                                    between.draw(),
                                    () -> {
                                        if (isOpen()) {
                                            done.accept(
                                                    unchanged(collection, object, offset, planned));
                                        }
                                    });
        }
    }

    private synchronized boolean isOpen() {
        return !closed;
    }

    private ReadAnswer unchanged(
            CollectionId collection, GhObject object, long offset, Bytes planned) {
        try {
            if (read(collection, object, offset, planned.size()).equals(planned)) {
                return new ReadAnswer.Data(planned);
            }
        } catch (NoSuchObject removed) {
            LOG.debug("{} was removed while it was read", object);
        }
        return new ReadAnswer.Failed(
                new StoreException(
                        StoreException.Kind.CORRUPT, object + " changed while it was read"));
    }

    private synchronized void commit(Pending due) {
        due.due = true;
        while (!closed && !pending.isEmpty() && pending.element().due) {
            Pending first = pending.remove();
            durable.apply(first.transaction, Long.MAX_VALUE);
            first.owner.execute(first.committed);
        }
    }

    private @Nullable MemoryObject foundOrNull(CollectionId collection, GhObject object) {
        NavigableMap<GhObject, MemoryObject> objects = current.collections.get(collection);
        return objects == null ? null : objects.get(object);
    }

    private MemoryObject found(CollectionId collection, GhObject name) {
        MemoryObject object = foundOrNull(collection, name);
        if (object == null) {
            throw new NoSuchObject(collection, name);
        }
        return object;
    }

    @Override
    public synchronized Optional<Long> size(CollectionId collection, GhObject object) {
        return Optional.ofNullable(foundOrNull(collection, object)).map(o -> o.size);
    }

    @Override
    public synchronized Bytes read(
            CollectionId collection, GhObject object, long offset, int length) {
        Refusal.checkRead(offset, length);
        return found(collection, object).read(offset, length);
    }

    @Override
    public synchronized SortedMap<Long, Long> extents(
            CollectionId collection, GhObject object, long offset, long length) {
        Refusal.checkRead(offset, length);
        SortedMap<Long, Long> extents = new TreeMap<>();
        long end = -1;
        for (Map.Entry<Long, Bytes> piece :
                found(collection, object).pieces(offset, Refusal.end(offset, length)).entrySet()) {
            long start = end == piece.getKey() ? extents.lastKey() : piece.getKey();
            end = piece.getKey() + piece.getValue().size();
            extents.put(start, end - start);
        }
        return extents;
    }

    @Override
    public synchronized SortedMap<String, Bytes> attrs(CollectionId collection, GhObject object) {
        return new TreeMap<>(found(collection, object).attrs);
    }

    @Override
    public synchronized Optional<Bytes> attr(
            CollectionId collection, GhObject object, String name) {
        return Optional.ofNullable(found(collection, object).attrs.get(name));
    }

    @Override
    public synchronized Bytes omapHeader(CollectionId collection, GhObject object) {
        return found(collection, object).omapHeader;
    }

    @Override
    public synchronized SortedMap<String, Bytes> omap(
            CollectionId collection, GhObject object, SortedSet<String> keys) {
        NavigableMap<String, Bytes> omap = found(collection, object).omap;
        SortedMap<String, Bytes> entries = new TreeMap<>(Utf8::compare);
        for (String key : keys) {
            Bytes value = omap.get(key);
            if (value != null) {
                entries.put(key, value);
            }
        }
        return entries;
    }

    @Override
    public synchronized OmapPage omap(
            CollectionId collection, GhObject object, String after, String prefix, int countMax) {
        NavigableMap<String, Bytes> omap = found(collection, object).omap;
        boolean fromPrefix = after.isEmpty() || Utf8.compare(after, prefix) < 0;
        SortedMap<String, Bytes> entries = new TreeMap<>(Utf8::compare);
        for (Map.Entry<String, Bytes> entry :
                omap.tailMap(fromPrefix ? prefix : after, fromPrefix).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            if (entries.size() >= countMax) {
                return new OmapPage(entries, true);
            }
            entries.put(entry.getKey(), entry.getValue());
        }
        return new OmapPage(entries, false);
    }

    @Override
    public synchronized List<GhObject> list(CollectionId collection, GhObject first, int countMax) {
        NavigableMap<GhObject, MemoryObject> objects = current.collections.get(collection);
        return objects == null
                ? List.of()
                : objects.tailMap(first).keySet().stream().limit(countMax).toList();
    }

    @Override
    public synchronized List<CollectionId> collections() {
        return new ArrayList<>(current.collections.keySet());
    }

    @Override
    public synchronized boolean exists(CollectionId collection) {
        return current.collections.containsKey(collection);
    }

    @Override
    public synchronized long availableBytes() {
        return Math.max(0, options.capacityBytes - current.usedBytes());
    }

    @Override
    public synchronized long indexAvailableBytes() {
        return availableBytes();
    }

    @Override
    public synchronized Usage usage() {
        long used = current.usedBytes();
        long data = current.dataBytes();
        long omap = current.omapBytes();
        return new Usage(options.capacityBytes, availableBytes(), data, omap, used - data - omap);
    }

    /** Refuses further transactions; what waited is committed. */
    @Override
    public synchronized void close() {
        if (!closed) {
            for (Pending waiting : pending) {
                durable.apply(waiting.transaction, Long.MAX_VALUE);
            }
            pending.clear();
            closed = true;
        }
    }
}
