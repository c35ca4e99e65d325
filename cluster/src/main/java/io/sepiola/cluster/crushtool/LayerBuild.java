package io.sepiola.cluster.crushtool;

import io.sepiola.cluster.Refusal;
import io.sepiola.crush.CrushChanges;
import io.sepiola.crush.CrushEditor;
import io.sepiola.crush.CrushMap;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A map of equal layers: {@code --build --num_osds N (name algorithm size)...}. */
final class LayerBuild {
    private static final int DEVICES_MAX = 1 << 20;
    private static final int NAME_SIZE_MAX = 19;
    private static final List<String> ALGORITHMS =
            List.of("", "uniform", "list", "tree", "straw", "straw2");

    private record Layer(String name, String algorithm, int size) {}

    private final CrushChanges changes = new CrushChanges(CrushEditor.empty());
    private final List<Layer> layers = new ArrayList<>();
    private final int deviceCount;

    LayerBuild(int deviceCount, List<String> words) {
        this.deviceCount = deviceCount;
        for (int i = 0; i < words.size(); i += 3) {
            int size = (int) Words.real(words.get(i + 2));
            layers.add(new Layer(words.get(i), words.get(i + 1), size));
        }
        if (layers.isEmpty()) {
            throw new Refusal("crushtool: must specify at least one layer");
        }
        if (deviceCount > DEVICES_MAX) {
            throw new Refusal("--num_osds " + deviceCount + " is above " + DEVICES_MAX);
        }
    }

    CrushMap map(PrintStream err) {
        List<Integer> items = new ArrayList<>();
        List<Integer> weights = new ArrayList<>();
        for (int device = 0; device < deviceCount; device++) {
            items.add(device);
            weights.add(0x10000);
            changes.name(device, "osd." + device);
        }
        changes.nameType(0, "osd");
        for (int type = 1; type <= layers.size(); type++) {
            Layer layer = layers.get(type - 1);
            changes.nameType(type, layer.name);
            int algorithm = layer.algorithm.isEmpty() ? -1 : ALGORITHMS.indexOf(layer.algorithm);
            if (algorithm < 0) {
                throw new Refusal("unknown bucket type '" + layer.algorithm + "'");
            }
            if (layer.size < 0) {
                throw new Refusal("layer '" + layer.name + "' has a size below 0");
            }
            List<Integer> above = new ArrayList<>();
            List<Integer> sums = new ArrayList<>();
            int size = layer.size == 0 ? Math.max(1, items.size()) : layer.size;
            for (int from = 0; from < items.size(); from += size) {
                int to = Math.min(items.size(), from + size);
                int[] held = ints(items.subList(from, to));
                int[] heldWeights = ints(weights.subList(from, to));
                int id = changes.newBucket(algorithm, type, held, heldWeights);
                changes.name(id, name(layer, above.size()));
                above.add(id);
                int sum = 0;
                for (int weight : heldWeights) {
                    sum += weight;
                }
                sums.add(sum);
            }
            items = above;
            weights = sums;
        }
        rule(items.size(), err);
        return changes.build();
    }

    /** Cut to as much as the tool has room for; the number falls away first. */
    private static String name(Layer layer, int index) {
        String format = layer.size == 0 ? layer.name : layer.name + "%d";
        int room = layer.size == 0 ? NAME_SIZE_MAX : NAME_SIZE_MAX - 1;
        String name = format.substring(0, Math.min(format.length(), room));
        if (layer.size != 0 && format.length() <= room) {
            name = layer.name + index;
        }
        name = name.endsWith("%") ? name.substring(0, name.length() - 1) : name;
        return name.substring(0, Math.min(name.length(), NAME_SIZE_MAX));
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(value -> value).toArray();
    }

    private void rule(int roots, PrintStream err) {
        Layer last = layers.getLast();
        String root = last.size == 0 ? last.name : last.name + "0";
        if (roots > 1) {
            err.println("The crush rulesets will use the root " + root);
            err.println("and ignore the others.");
            err.println("There are " + roots + " roots, they can be");
            err.println("grouped into a single root by appending something like:");
            err.println("  root straw 0");
            err.println();
        }
        changes.addRule("replicated_rule", root, layers.getFirst().name, "", "firstn");
    }
}
