package io.sepiola.monitor;

import io.sepiola.protocol.map.MonMap;

import java.util.concurrent.CompletableFuture;

/**
 * A monitor's place among those that agree on one log. At most one of them leads at a time, and it
 * alone appends: a log is given for the time of one leadership, and holds all that was ever
 * committed before. A monitor that stands alone is in a {@link LoneQuorum}.
 *
 * <p>Owned by the monitor's shard: it alone calls, and is told on it.
 */
public interface Quorum extends AutoCloseable {
    /** Hears whether this member leads. Told alternately, {@link #leads} first. */
    interface Listener {
        /**
         * This member leads from now on. The log commits nothing any more once {@link #follows} is
         * told; what was appended and not told committed by then may come to be committed or not.
         */
        void leads(ReplicatedLog log);

        /** It leads no more: another does, or too few members are left to agree. */
        void follows();
    }

    /** Takes part from now on. Called once. */
    void join(Listener listener);

    /**
     * The monitors, as they are agreed now: a leader brings the members to the same, one change
     * after another. Whoever is to go and leads hands its leadership over first.
     */
    default void follow(MonMap map) {}

    /**
     * This monitor is none of the cluster's any more: it takes part until the others need it no
     * longer, then leaves and tells.
     */
    default void retire(Runnable left) {
        close();
        left.run();
    }

    /** Leaves, as a member that dies: nothing is told any more. */
    @Override
    void close();

    /** Completes when one that was closed has let go of its files. Any thread may ask. */
    default CompletableFuture<Void> ended() {
        return CompletableFuture.completedFuture(null);
    }
}
