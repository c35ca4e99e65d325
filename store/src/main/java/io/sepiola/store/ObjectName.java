package io.sepiola.store;

import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;

/** An object in its collection. */
record ObjectName(CollectionId collection, GhObject object) {
    byte[] key() {
        return IndexKeys.object(collection, object);
    }

    @Override
    public String toString() {
        return object + " in " + collection;
    }
}
