package io.sepiola.crush;

import io.sepiola.base.Invariant;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The copies of the hierarchy that hold one device class each, so that a rule may take {@code
 * default~ssd}. A bucket's shadow keeps its id from one rebuilding to the next: mappings depend on
 * it.
 */
final class ShadowTrees {
    private final CrushDraft draft;
    private final boolean complete;
    private final Map<String, Integer> made = new HashMap<>(); // by name, those of this rebuilding
    private final NavigableMap<Integer, NavigableMap<Integer, Integer>> before = new TreeMap<>();

    /** Why Ceph goes no further. */
    private static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;

        Stopped(String message) {
            super(message, null, false, false);
        }
    }

    private ShadowTrees(CrushDraft draft, boolean complete) {
        this.draft = draft;
        this.complete = complete;
        draft.shadows.forEach((id, byClass) -> before.put(id, new TreeMap<>(byClass)));
    }

    /** Makes all shadows anew. */
    static void rebuild(CrushDraft draft) {
        new ShadowTrees(draft, true).rebuild();
    }

    /**
     * Makes all shadows anew as far as Ceph does: it has none for a uniform bucket with weights,
     * and leaves off at the first.
     *
     * @return why it left off; empty when all are made
     */
    static Optional<String> rebuildLikeCeph(CrushDraft draft) {
        return new ShadowTrees(draft, false).rebuild();
    }

    private Optional<String> rebuild() {
        clear();
        int slots = draft.buckets.size();
        try {
            for (int slot = slots - 1; slot >= 0; slot--) {
                CrushBucket bucket = draft.bucketOrNull(-1 - slot);
                if (bucket != null
                        && !draft.isShadow(bucket.id())
                        && draft.parents(bucket.id()).isEmpty()) {
                    for (int deviceClass : draft.classNames.keySet()) {
                        shadow(bucket, deviceClass);
                    }
                }
            }
            return Optional.empty();
        } catch (Stopped stopped) {
            return Optional.of(String.valueOf(stopped.getMessage()));
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
        if (!complete && !draft.shadows.isEmpty()) {
            new ChangeWeights(draft).trimSets(); // as Ceph does whenever it drops a shadow
        }
        draft.shadows.clear();
    }

    private int shadow(CrushBucket original, int deviceClass) throws Stopped {
        String name = draft.itemNames.get(original.id()) + "~" + draft.classNames.get(deviceClass);
        Integer twin = made.get(name); // of a bucket that hangs in two places
        if (twin != null) {
            return twin;
        }
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
                    requireLikeCeph(original, original.itemWeight(i));
                }
                continue;
            }
            CrushBucket below = draft.bucketOrNull(item);
            if (below != null) {
                from[size++] = i;
                int its = shadow(below, deviceClass);
                items.add(its);
                weights.add(require(its).weight());
                requireLikeCeph(original, require(its).weight());
            }
        }
        // Only now, for those below have taken theirs.
        int id = idFor(original.id(), deviceClass);
        BucketDraft copy = new BucketDraft(id, original.type(), original.algorithm());
        copy.items.addAll(items);
        copy.weights.addAll(weights);
        CrushBucket built = copy.build(draft.tunables.strawCalcVersion());
        draft.put(built);
        draft.itemNames.put(built.id(), name);
        made.put(name, built.id());
        draft.itemClasses.put(built.id(), deviceClass);
        draft.shadows
                .computeIfAbsent(original.id(), none -> new TreeMap<>())
                .put(deviceClass, built.id());
        int kept = size;
        draft.chooseArgs.replaceAll((set, args) ->
                withShadow(args, original, built, IntStream.of(from).limit(kept).toArray()));
        return built.id();
    }

    private void requireLikeCeph(CrushBucket original, int weight) throws Stopped {
        if (!complete && original.algorithm() == CrushBucket.UNIFORM && weight != 0) {
            throw new Stopped(
                    "bucket " + original.id() + " is uniform and can have no class's shadow");
        }
    }

    private CrushBucket require(int id) {
        CrushBucket bucket = draft.bucketOrNull(id);
        if (bucket == null) {
            throw Invariant.broken("no bucket %s", id);
        }
        return bucket;
    }

    /** The id it had, unless somebody took it; else the next that is and was nobody's. */
    private int idFor(int original, int deviceClass) throws Stopped {
        Integer kept = before.getOrDefault(original, new TreeMap<>()).get(deviceClass);
        if (kept != null && draft.bucketOrNull(kept) == null) {
            return kept;
        }
        if (kept != null && !complete) {
            throw new Stopped("id " + kept + " is taken by another bucket");
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

    /**
     * Gives the shadow the weights, not the ids, that its items have in the original's weight set.
     */
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
                        built.item(i) >= 0
                                ? replaced.weights()[position][from[i]]
                                : below(below, position, weights.length, from[i], replaced);
            }
        }
        Map<Integer, ChooseArgs.Replaced> all = new TreeMap<>(args.byBucket());
        all.put(built.id(), new ChooseArgs.Replaced(weights, new int[0]));
        return new ChooseArgs(new TreeMap<>(all));
    }

    /** What a bucket below weighs; Ceph remembers that for the last position only. */
    private int below(
            ChooseArgs.@Nullable Replaced below,
            int position,
            int positions,
            int place,
            ChooseArgs.Replaced original) {
        boolean known = below != null && position < below.weights().length;
        if (!complete && (!known || position < positions - 1)) {
            return 0;
        }
        return below != null && known
                ? IntStream.of(below.weights()[position]).sum()
                : original.weights()[position][place];
    }
}
