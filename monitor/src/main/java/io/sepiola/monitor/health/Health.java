package io.sepiola.monitor.health;

import io.sepiola.monitor.state.Mute;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.Utime;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is wrong with the cluster, by code. Immutable.
 *
 * @param checks by code, such as OSD_DOWN
 * @param mutes of checks that nobody wants to hear of, by code
 */
public record Health(SortedMap<String, Check> checks, SortedMap<String, Mute> mutes) {
    /** Nothing is wrong. */
    public static final Health OK =
            new Health(Collections.emptySortedMap(), Collections.emptySortedMap());

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

    /** Copies the maps. */
    public Health {
        checks = Collections.unmodifiableSortedMap(new TreeMap<>(checks));
        mutes = Collections.unmodifiableSortedMap(new TreeMap<>(mutes));
    }

    /** The worst of the checks that are not muted. */
    public Severity status() {
        return checks.entrySet().stream()
                .filter(entry -> !mutes.containsKey(entry.getKey()))
                .map(entry -> entry.getValue().severity())
                .max(Severity::compareTo)
                .orElse(Severity.OK);
    }

    /** What is wrong and not muted; and what is muted, and for how long. */
    public List<String> summaries(Instant now) {
        List<String> lines = new ArrayList<>();
        checks.forEach((code, check) -> {
            if (!mutes.containsKey(code)) {
                lines.add(check.summary());
            }
        });
        if (!mutes.isEmpty()) {
            lines.add(
                    "(muted: "
                            + mutes.values().stream()
                                    .map(mute ->
                                            mute.code()
                                                    + left(mute, now)
                                                            .map(left -> "(" + left + ")")
                                                            .orElse(""))
                                    .collect(Collectors.joining(" "))
                            + ")");
        }
        return lines;
    }

    private static Optional<String> left(Mute mute, Instant now) {
        if (mute.ends().equals(Utime.ZERO)) {
            return Optional.empty();
        }
        Duration left = Duration.between(now, mute.ends().toInstant());
        return Optional.of(Units.age(left.isNegative() ? Duration.ZERO : left));
    }

    private String muted(String code, Instant now) {
        Mute mute = mutes.get(code);
        if (mute == null) {
            return "";
        }
        return "(MUTED"
                + left(mute, now).map(left -> " ttl " + left).orElse("")
                + (mute.sticky() ? ", STICKY" : "")
                + ") ";
    }

    /** {@code HEALTH_WARN 1 osds down; ...}, or with a paragraph for each check. */
    public String plain(boolean detail, Instant now) {
        List<String> summaries = summaries(now);
        StringBuilder out = new StringBuilder(status().label());
        out.append(summaries.isEmpty() ? "" : " ").append(String.join("; ", summaries));
        out.append('\n');
        if (!detail) {
            return out.toString();
        }
        for (Map.Entry<String, Check> entry : checks.entrySet()) {
            Check check = entry.getValue();
            out.append(muted(entry.getKey(), now));
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
            shown.put("muted", mutes.containsKey(code));
        });
        ArrayNode shown = node.putArray("mutes");
        mutes.values().forEach(mute -> json(shown.addObject(), mute));
        return node;
    }

    private static void json(ObjectNode node, Mute mute) {
        node.put("code", mute.code());
        if (!mute.ends().equals(Utime.ZERO)) {
            node.put("ttl", Units.stamp(mute.ends()));
        }
        node.put("sticky", mute.sticky());
        node.put("summary", mute.summary());
        node.put("count", mute.count());
    }
}
