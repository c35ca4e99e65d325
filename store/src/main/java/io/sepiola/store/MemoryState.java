package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Collections of objects in sorted maps: what a store is, without a disk. The slow and obvious twin
 * of every other store.
 *
 * <p>Every change leaves its opposite in {@link #undo}, so that a transaction that cannot be
 * applied whole is not applied at all. Owned by its {@link MemoryStore}.
 */
final class MemoryState {
    final NavigableMap<CollectionId, NavigableMap<GhObject, MemoryObject>> collections =
            new TreeMap<>(CollectionOrder.ORDER);
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private long usedBytes;
    private long dataBytes;
    private long omapBytes;

    MemoryState copy() {
        MemoryState copy = new MemoryState();
        collections.forEach((id, objects) -> {
            NavigableMap<GhObject, MemoryObject> copies = new TreeMap<>();
            objects.forEach((name, object) -> copies.put(name, object.copy()));
            copy.collections.put(id, copies);
        });
        copy.usedBytes = usedBytes;
        copy.dataBytes = dataBytes;
        copy.omapBytes = omapBytes;
        return copy;
    }

    /** Bytes of data, attributes and omap. */
    long usedBytes() {
        return usedBytes;
    }

    /** Bytes of data alone. */
    long dataBytes() {
        return dataBytes;
    }

    /** Bytes of omap entries and headers. */
    long omapBytes() {
        return omapBytes;
    }

    /** Applies all, or throws and applies nothing. */
    void apply(Transaction transaction, long capacityBytes) {
        long before = usedBytes;
        try {
            transaction.ops().forEach(this::apply);
            if (usedBytes > capacityBytes && usedBytes > before) {
                throw new StoreException(
                        StoreException.Kind.FULL,
                        "the store holds "
                                + before
                                + " of "
                                + capacityBytes
                                + " bytes; remove objects");
            }
        } catch (StoreException refused) {
            while (!undo.isEmpty()) {
                undo.pop().run();
            }
            throw refused;
        }
        undo.clear();
    }

    private void apply(Transaction.Op op) {
        switch (op) {
            case Transaction.Nop _,
                    Transaction.CollectionHint _,
                    Transaction.SetAllocationHint _ -> {}
            case Transaction.Create o -> made(o.collection(), o.object());
            case Transaction.Touch o -> made(o.collection(), o.object());
            case Transaction.Write o ->
                    write(made(o.collection(), o.object()), o.offset(), o.data());
            case Transaction.Zero o ->
                    zero(made(o.collection(), o.object()), o.offset(), o.length());
            case Transaction.Truncate o -> truncate(made(o.collection(), o.object()), o.size());
            case Transaction.Remove o -> remove(o.collection(), o.object());
            case Transaction.SetAttr o ->
                    putAttr(made(o.collection(), o.object()), o.name(), o.value().detach());
            case Transaction.SetAttrs o -> {
                MemoryObject object = made(o.collection(), o.object());
                o.attrs().forEach((name, value) -> putAttr(object, name, value.detach()));
            }
            case Transaction.RemoveAttr o -> {
                MemoryObject object = foundOrNull(o.collection(), o.object());
                if (object != null) {
                    putAttr(object, o.name(), null);
                }
            }
            case Transaction.RemoveAttrs o -> {
                MemoryObject object = foundOrNull(o.collection(), o.object());
                if (object != null) {
                    List.copyOf(object.attrs.keySet()).forEach(name -> putAttr(object, name, null));
                }
            }
            case Transaction.Clone o -> clone(o);
            case Transaction.CloneRange o -> cloneRange(o);
            case Transaction.MakeCollection o -> {
                if (collections.containsKey(o.collection())) {
                    throw Refusal.of(o, "the collection exists");
                }
                put(collections, o.collection(), new TreeMap<>());
            }
            case Transaction.RemoveCollection o -> {
                if (!objects(o.collection()).isEmpty()) {
                    throw Refusal.of(o, "the collection is not empty");
                }
                put(collections, o.collection(), null);
            }
            case Transaction.MoveRename o -> move(o, o.object(), o.targetCollection(), o.target());
            case Transaction.TryRename o -> {
                if (foundOrNull(o.collection(), o.object()) != null) {
                    move(o, o.object(), o.collection(), o.target());
                }
            }
            case Transaction.OmapSet o -> {
                MemoryObject object = made(o.collection(), o.object());
                o.entries().forEach((key, value) -> putOmap(object, key, value.detach()));
            }
            case Transaction.OmapRemove o -> {
                MemoryObject object = foundOrNull(o.collection(), o.object());
                if (object != null) {
                    o.keys().forEach(key -> putOmap(object, key, null));
                }
            }
            case Transaction.OmapRemoveRange o -> {
                MemoryObject object = foundOrNull(o.collection(), o.object());
                if (object != null && Utf8.compare(o.first(), o.end()) < 0) {
                    List.copyOf(object.omap.subMap(o.first(), o.end()).keySet())
                            .forEach(key -> putOmap(object, key, null));
                }
            }
            case Transaction.OmapClear o -> {
                MemoryObject object = foundOrNull(o.collection(), o.object());
                if (object != null) {
                    List.copyOf(object.omap.keySet()).forEach(key -> putOmap(object, key, null));
                    header(object, Bytes.EMPTY);
                }
            }
            case Transaction.OmapSetHeader o ->
                    header(made(o.collection(), o.object()), o.header().detach());
            case Transaction.SplitCollection o -> split(o);
        }
    }

    private NavigableMap<GhObject, MemoryObject> objects(CollectionId collection) {
        NavigableMap<GhObject, MemoryObject> objects = collections.get(collection);
        if (objects == null) {
            throw Refusal.noCollection(collection);
        }
        return objects;
    }

    private @Nullable MemoryObject foundOrNull(CollectionId collection, GhObject object) {
        return objects(collection).get(object);
    }

    private MemoryObject made(CollectionId collection, GhObject object) {
        NavigableMap<GhObject, MemoryObject> objects = objects(collection);
        MemoryObject found = objects.get(object);
        if (found == null) {
            found = new MemoryObject();
            put(objects, object, found);
        }
        return found;
    }

    private void write(MemoryObject object, long offset, Bytes data) {
        Refusal.checkRange(offset, data.size());
        if (!data.isEmpty()) {
            punch(object, offset, offset + data.size());
            putData(object, offset, data.detach());
            size(object, Math.max(object.size, offset + data.size()));
        }
    }

    private void zero(MemoryObject object, long offset, long length) {
        Refusal.checkRange(offset, length);
        if (length > 0) {
            punch(object, offset, offset + length);
            size(object, Math.max(object.size, offset + length));
        }
    }

    private void truncate(MemoryObject object, long size) {
        Refusal.checkRange(size, 0);
        punch(object, size, Long.MAX_VALUE);
        size(object, size);
    }

    private void remove(CollectionId collection, GhObject name) {
        NavigableMap<GhObject, MemoryObject> objects = objects(collection);
        MemoryObject object = objects.get(name);
        if (object != null) {
            used(object, -1);
            put(objects, name, null);
        }
    }

    private void clone(Transaction.Clone o) {
        MemoryObject source = source(o, o.object());
        if (!o.object().equals(o.target())) {
            remove(o.collection(), o.target());
            MemoryObject copy = source.copy();
            used(copy, 1);
            put(objects(o.collection()), o.target(), copy);
        }
    }

    private void cloneRange(Transaction.CloneRange o) {
        MemoryObject source = source(o, o.object());
        Refusal.checkRange(o.offset(), o.length());
        Refusal.checkRange(o.targetOffset(), o.length());
        if (o.offset() + o.length() > source.size) {
            throw Refusal.of(o, "the source ends at " + source.size);
        }
        Map<Long, Bytes> pieces = source.pieces(o.offset(), o.offset() + o.length());
        MemoryObject target = made(o.collection(), o.target());
        zero(target, o.targetOffset(), o.length());
        pieces.forEach((at, piece) -> putData(target, at - o.offset() + o.targetOffset(), piece));
    }

    private void move(Transaction.Op o, GhObject from, CollectionId target, GhObject to) {
        MemoryObject object = source(o, from);
        objects(target);
        put(objects(o.collection()), from, null);
        remove(target, to);
        put(objects(target), to, object);
    }

    private void split(Transaction.SplitCollection o) {
        NavigableMap<GhObject, MemoryObject> source = objects(o.collection());
        NavigableMap<GhObject, MemoryObject> target = objects(o.targetCollection());
        for (Map.Entry<GhObject, MemoryObject> entry : new TreeMap<>(source).entrySet()) {
            if (Refusal.splits(o, entry.getKey())) {
                put(source, entry.getKey(), null);
                put(target, entry.getKey(), entry.getValue());
            }
        }
    }

    private MemoryObject source(Transaction.Op op, GhObject name) {
        MemoryObject source = foundOrNull(op.collection(), name);
        if (source == null) {
            throw Refusal.of(op, "there is no source");
        }
        return source;
    }

    private void punch(MemoryObject object, long offset, long end) {
        Map<Long, Bytes> hit = new TreeMap<>();
        Long first = object.data.floorKey(offset);
        hit.putAll(object.data.tailMap(first == null ? offset : first).headMap(end));
        hit.forEach((start, piece) -> {
            long stop = start + piece.size();
            if (stop <= offset || start >= end) {
                return;
            }
            putData(object, start, null);
            if (start < offset) {
                putData(object, start, piece.slice(0, (int) (offset - start)));
            }
            if (stop > end) {
                putData(object, end, piece.slice((int) (end - start)));
            }
        });
    }

    private void putData(MemoryObject object, long offset, @Nullable Bytes piece) {
        Bytes before = put(object.data, offset, piece);
        long more = (piece == null ? 0 : piece.size()) - (before == null ? 0 : before.size());
        used(more, more, 0);
    }

    private void putAttr(MemoryObject object, String name, @Nullable Bytes value) {
        used(putEntry(object.attrs, name, value), 0, 0);
    }

    private void putOmap(MemoryObject object, String key, @Nullable Bytes value) {
        long more = putEntry(object.omap, key, value);
        used(more, 0, more);
    }

    /** Returns how many bytes more the entries hold now. */
    private long putEntry(NavigableMap<String, Bytes> map, String key, @Nullable Bytes value) {
        Bytes before = put(map, key, value);
        return (value == null ? 0 : key.length() + value.size())
                - (before == null ? 0 : key.length() + before.size());
    }

    private void header(MemoryObject object, Bytes header) {
        Bytes before = object.omapHeader;
        undo.push(() -> object.omapHeader = before);
        object.omapHeader = header;
        long more = header.size() - before.size();
        used(more, 0, more);
    }

    private void size(MemoryObject object, long size) {
        long before = object.size;
        undo.push(() -> object.size = before);
        object.size = size;
    }

    private void used(MemoryObject object, int sign) {
        long data = object.dataBytes();
        long omap = MemoryObject.entryBytes(object.omap) + object.omapHeader.size();
        long all = data + omap + MemoryObject.entryBytes(object.attrs);
        used(sign * all, sign * data, sign * omap);
    }

    private void used(long more, long moreData, long moreOmap) {
        if (more != 0) {
            undo.push(() -> count(-more, -moreData, -moreOmap));
            count(more, moreData, moreOmap);
        }
    }

    private void count(long more, long moreData, long moreOmap) {
        usedBytes += more;
        dataBytes += moreData;
        omapBytes += moreOmap;
    }

    private <K, V> @Nullable V put(NavigableMap<K, V> map, K key, @Nullable V value) {
        V before = value == null ? map.remove(key) : map.put(key, value);
        undo.push(() -> {
            if (before == null) {
                map.remove(key);
            } else {
                map.put(key, before);
            }
        });
        return before;
    }
}
