package io.sepiola.gateway.http;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Header lines in their order. Names are in lower case; values are bytes as ISO 8859-1, so that
 * whatever came can be given back, and signed, byte for byte. Owned by one caller.
 */
public final class Headers {
    private final List<String> names = new ArrayList<>(16);
    private final List<String> values = new ArrayList<>(16);

    /** Appends a line; the name is in lower case. */
    public Headers add(String name, String value) {
        names.add(name);
        values.add(value);
        return this;
    }

    /** Replaces all lines of this name by one. */
    public Headers set(String name, String value) {
        for (int i = names.size() - 1; i >= 0; i--) {
            if (names.get(i).equals(name)) {
                names.remove(i);
                values.remove(i);
            }
        }
        return add(name, value);
    }

    /** Lines. */
    public int count() {
        return names.size();
    }

    /** The name of a line. */
    public String name(int index) {
        return names.get(index);
    }

    /** The value of a line. */
    public String value(int index) {
        return values.get(index);
    }

    /** The first line's value, or null. */
    public @Nullable String firstOrNull(String name) {
        int index = names.indexOf(name);
        return index < 0 ? null : values.get(index);
    }

    /** The first line's value, or {@code other}. */
    public String get(String name, String other) {
        String value = firstOrNull(name);
        return value == null ? other : value;
    }

    /** Whether there is such a line. */
    public boolean has(String name) {
        return names.contains(name);
    }

    /** The values of all lines of this name. */
    public List<String> all(String name) {
        List<String> found = new ArrayList<>(1);
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name)) {
                found.add(values.get(i));
            }
        }
        return found;
    }
}
