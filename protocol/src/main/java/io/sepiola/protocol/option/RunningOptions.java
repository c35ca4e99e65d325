package io.sepiola.protocol.option;

import io.sepiola.base.Malformed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The options of a running daemon: where each of its values comes from, as {@code ceph tell DAEMON
 * config show|diff} tells. Immutable.
 *
 * @param layers the first that has a value wins; what none has is at its default
 */
public record RunningOptions(List<Layer> layers) {
    /** What is set while the daemon runs, by {@code config set} told to it. */
    public static final String OVERRIDE = "override";

    /**
     * One source of values.
     *
     * @param label {@code override}, {@code file} or {@code mon}
     * @param values by name
     */
    public record Layer(String label, SortedMap<String, String> values) {
        /** Copies the map. */
        public Layer {
            values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        }
    }

    /** Copies the list. */
    public RunningOptions {
        layers = List.copyOf(layers);
    }

    /** The value in force; nothing when there is no such option. */
    public Optional<String> value(String name) {
        for (Layer layer : layers) {
            String value = layer.values.get(name);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return OptionTable.STANDARD.find(name).map(Option::inDaemons);
    }

    /** Every option and its value. */
    public SortedMap<String, String> all() {
        SortedMap<String, String> all = new TreeMap<>();
        OptionTable.STANDARD.all().forEach(option -> all.put(option.name(), option.inDaemons()));
        all.putAll(set());
        return all;
    }

    /** The options that are set anywhere, and the values in force. */
    public SortedMap<String, String> set() {
        SortedMap<String, String> set = new TreeMap<>();
        layers.reversed().forEach(layer -> set.putAll(layer.values));
        return set;
    }

    /** Of what is set anywhere: the default, each source's value, and which one counts. */
    public SortedMap<String, Map<String, String>> differences() {
        SortedMap<String, Map<String, String>> all = new TreeMap<>();
        for (Layer layer : layers.reversed()) {
            layer.values.forEach((name, value) ->
                    all.computeIfAbsent(
                                    name,
                                    any -> {
                                        Map<String, String> values = new LinkedHashMap<>();
                                        values.put(
                                                "default",
                                                OptionTable.STANDARD
                                                        .find(name)
                                                        .map(Option::inDaemons)
                                                        .orElse(""));
                                        return values;
                                    })
                            .put(layer.label, value));
        }
        all.forEach((name, values) -> values.put("final", value(name).orElse("")));
        return all;
    }

    /**
     * The same with a value that goes before all others.
     *
     * @throws Malformed when there is no such option, or the value does not fit, and why
     */
    public RunningOptions overridden(String name, String value) {
        Option option =
                OptionTable.STANDARD.find(name).orElseThrow(() -> new Malformed(unknown(name)));
        SortedMap<String, String> values = new TreeMap<>(overrides());
        values.put(name, option.canonical(value));
        return withOverrides(values);
    }

    /** The same without what {@link #overridden} has set of an option. */
    public RunningOptions withoutOverride(String name) {
        SortedMap<String, String> values = new TreeMap<>(overrides());
        values.remove(name);
        return withOverrides(values);
    }

    /** The same with these values before all others. */
    public RunningOptions withOverrides(SortedMap<String, String> values) {
        List<Layer> next = new ArrayList<>();
        next.add(new Layer(OVERRIDE, values));
        layers.stream().filter(layer -> !layer.label.equals(OVERRIDE)).forEach(next::add);
        return new RunningOptions(next);
    }

    /** What a person is told who names an option that there is not. */
    public static String unknown(String name) {
        return "unrecognized config option '"
                + (name.length() <= 128 ? name : name.substring(0, 128) + "...")
                + "'"
                + OptionTable.STANDARD
                        .nearest(name)
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("");
    }

    /** What is set while the daemon runs. */
    public SortedMap<String, String> overrides() {
        return layers.stream()
                .filter(layer -> layer.label.equals(OVERRIDE))
                .map(Layer::values)
                .findFirst()
                .orElseGet(Collections::emptySortedMap);
    }
}
