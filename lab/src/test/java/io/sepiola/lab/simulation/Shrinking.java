package io.sepiola.lab.simulation;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes a failing seed small: leaves out faults and shortens the load as long as the same oracle
 * objects, for a bounded time.
 */
final class Shrinking {
    /**
     * A failing story.
     *
     * @param requests of all clients
     * @param kept numbers of its faults
     */
    record Failing(long seed, int requests, Set<Integer> kept, Violation violation) {
        FaultPlan plan() {
            return FaultPlan.of(seed, setting()).keeping(kept);
        }

        Setting setting() {
            return Setting.of(seed, requests);
        }
    }

    private final long endNanos;
    private Failing smallest;

    private Shrinking(Failing failing, Duration span) {
        this.endNanos = System.nanoTime() + span.toNanos();
        this.smallest = failing;
    }

    /** The smallest that is found within {@code span}. */
    static Failing shrink(Failing failing, Duration span) {
        Shrinking shrinking = new Shrinking(failing, span);
        shrinking.leaveOutFaults();
        shrinking.shortenLoad();
        shrinking.leaveOutFaults();
        return shrinking.smallest;
    }

    /** What the story violates; null when it comes to a good end. */
    static @Nullable Failing failingOrNull(long seed, int requests, Set<Integer> kept) {
        Setting setting = Setting.of(seed, requests);
        try {
            new Story(seed, setting, FaultPlan.of(seed, setting).keeping(kept)).run();
            return null;
        } catch (Violation violation) {
            return new Failing(seed, requests, kept, violation);
        } catch (RuntimeException | Error broken) {
            return new Failing(
                    seed, requests, kept, new Violation("O7", "something broke", broken));
        }
    }

    private boolean fails(int requests, Set<Integer> kept) {
        if (System.nanoTime() > endNanos) {
            return false;
        }
        Failing failing = failingOrNull(smallest.seed(), requests, kept);
        boolean same =
                failing != null
                        && failing.violation().oracle().equals(smallest.violation().oracle());
        if (same) {
            smallest = failing;
        }
        return same;
    }

    /** Leaves out halves, then quarters, down to single faults. */
    private void leaveOutFaults() {
        int size = smallest.kept().size();
        for (int part = Math.max(1, size / 2); part >= 1 && size > 0; part /= 2) {
            List<Integer> numbers = new ArrayList<>(new TreeSet<>(smallest.kept()));
            for (int from = 0; from < numbers.size(); from += part) {
                Set<Integer> fewer = new LinkedHashSet<>(smallest.kept());
                numbers.subList(from, Math.min(from + part, numbers.size())).forEach(fewer::remove);
                if (fewer.size() < smallest.kept().size()) {
                    fails(smallest.requests(), new TreeSet<>(fewer));
                }
            }
        }
    }

    private void shortenLoad() {
        for (int requests = smallest.requests() / 2; requests >= 10; requests /= 2) {
            if (!fails(requests, smallest.kept())) {
                fails(requests + requests / 2, smallest.kept());
                return;
            }
        }
    }
}
