package io.sepiola.manager;

import io.sepiola.protocol.option.RunningOptions;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Options of what Ceph has as the manager's modules ({@code mgr/balancer/active}), and others that
 * those read: the monitors' word first, then the manager's own configuration. A value that makes no
 * sense counts as not set. Owned by the manager's shard.
 */
final class ModuleOptions {
    private static final int VALUE_SIZE_MAX = 4096;

    private final String daemon;
    private final SortedMap<String, String> own;
    private SortedMap<String, String> told = new TreeMap<>();
    private SortedMap<String, String> overrides = new TreeMap<>();

    /**
     * Nothing told yet.
     *
     * @param daemon the manager's id; {@code mgr/MODULE/ID/OPTION} is for it alone
     * @param own from its configuration file
     */
    ModuleOptions(String daemon, SortedMap<String, String> own) {
        this.daemon = daemon;
        this.own = own;
    }

    /**
     * All that the monitors keep for this manager.
     *
     * @return whether anything is different
     */
    boolean told(Map<String, String> options) {
        SortedMap<String, String> next = new TreeMap<>(options);
        next.values().removeIf(value -> value.length() > VALUE_SIZE_MAX);
        boolean changed = !next.equals(told);
        told = next;
        return changed;
    }

    /** What is set while the manager runs goes before everything. */
    void override(SortedMap<String, String> values) {
        overrides = new TreeMap<>(values);
    }

    /** Where the values of all options come from. */
    RunningOptions running() {
        return new RunningOptions(
                List.of(
                        new RunningOptions.Layer(RunningOptions.OVERRIDE, overrides),
                        new RunningOptions.Layer("mon", told),
                        new RunningOptions.Layer("file", own)));
    }

    String text(String name, String otherwise) {
        String value = overrides.getOrDefault(name, told.get(name));
        return value != null ? value : own.getOrDefault(name, otherwise);
    }

    /** Of a module, perhaps set for this manager alone. */
    String local(String module, String option, String otherwise) {
        String all = text("mgr/" + module + "/" + option, otherwise);
        return text("mgr/" + module + "/" + daemon + "/" + option, all);
    }

    boolean flag(String name, boolean otherwise) {
        return switch (text(name, "").toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> otherwise;
        };
    }

    int number(String name, int otherwise, int min, int max) {
        return number(text(name, ""), min, max).orElse(otherwise);
    }

    static OptionalInt number(String text, int min, int max) {
        if (!text.matches("[0-9]{1,9}")) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(text);
        return number < min || number > max ? OptionalInt.empty() : OptionalInt.of(number);
    }

    double fraction(String name, double otherwise) {
        String text = text(name, "");
        return text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?") ? Double.parseDouble(text) : otherwise;
    }
}
