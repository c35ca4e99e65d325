package io.sepiola.manager;

import io.sepiola.base.Invariant;

import java.util.HashSet;
import java.util.Set;

/**
 * Writes metrics as Prometheus reads them (text format 0.0.4), each under Ceph's prefix. Names and
 * types are Ceph's, which a metrics library would bend to its own rules.
 */
final class MetricsText {
    /** The media type. */
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder out = new StringBuilder();
    private final Set<String> begun = new HashSet<>();
    private String name = "";
    private String[] labels = {};

    /** Begins a metric; its samples follow. */
    MetricsText metric(String type, String path, String help, String... labelNames) {
        name = name(path);
        labels = labelNames;
        Invariant.that(begun.add(name), "metric %s is written twice", name);
        out.append("# HELP ").append(name).append(' ').append(escaped(help, false)).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    /** Whether that one is written already. */
    boolean has(String path) {
        return begun.contains(name(path));
    }

    /** A sample; with as many label values as the metric has labels. */
    MetricsText sample(double value, Object... labelValues) {
        Invariant.that(labelValues.length == labels.length, "labels of %s", name);
        out.append(name);
        for (int i = 0; i < labels.length; i++) {
            out.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            out.append(escaped(labelValues[i].toString(), true)).append('"');
        }
        out.append(labels.length == 0 ? " " : "} ").append(number(value)).append('\n');
        return this;
    }

    /** {@code osd.op_w-latency} is {@code ceph_osd_op_w_latency}. */
    static String name(String path) {
        StringBuilder name = new StringBuilder("ceph_");
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '+') {
                name.append("_plus");
            } else if (c == '-' && i == path.length() - 1) {
                name.append("_minus");
            } else if (c == ':' && path.startsWith("::", i)) {
                name.append('_');
                i++;
            } else {
                boolean legal = c < 0x80 && Character.isLetterOrDigit(c) || c == '_' || c == ':';
                name.append(legal ? c : '_');
            }
        }
        return name.toString();
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return Double.toString(value);
    }

    private static String escaped(String text, boolean quotes) {
        String safe = text.replace("\\", "\\\\").replace("\n", "\\n");
        return quotes ? safe.replace("\"", "\\\"") : safe;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
