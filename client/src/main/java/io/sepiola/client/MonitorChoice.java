package io.sepiola.client;

import io.sepiola.protocol.EntityAddrVec;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Which monitor to try next, and after which pause. Every monitor is tried once in random order
 * without a pause; then comes a pause that grows with every round. Owned by the client's shard.
 */
final class MonitorChoice {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int DOUBLINGS_MAX = 16;

    private final RandomGenerator random;
    private final Duration pauseMax;
    private final Deque<EntityAddrVec> untried = new ArrayDeque<>();
    private List<EntityAddrVec> monitors;
    private int rounds;

    MonitorChoice(List<EntityAddrVec> monitors, Duration pauseMax, RandomGenerator random) {
        this.monitors = List.copyOf(monitors);
        this.pauseMax = pauseMax;
        this.random = random;
    }

    /** The monitors are these from now on; without any, the known ones stay. */
    void monitors(List<EntityAddrVec> now) {
        if (!now.isEmpty() && !now.equals(monitors)) {
            monitors = List.copyOf(now);
            untried.clear();
        }
    }

    List<EntityAddrVec> monitors() {
        return monitors;
    }

    /** One was found; the next search begins afresh. */
    void found() {
        rounds = 0;
        untried.clear();
    }

    /** How long to wait before {@link #next}. */
    Duration pause() {
        if (!untried.isEmpty() || rounds == 0) {
            return Duration.ZERO;
        }
        int doublings = Math.min(rounds - 1, DOUBLINGS_MAX);
        long millis = Math.min(pauseMax.toMillis(), FIRST_PAUSE.toMillis() << doublings);
        return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    }

    /** The monitor to try now. */
    EntityAddrVec next() {
        if (untried.isEmpty()) {
            rounds++;
            List<EntityAddrVec> shuffled = new ArrayList<>(monitors);
            for (int i = shuffled.size() - 1; i > 0; i--) {
                Collections.swap(shuffled, i, random.nextInt(i + 1));
            }
            untried.addAll(shuffled);
        }
        return untried.removeFirst();
    }
}
