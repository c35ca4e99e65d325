package io.sepiola.crush;

import io.sepiola.base.Invariant;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The copies of the hierarchy that hold one device class each, so that a rule may take {@code
 * default~ssd}. A bucket's shadow keeps its id from one rebuilding to the next: mappings depend on
 * it.
 */
final class ShadowTrees {
    private final CrushDraft draft;
    private final NavigableMap<Integer, NavigableMap<Integer, Integer>> before = new TreeMap<>();

    private ShadowTrees(CrushDraft draft) {
        this.draft = draft;
        draft.shadows.forEach((id, byClass) -> before.put(id, new TreeMap<>(byClass)));
    }

    /** Makes all shadows anew. */
    static void rebuild(CrushDraft draft) {
        ShadowTrees trees = new ShadowTrees(draft);
        trees.clear();
        int slots = draft.buckets.size();
        for (int slot = slots - 1; slot >= 0; slot--) {
            CrushBucket bucket = draft.bucketOrNull(-1 - slot);
            if (bucket != null
                    && !draft.isShadow(bucket.id())
                    && draft.parents(bucket.id()).isEmpty()) {
                for (int deviceClass : draft.classNames.keySet()) {
                    trees.shadow(bucket, deviceClass);
                }
            }
        }
    }

    private void clear() {
        for (int slot = 0; slot < draft.buckets.size(); slot++) {
            int id = -1 - slot;
            if (draft.isShadow(id)) {
                draft.buckets.set(slot, null);
                draft.itemNames.remove(id);
                draft.itemClasses.remove(id);
                draft.chooseArgs.replaceAll((set, args) -> WeightSets.withoutBucket(args, id));
            }
        }
        draft.shadows.clear();
    }

    private int shadow(CrushBucket original, int deviceClass) {
        List<Integer> items = new ArrayList<>();
        List<Integer> weights = new ArrayList<>();
        int[] from = new int[original.size()]; // where each of the copy's items stood
        int size = 0;
        for (int i = 0; i < original.size(); i++) {
            int item = original.item(i);
            if (item >= 0) {
                Integer itsClass = draft.itemClasses.get(item);
                if (itsClass != null && itsClass == deviceClass) {
                    from[size++] = i;
                    items.add(item);
                    weights.add(original.itemWeight(i));
                }
                continue;
            }
            CrushBucket below = draft.bucketOrNull(item);
            if (below != null) {
                from[size++] = i;
                int its = shadow(below, deviceClass);
                items.add(its);
                weights.add(require(its).weight());
            }
        }
        // Only now, for those below have taken theirs.
        int id = idFor(original.id(), deviceClass);
        BucketDraft copy = new BucketDraft(id, original.type(), original.algorithm());
        copy.items.addAll(items);
        copy.weights.addAll(weights);
        CrushBucket built = copy.build(draft.tunables.strawCalcVersion());
        draft.put(built);
        draft.itemNames.put(
                built.id(),
                draft.itemNames.get(original.id()) + "~" + draft.classNames.get(deviceClass));
        draft.itemClasses.put(built.id(), deviceClass);
        draft.shadows
                .computeIfAbsent(original.id(), none -> new TreeMap<>())
                .put(deviceClass, built.id());
        int kept = size;
        draft.chooseArgs.replaceAll((set, args) ->
                withShadow(args, original, built, IntStream.of(from).limit(kept).toArray()));
        return built.id();
    }

    private CrushBucket require(int id) {
        CrushBucket bucket = draft.bucketOrNull(id);
        if (bucket == null) {
            throw Invariant.broken("no bucket %s", id);
        }
        return bucket;
    }

    /** The id it had, unless somebody took it; else the next that is and was nobody's. */
    private int idFor(int original, int deviceClass) {
        Integer kept = before.getOrDefault(original, new TreeMap<>()).get(deviceClass);
        if (kept != null && draft.bucketOrNull(kept) == null) {
            return kept;
        }
        for (int id = -1; ; id--) {
            if (draft.bucketOrNull(id) == null && !wasShadow(id)) {
                return id;
            }
        }
    }

    private boolean wasShadow(int id) {
        return before.values().stream().anyMatch(byClass -> byClass.containsValue(id));
    }

    /** Gives the shadow the weights that its items have in the original's weight set. */
    private ChooseArgs withShadow(
            ChooseArgs args, CrushBucket original, CrushBucket built, int[] from) {
        ChooseArgs.Replaced replaced = args.byBucket().get(original.id());
        if (replaced == null) {
            return args;
        }
        int[][] weights = new int[replaced.weights().length][built.size()];
        for (int position = 0; position < weights.length; position++) {
            for (int i = 0; i < built.size(); i++) {
                ChooseArgs.Replaced below = args.byBucket().get(built.item(i));
                weights[position][i] =
                        built.item(i) < 0 && below != null && position < below.weights().length
                                ? IntStream.of(below.weights()[position]).sum()
                                : replaced.weights()[position][from[i]];
            }
        }
        int[] ids = new int[replaced.ids().length == 0 ? 0 : built.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = replaced.ids()[from[i]];
        }
        Map<Integer, ChooseArgs.Replaced> all = new TreeMap<>(args.byBucket());
        all.put(built.id(), new ChooseArgs.Replaced(weights, ids));
        return new ChooseArgs(new TreeMap<>(all));
    }
}
