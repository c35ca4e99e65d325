package io.sepiola.protocol.dump;

import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.map.PgPool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an OSD map alone shows to be wrong (osdmaptool --health): flags, OSDs that are down, OSDs
 * that CRUSH has and the map has not, pools whose number of groups is no power of two.
 */
public final class OsdHealth {
    private static final int WARNING_FLAGS =
            OsdMapFlags.PAUSERD
                    | OsdMapFlags.PAUSEWR
                    | OsdMapFlags.PAUSEREC
                    | OsdMapFlags.NOUP
                    | OsdMapFlags.NODOWN
                    | OsdMapFlags.NOIN
                    | OsdMapFlags.NOOUT
                    | OsdMapFlags.NOBACKFILL
                    | OsdMapFlags.NORECOVER
                    | OsdMapFlags.NOSCRUB
                    | OsdMapFlags.NODEEP_SCRUB
                    | OsdMapFlags.NOTIERAGENT
                    | OsdMapFlags.NOSNAPTRIM
                    | OsdMapFlags.NOREBALANCE;

    private record Check(String summary, int count, List<String> details) {}

    private final Map<String, Check> checks = new TreeMap<>();

    private OsdHealth() {}

    /** For people. */
    public static String json(OsdMap map) {
        OsdHealth health = new OsdHealth();
        health.flags(map);
        health.down(map);
        health.flaggedParts(map);
        health.orphans(map);
        health.groups(map);
        JsonDump out = new JsonDump(true);
        out.object(() ->
                health.checks.forEach((code, check) ->
                        out.object(
                                code,
                                () -> {
                                    out.put("severity", "HEALTH_WARN");
                                    out.object(
                                            "summary",
                                            () ->
                                                    out.put("message", check.summary)
                                                            .put("count", check.count));
                                    out.array(
                                            "detail",
                                            () ->
                                                    check.details.forEach(text ->
                                                            out.object(() ->
                                                                    out.put("message", text))));
                                })));
        return out.toString();
    }

    private void flags(OsdMap map) {
        String set = OsdMapFlags.names(map.flags() & WARNING_FLAGS);
        if (!set.isEmpty()) {
            // Ceph counts the letters.
            checks.put("OSDMAP_FLAGS", new Check(set + " flag(s) set", set.length(), List.of()));
        }
        if (!map.hasFlag(OsdMapFlags.SORTBITWISE)) {
            checks.put(
                    "OSD_NO_SORTBITWISE", new Check("'sortbitwise' flag is not set", 0, List.of()));
        }
    }

    private void down(OsdMap map) {
        List<String> details = new ArrayList<>();
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.isIn(osd) && !map.isUp(osd)) {
                details.add("osd." + osd + " (" + place(map.crush(), osd) + ") is down");
            }
        }
        if (!details.isEmpty()) {
            String summary = details.size() + " osds down";
            checks.put("OSD_DOWN", new Check(summary, details.size(), details));
        }
    }

    /** {@code root=default,rack=a,host=b}. */
    private static String place(CrushMap crush, int item) {
        StringBuilder place = new StringBuilder();
        int at = item;
        for (int depth = 0; depth < 100; depth++) {
            CrushBucket parent = crush.parent(at).orElse(null);
            if (parent == null) {
                break;
            }
            place.insert(0, place.isEmpty() ? "" : ",");
            place.insert(0, crush.typeName(parent.type()) + "=" + crush.itemName(parent.id()));
            at = parent.id();
        }
        return place.toString();
    }

    private void flaggedParts(OsdMap map) {
        int mask = OsdMap.STATE_NOUP | OsdMap.STATE_NODOWN | OsdMap.STATE_NOIN | OsdMap.STATE_NOOUT;
        List<String> details = new ArrayList<>();
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if ((map.state(osd) & mask) != 0) {
                details.add("osd." + osd + has(map.state(osd) & mask));
            }
        }
        CrushMap crush = map.crush();
        map.crushNodeFlags()
                .forEach((id, flags) -> {
                    int type = crush.bucket(id).map(CrushBucket::type).orElse(0);
                    details.add(crush.typeName(type) + " " + crush.itemName(id) + has(flags));
                });
        map.deviceClassFlags()
                .forEach((id, flags) ->
                        details.add(
                                "device class '"
                                        + crush.classNames().getOrDefault(id, "")
                                        + "'"
                                        + has(flags)));
        if (!details.isEmpty()) {
            String summary =
                    details.size()
                            + " OSDs or CRUSH {nodes, device-classes} have"
                            + " {NOUP,NODOWN,NOIN,NOOUT} flags set";
            checks.put("OSD_FLAGS", new Check(summary, details.size(), details));
        }
    }

    private static String has(int flags) {
        return " has flags " + String.join(",", Texts.states(flags));
    }

    private void orphans(OsdMap map) {
        TreeSet<Integer> placed = new TreeSet<>();
        CrushMap crush = map.crush();
        for (int slot = 0; slot < crush.bucketSlots(); slot++) {
            CrushBucket bucket = crush.bucket(-1 - slot).orElse(null);
            for (int i = 0; bucket != null && i < bucket.size(); i++) {
                if (bucket.item(i) >= 0 && !map.exists(bucket.item(i))) {
                    placed.add(bucket.item(i));
                }
            }
        }
        if (!placed.isEmpty()) {
            List<String> details = new ArrayList<>();
            placed.forEach(
                    osd -> details.add("osd." + osd + " exists in crush map but not in osdmap"));
            String summary = placed.size() + " osds exist in the crush map but not in the osdmap";
            checks.put("OSD_ORPHAN", new Check(summary, placed.size(), details));
        }
    }

    private void groups(OsdMap map) {
        List<String> details = new ArrayList<>();
        for (Map.Entry<Long, PgPool> entry : map.pools().entrySet()) {
            int count = entry.getValue().pgNum();
            if (Integer.bitCount(count) != 1) {
                String name = map.poolName(entry.getKey()).orElse("");
                details.add("pool '" + name + "' pg_num " + count + " is not a power of two");
            }
        }
        if (!details.isEmpty()) {
            String summary = details.size() + " pool(s) have non-power-of-two pg_num";
            checks.put("POOL_PG_NUM_NOT_POWER_OF_TWO", new Check(summary, details.size(), details));
        }
    }
}
