package io.sepiola.client;

import io.sepiola.messenger.Connection;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.message.MOSDBackoff;
import io.sepiola.protocol.osd.HObject;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What one OSD has been sent and has not answered. Owned by the objecter's shard. */
final class OsdSession {
    private final int osd;
    private final EntityAddrVec addrs;
    private final TreeMap<Long, Operation> operations = new TreeMap<>();
    private final Map<PgId, Map<Long, MOSDBackoff>> backoffs = new HashMap<>();
    private @Nullable Connection connectionOrNull;
    private int failures;

    OsdSession(int osd, EntityAddrVec addrs) {
        this.osd = osd;
        this.addrs = addrs;
    }

    int osd() {
        return osd;
    }

    EntityAddrVec addrs() {
        return addrs;
    }

    /** By transaction id: the order in which they are sent again. */
    TreeMap<Long, Operation> operations() {
        return operations;
    }

    /** Null while a pause after a failure lasts. */
    @Nullable Connection connectionOrNull() {
        return connectionOrNull;
    }

    void connected(Connection connection) {
        connectionOrNull = connection;
    }

    /** The OSD speaks; the next failure is a first one. */
    void heard() {
        failures = 0;
    }

    /**
     * The connection is gone, and with it what the OSD told to hold back; counts failures in a row.
     */
    int broken() {
        connectionOrNull = null;
        backoffs.clear();
        return failures++;
    }

    /** Holds back what the OSD does not want yet. */
    void block(MOSDBackoff backoff) {
        backoffs.computeIfAbsent(backoff.pg().pg(), pg -> new LinkedHashMap<>())
                .put(backoff.id(), backoff);
    }

    /** Holds it back no longer. */
    void unblock(MOSDBackoff backoff) {
        Map<Long, MOSDBackoff> ofGroup = backoffs.get(backoff.pg().pg());
        if (ofGroup != null) {
            ofGroup.remove(backoff.id());
            if (ofGroup.isEmpty()) {
                backoffs.remove(backoff.pg().pg());
            }
        }
    }

    /** Whether an object of that group is held back. */
    boolean isBlocked(PgId pg, HObject object) {
        Map<Long, MOSDBackoff> ofGroup = backoffs.get(pg);
        return ofGroup != null
                && ofGroup.values().stream().anyMatch(backoff -> covers(backoff, object));
    }

    /** From begin up to, but without, end; an empty range is the one object. */
    static boolean covers(MOSDBackoff backoff, HObject object) {
        return object.compareTo(backoff.begin()) >= 0
                && (object.compareTo(backoff.end()) < 0 || object.equals(backoff.begin()));
    }
}
