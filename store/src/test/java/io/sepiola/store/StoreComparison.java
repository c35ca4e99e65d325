package io.sepiola.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;

/** Holds a store against the obvious twin, object by object, byte by byte. */
final class StoreComparison {
    private StoreComparison() {}

    static void same(ObjectStore store, MemoryState twin) {
        assertThat(store.collections())
                .containsExactlyInAnyOrderElementsOf(twin.collections.keySet());
        twin.collections.keySet().forEach(collection -> sameCollection(store, twin, collection));
    }

    static void sameCollection(ObjectStore store, MemoryState twin, CollectionId collection) {
        var objects = twin.collections.get(collection);
        assertThat(store.list(collection, new GhObject(HObject.MIN, 0, SpgId.NO_SHARD), 100_000))
                .containsExactlyElementsOf(objects.keySet());
        objects.forEach((name, object) -> sameObject(store, collection, name, object));
    }

    private static void sameObject(
            ObjectStore store, CollectionId collection, GhObject name, MemoryObject object) {
        Bytes expected = object.read(0, object.size);
        Bytes actual = store.read(collection, name, 0, (int) object.size + 1);
        assertThat(actual.equals(expected)).as("data of %s in %s", name, collection).isTrue();
        sameBeside(store, collection, name, object);
    }

    /**
     * As {@link #same}, where the disk has failed or lied: of each block the data are right, or
     * refused by name.
     *
     * @return how many blocks were refused
     */
    static int sameOrRefused(ObjectStore store, MemoryState twin) {
        int refused = 0;
        assertThat(store.collections())
                .containsExactlyInAnyOrderElementsOf(twin.collections.keySet());
        for (var collection : twin.collections.entrySet()) {
            CollectionId id = collection.getKey();
            assertThat(store.list(id, new GhObject(HObject.MIN, 0, SpgId.NO_SHARD), 100_000))
                    .containsExactlyElementsOf(collection.getValue().keySet());
            for (var each : collection.getValue().entrySet()) {
                sameBeside(store, id, each.getKey(), each.getValue());
                refused += refusedBlocks(store, id, each.getKey(), each.getValue());
            }
        }
        return refused;
    }

    private static int refusedBlocks(
            ObjectStore store, CollectionId collection, GhObject name, MemoryObject object) {
        int refused = 0;
        for (long at = 0; at < object.size; at += Extent.BLOCK_SIZE) {
            try {
                Bytes actual = store.read(collection, name, at, Extent.BLOCK_SIZE);
                assertThat(actual).isEqualTo(object.read(at, Extent.BLOCK_SIZE));
            } catch (StoreException named) {
                assertThat(named.kind()).isIn(StoreException.Kind.CORRUPT, StoreException.Kind.IO);
                refused++;
            }
        }
        return refused;
    }

    private static void sameBeside(
            ObjectStore store, CollectionId collection, GhObject name, MemoryObject object) {
        assertThat(store.size(collection, name)).contains(object.size);
        assertThat(store.attrs(collection, name)).isEqualTo(object.attrs);
        assertThat(store.omapHeader(collection, name)).isEqualTo(object.omapHeader);
        assertThat(store.omap(collection, name, "", "", 100_000).entries()).isEqualTo(object.omap);
    }
}
