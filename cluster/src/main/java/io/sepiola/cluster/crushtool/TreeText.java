package io.sepiola.cluster.crushtool;

import io.sepiola.crush.ChooseArgs;
import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushTree;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** The hierarchy as {@code --tree} prints it, a column for each weight set. */
final class TreeText {
    private final CrushMap map;
    private final List<String[]> rows = new ArrayList<>();

    TreeText(CrushMap map) {
        this.map = map;
        List<String> titles = new ArrayList<>(List.of("ID", "CLASS", "WEIGHT"));
        for (long set : map.chooseArgs().keySet()) {
            titles.add(set == ChooseArgs.DEFAULT_ID ? "(compat)" : Long.toString(set));
        }
        titles.add("TYPE NAME");
        rows.add(titles.toArray(String[]::new));
        CrushTree.nodes(map, true).forEach(this::add);
    }

    private void add(CrushTree.Node node) {
        List<String> cells = new ArrayList<>();
        cells.add("" + node.id());
        cells.add(map.classOf(node.id()).orElse(""));
        // Ceph takes a root's own weight as unsigned and others' as signed.
        cells.add(weight(node.depth() == 0 ? node.weight() & 0xffffffffL : node.weight()));
        map.chooseArgs().forEach((set, args) -> cells.add(inSet(node, args)));
        String name =
                node.id() < 0
                        ? map.typeName(map.bucket(node.id()).map(CrushBucket::type).orElse(0))
                                + " "
                                + map.itemName(node.id())
                        : "osd." + node.id();
        cells.add("    ".repeat(node.depth()) + name);
        rows.add(cells.toArray(String[]::new));
    }

    private String inSet(CrushTree.Node node, ChooseArgs args) {
        ChooseArgs.Replaced replaced = args.byBucket().get(node.parent());
        CrushBucket parent = map.bucket(node.parent()).orElse(null);
        if (parent == null || replaced == null || replaced.weights().length == 0) {
            return "";
        }
        return weight(replaced.weights()[0][parent.indexOf(node.id())] & 0xffffffffL);
    }

    private static String weight(long fixed) {
        float weight = fixed / (float) 0x10000;
        if (weight < -0.01f) {
            return "-";
        }
        return weight < 0.000001f
                ? "0"
                : new BigDecimal(weight).setScale(5, RoundingMode.HALF_EVEN).toPlainString();
    }

    void print(PrintStream out) {
        int columns = rows.getFirst().length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String pad = " ".repeat(widths[i] - row[i].length());
                boolean left = row == rows.getFirst() || i == columns - 1;
                line.append(i == 0 ? "" : "  ").append(left ? row[i] + pad : pad + row[i]);
            }
            out.println(line);
        }
    }
}
