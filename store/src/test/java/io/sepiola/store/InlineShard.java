package io.sepiola.store;

import io.sepiola.base.Clock;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;

/** Runs what it is given at once: for stores that a test drives step by step. */
final class InlineShard implements Shard {
    @Override
    public String name() {
        return "inline";
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public Timers timers() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Clock clock() {
        return Clock.system();
    }
}
