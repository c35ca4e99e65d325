package io.sepiola.crush;

import io.sepiola.base.Malformed;

/**
 * States that no bucket contains itself and that the hierarchy, walked through all the ways that
 * lead to an item, has an end in sight; which bounds every descent and every walk.
 */
final class CrushHierarchy {
    private static final int DEPTH_MAX = 64;
    private static final long PLACES_MAX = 1 << 24;

    private final CrushDraft draft;
    private final int[] depths; // 0: not visited; -1: being visited
    private final long[] places; // below each bucket, counted once for each way to them

    private CrushHierarchy(CrushDraft draft) {
        this.draft = draft;
        this.depths = new int[draft.buckets.size()];
        this.places = new long[depths.length];
    }

    static void refuseCycles(CrushDraft draft) {
        CrushHierarchy hierarchy = new CrushHierarchy(draft);
        for (int slot = 0; slot < hierarchy.depths.length; slot++) {
            hierarchy.visit(-1 - slot, 0);
        }
    }

    private int visit(int id, int above) {
        CrushBucket bucket = draft.bucketOrNull(id);
        if (bucket == null) {
            return 0;
        }
        int slot = -1 - id;
        if (depths[slot] == -1) {
            throw new Malformed("bucket " + id + " contains itself");
        }
        if (above > DEPTH_MAX) {
            throw new Malformed("bucket " + id + " is deeper than " + DEPTH_MAX + " levels");
        }
        if (depths[slot] == 0) {
            depths[slot] = -1;
            int deepest = 0;
            long sum = 1;
            for (int item : bucket.items) {
                if (item < 0) {
                    deepest = Math.max(deepest, visit(item, above + 1));
                }
                sum += item < 0 && -1 - item < places.length ? places[-1 - item] : 1;
            }
            if (deepest >= DEPTH_MAX) {
                throw new Malformed("bucket " + id + " holds more than " + DEPTH_MAX + " levels");
            }
            if (sum > PLACES_MAX) {
                throw new Malformed(
                        "bucket " + id + " has its items in more than " + PLACES_MAX + " places");
            }
            places[slot] = sum;
            depths[slot] = deepest + 1;
        }
        return depths[slot];
    }
}
