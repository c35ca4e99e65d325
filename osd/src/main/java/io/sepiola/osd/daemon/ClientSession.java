package io.sepiola.osd.daemon;

import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Identity;
import io.sepiola.osd.op.CapsNeeded;
import io.sepiola.protocol.caps.OsdCaps;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.message.MOSDMap;
import io.sepiola.protocol.message.MOSDOp;

import java.util.Map;
import java.util.TreeMap;

/** What an OSD remembers of a client's connection: what it may do, and which map it was told. */
final class ClientSession {
    private final OsdCaps caps;
    private int epochTold;

    private ClientSession(OsdCaps caps) {
        this.caps = caps;
    }

    /** The session of a connection; made at its first operation. */
    static ClientSession of(Connection connection) {
        if (connection.attachmentOrNull() instanceof ClientSession known) {
            return known;
        }
        Identity identity = connection.identityOrNull();
        ClientSession made =
                new ClientSession(
                        identity == null
                                ? OsdCaps.NONE
                                : OsdCaps.of(identity.caps(), identity.allowAll())
                                        .heldBy(connection.peerSeenAt()));
        connection.attach(made);
        return made;
    }

    /** Sends what the client lacks of the maps, once. */
    void tell(Connection connection, int itsEpoch, MapStore maps) {
        int newest = maps.newest().epoch();
        int known = Math.max(itsEpoch, epochTold);
        if (known < newest) {
            MOSDMap more = maps.since(known);
            epochTold = more.incrementals().keySet().stream().max(Integer::compare).orElse(newest);
            connection.send(more);
        }
    }

    /** Whether the client may do all of this. */
    boolean allows(MOSDOp op, OsdMap map) {
        if (caps.allowAll()) {
            return true;
        }
        long pool = op.pg().pg().pool();
        Map<String, ? extends Map<String, String>> applications =
                map.pool(pool).map(PgPool::applications).orElse(new TreeMap<>());
        String key = op.locator().key();
        OsdCaps.Target target =
                new OsdCaps.Target(
                        map.poolName(pool).orElse(""),
                        op.locator().namespace(),
                        key.isEmpty() ? op.object() : key,
                        applications);
        CapsNeeded needed = CapsNeeded.of(op.ops());
        return caps.allow(target, needed.reads(), needed.writes(), needed.calls());
    }
}
