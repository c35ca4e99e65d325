package io.sepiola.crush;

import org.jspecify.annotations.Nullable;

/**
 * Maps one input after another by one rule, for one count of devices, without allocating. Owned by
 * one thread; the map and the weights must not change meanwhile.
 */
public final class RuleRun {
    private final CrushMap map;
    private final CrushRule.Step[] steps;
    private final int count;
    private final Descent descent;
    private int[] result;
    private int resultSize;
    private int[] working;
    private int workingSize;
    private int[] chosen;
    private int[] leaves;
    private int leafTries;

    /**
     * Of the parts that stay the same for all inputs.
     *
     * @param count how many devices are wanted; above 0
     * @param weights of the devices, 0x10000 being in and 0 out; devices beyond it are out
     * @param chooseArgsOrNull the weight set to go by
     */
    public RuleRun(
            CrushMap map,
            CrushRule rule,
            int count,
            int[] weights,
            @Nullable ChooseArgs chooseArgsOrNull) {
        this.map = map;
        this.steps = rule.steps().toArray(CrushRule.Step[]::new);
        this.count = count;
        this.descent = new Descent(map, weights, chooseArgsOrNull);
        this.working = new int[count];
        this.result = working;
        this.chosen = new int[count];
        this.leaves = new int[count];
    }

    /**
     * Counts, from now on, at which number of failures devices and buckets were found.
     *
     * @param histogram by failures; those beyond it are not counted
     */
    public void countTries(int[] histogram) {
        descent.histogramOrNull = histogram;
    }

    /**
     * The devices that {@code x} is mapped to.
     *
     * @param into receives them, {@link CrushMap#ITEM_NONE} where indep found none; it has room for
     *     the count
     * @return how many there are
     * @throws CrushException when the rule takes more work than any sane one
     */
    public int map(int x, int[] into) {
        result = into;
        resultSize = 0;
        workingSize = 0;
        leafTries = 0;
        descent.begin(x);
        for (CrushRule.Step step : steps) {
            step(step);
        }
        return resultSize;
    }

    private void step(CrushRule.Step step) {
        int value = step.first();
        switch (step.operation()) {
            case CrushRule.Step.TAKE -> take(value);
            case CrushRule.Step.EMIT -> emit();
            case CrushRule.Step.CHOOSE_FIRSTN -> choose(step, true, false);
            case CrushRule.Step.CHOOSELEAF_FIRSTN -> choose(step, true, true);
            case CrushRule.Step.CHOOSE_INDEP -> choose(step, false, false);
            case CrushRule.Step.CHOOSELEAF_INDEP -> choose(step, false, true);
            case CrushRule.Step.SET_CHOOSE_TRIES ->
                    descent.tries = value > 0 ? value : descent.tries;
            case CrushRule.Step.SET_CHOOSELEAF_TRIES -> leafTries = value > 0 ? value : leafTries;
            case CrushRule.Step.SET_CHOOSE_LOCAL_TRIES ->
                    descent.localTries = value >= 0 ? value : descent.localTries;
            case CrushRule.Step.SET_CHOOSE_LOCAL_FALLBACK_TRIES ->
                    descent.fallbackTries = value >= 0 ? value : descent.fallbackTries;
            case CrushRule.Step.SET_CHOOSELEAF_VARY_R ->
                    descent.varyR = value >= 0 ? value : descent.varyR;
            case CrushRule.Step.SET_CHOOSELEAF_STABLE ->
                    descent.stable = value >= 0 ? value != 0 : descent.stable;
            default -> {} // Ceph passes over what it does not know.
        }
    }

    private void take(int item) {
        boolean device = item >= 0 && item < map.deviceCountMax();
        if (device || map.bucketOrNull(item) != null) {
            working[0] = item;
            workingSize = 1;
        }
    }

    private void emit() {
        int size = Math.min(workingSize, count - resultSize);
        System.arraycopy(working, 0, result, resultSize, size);
        resultSize += size;
        workingSize = 0;
    }

    private void choose(CrushRule.Step step, boolean firstn, boolean leaf) {
        if (workingSize == 0) {
            return;
        }
        int type = step.second();
        int size = 0;
        for (int i = 0; i < workingSize; i++) {
            int wanted = step.first() > 0 ? step.first() : step.first() + count;
            CrushBucket bucket = map.bucketOrNull(working[i]);
            if (wanted <= 0 || bucket == null) {
                continue;
            }
            int[] into = leaf ? leaves : null;
            if (firstn) {
                int inner = leafTries;
                if (inner == 0) {
                    inner = map.tunables().chooseleafDescendOnce() != 0 ? 1 : descent.tries;
                }
                descent.innerTries = inner;
                size = descent.firstn(bucket, wanted, type, chosen, size, into, count);
            } else {
                int room = Math.min(wanted, count - size);
                descent.innerTries = leafTries != 0 ? leafTries : 1;
                descent.indep(bucket, room, wanted, type, chosen, size, into);
                size += room;
            }
        }
        int[] next = leaf ? leaves : chosen;
        int[] free = working;
        working = next;
        workingSize = size;
        if (leaf) {
            leaves = free;
        } else {
            chosen = free;
        }
    }
}
