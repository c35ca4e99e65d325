package io.sepiola.osd.peering;

import java.util.List;

/**
 * A stretch of epochs during which nothing about a placement group's members changed.
 *
 * @param first its first epoch
 * @param last its last epoch
 * @param acting who served; {@link #NONE} marks a gap
 * @param maybeWentReadWrite whether writes may have been acknowledged in it
 */
public record PgInterval(int first, int last, List<Integer> acting, boolean maybeWentReadWrite) {
    /** No OSD: a gap in an acting set (CRUSH_ITEM_NONE). */
    public static final int NONE = 0x7fffffff;

    /** Copies the list. */
    public PgInterval {
        acting = List.copyOf(acting);
    }
}
