package io.sepiola.manager;

import io.sepiola.protocol.message.MKVData;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the manager's modules keep with the monitors, as keys {@code mgr/MODULE/NAME}; so it
 * outlives this manager. Follows the monitors; a change of our own counts at once. Owned by the
 * manager's shard.
 */
final class ModuleStore {
    /** What is subscribed to. */
    static final String PREFIX = "mgr/";

    private final SortedMap<String, String> values = new TreeMap<>();
    private boolean known;
    private long version;

    /** Whether the monitors have told all there is. */
    boolean isKnown() {
        return known;
    }

    /** Counts the changes. */
    long version() {
        return version;
    }

    /** News from the monitors. */
    void told(MKVData news) {
        if (!news.prefix().equals(PREFIX)) {
            return;
        }
        version++;
        if (!news.incremental()) {
            values.clear();
            known = true;
        }
        news.entries()
                .forEach((key, value) -> {
                    if (value.isPresent()) {
                        values.put(key, value.get().toUtf8());
                    } else {
                        values.remove(key);
                    }
                });
    }

    /** A value; empty when there is none. */
    String text(String name) {
        return values.getOrDefault(PREFIX + name, "");
    }

    /** Keys and values that begin so, the beginning left out. */
    SortedMap<String, String> under(String prefix) {
        SortedMap<String, String> found = new TreeMap<>();
        String whole = PREFIX + prefix;
        for (var entry : values.tailMap(whole).entrySet()) {
            if (!entry.getKey().startsWith(whole)) {
                break;
            }
            found.put(entry.getKey().substring(whole.length()), entry.getValue());
        }
        return Collections.unmodifiableSortedMap(found);
    }

    /** Keeps a value; returns the command by which the monitors do, too. */
    String set(String name, String value) {
        version++;
        values.put(PREFIX + name, value);
        return new JsonOut(false)
                .object()
                .put("prefix", "config-key set")
                .put("key", PREFIX + name)
                .put("val", value)
                .end()
                .toString();
    }

    /** Forgets a value; returns the command by which the monitors do, too. */
    String remove(String name) {
        version++;
        values.remove(PREFIX + name);
        return new JsonOut(false)
                .object()
                .put("prefix", "config-key rm")
                .put("key", PREFIX + name)
                .end()
                .toString();
    }

    /** The command that sets an option of all managers. */
    static String setOption(String name, String value) {
        return new JsonOut(false)
                .object()
                .put("prefix", "config set")
                .put("who", "mgr")
                .put("name", name)
                .put("value", value)
                .end()
                .toString();
    }

    /** The command by which an option of all managers has its default again. */
    static String removeOption(String name) {
        return new JsonOut(false)
                .object()
                .put("prefix", "config rm")
                .put("who", "mgr")
                .put("name", name)
                .end()
                .toString();
    }
}
