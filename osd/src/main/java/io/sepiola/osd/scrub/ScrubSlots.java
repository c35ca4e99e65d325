package io.sepiola.osd.scrub;

import io.sepiola.base.Invariant;

/**
 * Bounds in how many scrubs an OSD takes part at once, its own and those of others. Owned by the
 * shard.
 */
public final class ScrubSlots {
    private int taken;

    /** Takes one, if fewer than {@code max} are taken. */
    public boolean take(int max) {
        if (taken >= max) {
            return false;
        }
        taken++;
        return true;
    }

    /** Gives one back. */
    public void give() {
        Invariant.that(taken > 0, "a slot given back that was not taken");
        taken--;
    }

    /** How many are taken. */
    public int taken() {
        return taken;
    }
}
