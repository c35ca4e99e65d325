package io.sepiola.crush;

import java.util.List;

/**
 * How a pool's placement groups are spread.
 *
 * @param ruleset by which number pools ask for it; equals the rule's id in every map since luminous
 * @param type 1 replicated, 3 erasure
 * @param sizeMin the smallest pool it serves
 * @param sizeMax the largest pool it serves
 */
public record CrushRule(int ruleset, int type, int sizeMin, int sizeMax, List<Step> steps) {
    /** For replicated pools. */
    public static final int REPLICATED = 1;

    /** For erasure-coded pools. */
    public static final int ERASURE = 3;

    /** Copies the steps. */
    public CrushRule {
        steps = List.copyOf(steps);
    }

    /**
     * One step.
     *
     * @param operation one of the constants here
     * @param first take: the item; choose: how many (0 all, negative all but); set: the value
     * @param second choose: the type
     */
    public record Step(int operation, int first, int second) {
        /** Does nothing. */
        public static final int NOOP = 0;

        /** Begins at an item. */
        public static final int TAKE = 1;

        /** Chooses buckets, closing gaps. */
        public static final int CHOOSE_FIRSTN = 2;

        /** Chooses buckets, leaving gaps. */
        public static final int CHOOSE_INDEP = 3;

        /** Gives out what was chosen. */
        public static final int EMIT = 4;

        /** Chooses buckets and a device in each, closing gaps. */
        public static final int CHOOSELEAF_FIRSTN = 6;

        /** Chooses buckets and a device in each, leaving gaps. */
        public static final int CHOOSELEAF_INDEP = 7;

        /** Sets the number of descents. */
        public static final int SET_CHOOSE_TRIES = 8;

        /** Sets the number of descents below the chosen bucket. */
        public static final int SET_CHOOSELEAF_TRIES = 9;

        /** Sets the local retries. */
        public static final int SET_CHOOSE_LOCAL_TRIES = 10;

        /** Sets the local retries by permutation. */
        public static final int SET_CHOOSE_LOCAL_FALLBACK_TRIES = 11;

        /** Sets vary_r. */
        public static final int SET_CHOOSELEAF_VARY_R = 12;

        /** Sets stable. */
        public static final int SET_CHOOSELEAF_STABLE = 13;
    }
}
