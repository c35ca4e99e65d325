package io.sepiola.osd.pg;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.osd.op.StoredObject;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.store.NoSuchObject;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreException;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The contexts of a group's objects: those in use, and the ones used last. Owned by the group. */
final class ObjectContexts {
    private final ObjectStore store;
    private final CollectionId collection;
    private final int countMax;
    private final LinkedHashMap<HObject, ObjectContext> contexts =
            new LinkedHashMap<>(16, 0.75f, true);

    ObjectContexts(ObjectStore store, CollectionId collection, int countMax) {
        this.store = store;
        this.collection = collection;
        this.countMax = countMax;
    }

    ObjectContext get(HObject object) {
        ObjectContext context = contexts.get(object);
        if (context == null) {
            context = new ObjectContext(object, load(store, collection, object));
            contexts.put(object, context);
            shrink();
        }
        return context;
    }

    @Nullable ObjectContext presentOrNull(HObject object) {
        return contexts.get(object);
    }

    /**
     * What the store says of an object; null when there is none.
     *
     * @throws StoreException when there is one, but not what it says of it, or that is damaged
     */
    static @Nullable ObjectInfo load(ObjectStore store, CollectionId collection, HObject object) {
        try {
            Optional<Bytes> info =
                    store.attr(collection, GhObject.of(object), StoredObject.INFO_ATTR);
            return info.map(ObjectInfo.CODEC::fromBytes)
                    .orElseThrow(() -> damaged("has no information"));
        } catch (NoSuchObject absent) {
            return null;
        } catch (Malformed malformed) {
            throw damaged("has information that cannot be read: " + malformed.getMessage());
        }
    }

    private static StoreException damaged(String what) {
        return new StoreException(
                StoreException.Kind.CORRUPT,
                "the object " + what + "; repair it from another copy");
    }

    private void shrink() {
        if (contexts.size() <= countMax) {
            return;
        }
        Iterator<Map.Entry<HObject, ObjectContext>> oldestFirst = contexts.entrySet().iterator();
        while (contexts.size() > countMax && oldestFirst.hasNext()) {
            if (oldestFirst.next().getValue().isIdle()) {
                oldestFirst.remove();
            } else if (contexts.size() < 2 * countMax) {
                return; // the oldest is in use: try again later
            }
        }
    }

    /** The object was changed by recovery, here or elsewhere. */
    void forget(HObject object) {
        ObjectContext context = contexts.get(object);
        if (context != null && context.isIdle()) {
            contexts.remove(object); // one that is in use was whole here all the time
        }
    }

    /** Each context, the one used longest ago first. */
    void forEach(java.util.function.Consumer<ObjectContext> visitor) {
        contexts.values().forEach(visitor);
    }

    void clear() {
        contexts.clear();
    }
}
