package io.sepiola.base;

import java.time.Instant;

/** The machine's clock. Shared by all. */
enum SystemClock implements Clock {
    INSTANCE;

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }
}
