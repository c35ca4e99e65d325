package io.sepiola.base;

import java.time.Instant;

/** The time, as whoever built the component sees it. */
public interface Clock {
    /** Nanoseconds from an arbitrary origin; never goes back. For spans. */
    long nanos();

    /** The time of day; may jump. For what people or the wire read. */
    Instant now();

    /** The machine's own clock. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
