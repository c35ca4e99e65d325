package io.sepiola.monitor.text;

import java.util.ArrayList;
import java.util.List;

/** Columns two blanks apart, each as wide as its widest cell, the last one too. */
public final class TextTable {
    /** Where a cell stands within its column. */
    public enum Align {
        /** At the start. */
        LEFT,
        /** At the end. */
        RIGHT
    }

    private record Column(String title, Align titleAlign, Align cellAlign) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** Adds a column. */
    public TextTable column(String title, Align titleAlign, Align cellAlign) {
        columns.add(new Column(title, titleAlign, cellAlign));
        return this;
    }

    /** Adds a column of words. */
    public TextTable words(String title) {
        return column(title, Align.LEFT, Align.LEFT);
    }

    /** Adds a column of numbers. */
    public TextTable numbers(String title) {
        return column(title, Align.RIGHT, Align.RIGHT);
    }

    /** Adds a column of numbers under a title that starts where the column does. */
    public TextTable numbersUnder(String title) {
        return column(title, Align.LEFT, Align.RIGHT);
    }

    /** Adds a row; cells that are not given are blank. */
    public TextTable row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell.toString());
        }
        while (row.size() < columns.size()) {
            row.add("");
        }
        rows.add(row);
        return this;
    }

    /** The whole table, each line ended. */
    @Override
    public String toString() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).title.length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder out = new StringBuilder();
        List<String> titles = columns.stream().map(Column::title).toList();
        line(out, titles, widths, true);
        for (List<String> row : rows) {
            line(out, row, widths, false);
        }
        return out.toString();
    }

    private void line(StringBuilder out, List<String> cells, int[] widths, boolean title) {
        for (int i = 0; i < widths.length; i++) {
            Align align = title ? columns.get(i).titleAlign : columns.get(i).cellAlign;
            int blanks = widths[i] - cells.get(i).length();
            out.append(i == 0 ? "" : "  ").repeat(' ', align == Align.RIGHT ? blanks : 0);
            out.append(cells.get(i)).repeat(' ', align == Align.LEFT ? blanks : 0);
        }
        out.append('\n');
    }
}
