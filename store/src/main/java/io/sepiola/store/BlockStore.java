package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.base.Utf8;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A store in a directory: data in one block file, everything else in an index, and before both a
 * log. Its package tells the files, the formats, and why nothing acknowledged is lost. Shared.
 */
public final class BlockStore implements ObjectStore {
    /** The least free space of the disk that a store leaves alone unless told otherwise. */
    public static final long DISK_RESERVE_BYTES = 256L << 20;

    /**
     * How a store is opened.
     *
     * @param owner the uuid of the OSD
     * @param whoami the number of the OSD
     * @param diskReserveBytes free space of the disk of which {@link #availableBytes} knows
     *     nothing; what was admitted before goes into it, up to a last quarter
     * @param memory shared with other stores of this process
     * @param onFailure told once, on a thread of the store, when it fails for good: the daemon
     *     stops
     */
    public record Options(
            Path directory,
            UUID owner,
            int whoami,
            long diskReserveBytes,
            StoreMemory memory,
            Consumer<StoreException> onFailure) {}

    /**
     * Makes an empty store.
     *
     * @param blockBytes what it can hold; the file takes from the disk only what is used
     * @throws StoreException of kind UNUSABLE when the directory holds a store, or files in its way
     */
    public static void format(Path directory, UUID owner, int whoami, long blockBytes) {
        StoreFiles.format(directory, owner, whoami, blockBytes & -Extent.BLOCK_SIZE);
    }

    /** Whether a store was made there. */
    public static boolean isThere(Path directory) {
        return Files.exists(directory.resolve(StoreLabel.FILE));
    }

    /**
     * What a store says of itself without being opened.
     *
     * @param owner the uuid of the OSD
     * @param whoami the number of the OSD
     * @param blockBytes the size of the block file
     */
    public record Label(UUID owner, int whoami, long blockBytes) {}

    /**
     * Reads it; a running OSD does not mind.
     *
     * @throws StoreException of kind UNUSABLE when there is none, or it is of a later format
     */
    public static Label label(Path directory) {
        StoreLabel label = StoreLabel.read(directory);
        return new Label(label.owner(), label.whoami(), label.blockBytes());
    }

    /**
     * The number of the OSD that the store in a directory belongs to.
     *
     * @throws StoreException of kind UNUSABLE when there is none, or it is of a later format
     */
    public static int whoami(Path directory) {
        return StoreLabel.read(directory).whoami();
    }

    /**
     * Opens a store and brings it to where it was when it last acknowledged.
     *
     * @throws StoreException of kind UNUSABLE when there is none, or it is another's, in use, of a
     *     later format, or damaged
     */
    public static BlockStore open(Options options) {
        return BlockEngine.open(options);
    }

    private final BlockEngine engine;
    private final BlockState state;

    BlockStore(BlockEngine engine) {
        this.engine = engine;
        this.state = engine.state();
    }

    @Override
    public void submit(Transaction transaction, Shard owner, Runnable committed) {
        examined(() -> {
            engine.submit(transaction, owner, committed);
            return true;
        });
    }

    /**
     * Holds the whole store against itself: every block's checksum, every block used once per
     * object that has it, every omap entry under an object.
     *
     * @return what is wrong, in sentences; empty when nothing is
     */
    public List<String> check() {
        return check(true).stream().map(StoreDamage::text).toList();
    }

    /**
     * Holds the whole store against itself.
     *
     * @param deep whether data are read and held against their checksums
     * @return what is wrong; empty when nothing is
     */
    public List<StoreDamage> check(boolean deep) {
        return StoreCheck.run(engine, deep);
    }

    /**
     * Mends what {@link StoreDamage#isMendable} says; durable when the store is closed. Nobody else
     * may use the store meanwhile.
     */
    public void repair(Shard owner) {
        new StoreRepair(engine).run(owner);
    }

    private Onode found(CollectionId collection, GhObject object) {
        Onode onode = state.onodeOrNull(new ObjectName(collection, object));
        if (onode == null) {
            throw new NoSuchObject(collection, object);
        }
        return onode;
    }

    private <T> T locked(Supplier<T> body) {
        return examined(() -> {
            state.lock.lock();
            try {
                state.check();
                return body.get();
            } finally {
                state.lock.unlock();
            }
        });
    }

    /** Where something cannot be read since the whole disk is gone, the store fails. */
    private <T> T examined(Supplier<T> body) {
        try {
            return body.get();
        } catch (StoreException failure) {
            engine.examine(failure);
            throw failure;
        }
    }

    @Override
    public Optional<Long> size(CollectionId collection, GhObject object) {
        return locked(() ->
                Optional.ofNullable(state.onodeOrNull(new ObjectName(collection, object)))
                        .map(Onode::size));
    }

    @Override
    public Bytes read(CollectionId collection, GhObject object, long offset, int length) {
        BlockReader.Plan plan = plan(collection, object, offset, length);
        return examined(plan::run); // the block file is read without the lock
    }

    @Override
    public void read(
            CollectionId collection,
            GhObject object,
            long offset,
            int length,
            Shard owner,
            Consumer<ReadAnswer> done) {
        BlockReader.Plan plan = plan(collection, object, offset, length);
        engine.readers()
                .execute(() -> {
                    ReadAnswer answer;
                    try {
                        answer = answer(plan);
                    } catch (StoreGone told) {
                        return; // whoever opened the store has heard of it
                    }
                    owner.execute(() -> done.accept(answer));
                });
    }

    private ReadAnswer answer(BlockReader.Plan plan) {
        try {
            return new ReadAnswer.Data(examined(() -> plan.run(engine.readBuffers())));
        } catch (StoreException failure) {
            return new ReadAnswer.Failed(failure);
        }
    }

    private BlockReader.Plan plan(
            CollectionId collection, GhObject object, long offset, int length) {
        Refusal.checkRead(offset, length);
        return locked(() -> {
            Onode onode = found(collection, object);
            int size = (int) Math.max(0, Math.min(length, onode.size() - offset));
            return engine.reader()
                    .plan(
                            new ObjectName(collection, object),
                            onode.nid(),
                            onode.extents(),
                            offset,
                            size,
                            state.pending::blockOrNull);
        });
    }

    @Override
    public SortedMap<Long, Long> extents(
            CollectionId collection, GhObject object, long offset, long length) {
        Refusal.checkRead(offset, length);
        return locked(() -> {
            Onode onode = found(collection, object);
            long stop = Math.min(onode.size(), Refusal.end(offset, length));
            SortedMap<Long, Long> extents = new TreeMap<>();
            long end = -1;
            for (Extent extent : onode.extents().all()) {
                long from = Math.max(offset, Extent.bytes(extent.block()));
                long to = Math.min(stop, Extent.bytes(extent.end()));
                if (from < to) {
                    long start = from == end ? extents.lastKey() : from;
                    extents.put(start, to - start);
                    end = to;
                }
            }
            return extents;
        });
    }

    @Override
    public SortedMap<String, Bytes> attrs(CollectionId collection, GhObject object) {
        return locked(() -> new TreeMap<>(found(collection, object).attrs()));
    }

    @Override
    public Optional<Bytes> attr(CollectionId collection, GhObject object, String name) {
        return locked(() -> Optional.ofNullable(found(collection, object).attrs().get(name)));
    }

    @Override
    public Bytes omapHeader(CollectionId collection, GhObject object) {
        return locked(() -> found(collection, object).omapHeader());
    }

    @Override
    public SortedMap<String, Bytes> omap(
            CollectionId collection, GhObject object, SortedSet<String> keys) {
        return locked(() -> {
            long nid = found(collection, object).nid();
            SortedMap<String, Bytes> entries = new TreeMap<>(Utf8::compare);
            for (String key : keys) {
                byte @Nullable [] value = state.index().get(IndexKeys.omap(nid, key));
                if (value != null) {
                    entries.put(key, Bytes.of(value));
                }
            }
            return entries;
        });
    }

    @Override
    public OmapPage omap(
            CollectionId collection, GhObject object, String after, String prefix, int countMax) {
        return locked(() -> {
            long nid = found(collection, object).nid();
            SortedMap<String, Bytes> entries = new TreeMap<>(Utf8::compare);
            boolean fromPrefix = after.isEmpty() || Utf8.compare(after, prefix) < 0;
            byte[] first = IndexKeys.omap(nid, fromPrefix ? prefix : after);
            boolean all =
                    state.index()
                            .scan(
                                    fromPrefix ? first : Arrays.copyOf(first, first.length + 1),
                                    IndexKeys.omapPrefixEnd(nid, prefix),
                                    (key, value) -> {
                                        if (entries.size() >= countMax) {
                                            return false;
                                        }
                                        entries.put(IndexKeys.omapKeyOf(key), Bytes.of(value));
                                        return true;
                                    });
            return new OmapPage(entries, !all);
        });
    }

    @Override
    public List<GhObject> list(CollectionId collection, GhObject first, int countMax) {
        return locked(() -> {
            List<GhObject> found = new ArrayList<>();
            state.index()
                    .scan(
                            IndexKeys.object(collection, first),
                            IndexKeys.objectsEnd(collection),
                            (key, value) -> {
                                if (found.size() >= countMax) {
                                    return false;
                                }
                                found.add(IndexKeys.objectOf(key));
                                return true;
                            });
            return found;
        });
    }

    @Override
    public List<CollectionId> collections() {
        return locked(() -> new ArrayList<>(state.collections));
    }

    @Override
    public boolean exists(CollectionId collection) {
        return locked(() -> state.exists(collection));
    }

    @Override
    public long availableBytes() {
        return locked(engine::availableBytes);
    }

    @Override
    public long indexAvailableBytes() {
        return locked(engine::indexAvailableBytes);
    }

    @Override
    public void compression(Map<Long, CompressionOptions> pools) {
        Map<Long, CompressionOptions> kept = Map.copyOf(pools);
        locked(() -> state.compression = kept);
    }

    @Override
    public SortedMap<Long, PoolUsage> pools() {
        return locked(state.footprints::usage);
    }

    @Override
    public Usage usage() {
        return locked(engine::usage);
    }

    @Override
    public void close() {
        engine.close();
    }
}
