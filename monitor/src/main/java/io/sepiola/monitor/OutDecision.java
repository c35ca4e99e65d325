package io.sepiola.monitor;

import io.sepiola.protocol.map.OsdMap;

import java.util.function.Function;

/**
 * Which OSDs the monitors may mark down or out by themselves, and which come back in: limits
 * against marking so many that what is left breaks down under the work. Pure.
 */
final class OutDecision {
    private OutDecision() {}

    /**
     * Whether so many would still be up that one more may be marked down.
     *
     * @param up how many are
     * @param count of all there are
     */
    static boolean enoughUp(int up, int count, double ratioMin) {
        return count > 0 && (double) (up - 1) / count >= ratioMin;
    }

    /**
     * Whether everything around the OSD is down, up to a bucket of the type {@code limit} or a
     * larger one: then it is a rack's power that failed, and to copy all of it would do no good.
     */
    static boolean largeSubtreeIsDown(OsdMap map, int osd, String limit) {
        int bound = map.crush().typeId(limit).orElse(0);
        if (bound == 0) {
            return false; // no limit, or none that this hierarchy knows
        }
        int item = osd;
        while (true) {
            var parent = map.crush().parent(item);
            if (parent.isEmpty() || !isDown(map, parent.get().id())) {
                return false;
            }
            if (parent.get().type() >= bound) {
                return true;
            }
            item = parent.get().id();
        }
    }

    private static boolean isDown(OsdMap map, int bucket) {
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.isUp(osd) && isBelow(map, osd, bucket)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBelow(OsdMap map, int osd, int bucket) {
        var parent = map.crush().parent(osd);
        while (parent.isPresent() && parent.get().id() != bucket) {
            parent = map.crush().parent(parent.get().id());
        }
        return parent.isPresent();
    }

    /** Whether an OSD that starts is marked in: ever, or as it is new or was marked out by us. */
    static boolean comesIn(int state, Function<String, String> settings) {
        boolean isNew = (state & OsdMap.STATE_NEW) != 0;
        boolean autoOut = (state & OsdMap.STATE_AUTOOUT) != 0;
        return settings.apply("mon_osd_auto_mark_in").equals("true")
                || isNew && settings.apply("mon_osd_auto_mark_new_in").equals("true")
                || autoOut && settings.apply("mon_osd_auto_mark_auto_out_in").equals("true");
    }
}
