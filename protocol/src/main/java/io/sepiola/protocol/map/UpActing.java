package io.sepiola.protocol.map;

import java.util.Arrays;

/**
 * The OSDs of a placement group: whom the map means (up) and who serves now (acting). Gaps of
 * erasure pools hold {@link io.sepiola.crush.CrushMap#ITEM_NONE}. The arrays are not to be written
 * to.
 *
 * @param upPrimary -1 when there is none
 * @param actingPrimary -1 when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // Made for each operation; a list would box.
public record UpActing(int[] up, int upPrimary, int[] acting, int actingPrimary) {
    /** Nobody. */
    public static final UpActing NONE = new UpActing(new int[0], -1, new int[0], -1);

    /** The position of {@code osd} in acting, or -1. */
    public int actingIndex(int osd) {
        return indexOf(acting, osd);
    }

    /** The position of {@code osd} in up, or -1. */
    public int upIndex(int osd) {
        return indexOf(up, osd);
    }

    private static int indexOf(int[] osds, int osd) {
        for (int i = 0; i < osds.length; i++) {
            if (osds[i] == osd) {
                return i;
            }
        }
        return -1;
    }

    /** Equal sets and primaries. */
    @Override
    public boolean equals(Object other) {
        return other instanceof UpActing that
                && upPrimary == that.upPrimary
                && actingPrimary == that.actingPrimary
                && Arrays.equals(up, that.up)
                && Arrays.equals(acting, that.acting);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(up) + Arrays.hashCode(acting);
    }

    @Override
    public String toString() {
        return "up "
                + Arrays.toString(up)
                + " p"
                + upPrimary
                + " acting "
                + Arrays.toString(acting)
                + " p"
                + actingPrimary;
    }
}
