package io.sepiola.lab.placement;

import java.util.List;
import java.util.Locale;

/** The report's pictures, as SVG. */
final class PlacementPlots {
    private static final String[] COLOURS = {"#0b6e4f", "#3f88c5", "#f49d37", "#d72638", "#7a5c99"};
    private static final int WIDTH = 860;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int BOTTOM = 300;
    private static final int TOP = 50;
    private static final double RATIO_MAX = 200;

    private final StringBuilder svg = new StringBuilder();

    private PlacementPlots(String title) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"11\">",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT);
        text(LEFT, 18, "start", title);
        for (int kind = 0; kind < PlacementStudy.KINDS.size(); kind++) {
            int x = LEFT + 90 * kind;
            add(
                    "<rect x=\"%d\" y=\"26\" width=\"10\" height=\"10\" fill=\"%s\"/>",
                    x, COLOURS[kind]);
            text(x + 14, 35, "start", PlacementStudy.KINDS.get(kind));
        }
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private void text(double x, double y, String anchor, String text) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
    }

    private void line(double x, double y, double toX, double toY, String look) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>", x, y, toX, toY, look);
    }

    private void grid(double y, String label) {
        line(LEFT, y, WIDTH - 10, y, "stroke=\"#dddddd\"");
        text(LEFT - 6, y + 4, "end", label);
    }

    private String end() {
        return svg + "</svg>\n";
    }

    /** Copies beside the expected ones: the mean, two deviations about it, the extremes. */
    static String evenness(List<PlacementStudy.Evenness> all) {
        PlacementPlots plot =
                new PlacementPlots(
                        "Copies of an OSD / copies expected of its weight: mean, \u00b12 deviations"
                                + " (bar), least and most (line)");
        for (double level = 0; level <= 2; level += 0.25) {
            plot.grid(height(level), String.format(Locale.ROOT, "%.2f", level));
        }
        plot.line(LEFT, height(1), WIDTH - 10, height(1), "stroke=\"#333333\"");
        for (PlacementStudy.Evenness one : all) {
            int kind = PlacementStudy.KINDS.indexOf(one.kind());
            int group = Integer.numberOfTrailingZeros(one.weight());
            double x = LEFT + 50 + 190 * group + 28 * kind;
            double mean = one.mean() / one.expected();
            double high = height(Math.min(2, mean + 2 * one.spread()));
            double low = height(Math.max(0, mean - 2 * one.spread()));
            String colour = COLOURS[kind];
            plot.line(
                    x,
                    height(Math.min(2, one.most())),
                    x,
                    height(one.least()),
                    "stroke=\"" + colour + "\"");
            plot.add(
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"16\" height=\"%.1f\" fill=\"%s\""
                            + " fill-opacity=\"0.45\"/>",
                    x - 8, high, low - high, colour);
            plot.line(x - 8, height(mean), x + 8, height(mean), "stroke=\"#000000\"");
        }
        for (int weight : PlacementStudy.WEIGHTS) {
            int group = Integer.numberOfTrailingZeros(weight);
            plot.text(LEFT + 106 + 190 * group, BOTTOM + 18, "middle", "weight " + weight);
        }
        return plot.end();
    }

    private static double height(double ratio) {
        return BOTTOM - (BOTTOM - TOP) * ratio / 2;
    }

    /** Data moved / the least that must move, on a logarithmic scale. */
    static String movements(List<PlacementStudy.Movement> all) {
        PlacementPlots plot =
                new PlacementPlots("Data moved / the least that must move (logarithmic)");
        for (String level : "0.5 1 2 5 10 20 50 100 200".split(" ")) {
            plot.grid(ratio(Double.parseDouble(level)), level);
        }
        plot.line(LEFT, ratio(1), WIDTH - 10, ratio(1), "stroke=\"#333333\"");
        List<String> changes =
                all.stream().map(PlacementStudy.Movement::change).distinct().toList();
        for (PlacementStudy.Movement one : all) {
            int kind = PlacementStudy.KINDS.indexOf(one.kind());
            double x = LEFT + 10 + 130 * changes.indexOf(one.change()) + 22 * kind;
            if (one.possible()) {
                double y = ratio(Math.clamp(one.ratio(), 0.5, RATIO_MAX));
                double tall = Math.max(1, Math.abs(ratio(1) - y)); // a ratio of 1 is seen, too
                plot.add(
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"18\" height=\"%.1f\" fill=\"%s\"/>",
                        x, Math.min(y, ratio(1)), tall, COLOURS[kind]);
            } else {
                plot.text(x + 9, ratio(1) - 4, "middle", "\u2013");
            }
        }
        for (String change : changes) {
            double x = LEFT + 64 + 130 * changes.indexOf(change);
            int half = change.indexOf(' ', change.length() / 2 - 2);
            plot.text(x, BOTTOM + 18, "middle", change.substring(0, half));
            plot.text(x, BOTTOM + 32, "middle", change.substring(half + 1));
        }
        return plot.end();
    }

    private static double ratio(double ratio) {
        double decades = Math.log10(RATIO_MAX / 0.5);
        return BOTTOM - (BOTTOM - TOP) * Math.log10(ratio / 0.5) / decades;
    }
}
