package io.sepiola.monitor.state;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.AuthName;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The options that the monitors keep, by section: {@code global}, a type such as {@code osd}, or
 * one entity such as {@code osd.3}; the more special section wins.
 *
 * <p>Settings := map(section:string, map(option:string, value:string)).
 */
public record Settings(SortedMap<String, SortedMap<String, String>> sections) {
    /** None. */
    public static final Settings EMPTY = new Settings(Collections.emptySortedMap());

    private static final Codec<SortedMap<String, String>> OPTIONS =
            Primitives.of(
                    (out, map) -> out.map(map, Primitives.STRING, Primitives.STRING),
                    in -> new TreeMap<>(in.map(Primitives.STRING, Primitives.STRING)));

    /** As in the class comment. */
    public static final Codec<Settings> CODEC =
            Primitives.of(
                    (out, settings) -> out.map(settings.sections, Primitives.STRING, OPTIONS),
                    in -> new Settings(new TreeMap<>(in.map(Primitives.STRING, OPTIONS))));

    /** Copies the outer map. */
    public Settings {
        sections = Collections.unmodifiableSortedMap(new TreeMap<>(sections));
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
                Sorted.with(sections, section, Sorted.with(section(section), option, value)));
    }

    Settings without(String section, String option) {
        SortedMap<String, String> rest = Sorted.without(section(section), option);
        return new Settings(
                rest.isEmpty()
                        ? Sorted.without(sections, section)
                        : Sorted.with(sections, section, rest));
    }
}
