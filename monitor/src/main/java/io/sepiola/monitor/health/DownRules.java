package io.sepiola.monitor.health;

import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.monitor.health.Health.Check;
import io.sepiola.monitor.health.Health.Severity;
import io.sepiola.protocol.map.OsdMap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who is down, in Ceph's words: OSDs, and for every type of bucket those in which nobody is up
 * (OSD_HOST_DOWN, OSD_RACK_DOWN, OSD_ROOT_DOWN). OSDs that are out are no reason to worry. Pure.
 */
final class DownRules {
    private final OsdMap map;
    private final CrushMap crush;
    private final SortedSet<Integer> osds = new TreeSet<>(); // down and in
    private final SortedMap<Integer, Integer> members = new TreeMap<>(); // of buckets that are down

    private DownRules(OsdMap map) {
        this.map = map;
        this.crush = map.crush();
    }

    static void check(SortedMap<String, Check> checks, OsdMap map) {
        new DownRules(map).check(checks);
    }

    private void check(SortedMap<String, Check> checks) {
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.exists(osd) && map.isIn(osd) && !map.isUp(osd)) {
                osds.add(osd);
                climb(osd);
            }
        }
        if (osds.isEmpty()) {
            return;
        }
        int top = crush.typeNames().isEmpty() ? 0 : crush.typeNames().lastKey();
        for (Map.Entry<Integer, String> type : crush.typeNames().tailMap(1).entrySet()) {
            buckets(checks, type.getKey(), type.getValue(), type.getKey() == top);
        }
        List<String> down =
                osds.stream()
                        .map(osd -> "osd." + osd + bracketed(place(crush, osd)) + " is down")
                        .toList();
        warn(checks, "OSD_DOWN", down.size() + " osds down", down);
    }

    /** Notes every bucket above that has nobody up. */
    private void climb(int osd) {
        Optional<CrushBucket> bucket = crush.parent(osd);
        while (bucket.isPresent()) {
            int id = bucket.get().id();
            if (!members.containsKey(id)) {
                int count = membersIfDown(bucket.get());
                if (count < 0) {
                    return;
                }
                members.put(id, count);
            }
            bucket = crush.parent(id);
        }
    }

    /** How many OSDs are in it; negative when one of them is up. */
    private int membersIfDown(CrushBucket bucket) {
        int count = 0;
        for (int item : bucket.items()) {
            if (item >= 0) {
                if (map.exists(item) && map.isUp(item)) {
                    return -1;
                }
                count++;
                continue;
            }
            int below =
                    members.containsKey(item)
                            ? members.get(item)
                            : crush.bucket(item).map(this::membersIfDown).orElse(0);
            if (below < 0) {
                return -1;
            }
            count += below;
        }
        return count;
    }

    private void buckets(SortedMap<String, Check> checks, int type, String name, boolean top) {
        List<String> down = new ArrayList<>();
        int count = 0;
        for (Map.Entry<Integer, Integer> entry : members.entrySet()) {
            int id = entry.getKey();
            if (crush.bucket(id).map(CrushBucket::type).orElse(0) != type) {
                continue;
            }
            count += entry.getValue();
            down.addFirst(
                    name
                            + " "
                            + crush.itemName(id)
                            + (top ? "" : " (" + place(crush, id) + ")")
                            + " ("
                            + entry.getValue()
                            + " osds) is down");
        }
        if (!down.isEmpty()) {
            String summary =
                    down.size()
                            + " "
                            + name
                            + (down.size() == 1 ? "" : "s")
                            + " ("
                            + count
                            + " osds) down";
            warn(checks, "OSD_" + name.toUpperCase(Locale.ROOT) + "_DOWN", summary, down);
        }
    }

    private static void warn(
            SortedMap<String, Check> checks, String code, String summary, List<String> detail) {
        checks.put(code, new Check(Severity.WARN, summary, detail.size(), detail));
    }

    private static String bracketed(String place) {
        return place.isEmpty() ? "" : " (" + place + ")";
    }

    /** What is above an item, from the root on: {@code root=default,host=a}. */
    private static String place(CrushMap crush, int item) {
        List<String> above = new ArrayList<>();
        Optional<CrushBucket> bucket = crush.parent(item);
        while (bucket.isPresent()) {
            int id = bucket.get().id();
            above.addFirst(crush.typeName(bucket.get().type()) + "=" + crush.itemName(id));
            bucket = crush.parent(id);
        }
        return String.join(",", above);
    }
}
