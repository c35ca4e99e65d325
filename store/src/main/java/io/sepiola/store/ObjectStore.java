package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * The objects of one OSD: data, attributes and omap, in collections.
 *
 * <p>A transaction is seen by every read that begins after {@link #submit} returned, and by nothing
 * before. It is durable, whole, when its {@code committed} runs; transactions of one collection
 * become durable in the order in which they were submitted. After a crash the store holds, of each
 * collection, a prefix of what was submitted that contains all that was reported committed.
 *
 * <p>What adds to an object makes it when there is none; what removes is content when there is
 * nothing; what copies or moves needs its source, and replaces its target. Every change needs its
 * collection. A transaction that breaks this is refused whole, with {@link
 * StoreException.Kind#INVALID}. Reads of an object that is not there throw {@link NoSuchObject},
 * except {@link #size} and {@link #list}.
 *
 * <p>Any thread may call; calls for one collection come from one shard at a time. Reads may block
 * for a disk access. Failures of the disk are {@link StoreException}s; once the store has failed
 * for good, or is closed, every call but {@link #close} throws {@link StoreGone}.
 */
public interface ObjectStore extends AutoCloseable {
    /**
     * Applies a transaction and begins to make it durable.
     *
     * @param owner runs {@code committed}
     * @param committed run once the transaction is durable; never run when the store fails or
     *     closes
     * @throws StoreException when there is no room for it, or something cannot be read; nothing is
     *     applied
     */
    void submit(Transaction transaction, Shard owner, Runnable committed);

    /**
     * Whether {@link #submit} could make those changes, as far as it has to read data for them:
     * what they leave of blocks that they change in part. Changes nothing.
     *
     * @throws StoreException of kind CORRUPT or IO when some of that cannot be read
     */
    default void probe(List<Transaction.Op> changes) {
        PartialBlocks.read(this, changes);
    }

    /** The object's size in bytes, or nothing when there is no such object. */
    Optional<Long> size(CollectionId collection, GhObject object);

    /**
     * Reads up to {@code length} bytes from {@code offset}: fewer at the object's end. Holes read
     * as zeros.
     *
     * @throws NoSuchObject when there is no such object
     * @throws StoreException of kind CORRUPT when a checksum does not match
     */
    Bytes read(CollectionId collection, GhObject object, long offset, int length);

    /**
     * As {@link #read(CollectionId, GhObject, long, int)}, without blocking for the disk: for long
     * reads. Sees what was submitted before. Until {@code done} the object's data must not change.
     * What was read may lie in lent memory: it is for one message to one reader.
     *
     * @param owner runs {@code done}
     * @param done run once with what came of it; never run when the store fails or closes
     * @throws NoSuchObject when there is no such object
     * @throws StoreGone when the store has failed
     */
    default void read(
            CollectionId collection,
            GhObject object,
            long offset,
            int length,
            Shard owner,
            Consumer<ReadAnswer> done) {
        ReadAnswer answer;
        try {
            answer = new ReadAnswer.Data(read(collection, object, offset, length));
        } catch (StoreException failure) {
            answer = new ReadAnswer.Failed(failure);
        }
        ReadAnswer given = answer;
        owner.execute(() -> done.accept(given));
    }

    /**
     * The ranges within {@code offset}, {@code length} that were written, as offset to length, in
     * order. A store that does not know may answer the whole range.
     */
    SortedMap<Long, Long> extents(
            CollectionId collection, GhObject object, long offset, long length);

    /** All attributes. */
    SortedMap<String, Bytes> attrs(CollectionId collection, GhObject object);

    /** One attribute. */
    Optional<Bytes> attr(CollectionId collection, GhObject object, String name);

    /** The omap header; empty when none was set. */
    Bytes omapHeader(CollectionId collection, GhObject object);

    /** The entries of those of {@code keys} that exist. */
    SortedMap<String, Bytes> omap(CollectionId collection, GhObject object, SortedSet<String> keys);

    /**
     * Up to {@code countMax} entries, in byte order, with keys after {@code after} (from the first
     * when empty) that begin with {@code prefix}.
     */
    OmapPage omap(
            CollectionId collection, GhObject object, String after, String prefix, int countMax);

    /**
     * A part of an omap.
     *
     * @param more whether entries are left after the last one
     */
    record OmapPage(SortedMap<String, Bytes> entries, boolean more) {}

    /** Up to {@code countMax} objects at or after {@code first}, in order. */
    List<GhObject> list(CollectionId collection, GhObject first, int countMax);

    /** All collections, in no order. */
    List<CollectionId> collections();

    /** Whether the collection is there. */
    boolean exists(CollectionId collection);

    /**
     * How much objects may grow by; 0 when nothing more may be admitted. Exact to what was
     * submitted here, and cheap. A little more than that is taken still, since what was admitted
     * elsewhere has to go on.
     */
    long availableBytes();

    /**
     * How much names, attributes and omaps may grow by. They cannot use the room that removed data
     * leave behind, but may go on for a while when {@link #availableBytes} is 0: what removes data
     * has to write a little, too.
     */
    long indexAvailableBytes();

    /**
     * How the data of pools are compressed from now on, by the pool's number; those of others are
     * not. It holds until it is set again or the store closes; a store may know nothing of it.
     */
    default void compression(Map<Long, CompressionOptions> pools) {}

    /** Sizes of the whole store. */
    Usage usage();

    /**
     * What the store can hold and holds.
     *
     * @param totalBytes of the device
     * @param availableBytes not yet used
     * @param dataBytes stored for objects' data
     * @param omapBytes stored for omap, estimated
     * @param metadataBytes stored for everything else, estimated
     */
    record Usage(
            long totalBytes,
            long availableBytes,
            long dataBytes,
            long omapBytes,
            long metadataBytes) {}

    /**
     * What the objects of each pool take, by the pool's number; -1 is for what is in no pool. Pools
     * without data may be missing. A store that does not know answers nothing.
     */
    default SortedMap<Long, PoolUsage> pools() {
        return Collections.emptySortedMap();
    }

    /** What all of {@link #pools} take. */
    default PoolUsage allPools() {
        PoolUsage all = PoolUsage.NONE;
        for (PoolUsage each : pools().values()) {
            all = all.plus(each);
        }
        return all;
    }

    /**
     * What a pool's data take, in bytes. What clones share counts for each of them.
     *
     * @param stored written and not removed
     * @param allocated of the device
     * @param compressed what compressors made of what was compressed
     * @param compressedAllocated of the device for that
     * @param compressedOriginal what it was before
     */
    record PoolUsage(
            long stored,
            long allocated,
            long compressed,
            long compressedAllocated,
            long compressedOriginal) {
        /** Nothing. */
        public static final PoolUsage NONE = new PoolUsage(0, 0, 0, 0, 0);

        /** Both together. */
        public PoolUsage plus(PoolUsage other) {
            return new PoolUsage(
                    stored + other.stored,
                    allocated + other.allocated,
                    compressed + other.compressed,
                    compressedAllocated + other.compressedAllocated,
                    compressedOriginal + other.compressedOriginal);
        }
    }

    /** Makes everything submitted durable, then releases the files. */
    @Override
    void close();
}
