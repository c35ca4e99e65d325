package io.sepiola.monitor;

import io.sepiola.base.Clock;
import io.sepiola.monitor.operation.Operations;

/**
 * What one monitor keeps for as long as it runs, whether it leads or not. Owned by the monitor's
 * shard.
 *
 * @param overrides options that it was told
 * @param operations what it works on, and has worked on
 */
record Lasting(Overrides overrides, Operations operations) {
    /** Nothing yet. */
    Lasting(Clock clock) {
        this(new Overrides(), new Operations(clock));
    }
}
