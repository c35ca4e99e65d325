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
        assertThat(store.size(collection, name)).contains(object.size);
        Bytes expected = object.read(0, object.size);
        Bytes actual = store.read(collection, name, 0, (int) object.size + 1);
        assertThat(actual.equals(expected)).as("data of %s in %s", name, collection).isTrue();
        assertThat(store.attrs(collection, name)).isEqualTo(object.attrs);
        assertThat(store.omapHeader(collection, name)).isEqualTo(object.omapHeader);
        assertThat(store.omap(collection, name, "", "", 100_000).entries()).isEqualTo(object.omap);
    }
}
