package io.sepiola.osd.peering;

import io.sepiola.base.Mark;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.PgInfo;

import java.util.SortedMap;

/**
 * What a map says of the OSDs, and what they told of the group.
 *
 * <p>Whoever was a member of an interval that served writes had noted the interval on its disk
 * before the first of them was acknowledged, so that a member that has no such note proves that
 * nothing was acknowledged: unless its disk is another one now. That is what the map tells: the
 * monitors keep the epoch at which the present store was first started ({@code last_clean_begin}),
 * which is later than every interval in which an earlier store took part, and earlier than every
 * one in which this store did.
 *
 * @param infos what the OSDs that have answered have of the group
 */
record Witnesses(OsdMap map, SortedMap<Integer, PgInfo> infos) implements PriorSet.Osds {
    @Override
    public boolean isUp(int osd) {
        return map.isUp(osd);
    }

    @Override
    public int upFrom(int osd) {
        return map.exists(osd) ? map.upFrom(osd) : 0;
    }

    @Override
    public int lostAt(int osd) {
        return map.exists(osd) ? map.info(osd).lostAt() : -1;
    }

    @Override
    public boolean remembers(int osd, PgInterval interval) {
        int storeSince = map.exists(osd) ? map.info(osd).lastCleanBegin() : 0;
        if (Integer.compareUnsigned(storeSince, interval.first()) <= 0) {
            return true;
        }
        Mark.hit("a member of a past interval was made again since");
        // Its copy may have been carried over from the old disk, or be of a later agreement.
        PgInfo info = infos.get(osd);
        return info != null
                && !ActingSet.isIncomplete(info)
                && Integer.compareUnsigned(info.lastEpochStarted(), interval.first()) >= 0;
    }
}
