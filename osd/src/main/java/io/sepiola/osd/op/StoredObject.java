package io.sepiola.osd.op;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.store.NoSuchObject;
import io.sepiola.store.ObjectStore;

import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * An object as it stands in the store, for reading.
 *
 * @param ahead what was read of it before
 */
public record StoredObject(
        ObjectStore store, CollectionId collection, GhObject object, Ahead ahead) {
    /** Data from {@code offset} on. */
    public record Ahead(long offset, Bytes data) {
        /** Nothing. */
        public static final Ahead NONE = new Ahead(0, Bytes.EMPTY);

        private boolean holds(long first, int length) {
            return first >= offset && first + length <= offset + data.size();
        }
    }

    /** Of which nothing was read before. */
    public StoredObject(ObjectStore store, CollectionId collection, GhObject object) {
        this(store, collection, object, Ahead.NONE);
    }

    /** Where the object's information (ObjectInfo) is kept. */
    public static final String INFO_ATTR = "_";

    /** Where the object's snapshots (SnapSet) are kept. */
    public static final String SNAPSET_ATTR = "snapset";

    /** What the store puts before the names of users' attributes. */
    public static final String USER_PREFIX = "_";

    Bytes read(long offset, int length) {
        if (ahead.holds(offset, length)) {
            return ahead.data().slice((int) (offset - ahead.offset()), length);
        }
        try {
            return store.read(collection, object, offset, length);
        } catch (NoSuchObject absent) {
            return Bytes.EMPTY;
        }
    }

    SortedMap<Long, Long> extents(long offset, long length) {
        try {
            return store.extents(collection, object, offset, length);
        } catch (NoSuchObject absent) {
            return new TreeMap<>();
        }
    }

    Optional<Bytes> userAttr(String name) {
        try {
            return store.attr(collection, object, USER_PREFIX + name);
        } catch (NoSuchObject absent) {
            return Optional.empty();
        }
    }

    SortedMap<String, Bytes> userAttrs() {
        SortedMap<String, Bytes> found = new TreeMap<>(io.sepiola.base.Utf8::compare);
        try {
            store.attrs(collection, object)
                    .forEach((name, value) -> {
                        if (name.length() > 1 && name.startsWith(USER_PREFIX)) {
                            found.put(name.substring(1), value);
                        }
                    });
        } catch (NoSuchObject absent) {
            found.clear();
        }
        return found;
    }

    Bytes omapHeader() {
        try {
            return store.omapHeader(collection, object);
        } catch (NoSuchObject absent) {
            return Bytes.EMPTY;
        }
    }

    SortedMap<String, Bytes> omap(SortedSet<String> keys) {
        try {
            return store.omap(collection, object, keys);
        } catch (NoSuchObject absent) {
            return new TreeMap<>();
        }
    }

    ObjectStore.OmapPage omap(String after, String prefix, int countMax) {
        try {
            return store.omap(collection, object, after, prefix, countMax);
        } catch (NoSuchObject absent) {
            return new ObjectStore.OmapPage(new TreeMap<>(), false);
        }
    }
}
