package io.sepiola.crush;

import io.sepiola.base.Malformed;

/** States that no bucket contains itself, which bounds every descent. */
final class CrushHierarchy {
    private static final int DEPTH_MAX = 64;

    private CrushHierarchy() {}

    static void refuseCycles(CrushDraft draft) {
        int[] depths = new int[draft.buckets.size()]; // 0: not visited; -1: being visited
        for (int slot = 0; slot < depths.length; slot++) {
            visit(draft, -1 - slot, depths, 0);
        }
    }

    private static int visit(CrushDraft draft, int id, int[] depths, int above) {
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
            for (int item : bucket.items) {
                if (item < 0) {
                    deepest = Math.max(deepest, visit(draft, item, depths, above + 1));
                }
            }
            depths[slot] = deepest + 1;
        }
        return depths[slot];
    }
}
