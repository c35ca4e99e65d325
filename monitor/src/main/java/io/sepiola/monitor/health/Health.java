package io.sepiola.monitor.health;

import io.sepiola.monitor.text.JsonText;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is wrong with the cluster, by code. Immutable.
 *
 * @param checks by code, such as OSD_DOWN
 */
public record Health(SortedMap<String, Check> checks) {
    /** Nothing is wrong. */
    public static final Health OK = new Health(Collections.emptySortedMap());

    /** How bad it is. */
    public enum Severity {
        /** Not at all. */
        OK("HEALTH_OK", "[INF]"),
        /** Somebody should look. */
        WARN("HEALTH_WARN", "[WRN]"),
        /** Data are at risk or out of reach. */
        ERR("HEALTH_ERR", "[ERR]");

        private final String label;
        private final String mark;

        Severity(String label, String mark) {
            this.label = label;
            this.mark = mark;
        }

        /** As {@code ceph health} shows it. */
        public String label() {
            return label;
        }

        /** As {@code ceph health detail} shows it. */
        public String mark() {
            return mark;
        }
    }

    /** One thing that is wrong. */
    public record Check(Severity severity, String summary, long count, List<String> detail) {
        /** Copies the list. */
        public Check {
            detail = List.copyOf(detail);
        }
    }

    /** Copies the map. */
    public Health {
        checks = Collections.unmodifiableSortedMap(new TreeMap<>(checks));
    }

    /** The worst of the checks. */
    public Severity status() {
        return checks.values().stream()
                .map(Check::severity)
                .max(Severity::compareTo)
                .orElse(Severity.OK);
    }

    /** {@code HEALTH_WARN 1 osds down; ...}, or with a paragraph for each check. */
    public String plain(boolean detail) {
        String first =
                status().label()
                        + (checks.isEmpty() ? "" : " ")
                        + checks.values().stream()
                                .map(Check::summary)
                                .collect(Collectors.joining("; "))
                        + "\n";
        if (!detail) {
            return first;
        }
        StringBuilder out = new StringBuilder(first);
        for (Map.Entry<String, Check> entry : checks.entrySet()) {
            Check check = entry.getValue();
            out.append(check.severity().mark()).append(' ').append(entry.getKey());
            out.append(": ").append(check.summary()).append('\n');
            check.detail().forEach(line -> out.append("    ").append(line).append('\n'));
        }
        return out.toString();
    }

    /** As JSON. */
    public ObjectNode json(boolean detail) {
        ObjectNode node = JsonText.object();
        node.put("status", status().label());
        ObjectNode all = node.putObject("checks");
        checks.forEach((code, check) -> {
            ObjectNode shown = all.putObject(code);
            shown.put("severity", check.severity().label());
            shown.putObject("summary").put("message", check.summary()).put("count", check.count());
            if (detail) {
                ArrayNode lines = shown.putArray("detail");
                check.detail().forEach(line -> lines.addObject().put("message", line));
            }
            shown.put("muted", false);
        });
        node.putArray("mutes");
        return node;
    }
}
