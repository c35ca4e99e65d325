package io.sepiola.monitor.operation;

import io.sepiola.base.Clock;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.osd.DaemonHealthMetric;
import io.sepiola.protocol.tell.OperationHistory;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The requests that a monitor works on, and the slowest of those that it has done. Owned by the
 * monitor's shard, for as long as the monitor runs, whether it leads or not.
 */
public final class Operations {
    private static final List<String> HISTORY_OPTIONS =
            List.of(
                    "mon_op_history_size",
                    "mon_op_history_duration",
                    "mon_op_history_slow_op_size",
                    "mon_op_history_slow_op_threshold");
    private static final int SLOW_OPS = 0; // DaemonHealthMetric.kind
    private static final int SHOWN_MAX = 10_000;

    private final Clock clock;
    private final OperationHistory history;
    private final Map<Long, Operation> inFlight = new LinkedHashMap<>(); // in order of arrival
    private Duration complaint = Duration.ofSeconds(30);
    private boolean enabled = true;
    private long lastNumber;

    /** None yet. */
    public Operations(Clock clock) {
        this.clock = clock;
        this.history = new OperationHistory(clock, "mon_op_history");
    }

    /** Takes over {@code mon_op_*} from what is in force. */
    public void configure(Function<String, String> option) {
        Map<String, String> set = new TreeMap<>();
        HISTORY_OPTIONS.forEach(name -> set.put(name, option.apply(name)));
        history.configure(set);
        String seconds = option.apply("mon_op_complaint_time");
        complaint =
                Duration.ofSeconds(seconds.matches("[0-9]{1,9}") ? Long.parseLong(seconds) : 30);
        enabled = !option.apply("mon_enable_op_tracker").equals("false");
    }

    /** Whether what comes is remembered. */
    public boolean enabled() {
        return enabled;
    }

    /**
     * A message came, which is looked at from now on.
     *
     * @param source who sent it, for people
     */
    public Operation began(Message message, String source, long arrivedNanos) {
        Operation operation = new Operation(++lastNumber, message, source, clock, arrivedNanos);
        operation.step("mon:_ms_dispatch");
        if (enabled) {
            inFlight.put(operation.number(), operation);
        }
        return operation;
    }

    /** It is done. */
    public void ended(Operation operation) {
        if (inFlight.remove(operation.number()) != null) {
            history.ended(operation.arrivedNanos(), operation::view);
        }
    }

    /** Nobody works on it any more. */
    public void dropped(Operation operation) {
        inFlight.remove(operation.number());
    }

    /** Nobody works on any of them any more. */
    public void dropAll() {
        inFlight.clear();
    }

    /** Those that are not done yet, the oldest first. */
    public Map<String, Object> waiting() {
        Map<String, Object> all = new LinkedHashMap<>();
        Stream<Operation> shown = inFlight.values().stream().limit(SHOWN_MAX);
        all.put("ops", shown.map(Operation::waiting).toList());
        all.put("num_ops", inFlight.size());
        return all;
    }

    /** The slowest of those that were done lately. */
    public OperationHistory history() {
        return history;
    }

    /** For the manager: how many are slow, and the age of the oldest of those in seconds. */
    public DaemonHealthMetric slow() {
        long now = clock.nanos();
        long count = 0;
        long oldest = 0;
        for (Operation operation : inFlight.values()) {
            long age = now - operation.arrivedNanos();
            if (age >= complaint.toNanos()) {
                count++;
                oldest = Math.max(oldest, age);
            }
        }
        return new DaemonHealthMetric(SLOW_OPS, Duration.ofNanos(oldest).toSeconds() << 32 | count);
    }
}
