package io.sepiola.manager;

import io.sepiola.messenger.Connection;
import io.sepiola.protocol.osd.PerfCounterType;
import io.sepiola.protocol.perf.PerfCounters;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What a manager counts, under Ceph's names: what comes in from others. Event loops count, the
 * manager's shard shows.
 */
final class ManagerCounters {
    private static final String LOGGER = "AsyncMessenger::Worker-0.";
    private static final int FOR_DEBUGGING = 0;
    private static final int NO_UNIT = 1;

    private final LongAdder messages = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final PerfCounters shown = new PerfCounters();

    ManagerCounters() {
        add("msgr_recv_messages", "Messages received", true, messages::sum);
        add("msgr_created_connections", "Connections made", true, connections::sum);
        add("msgr_active_connections", "Connections that stand", false, open::size);
    }

    private void add(String name, String text, boolean rising, LongSupplier value) {
        int kind = PerfCounters.NUMBER | (rising ? PerfCounters.RISING : 0);
        shown.add(
                PerfCounters.Counter.of(
                        new PerfCounterType(LOGGER + name, text, "", kind, FOR_DEBUGGING, NO_UNIT),
                        value));
    }

    void opened(Connection connection) {
        connections.increment();
        open.add(connection);
    }

    void received() {
        messages.increment();
    }

    /** It is over, or never stood. */
    void ended(Connection connection) {
        open.remove(connection);
    }

    PerfCounters shown() {
        return shown;
    }
}
