package io.sepiola.crush;

import java.util.List;

/**
 * The knobs of a map's choosing (crush_map's tunables).
 *
 * @param chooseLocalTries retries within one bucket before descending anew
 * @param chooseLocalFallbackTries retries within one bucket by permutation
 * @param chooseTotalTries descents for one replica, less one
 * @param chooseleafDescendOnce whether a leaf's failure retries the whole descent (1) or not (0)
 * @param chooseleafVaryR how the leaf's attempt depends on the outer one; 0 not at all
 * @param strawCalcVersion how straw lengths are computed, 0 or 1
 * @param allowedBucketAlgorithms a bit for each algorithm number
 * @param chooseleafStable whether a leaf's attempt is independent of the replica's position
 */
public record Tunables(
        int chooseLocalTries,
        int chooseLocalFallbackTries,
        int chooseTotalTries,
        int chooseleafDescendOnce,
        int chooseleafVaryR,
        int strawCalcVersion,
        int allowedBucketAlgorithms,
        int chooseleafStable) {
    /** What a text map calls the tunables, in the order of the parameters here. */
    public static final List<String> NAMES =
            List.of(
                    "choose_local_tries",
                    "choose_local_fallback_tries",
                    "choose_total_tries",
                    "chooseleaf_descend_once",
                    "chooseleaf_vary_r",
                    "straw_calc_version",
                    "allowed_bucket_algs",
                    "chooseleaf_stable");

    private static final int ALGORITHMS_LEGACY = 1 << 1 | 1 << 2 | 1 << 4;
    private static final int ALGORITHMS_HAMMER = ALGORITHMS_LEGACY | 1 << 5;

    /** As in argonaut, and what a text map without tunables means. */
    public static final Tunables LEGACY = new Tunables(2, 5, 19, 0, 0, 0, ALGORITHMS_LEGACY, 0);

    /** Since bobtail. */
    public static final Tunables BOBTAIL = new Tunables(0, 0, 50, 1, 0, 0, ALGORITHMS_LEGACY, 0);

    /** Since firefly. */
    public static final Tunables FIREFLY = new Tunables(0, 0, 50, 1, 1, 0, ALGORITHMS_LEGACY, 0);

    /** Since hammer. */
    public static final Tunables HAMMER = new Tunables(0, 0, 50, 1, 1, 0, ALGORITHMS_HAMMER, 0);

    /** Since jewel, and Ceph's default today. */
    public static final Tunables JEWEL = new Tunables(0, 0, 50, 1, 1, 1, ALGORITHMS_HAMMER, 1);
}
