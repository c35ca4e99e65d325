package io.sepiola.manager;

import java.util.ArrayList;
import java.util.List;

/** A table as Ceph prints it: columns two blanks apart, as wide as their widest cell. */
final class Columns {
    private final List<String> titles = new ArrayList<>();
    private final List<Boolean> titleRight = new ArrayList<>();
    private final List<Boolean> cellRight = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();
    private String end = "";

    /** Titles and cells at the start. */
    Columns left(String... names) {
        return add(false, false, names);
    }

    /** Titles and cells at the end. */
    Columns right(String... names) {
        return add(true, true, names);
    }

    /** Titles at the start, cells at the end. */
    Columns under(String... names) {
        return add(false, true, names);
    }

    /** Lines end as if there were one more column. */
    Columns padded() {
        end = "  ";
        return this;
    }

    private Columns add(boolean title, boolean cell, String... names) {
        for (String name : names) {
            titles.add(name);
            titleRight.add(title);
            cellRight.add(cell);
        }
        return this;
    }

    /** One line; cells not given are blank. */
    Columns row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell.toString());
        }
        while (row.size() < titles.size()) {
            row.add("");
        }
        rows.add(row);
        return this;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        line(out, titles, titleRight);
        rows.forEach(row -> line(out, row, cellRight));
        return out.toString();
    }

    private void line(StringBuilder out, List<String> cells, List<Boolean> right) {
        for (int i = 0; i < cells.size(); i++) {
            int blanks = width(i) - cells.get(i).length();
            out.append(i == 0 ? "" : "  ").repeat(' ', right.get(i) ? blanks : 0);
            out.append(cells.get(i)).repeat(' ', right.get(i) ? 0 : blanks);
        }
        out.append(end).append('\n');
    }

    private int width(int column) {
        int width = titles.get(column).length();
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return width;
    }
}
