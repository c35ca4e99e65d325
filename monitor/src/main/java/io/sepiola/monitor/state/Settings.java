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
 * one entity such as {@code osd.3}; the more special section wins.
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

    /** The options in force for an entity. */
    public SortedMap<String, String> of(AuthName entity) {
        SortedMap<String, String> options = new TreeMap<>();
        for (String section : List.of("global", entity.type().label(), entity.toString())) {
            options.putAll(section(section));
        }
        return options;
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
