package io.sepiola.crush;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/** The hierarchy in the order in which {@code osd tree} prints it. */
public final class CrushTree {
    private CrushTree() {}

    /**
     * One line.
     *
     * @param parent 0 for a root
     * @param depth 0 for a root
     * @param weight in its parent, 16.16; a root's own
     * @param children in Ceph's printed order
     */
    public record Node(int id, int parent, int depth, int weight, List<Integer> children) {}

    /**
     * All that hangs below the roots, parents before children.
     *
     * @param shadows whether the shadows of device classes are shown too
     */
    public static List<Node> nodes(CrushMap map, boolean shadows) {
        List<Node> nodes = new ArrayList<>();
        for (int slot = map.buckets.length - 1; slot >= 0; slot--) {
            CrushBucket bucket = map.buckets[slot];
            if (bucket == null
                    || map.isShadow(bucket.id()) && !shadows
                    || isHeld(map, bucket.id())) {
                continue;
            }
            add(map, bucket.id(), 0, 0, bucket.weight(), nodes);
        }
        return nodes;
    }

    /** What hangs below one item, itself first. */
    public static List<Node> below(CrushMap map, int item) {
        List<Node> nodes = new ArrayList<>();
        CrushBucket bucket = map.bucketOrNull(item);
        add(map, item, 0, 0, bucket == null ? 0 : bucket.weight(), nodes);
        return nodes;
    }

    private static boolean isHeld(CrushMap map, int id) {
        for (CrushBucket bucket : map.buckets) {
            if (bucket != null && bucket.indexOf(id) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static void add(
            CrushMap map, int id, int parent, int depth, int weight, List<Node> nodes) {
        CrushBucket bucket = map.bucketOrNull(id);
        TreeMap<String, Integer> sorted = new TreeMap<>(); // to the item's place
        for (int i = 0; bucket != null && i < bucket.size(); i++) {
            sorted.put(sortKey(map, bucket.item(i)), i);
        }
        List<Integer> children = new ArrayList<>();
        sorted.values()
                .forEach(index -> children.addFirst(bucket == null ? 0 : bucket.item(index)));
        nodes.add(new Node(id, parent, depth, weight, Collections.unmodifiableList(children)));
        for (int index : sorted.values()) {
            if (bucket != null) {
                add(map, bucket.item(index), id, depth + 1, bucket.itemWeight(index), nodes);
            }
        }
    }

    private static String sortKey(CrushMap map, int item) {
        return item < 0
                ? "_" + map.itemName(item)
                : map.classOf(item).orElse("")
                        + String.format(java.util.Locale.ROOT, "_osd.%08d", item);
    }
}
