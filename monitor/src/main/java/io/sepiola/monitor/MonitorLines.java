package io.sepiola.monitor;

import io.sepiola.messenger.Connection;
import io.sepiola.protocol.Message;

import java.util.List;

/**
 * The lines to the other monitors, for what one monitor says to another besides the questions of
 * the library ({@link Peers}). Whoever is at the other end has proved to be a monitor of the
 * cluster. Owned by the monitor's shard.
 */
interface MonitorLines {
    /** Hears what comes in. */
    interface Listener {
        /** Another monitor said something. */
        void said(Connection line, Message message);

        /** A line is gone, and what was said on it last may be lost. */
        void lost(Connection line);
    }

    /** Whoever hears from now on. */
    void listen(Listener listener);

    /** The lines that stand, or are being dialled. */
    List<Connection> open();
}
