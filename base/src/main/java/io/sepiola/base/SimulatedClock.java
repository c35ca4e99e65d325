package io.sepiola.base;

import java.time.Duration;
import java.time.Instant;

/**
 * A host's clock in a simulation: it may run fast or slow, and its time of day may be set. Owned by
 * the simulation's thread.
 */
public final class SimulatedClock implements Clock {
    private final Clock truth;
    private double rate = 1;
    private long sinceNanos; // of the truth, when the rate was last changed
    private long nanosThen; // what this clock showed then
    private Duration ahead = Duration.ZERO;

    SimulatedClock(Clock truth) {
        this.truth = truth;
    }

    /** From now on, so many of its seconds pass in one. */
    public void rate(double newRate) {
        Invariant.that(newRate > 0, "rate %s", newRate);
        nanosThen = nanos();
        sinceNanos = truth.nanos();
        rate = newRate;
    }

    /** Sets the time of day so much ahead, or behind if negative. */
    public void set(Duration newAhead) {
        ahead = newAhead;
    }

    /** How long it takes until this clock has gone on by {@code own}. */
    long trueNanos(long own) {
        return rate == 1 ? own : (long) (own / rate);
    }

    @Override
    public long nanos() {
        long passed = truth.nanos() - sinceNanos;
        return nanosThen + (rate == 1 ? passed : (long) (passed * rate));
    }

    @Override
    public Instant now() {
        return Simulation.START.plusNanos(nanos()).plus(ahead);
    }
}
