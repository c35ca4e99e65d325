package io.sepiola.store;

import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;

/** There is no such object, or no such collection. An answer, not a failure of the store. */
public final class NoSuchObject extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names both. */
    public NoSuchObject(CollectionId collection, GhObject object) {
        super("no object " + object + " in " + collection, null, false, false);
    }
}
