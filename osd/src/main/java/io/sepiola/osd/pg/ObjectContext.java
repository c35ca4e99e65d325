package io.sepiola.osd.pg;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * What a primary knows of one object, and the order of what happens to it: writes follow each other
 * without waiting, reads wait until the writes before them are on every disk. Owned by its group.
 */
final class ObjectContext {
    final HObject object;

    /** Of the object as the last write left it; null when there is none. */
    @Nullable ObjectInfo infoOrNull;

    /** Writes not yet on every disk. */
    int inFlight;

    /** What waits for the writes in flight, and what came after it. */
    final ArrayDeque<ClientRequest> waiting = new ArrayDeque<>(0);

    ObjectContext(HObject object, @Nullable ObjectInfo infoOrNull) {
        this.object = object;
        this.infoOrNull = infoOrNull;
    }

    EVersion version() {
        ObjectInfo info = infoOrNull;
        return info == null ? EVersion.ZERO : info.version();
    }

    long userVersion() {
        ObjectInfo info = infoOrNull;
        return info == null ? 0 : info.userVersion();
    }

    boolean isIdle() {
        return inFlight == 0 && waiting.isEmpty();
    }
}
