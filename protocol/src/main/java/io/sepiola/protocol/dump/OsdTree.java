package io.sepiola.protocol.dump;

import io.sepiola.crush.ChooseArgs;
import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushTree;
import io.sepiola.protocol.map.OsdMap;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The hierarchy with its OSDs' states, as {@code osd tree} shows it. */
public final class OsdTree {
    private static final String[] TITLES = {
        "ID", "CLASS", "WEIGHT", "TYPE NAME", "STATUS", "REWEIGHT", "PRI-AFF"
    };
    private static final int NAME_COLUMN = 3; // the one that is flush left

    private final OsdMap map;
    private final CrushMap crush;
    private final List<CrushTree.Node> nodes;
    private final List<Integer> stray = new ArrayList<>();

    /** Of a map's hierarchy, shadows aside. */
    public OsdTree(OsdMap map) {
        this.map = map;
        this.crush = map.crush();
        this.nodes = CrushTree.nodes(crush, false);
        Set<Integer> placed = new HashSet<>();
        nodes.forEach(node -> placed.add(node.id()));
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.exists(osd) && !placed.contains(osd)) {
                stray.add(osd);
            }
        }
    }

    /** For people; each line ends. */
    public String lines() {
        List<String[]> rows = new ArrayList<>();
        rows.add(TITLES);
        nodes.forEach(node -> rows.add(row(node)));
        stray.forEach(osd -> rows.add(row(new CrushTree.Node(osd, 0, 0, 0, List.of()))));
        int[] widths = new int[TITLES.length];
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                int blanks = widths[i] - row[i].length();
                boolean left = row == TITLES || i == NAME_COLUMN;
                out.append(i == 0 ? "" : "  ").repeat(' ', left ? 0 : blanks);
                out.append(row[i]).repeat(' ', left ? blanks : 0);
            }
            out.append('\n');
        }
        return out.toString();
    }

    private String[] row(CrushTree.Node node) {
        int id = node.id();
        String indent = "    ".repeat(node.depth());
        String weight = weight(node.weight());
        if (id < 0) {
            String type = crush.typeName(crush.bucket(id).map(CrushBucket::type).orElse(0));
            String name = indent + type + " " + crush.itemName(id);
            return new String[] {"" + id, "", weight, name, "", "", ""};
        }
        boolean exists = map.exists(id);
        return new String[] {
            "" + id,
            crush.classOf(id).orElse(""),
            weight,
            indent + "osd." + id,
            exists ? status(id) : "DNE",
            exists ? weight(map.weight(id)) : "0",
            exists ? weight(map.affinity(id)) : ""
        };
    }

    private String status(int osd) {
        return map.isUp(osd)
                ? "up"
                : (map.state(osd) & OsdMap.STATE_DESTROYED) != 0 ? "destroyed" : "down";
    }

    private static String weight(int weight) {
        return weight == 0 ? "0" : String.format(Locale.ROOT, "%.5f", (float) weight / 0x10000);
    }

    /** As JSON: an object with nodes and stray OSDs. */
    public void dump(JsonDump out) {
        out.object(() -> {
            out.array("nodes", () -> nodes.forEach(node -> out.object(() -> node(node, out))));
            out.array(
                    "stray",
                    () ->
                            stray.forEach(osd ->
                                    out.object(() ->
                                            node(
                                                    new CrushTree.Node(osd, 0, 0, 0, List.of()),
                                                    out))));
        });
    }

    private void node(CrushTree.Node node, JsonDump out) {
        int id = node.id();
        out.put("id", id);
        crush.classOf(id).ifPresent(name -> out.put("device_class", name));
        if (id < 0) {
            int type = crush.bucket(id).map(CrushBucket::type).orElse(0);
            out.put("name", crush.itemName(id));
            out.put("type", crush.typeName(type)).put("type_id", type);
        } else {
            out.put("name", "osd." + id).put("type", crush.typeName(0)).put("type_id", 0);
            out.put("crush_weight", (float) node.weight() / 0x10000).put("depth", node.depth());
        }
        if (node.parent() < 0) {
            out.object("pool_weights", () -> poolWeights(node, out));
        }
        if (id < 0) {
            out.array("children", () -> node.children().forEach(child -> out.put("", child)));
            return;
        }
        boolean exists = map.exists(id);
        out.put("exists", exists ? 1 : 0).put("status", status(id));
        out.put("reweight", (float) Integer.toUnsignedLong(map.weight(id)) / 0x10000);
        out.put("primary_affinity", (float) Integer.toUnsignedLong(map.affinity(id)) / 0x10000);
    }

    /** The item's weights in its parent's weight sets. */
    private void poolWeights(CrushTree.Node node, JsonDump out) {
        CrushBucket parent = crush.bucket(node.parent()).orElseThrow();
        int at = parent.indexOf(node.id());
        crush.chooseArgs()
                .forEach((pool, args) -> {
                    ChooseArgs.Replaced replaced = args.byBucket().get(parent.id());
                    if (replaced == null || replaced.weights().length == 0) {
                        return;
                    }
                    String name =
                            pool == ChooseArgs.DEFAULT_ID
                                    ? "(compat)"
                                    : map.poolName(pool).orElse("unknown");
                    out.array(
                            name,
                            () -> {
                                for (int[] weights : replaced.weights()) {
                                    out.put("weight", (float) weights[at] / 0x10000);
                                }
                            });
                });
    }
}
