package io.sepiola.monitor.text;

import io.sepiola.crush.ChooseArgs;
import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.map.OsdMap;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** The hierarchy as {@code osd tree} and {@code osd crush tree} show it. */
public final class CrushTree {
    /** Below which bucket something hangs is part of it: a device may hang in several. */
    private record Node(int id, int depth, int weight, int parent, List<Integer> children) {}

    private static final int NOWHERE = 0;

    private final CrushMap crush;
    private final OsdMap map;
    private final boolean withStatus;
    private final @Nullable IntPredicate wantedOrNull;
    private final boolean shadows;
    private final boolean isBelowOne;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Integer> stray = new ArrayList<>();

    private CrushTree(
            OsdMap map,
            boolean withStatus,
            @Nullable IntPredicate wantedOrNull,
            boolean shadows,
            OptionalInt root) {
        this.crush = map.crush();
        this.map = map;
        this.withStatus = withStatus;
        this.wantedOrNull = wantedOrNull;
        this.shadows = shadows;
        this.isBelowOne = root.isPresent();
        if (root.isPresent()) {
            walkRoot(root.getAsInt());
            return;
        }
        Set<Integer> inside = new TreeSet<>();
        List<CrushBucket> buckets = buckets();
        for (CrushBucket bucket : buckets) {
            for (int item : bucket.items()) {
                inside.add(item);
            }
        }
        buckets.stream()
                .map(CrushBucket::id)
                .filter(id -> !inside.contains(id))
                .sorted()
                .forEach(this::walkRoot);
        if (withStatus) {
            for (int osd = 0; osd < map.osdMax(); osd++) {
                if (map.exists(osd) && !inside.contains(osd) && shown(osd)) {
                    stray.add(osd);
                }
            }
        }
    }

    private void walkRoot(int id) {
        if (shown(id)) {
            walk(id, 0, crush.bucket(id).map(CrushBucket::weight).orElse(0), NOWHERE);
        }
    }

    /**
     * The hierarchy with its weights and weight sets.
     *
     * @param shadows whether to show the device classes' shadows
     */
    public static CrushTree ofCrush(OsdMap map, boolean shadows) {
        return new CrushTree(map, false, null, shadows, OptionalInt.empty());
    }

    /**
     * The OSDs with their states in the hierarchy.
     *
     * @param wantedOrNull which to show, and only the buckets that hold such; null for all of them
     * @param root below which bucket; empty for all roots, and OSDs that are nowhere
     */
    public static CrushTree ofOsds(
            OsdMap map, @Nullable IntPredicate wantedOrNull, OptionalInt root) {
        return new CrushTree(map, true, wantedOrNull, false, root);
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

    private void walk(int id, int depth, int weight, int parent) {
        if (id >= 0) {
            nodes.add(new Node(id, depth, weight, parent, List.of()));
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
        nodes.add(new Node(id, depth, weight, parent, children.reversed()));
        for (int child : children) {
            walk(child, depth + 1, bucket.itemWeight(bucket.indexOf(child)), id);
        }
    }

    private boolean shown(int item) {
        if (wantedOrNull == null) {
            return true;
        }
        if (item >= 0) {
            return wantedOrNull.test(item);
        }
        return Arrays.stream(crush.bucket(item).orElseThrow().items()).anyMatch(this::shown);
    }

    private String sortKey(int item) {
        return item >= 0
                ? String.format(Locale.ROOT, "%s_osd.%08d", crush.classOf(item).orElse(""), item)
                : "_" + crush.itemName(item);
    }

    /** For people. */
    public String plain() {
        TextTable table =
                new TextTable().numbersUnder("ID").numbersUnder("CLASS").numbersUnder("WEIGHT");
        if (!withStatus) {
            weightSets().values().forEach(table::words);
        }
        table.words("TYPE NAME");
        if (withStatus) {
            table.numbersUnder("STATUS").numbersUnder("REWEIGHT").numbersUnder("PRI-AFF");
        }
        nodes.forEach(node -> row(table, node));
        stray.forEach(osd -> row(table, new Node(osd, 0, 0, NOWHERE, List.of())));
        return table.toString();
    }

    /** The names of the weight sets that are shown, by id. */
    private SortedMap<Long, String> weightSets() {
        SortedMap<Long, String> names = new TreeMap<>();
        for (long id : crush.chooseArgs().keySet()) {
            String name = id == ChooseArgs.DEFAULT_ID ? "(compat)" : map.poolName(id).orElse("");
            if (!name.isEmpty()) {
                names.put(id, name);
            }
        }
        return names;
    }

    /** An item's weights in a weight set; none at a root. */
    private int[] weights(long set, Node node) {
        ChooseArgs args = crush.chooseArgs().get(set);
        ChooseArgs.Replaced replaced =
                args == null || node.parent == NOWHERE ? null : args.byBucket().get(node.parent);
        int index = crush.bucket(node.parent).map(b -> b.indexOf(node.id)).orElse(-1);
        if (replaced == null || index < 0) {
            return new int[0];
        }
        return Arrays.stream(replaced.weights()).mapToInt(weights -> weights[index]).toArray();
    }

    private void row(TextTable table, Node node) {
        List<Object> cells = new ArrayList<>();
        cells.add(node.id);
        cells.add(crush.classOf(node.id).orElse(""));
        cells.add(weight(node.weight));
        if (!withStatus) {
            for (long set : weightSets().keySet()) {
                int[] weights = weights(set, node);
                cells.add(weights.length == 1 ? weight(weights[0]) : "");
            }
        }
        String type =
                node.id >= 0
                        ? ""
                        : crush.typeName(crush.bucket(node.id).orElseThrow().type()) + " ";
        cells.add(
                "    ".repeat(node.depth)
                        + type
                        + (node.id >= 0 ? "osd." + node.id : crush.itemName(node.id)));
        if (withStatus && node.id >= 0) {
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
        if (isBelowOne) {
            return tree; // what is nowhere is not below that bucket either
        }
        ArrayNode strays = tree.putArray("stray");
        stray.forEach(osd -> strays.add(json(new Node(osd, 0, 0, NOWHERE, List.of()))));
        return tree;
    }

    private ObjectNode json(Node node) {
        ObjectNode shown = JsonText.object().put("id", node.id);
        crush.classOf(node.id).ifPresent(name -> shown.put("device_class", name));
        if (node.id < 0) {
            int type = crush.bucket(node.id).orElseThrow().type();
            shown.put("name", crush.itemName(node.id));
            shown.put("type", crush.typeName(type)).put("type_id", type);
            if (node.depth > 0) {
                poolWeights(shown, node);
            }
            ArrayNode children = shown.putArray("children");
            node.children.forEach(child -> children.add((int) child));
            return shown;
        }
        shown.put("name", "osd." + node.id).put("type", crush.typeName(0)).put("type_id", 0);
        shown.put("crush_weight", node.weight / (double) 0x10000).put("depth", node.depth);
        if (node.depth > 0) {
            poolWeights(shown, node);
        }
        if (withStatus) {
            shown.put("exists", map.exists(node.id) ? 1 : 0).put("status", status(map, node.id));
            shown.put("reweight", (double) ((float) map.weight(node.id) / OsdMap.WEIGHT_IN));
            shown.put(
                    "primary_affinity",
                    (double) ((float) map.affinity(node.id) / OsdMap.AFFINITY_DEFAULT));
        }
        return shown;
    }

    private void poolWeights(ObjectNode shown, Node node) {
        ObjectNode all = shown.putObject("pool_weights");
        weightSets()
                .forEach((set, name) -> {
                    int[] weights = weights(set, node);
                    if (weights.length > 0) {
                        ArrayNode array = all.putArray(name);
                        Arrays.stream(weights).forEach(w -> array.add(w / (double) 0x10000));
                    }
                });
    }
}
