package io.sepiola.manager;

import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushTree;
import io.sepiola.manager.Command.Answer;
import io.sepiola.protocol.dump.Texts;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.OsdStat;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code osd status}: one line for each OSD. Ceph's is the same table in every format. */
final class OsdStatus {
    private static final String UNITS = " kMGTPEZY";
    private static final int WIDTH = 4; // of a number, without its unit
    private static final String HOST = "host";

    private final PgMap map;
    private final DaemonCounters<Integer> counters;

    OsdStatus(PgMap map, DaemonCounters<Integer> counters) {
        this.map = map;
        this.counters = counters;
    }

    Answer run(Command command) {
        List<String> wanted = command.strings("bucket");
        OsdMap osdMap = map.osdMap();
        CrushMap crush = osdMap.crush();
        SortedMap<Integer, String> hosts = hosts(crush);
        SortedSet<Integer> osds = new TreeSet<>();
        if (wanted.isEmpty()) {
            for (int osd = 0; osd < osdMap.osdMax(); osd++) {
                if (osdMap.exists(osd)) {
                    osds.add(osd);
                }
            }
        } else {
            OptionalInt bucket = crush.itemId(wanted.getFirst());
            if (bucket.isEmpty() || bucket.getAsInt() >= 0) {
                return Answer.shown("Bucket '" + wanted.getFirst() + "' not found\n");
            }
            CrushTree.below(crush, bucket.getAsInt()).stream()
                    .map(CrushTree.Node::id)
                    .filter(id -> id >= 0 && osdMap.exists(id))
                    .forEach(osds::add);
        }
        Columns table = new Columns().right("ID").left("HOST");
        table.right("USED", "AVAIL", "WR OPS", "WR DATA", "RD OPS", "RD DATA");
        table.left("STATE").padded();
        for (int osd : osds) {
            row(table, osd, hosts.getOrDefault(osd, ""));
        }
        return Answer.shown(table.toString());
    }

    private void row(Columns table, int osd, String host) {
        OsdStat stat = map.osds().getOrDefault(osd, OsdStat.ZERO);
        table.row(
                osd,
                host,
                scaled(stat.kibUsed() * 1024, 1024),
                scaled(stat.kibAvailable() * 1024, 1024),
                scaled(counters.perSecond(osd, "osd.op_w"), 1000),
                scaled(counters.perSecond(osd, "osd.op_in_bytes"), 1024),
                scaled(counters.perSecond(osd, "osd.op_r"), 1000),
                scaled(counters.perSecond(osd, "osd.op_out_bytes"), 1024),
                String.join(",", Texts.states(map.osdMap().state(osd))));
    }

    /** By OSD, the host above it in the hierarchy. */
    private static SortedMap<Integer, String> hosts(CrushMap crush) {
        SortedMap<Integer, String> hosts = new TreeMap<>();
        Map<Integer, String> inside = new HashMap<>(); // looked up only
        for (CrushTree.Node node : CrushTree.nodes(crush, false)) {
            String host = inside.getOrDefault(node.parent(), "");
            if (node.id() >= 0) {
                hosts.merge(node.id(), host, (first, second) -> first);
            } else {
                boolean is =
                        crush.bucket(node.id())
                                .map(bucket -> crush.typeName(bucket.type()).equals(HOST))
                                .orElse(false);
                inside.put(node.id(), is ? crush.itemName(node.id()) : host);
            }
        }
        return hosts;
    }

    /** A number in four places and its unit, cut, not rounded. */
    static String scaled(double number, int factor) {
        int unit = 0;
        double rest = number;
        while (Long.toString((long) rest).length() > WIDTH && unit < UNITS.length() - 1) {
            rest /= factor;
            unit++;
        }
        if (unit == 0) {
            return String.format(Locale.ROOT, "%" + WIDTH + "d ", (long) rest);
        }
        String cut = String.format(Locale.ROOT, "%f", rest).substring(0, WIDTH);
        return (cut.endsWith(".") ? " " + cut.substring(0, WIDTH - 1) : cut) + UNITS.charAt(unit);
    }
}
