package io.sepiola.monitor.text;

import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.map.OsdMap;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** The hierarchy as {@code osd tree} and {@code osd crush tree} show it. */
public final class CrushTree {
    private record Node(int id, int depth, int weight, List<Integer> children) {}

    private final CrushMap crush;
    private final @Nullable OsdMap statusOf;
    private final IntPredicate wanted;
    private final boolean shadows;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Integer> stray = new ArrayList<>();

    /**
     * Walks the hierarchy.
     *
     * @param statusOf by which OSDs' states are shown; null to show none
     * @param wanted which OSDs to show
     * @param shadows whether to show the device classes' shadows
     */
    public CrushTree(
            CrushMap crush, @Nullable OsdMap statusOf, IntPredicate wanted, boolean shadows) {
        this.crush = crush;
        this.statusOf = statusOf;
        this.wanted = wanted;
        this.shadows = shadows;
        Set<Integer> inside = new TreeSet<>();
        List<CrushBucket> buckets = buckets();
        for (CrushBucket bucket : buckets) {
            for (int item : bucket.items()) {
                inside.add(item);
            }
        }
        buckets.stream()
                .filter(bucket -> !inside.contains(bucket.id()))
                .sorted(Comparator.comparing(CrushBucket::id).reversed())
                .forEach(root -> walk(root.id(), 0, root.weight()));
        if (statusOf != null) {
            for (int osd = 0; osd < statusOf.osdMax(); osd++) {
                if (statusOf.exists(osd) && !inside.contains(osd) && wanted.test(osd)) {
                    stray.add(osd);
                }
            }
        }
    }

    private List<CrushBucket> buckets() {
        List<CrushBucket> buckets = new ArrayList<>();
        for (int slot = 0; slot < crush.bucketSlots(); slot++) {
            crush.bucket(-1 - slot)
                    .filter(bucket -> shadows || !crush.isShadow(bucket.id()))
                    .ifPresent(buckets::add);
        }
        return buckets;
    }

    private void walk(int id, int depth, int weight) {
        if (id >= 0) {
            nodes.add(new Node(id, depth, weight, List.of()));
            return;
        }
        CrushBucket bucket = crush.bucket(id).orElseThrow();
        List<Integer> children = new ArrayList<>();
        for (int item : bucket.items()) {
            if (shown(item)) {
                children.add(item);
            }
        }
        children.sort(Comparator.comparing(this::sortKey));
        nodes.add(new Node(id, depth, weight, children.reversed()));
        for (int child : children) {
            walk(child, depth + 1, bucket.itemWeight(bucket.indexOf(child)));
        }
    }

    private boolean shown(int item) {
        if (item >= 0) {
            return wanted.test(item);
        }
        CrushBucket bucket = crush.bucket(item).orElseThrow();
        if (bucket.size() == 0) {
            return true;
        }
        for (int child : bucket.items()) {
            if (shown(child)) {
                return true;
            }
        }
        return false;
    }

    private String sortKey(int item) {
        return item >= 0
                ? String.format(Locale.ROOT, "%s_osd.%08d", crush.classOf(item).orElse(""), item)
                : "_" + crush.itemName(item);
    }

    /** For people. */
    public String plain() {
        TextTable table =
                new TextTable()
                        .numbersUnder("ID")
                        .numbersUnder("CLASS")
                        .numbersUnder("WEIGHT")
                        .words("TYPE NAME");
        if (statusOf != null) {
            table.numbersUnder("STATUS").numbersUnder("REWEIGHT").numbersUnder("PRI-AFF");
        }
        nodes.forEach(node -> row(table, node));
        stray.forEach(osd -> row(table, new Node(osd, 0, 0, List.of())));
        return table.toString();
    }

    private void row(TextTable table, Node node) {
        String indent = "    ".repeat(node.depth);
        String weight = weight(node.weight);
        if (node.id < 0) {
            int type = crush.bucket(node.id).orElseThrow().type();
            table.row(
                    node.id,
                    "",
                    weight,
                    indent + crush.typeName(type) + " " + crush.itemName(node.id));
            return;
        }
        List<Object> cells = new ArrayList<>();
        cells.addAll(
                List.of(
                        node.id,
                        crush.classOf(node.id).orElse(""),
                        weight,
                        indent + "osd." + node.id));
        OsdMap map = statusOf;
        if (map != null) {
            boolean exists = map.exists(node.id);
            cells.add(exists ? status(map, node.id) : "DNE");
            cells.add(exists ? weight(map.weight(node.id)) : "0");
            cells.add(exists ? weight(map.affinity(node.id)) : "");
        }
        table.row(cells.toArray());
    }

    private static String status(OsdMap map, int osd) {
        return map.isUp(osd)
                ? "up"
                : (map.state(osd) & OsdMap.STATE_DESTROYED) != 0 ? "destroyed" : "down";
    }

    private static String weight(int weight) {
        return weight == 0 ? "0" : String.format(Locale.ROOT, "%.5f", weight / (double) 0x10000);
    }

    /** As JSON. */
    public ObjectNode json() {
        ObjectNode tree = JsonText.object();
        ArrayNode all = tree.putArray("nodes");
        nodes.forEach(node -> all.add(json(node)));
        ArrayNode strays = tree.putArray("stray");
        stray.forEach(osd -> strays.add(json(new Node(osd, 0, 0, List.of()))));
        return tree;
    }

    private ObjectNode json(Node node) {
        ObjectNode shown = JsonText.object().put("id", node.id);
        if (node.id < 0) {
            int type = crush.bucket(node.id).orElseThrow().type();
            shown.put("name", crush.itemName(node.id));
            shown.put("type", crush.typeName(type)).put("type_id", type);
            if (node.depth > 0) {
                shown.putObject("pool_weights");
            }
            ArrayNode children = shown.putArray("children");
            node.children.forEach(child -> children.add((int) child));
            return shown;
        }
        crush.classOf(node.id).ifPresent(name -> shown.put("device_class", name));
        shown.put("name", "osd." + node.id).put("type", crush.typeName(0)).put("type_id", 0);
        shown.put("crush_weight", node.weight / (double) 0x10000).put("depth", node.depth);
        shown.putObject("pool_weights");
        OsdMap map = statusOf;
        if (map != null) {
            shown.put("exists", map.exists(node.id) ? 1 : 0).put("status", status(map, node.id));
            shown.put("reweight", (double) ((float) map.weight(node.id) / OsdMap.WEIGHT_IN));
            shown.put(
                    "primary_affinity",
                    (double) ((float) map.affinity(node.id) / OsdMap.AFFINITY_DEFAULT));
        }
        return shown;
    }
}
