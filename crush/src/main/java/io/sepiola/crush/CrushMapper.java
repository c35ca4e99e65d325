package io.sepiola.crush;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** Chooses devices: the computation on which all peers must agree to the bit. */
public final class CrushMapper {
    private static final int[] NOTHING = {};

    private CrushMapper() {}

    /**
     * The devices that a rule chooses for {@code x}.
     *
     * @param count how many are wanted
     * @param weights of the devices, 0x10000 being in and 0 out; devices beyond it are out
     * @param chooseArgsOrNull the weight set to go by
     * @return at most {@code count} devices, {@link CrushMap#ITEM_NONE} where indep found none; the
     *     caller's own
     */
    public static int[] map(
            CrushMap map,
            int ruleId,
            int x,
            int count,
            int[] weights,
            @Nullable ChooseArgs chooseArgsOrNull) {
        CrushRule rule = map.rule(ruleId).orElse(null);
        if (rule == null || count <= 0) {
            return NOTHING;
        }
        int[] result = new int[count];
        int size = new RuleRun(map, rule, count, weights, chooseArgsOrNull).map(x, result);
        return size == count ? result : Arrays.copyOf(result, size);
    }

    /** As above with the weight set of that id, where there is one. */
    public static int[] map(
            CrushMap map, int ruleId, int x, int count, int[] weights, long chooseArgsId) {
        return map(map, ruleId, x, count, weights, map.chooseArgs().get(chooseArgsId));
    }
}
