package io.sepiola.crush;

import io.sepiola.crush.CrushException.Kind;

import java.util.Arrays;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Makes, changes and removes weight sets: weights by which data are placed in place of the buckets'
 * own. Owned by one caller; the map it started from stays as it was.
 */
public final class WeightSetEditor {
    private static final int POSITIONS_MAX = 64;

    private final CrushDraft draft;

    /** Starts from {@code map}. */
    public WeightSetEditor(CrushMap map) {
        draft = new CrushDraft(map);
    }

    /** The map as it stands. */
    public CrushMap build() {
        return new CrushDraft(draft.build()).build();
    }

    /**
     * Makes a set with the weights that the buckets have.
     *
     * @param id a pool's, or {@link ChooseArgs#DEFAULT_ID}
     * @param positions one for all replicas, or one for each
     */
    public void create(long id, int positions) {
        if (draft.chooseArgs.containsKey(id)) {
            throw new CrushException(Kind.PRESENT, "there is a weight-set of id " + id);
        }
        if (positions < 1 || positions > POSITIONS_MAX) {
            throw new CrushException(
                    Kind.INVALID, "a weight-set has 1 to " + POSITIONS_MAX + " positions");
        }
        TreeMap<Integer, ChooseArgs.Replaced> all = new TreeMap<>();
        for (CrushBucket bucket : draft.buckets) {
            if (bucket != null) {
                int[] weights = new int[bucket.size()];
                Arrays.setAll(weights, bucket::itemWeight);
                int[][] byPosition = new int[positions][];
                Arrays.setAll(byPosition, position -> weights.clone());
                all.put(bucket.id(), new ChooseArgs.Replaced(byPosition, new int[0]));
            }
        }
        draft.chooseArgs.put(id, new ChooseArgs(all));
    }

    /** Removes a set; whether there was one. */
    public boolean remove(long id) {
        return draft.chooseArgs.remove(id) != null;
    }

    /** How many positions a set has; 0 when there is no such set. */
    public int positions(long id) {
        ChooseArgs args = draft.chooseArgs.get(id);
        return args == null
                ? 0
                : args.byBucket().values().stream()
                        .mapToInt(replaced -> replaced.weights().length)
                        .max()
                        .orElse(0);
    }

    /**
     * Sets an item's weight in every bucket that holds it, and the sums above.
     *
     * @param weights 16.16, one for each position
     */
    public void reweight(long id, int item, int[] weights) {
        ChooseArgs args = draft.chooseArgs.get(id);
        if (args == null) {
            throw new CrushException(Kind.ABSENT, "no weight-set of id " + id);
        }
        if (weights.length != positions(id)) {
            throw new CrushException(
                    Kind.INVALID, "must specify exact " + positions(id) + " weight values");
        }
        TreeMap<Integer, ChooseArgs.Replaced> all = new TreeMap<>(args.byBucket());
        set(all, item, weights);
        draft.chooseArgs.put(id, new ChooseArgs(all));
    }

    private void set(TreeMap<Integer, ChooseArgs.Replaced> all, int item, int[] weights) {
        for (CrushBucket bucket : draft.buckets) {
            int index = bucket == null ? -1 : bucket.indexOf(item);
            if (index < 0 || !all.containsKey(Objects.requireNonNull(bucket).id())) {
                continue;
            }
            ChooseArgs.Replaced before = Objects.requireNonNull(all.get(bucket.id()));
            int[][] changed = new int[before.weights().length][];
            int[] sums = new int[changed.length];
            for (int position = 0; position < changed.length; position++) {
                changed[position] = before.weights()[position].clone();
                changed[position][index] = weights[Math.min(position, weights.length - 1)];
                sums[position] = Arrays.stream(changed[position]).sum();
            }
            all.put(bucket.id(), new ChooseArgs.Replaced(changed, before.ids()));
            set(all, bucket.id(), sums);
        }
    }
}
