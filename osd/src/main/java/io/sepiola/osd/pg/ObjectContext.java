package io.sepiola.osd.pg;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What a primary knows of one object, and the order of what happens to it: writes follow each other
 * without waiting, reads wait until the writes before them are on every disk, and writes until the
 * long reads before them have ended. Owned by its group.
 */
final class ObjectContext {
    final HObject object;

    /** Of the object as the last write left it; null when there is none. */
    @Nullable ObjectInfo infoOrNull;

    /** Writes not yet on every disk. */
    int inFlight;

    /** Long reads that wait for the disk; the object's data stay as they are meanwhile. */
    final List<ClientRequest> reading = new ArrayList<>(0);

    /** What waits for the writes or reads in flight, and what came after it. */
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

    /** Whether what came first of those that are not in flight may begin. */
    boolean admits(ClientRequest next) {
        return next.kinds().writes() ? reading.isEmpty() : inFlight == 0;
    }

    boolean isIdle() {
        return inFlight == 0 && reading.isEmpty() && waiting.isEmpty();
    }
}
