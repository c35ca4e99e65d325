package io.sepiola.osd.pg;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreException;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * A store over another, of which the data of some objects cannot be read, and so not be written in
 * part either, until the object is made anew.
 */
final class DamagedStore implements ObjectStore {
    private final ObjectStore sound;
    private final Set<GhObject> damaged;

    DamagedStore(ObjectStore sound, Set<GhObject> damaged) {
        this.sound = sound;
        this.damaged = damaged;
    }

    private static StoreException corrupt(GhObject object) {
        return new StoreException(StoreException.Kind.CORRUPT, object + " is damaged");
    }

    @Override
    public void submit(Transaction transaction, Shard owner, Runnable committed) {
        Set<GhObject> mended = new HashSet<>();
        for (Transaction.Op op : transaction.ops()) {
            switch (op) {
                case Transaction.Remove o -> mended.add(o.object());
                case Transaction.Truncate o when o.size() == 0 -> mended.add(o.object());
                case Transaction.MoveRename o -> mended.add(o.target());
                case Transaction.Write o
                        when damaged.contains(o.object()) && !mended.contains(o.object()) ->
                        throw corrupt(o.object());
                default -> {}
            }
        }
        sound.submit(transaction, owner, committed);
        damaged.removeAll(mended);
    }

    @Override
    public Bytes read(CollectionId collection, GhObject object, long offset, int length) {
        if (damaged.contains(object)) {
            throw corrupt(object);
        }
        return sound.read(collection, object, offset, length);
    }

    @Override
    public Optional<Long> size(CollectionId collection, GhObject object) {
        return sound.size(collection, object);
    }

    @Override
    public SortedMap<Long, Long> extents(
            CollectionId collection, GhObject object, long offset, long length) {
        return sound.extents(collection, object, offset, length);
    }

    @Override
    public SortedMap<String, Bytes> attrs(CollectionId collection, GhObject object) {
        return sound.attrs(collection, object);
    }

    @Override
    public Optional<Bytes> attr(CollectionId collection, GhObject object, String name) {
        return sound.attr(collection, object, name);
    }

    @Override
    public Bytes omapHeader(CollectionId collection, GhObject object) {
        return sound.omapHeader(collection, object);
    }

    @Override
    public SortedMap<String, Bytes> omap(
            CollectionId collection, GhObject object, SortedSet<String> keys) {
        return sound.omap(collection, object, keys);
    }

    @Override
    public OmapPage omap(
            CollectionId collection, GhObject object, String after, String prefix, int countMax) {
        return sound.omap(collection, object, after, prefix, countMax);
    }

    @Override
    public List<GhObject> list(CollectionId collection, GhObject first, int countMax) {
        return sound.list(collection, first, countMax);
    }

    @Override
    public List<CollectionId> collections() {
        return sound.collections();
    }

    @Override
    public boolean exists(CollectionId collection) {
        return sound.exists(collection);
    }

    @Override
    public long availableBytes() {
        return sound.availableBytes();
    }

    @Override
    public long indexAvailableBytes() {
        return sound.indexAvailableBytes();
    }

    @Override
    public Usage usage() {
        return sound.usage();
    }

    @Override
    public void close() {
        sound.close();
    }
}
