package io.sepiola.monitor;

import io.sepiola.protocol.osd.PerfCounterType;
import io.sepiola.protocol.perf.PerfCounters;

import java.util.function.LongSupplier;

/** A monitor's sessions, under Ceph's names. Owned by the monitor's shard. */
final class SessionCounters {
    private static final int NO_UNIT = 1;
    private static final int USEFUL = 5;
    private static final int INTERESTING = 8;

    private long begun;
    private long ended;

    /** Adds them to what is shown. */
    SessionCounters(PerfCounters shown, LongSupplier open) {
        int rising = PerfCounters.NUMBER | PerfCounters.RISING;
        add(shown, "num_sessions", "Open sessions", "sess", PerfCounters.NUMBER, USEFUL, open);
        add(shown, "session_add", "Created sessions", "sadd", rising, INTERESTING, () -> begun);
        add(shown, "session_rm", "Removed sessions", "srm", rising, INTERESTING, () -> ended);
    }

    private static void add(
            PerfCounters shown,
            String name,
            String text,
            String nick,
            int kind,
            int priority,
            LongSupplier value) {
        PerfCounterType type =
                new PerfCounterType("mon." + name, text, nick, kind, priority, NO_UNIT);
        shown.add(PerfCounters.Counter.of(type, value));
    }

    void begun() {
        begun++;
    }

    void ended() {
        ended++;
    }
}
