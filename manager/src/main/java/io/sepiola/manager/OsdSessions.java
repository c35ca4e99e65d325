package io.sepiola.manager;

import io.sepiola.messenger.Connection;
import io.sepiola.protocol.Message;

import java.util.SortedMap;
import java.util.TreeMap;

/** The sessions on which OSDs report, for what the manager has to tell them. Owned by its shard. */
final class OsdSessions {
    private final SortedMap<Integer, Connection> byOsd = new TreeMap<>();

    /** An OSD has reported. */
    void heard(int osd, Connection connection) {
        byOsd.put(osd, connection);
    }

    /** A session is over. */
    void ended(Connection connection) {
        byOsd.values().removeIf(known -> known == connection);
    }

    /** Tells an OSD something; false when it is not connected. */
    boolean tell(int osd, Message message) {
        Connection connection = byOsd.get(osd);
        if (connection == null || !connection.isOpen()) {
            return false;
        }
        connection.send(message);
        return true;
    }
}
