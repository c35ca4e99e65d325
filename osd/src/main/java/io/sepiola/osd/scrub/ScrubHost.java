package io.sepiola.osd.scrub;

import java.util.random.RandomGenerator;

/** What scrubs find around them on their OSD. Called on the shard only. */
public interface ScrubHost {
    /** As they are now. */
    ScrubOptions options();

    /** In how many scrubs this OSD takes part. */
    ScrubSlots slots();

    /** Chance, for the schedule. */
    RandomGenerator random();

    /** Writes to the cluster log; levels are those of its entries. */
    void log(int level, String text);

    /** A slot is free, or somebody waits for a scrub: look whose turn it is. */
    void look();

    /** Copies on this OSD that were mended. */
    void mended(int count);
}
