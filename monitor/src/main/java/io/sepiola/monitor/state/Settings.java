package io.sepiola.monitor.state;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.Utime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The options that the monitors keep, by section: {@code global}, a type such as {@code osd}, or
 * one entity such as {@code osd.3}, each with or without a mask ({@link ConfigTarget}); the more
 * special section wins, and the more precise mask.
 *
 * <p>Settings := map(section:string, map(option:string, value:string)). The history is kept apart.
 *
 * @param history the newest changes, oldest first, at most {@link #HISTORY_MAX}
 */
public record Settings(SortedMap<String, SortedMap<String, String>> sections, List<Step> history) {
    /** How many changes are remembered. */
    public static final int HISTORY_MAX = 200;

    /** None. */
    public static final Settings EMPTY = new Settings(Collections.emptySortedMap(), List.of());

    private static final Codec<SortedMap<String, String>> OPTIONS =
            Primitives.of(
                    (out, map) -> out.map(map, Primitives.STRING, Primitives.STRING),
                    in -> new TreeMap<>(in.map(Primitives.STRING, Primitives.STRING)));

    /** As in the class comment. */
    public static final Codec<Settings> CODEC =
            Primitives.of(
                    (out, settings) -> out.map(settings.sections, Primitives.STRING, OPTIONS),
                    in ->
                            new Settings(
                                    new TreeMap<>(in.map(Primitives.STRING, OPTIONS)), List.of()));

    /**
     * One option of one section, before and after.
     *
     * <p>Edit := section:string option:string before:optional(string) after:optional(string).
     */
    public record Edit(
            String section, String option, Optional<String> before, Optional<String> after) {
        private static final Codec<Optional<String>> VALUE = Primitives.optional(Primitives.STRING);

        static final Codec<Edit> CODEC =
                Primitives.of(
                        (out, edit) -> {
                            out.string(edit.section).string(edit.option);
                            VALUE.encode(edit.before, out);
                            VALUE.encode(edit.after, out);
                        },
                        in ->
                                new Edit(
                                        in.string(),
                                        in.string(),
                                        VALUE.decode(in),
                                        VALUE.decode(in)));
    }

    /**
     * One change of the history.
     *
     * <p>Step := version:u64 stamp:Utime why:string list(Edit).
     *
     * @param version counted from 2: a new cluster has version 1
     */
    public record Step(long version, Utime stamp, String why, List<Edit> edits) {
        static final Codec<Step> CODEC =
                Primitives.of(
                        (out, step) -> {
                            Utime.CODEC.encode(step.stamp, out.u64(step.version));
                            out.string(step.why).list(step.edits, Edit.CODEC);
                        },
                        in ->
                                new Step(
                                        in.u64(),
                                        Utime.CODEC.decode(in),
                                        in.string(),
                                        in.list(Edit.CODEC)));

        /** Copies the list. */
        public Step {
            edits = List.copyOf(edits);
        }
    }

    /** Copies the outer map and the list. */
    public Settings {
        sections = Collections.unmodifiableSortedMap(new TreeMap<>(sections));
        history = List.copyOf(history);
    }

    /** The version of the newest change; 1 before there was any. */
    public long version() {
        return history.isEmpty() ? 1 : history.getLast().version;
    }

    Settings withHistory(List<Step> all) {
        return new Settings(sections, all);
    }

    Settings edited(Utime stamp, String why, List<Edit> edits) {
        Settings next = this;
        for (Edit edit : edits) {
            next =
                    edit.after.isPresent()
                            ? next.with(edit.section, edit.option, edit.after.get())
                            : next.without(edit.section, edit.option);
        }
        List<Step> all = new ArrayList<>(history);
        all.add(new Step(version() + 1, stamp, why, edits));
        return next.withHistory(all.subList(Math.max(0, all.size() - HISTORY_MAX), all.size()));
    }

    /**
     * An option in force.
     *
     * @param target for whom it is kept
     */
    public record Chosen(String value, ConfigTarget target) {}

    /** The options in force for an entity at a place. */
    public SortedMap<String, String> of(AuthName entity, ConfigPlace place) {
        SortedMap<String, String> options = new TreeMap<>();
        chosen(entity.toString(), place).forEach((name, one) -> options.put(name, one.value));
        return options;
    }

    /** Whether any option has a mask, so that places matter. */
    public boolean isMasked() {
        return sections.keySet().stream().anyMatch(name -> name.contains("/"));
    }

    /**
     * The options in force for an entity, or for a type of them, and whom they are kept for. As in
     * Ceph: what comes later wins, the sections from the general to the special and within one the
     * targets in the order of their texts; but right after an option with a more precise mask the
     * same option with a less precise one does not count.
     */
    public SortedMap<String, Chosen> chosen(String who, ConfigPlace place) {
        SortedMap<String, Chosen> all = new TreeMap<>();
        String before = "";
        for (String section : ConfigTarget.sections(who)) {
            for (var option : candidates(section, place).entrySet()) {
                for (Chosen next : option.getValue()) {
                    Chosen last = before.equals(option.getKey()) ? all.get(before) : null;
                    if (last == null
                            || place.precision(last.target) >= place.precision(next.target)) {
                        all.put(option.getKey(), next);
                        before = option.getKey();
                    }
                }
            }
        }
        return all;
    }

    /** What one section keeps for that place, by option. */
    private SortedMap<String, List<Chosen>> candidates(String section, ConfigPlace place) {
        SortedMap<String, SortedMap<String, Chosen>> sorted = new TreeMap<>();
        sections.forEach((text, options) -> {
            Optional<ConfigTarget> target = ConfigTarget.parse(text);
            if (target.isPresent()
                    && target.get().section().equals(section)
                    && target.get().fits(place)) {
                options.forEach((name, value) ->
                        sorted.computeIfAbsent(name, any -> new TreeMap<>())
                                .put(text + "/" + name, new Chosen(value, target.get())));
            }
        });
        SortedMap<String, List<Chosen>> all = new TreeMap<>();
        sorted.forEach((name, some) -> all.put(name, List.copyOf(some.values())));
        return all;
    }

    /** The options of one section. */
    public SortedMap<String, String> section(String name) {
        return sections.getOrDefault(name, Collections.emptySortedMap());
    }

    Settings with(String section, String option, String value) {
        return new Settings(
                Sorted.with(sections, section, Sorted.with(section(section), option, value)),
                history);
    }

    Settings without(String section, String option) {
        SortedMap<String, String> rest = Sorted.without(section(section), option);
        return new Settings(
                rest.isEmpty()
                        ? Sorted.without(sections, section)
                        : Sorted.with(sections, section, rest),
                history);
    }
}
