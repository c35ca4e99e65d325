package io.sepiola.base;

import java.util.concurrent.Executor;

/**
 * A mailbox with one owner: its tasks run one at a time, in the order in which each sender gave
 * them. What a shard owns needs no lock. Tasks must not block.
 */
public interface Shard extends Executor {
    /** For logs. */
    String name();

    /** Puts a task into the mailbox; it never runs inside this call. Any thread may call. */
    @Override
    void execute(Runnable task);

    /** Whether the caller runs on this shard. */
    boolean isCurrent();

    /** Timers whose tasks run on this shard. */
    Timers timers();

    /** The clock by which {@link #timers} go. */
    Clock clock();

    /** States that the caller runs on this shard. */
    default void own() {
        Invariant.that(isCurrent(), "touched from outside its shard %s", name());
    }
}
