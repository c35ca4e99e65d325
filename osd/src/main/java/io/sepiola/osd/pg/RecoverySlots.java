package io.sepiola.osd.pg;

import io.sepiola.base.Invariant;

import java.util.ArrayDeque;

/**
 * Bounds how many objects are recovered at once, over all groups of one shard, and with it the
 * memory that their data take. First come, first served. Owned by the shard.
 */
public final class RecoverySlots {
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int free;

    /** With {@code count} slots. */
    public RecoverySlots(int count) {
        free = count;
    }

    /** Takes a slot if there is one; otherwise {@code retry} is called once, when one is free. */
    boolean take(Runnable retry) {
        if (free > 0) {
            free--;
            return true;
        }
        waiting.addLast(retry);
        return false;
    }

    /** Gives a slot back. */
    void give() {
        free++;
        pass();
    }

    /** Who was called does not want a slot any more: the next one is called. */
    void pass() {
        Runnable next = waiting.pollFirst();
        if (next != null) {
            next.run();
        }
    }

    /** Gives several back. */
    void give(int count) {
        Invariant.that(count >= 0, "%s slots given back", count);
        for (int i = 0; i < count; i++) {
            give();
        }
    }
}
