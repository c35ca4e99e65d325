package io.sepiola.store;

import io.sepiola.protocol.osd.CollectionId;

import java.util.NavigableMap;
import java.util.TreeMap;

/** What the objects of each pool take, by the pool's number. Guarded by the store's lock. */
final class Footprints {
    /** Of what is in no pool. */
    static final long NO_POOL = -1;

    private final NavigableMap<Long, Footprint> pools = new TreeMap<>();

    static long pool(CollectionId collection) {
        return switch (collection) {
            case CollectionId.Pg pg -> pg.pg().pg().pool();
            case CollectionId.Meta _ -> NO_POOL;
        };
    }

    /** An object is there. */
    void add(ObjectName name, Footprint object) {
        pools.merge(pool(name.collection()), object, Footprint::plus);
    }

    /** An object is gone, or about to be {@linkplain #add counted} again. */
    void remove(ObjectName name, Footprint object) {
        long pool = pool(name.collection());
        Footprint left = pools.getOrDefault(pool, Footprint.NONE).minus(object);
        if (left.equals(Footprint.NONE)) {
            pools.remove(pool);
        } else {
            pools.put(pool, left);
        }
    }

    /** A copy. Pools that hold no data may be missing. */
    NavigableMap<Long, ObjectStore.PoolUsage> usage() {
        NavigableMap<Long, ObjectStore.PoolUsage> usage = new TreeMap<>();
        pools.forEach((pool, each) -> {
            if (!each.equals(Footprint.NONE)) {
                usage.put(
                        pool,
                        new ObjectStore.PoolUsage(
                                each.stored(),
                                each.allocated(),
                                each.compressed(),
                                each.compressedAllocated(),
                                each.compressedOriginal()));
            }
        });
        return usage;
    }
}
