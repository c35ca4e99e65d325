package io.sepiola.cluster.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns two blanks apart; the first one flush left, the others flush right. */
final class TextTable {
    private final List<String[]> rows = new ArrayList<>();

    TextTable(String... titles) {
        rows.add(titles);
    }

    void row(Object... cells) {
        rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
    }

    @Override
    public String toString() {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                String pad = " ".repeat(widths[i] - row[i].length());
                out.append(i == 0 ? "" : "  ");
                out.append(i == 0 ? row[i] + pad : pad + row[i]);
            }
            out.append('\n');
        }
        return out.toString();
    }
}
