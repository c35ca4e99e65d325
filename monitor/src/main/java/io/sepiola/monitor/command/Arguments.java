package io.sepiola.monitor.command;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The arguments of one command, checked against its signature. */
public final class Arguments {
    private final Map<String, Object> values;

    Arguments(Map<String, Object> values) {
        this.values = values;
    }

    /** Whether it was given. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** A word that must be given. */
    public String text(String name) {
        return value(name, String.class);
    }

    /** A word that may be missing. */
    public Optional<String> textIfGiven(String name) {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    /** A number that must be given. */
    public long number(String name) {
        return value(name, Long.class);
    }

    /** A number, or what stands for a missing one. */
    public long number(String name, long otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    /** A number with a fraction that must be given. */
    public double fraction(String name) {
        return value(name, Double.class);
    }

    /** Whether it was given and is true. */
    public boolean flag(String name) {
        return has(name) && value(name, Boolean.class);
    }

    /** An OSD that must be given. */
    public int osd(String name) {
        return Math.toIntExact(number(name));
    }

    /** The words of a repeated argument; none when it is missing. */
    public List<String> texts(String name) {
        if (!has(name)) {
            return List.of();
        }
        List<?> words = value(name, List.class);
        return words.stream().map(Object::toString).toList();
    }

    /** The words under a name, one or several; none when it is missing. */
    public List<String> words(String name) {
        return values.get(name) instanceof String word ? List.of(word) : texts(name);
    }

    private <T> T value(String name, Class<T> type) {
        Object value = values.get(name);
        if (!type.isInstance(value)) {
            throw Refused.invalid("bad or missing field '" + name + "'");
        }
        return type.cast(value);
    }
}
