package io.sepiola.osd.daemon;

import io.sepiola.base.Mark;
import io.sepiola.base.Timers;
import io.sepiola.messenger.Connection;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Keeps what clients have sent and nobody has answered within a bound
 * (osd_client_message_size_cap): beyond it a connection that brings more is not read any further,
 * until three quarters of the bound are enough again. What is held is counted anew each time that
 * much has come, so that no operation has to be signed off wherever it may end. Owned by the OSD's
 * shard.
 */
final class ClientThrottle {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final int COUNTS_PER_BOUND = 8;

    private final long bytesMax;
    private final LongSupplier held;
    private final Timers timers;
    private final Set<Connection> paused = new LinkedHashSet<>();
    private long bytesSinceCount;
    private boolean over;

    /**
     * Nothing held yet.
     *
     * @param held counts what is held, in bytes
     */
    ClientThrottle(long bytesMax, LongSupplier held, Timers timers) {
        this.bytesMax = bytesMax;
        this.held = held;
        this.timers = timers;
    }

    /** An operation of that size has come and been taken. */
    void received(Connection connection, long bytes) {
        bytesSinceCount += bytes;
        if (!over && bytesSinceCount >= bytesMax / COUNTS_PER_BOUND) {
            bytesSinceCount = 0;
            over = held.getAsLong() > bytesMax;
            if (over) {
                Mark.hit("clients have sent more than may wait");
                timers.after(LOOK_AGAIN, this::look);
            }
        }
        if (over && paused.add(connection)) {
            connection.reading(false);
        }
    }

    private void look() {
        if (held.getAsLong() > bytesMax / 4 * 3) {
            timers.after(LOOK_AGAIN, this::look);
            return;
        }
        over = false;
        bytesSinceCount = 0;
        List<Connection> resumed = List.copyOf(paused);
        paused.clear();
        resumed.forEach(connection -> connection.reading(true));
    }

    /** The connection has ended. */
    void gone(Connection connection) {
        paused.remove(connection);
    }
}
