package io.sepiola.protocol.tell;

import io.sepiola.base.Clock;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The slowest of the operations that a daemon has answered lately, as Ceph's {@code
 * dump_historic_ops} has them, and those that were slow beyond a threshold. Owned by the daemon's
 * shard.
 */
public final class OperationHistory {
    private static final int SIZE_MAX = 10_000;
    private static final Duration TIME_MAX = Duration.ofDays(1);

    /** One that was answered; it holds no more than what is shown of it. */
    public interface Answered {
        /** When it came, by the shard's clock. */
        long arrivedNanos();

        /** As it is shown, after it took so long. */
        Map<String, Object> done(Clock clock, long tookNanos);
    }

    private record Done(Answered operation, long tookNanos, long number) {}

    private static final Comparator<Done> BY_DURATION =
            Comparator.comparingLong(Done::tookNanos).thenComparingLong(Done::number);
    private static final Comparator<Done> BY_ARRIVAL =
            Comparator.comparingLong((Done done) -> done.operation.arrivedNanos())
                    .thenComparingLong(Done::number);

    private final Clock clock;
    private final String options;
    private final NavigableSet<Done> byDuration = new TreeSet<>(BY_DURATION);
    private final NavigableSet<Done> byArrival = new TreeSet<>(BY_ARRIVAL); // the same
    private final NavigableSet<Done> slow = new TreeSet<>(BY_ARRIVAL);
    private int size = 20;
    private Duration span = Duration.ofMinutes(10);
    private int slowSize = 20;
    private Duration threshold = Duration.ofSeconds(10);
    private long lastNumber;

    /**
     * Empty.
     *
     * @param options what its options begin with: {@code osd_op_history} or {@code mon_op_history}
     */
    public OperationHistory(Clock clock, String options) {
        this.clock = clock;
        this.options = options;
    }

    /** Takes over its options from what is set; the rest is at its default. */
    public void configure(Map<String, String> set) {
        size = count(set, options + "_size");
        span = seconds(set, options + "_duration", 600);
        slowSize = count(set, options + "_slow_op_size");
        threshold = seconds(set, options + "_slow_op_threshold", 10);
        forget();
    }

    private static int count(Map<String, String> options, String name) {
        return (int) number(options, name, 20, SIZE_MAX);
    }

    private static Duration seconds(Map<String, String> options, String name, int standard) {
        double seconds = number(options, name, standard, TIME_MAX.toSeconds());
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /** What is no number counts as not set. */
    private static double number(Map<String, String> options, String name, int standard, long max) {
        String text = options.getOrDefault(name, "");
        return text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")
                ? Math.min(Double.parseDouble(text), max)
                : standard;
    }

    /**
     * One was answered.
     *
     * @param operation asked for only when it is kept
     */
    public void ended(long arrivedNanos, Supplier<? extends Answered> operation) {
        long tookNanos = clock.nanos() - arrivedNanos;
        boolean isSlow = slowSize > 0 && tookNanos >= threshold.toNanos();
        boolean isKept =
                size > 0
                        && (byDuration.size() < size
                                || tookNanos > byDuration.first().tookNanos
                                || isOld(byArrival.first()));
        if (!isSlow && !isKept) {
            return;
        }
        Done done = new Done(operation.get(), tookNanos, ++lastNumber);
        if (isKept) {
            byDuration.add(done);
            byArrival.add(done);
        }
        if (isSlow) {
            slow.add(done);
        }
        forget();
    }

    private boolean isOld(Done done) {
        return clock.nanos() - done.operation.arrivedNanos() > span.toNanos();
    }

    private void forget() {
        while (!byArrival.isEmpty() && isOld(byArrival.first())) {
            byDuration.remove(byArrival.pollFirst());
        }
        while (byDuration.size() > size) {
            byArrival.remove(byDuration.pollFirst());
        }
        while (slow.size() > slowSize) {
            slow.pollFirst();
        }
    }

    /** Those of the last while, in the order of their coming. */
    public Map<String, Object> dump() {
        forget();
        return dump(byArrival.stream());
    }

    /** The same, the slowest first. */
    public Map<String, Object> dumpByDuration() {
        forget();
        return dump(byDuration.descendingSet().stream());
    }

    private Map<String, Object> dump(Stream<Done> which) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("size", size);
        all.put("duration", span.toSeconds());
        all.put("ops", shown(which));
        return all;
    }

    /** Those that were slow, whenever it was. */
    public Map<String, Object> dumpSlow() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("num to keep", slowSize);
        all.put("threshold to keep", threshold.toSeconds());
        all.put("Ops", shown(slow.stream()));
        return all;
    }

    private List<Map<String, Object>> shown(Stream<Done> which) {
        return which.map(done -> done.operation.done(clock, done.tookNanos)).toList();
    }
}
