package io.sepiola.store;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.osd.CollectionId;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a {@link BlockStore} holds in memory, and the one lock that guards it: shards submit and
 * read, the committer and the checkpointer bring it to the disk. Every field and method needs the
 * lock.
 */
final class BlockState {
    private static final int ONODE_COUNT_MAX = 4096;
    private static final long ONODE_BYTES_MAX = 8 << 20;

    final ReentrantLock lock = new ReentrantLock();
    final Condition changed = lock.newCondition();
    final Space space;
    final PendingData pending = new PendingData();
    final Footprints footprints = new Footprints();
    Map<Long, CompressionOptions> compression = Map.of(); // by pool
    final TreeSet<CollectionId> collections = new TreeSet<>(CollectionOrder.ORDER);
    private final Layer layer;
    private final LinkedHashMap<ObjectName, Onode> onodes = new LinkedHashMap<>(16, 0.75f, true);
    private long onodeBytes;
    private long nextNid = 1;

    /** Given to the newest transaction. */
    long submitted;

    /** The newest transaction that is durable and in the index. */
    long applied;

    /** All transactions up to this one need the log no more. */
    long checkpoint;

    /** Checkpoints made. */
    long checkpointCount;

    boolean checkpointWanted;

    /** No transaction is taken any more; those that wait are still committed. */
    boolean closing;

    /** Nothing waits any more. */
    boolean drained;

    @Nullable StoreException failureOrNull;

    BlockState(Index index, Space space) {
        this.layer = new Layer(index);
        this.space = space;
    }

    /** Reads what is in the index when a store opens. */
    void load(Index index, long highest) {
        submitted = highest;
        applied = highest;
        checkpoint = highest;
        index.scan(
                IndexKeys.COLLECTIONS,
                IndexKeys.COLLECTIONS_END,
                (key, value) -> collections.add(IndexKeys.collectionOf(key)));
        index.scan(
                IndexKeys.OBJECTS,
                IndexKeys.OBJECTS_END,
                (key, value) -> {
                    Onode onode = loaded(key, value);
                    nextNid = Math.max(nextNid, onode.nid() + 1);
                    footprints.add(
                            new ObjectName(IndexKeys.collectionOf(key), IndexKeys.objectOf(key)),
                            onode.footprint());
                    for (Extent extent : onode.extents().all()) {
                        space.use(extent.stored());
                    }
                    return true;
                });
        space.reach(Checkpointer.reach(index));
    }

    private static Onode loaded(byte[] key, byte[] value) {
        try {
            return Onode.decode(key, value);
        } catch (Malformed damaged) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "the index is damaged, at "
                            + IndexKeys.objectOf(key)
                            + " in "
                            + IndexKeys.collectionOf(key)
                            + ": "
                            + damaged.getMessage()
                            + "; remove this store and let its objects be copied from others",
                    damaged);
        }
    }

    private static Onode read(ObjectName name, byte[] key, byte[] value) {
        try {
            return Onode.decode(key, value);
        } catch (Malformed damaged) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    "the index is damaged, at "
                            + name
                            + ": "
                            + damaged.getMessage()
                            + "; repair it from another copy",
                    damaged);
        }
    }

    /** Throws when the store cannot be used any more. */
    void check() {
        checkFailure();
        if (closing) {
            throw new StoreGone("the store is closed");
        }
    }

    /** Throws when the store has failed. */
    void checkFailure() {
        if (failureOrNull != null) {
            throw new StoreGone(
                    "the store has failed: " + failureOrNull.getMessage(), failureOrNull);
        }
    }

    /** The index with all that was submitted. */
    IndexView index() {
        return layer;
    }

    boolean exists(CollectionId collection) {
        return collections.contains(collection);
    }

    CompressionOptions compression(CollectionId collection) {
        return compression.getOrDefault(Footprints.pool(collection), CompressionOptions.DEFAULT);
    }

    long newNid() {
        return nextNid++;
    }

    @Nullable Onode onodeOrNull(ObjectName name) {
        Onode cached = onodes.get(name);
        if (cached != null) {
            return cached;
        }
        byte[] key = name.key();
        byte[] value = layer.get(key);
        if (value == null) {
            return null;
        }
        Onode read = read(name, key, value);
        remember(name, read);
        return read;
    }

    private void changed(ObjectName name, Onode onode) {
        footprints.add(name, onode.footprint());
        remember(name, onode);
    }

    private void remember(ObjectName name, Onode onode) {
        forget(name);
        onodes.put(name, onode);
        onodeBytes += onode.weight();
        while (onodes.size() > ONODE_COUNT_MAX || onodeBytes > ONODE_BYTES_MAX) {
            forget(onodes.firstEntry().getKey());
        }
    }

    private void forget(ObjectName name) {
        Onode old = onodes.remove(name);
        if (old != null) {
            onodeBytes -= old.weight();
        }
    }

    /** Makes a transaction's changes seen; returns its sequence number. */
    long add(BlockTransaction transaction, List<Index.Change> changes, DataDraft data) {
        long sequence = ++submitted;
        layer.add(sequence, changes);
        transaction.before().forEach(footprints::remove);
        transaction
                .drafts()
                .forEach((name, draft) ->
                        draft.ifPresentOrElse(
                                present -> changed(name, present.onode()), () -> forget(name)));
        transaction
                .collections()
                .forEach((collection, made) -> {
                    if (made) {
                        collections.add(collection);
                    } else {
                        collections.remove(collection);
                    }
                });
        data.deferred.forEach((disk, block) -> pending.defer(disk, block, sequence, applied));
        data.direct.forEach(pending::direct);
        data.release(sequence);
        return sequence;
    }

    /** The index holds everything up to {@code sequence}. */
    void applied(long sequence) {
        applied = sequence;
        layer.retire(sequence);
        changed.signalAll();
    }
}
