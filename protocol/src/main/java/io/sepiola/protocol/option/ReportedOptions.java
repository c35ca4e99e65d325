package io.sepiola.protocol.option;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a daemon tells the manager of its options (MMgrOpen, MMgrReport): each source's values.
 * Immutable.
 *
 * <p>config := map of name:string to map of level:u32 to value:string, ignored: map of name:string
 * to value:string. defaults := map of name:string to value:string.
 *
 * @param values by name, the one in force last
 * @param ignored names of what the monitors keep and the daemon does not take over
 */
public record ReportedOptions(SortedMap<String, List<Value>> values, List<String> ignored) {
    /** The sources of values by Ceph's numbers; a later one goes before an earlier. */
    private static final List<String> LEVELS =
            List.of("default", "mon", "file", "env", "cmdline", "override", "final");

    private static final int SIZE_MAX = 1 << 20;
    private static final Codec<Map<String, Map<Integer, String>>> CONFIG =
            Primitives.mapOf(
                    Primitives.STRING, Primitives.mapOf(Primitives.U32, Primitives.STRING));
    private static final Codec<Map<String, String>> TEXTS =
            Primitives.mapOf(Primitives.STRING, Primitives.STRING);

    /** All defaults of the table, as they are reported. */
    public static final Bytes DEFAULTS = defaults();

    /**
     * A value and where it comes from.
     *
     * @param source such as {@code file}
     */
    public record Value(String source, String value) {}

    /** Nothing is said. */
    public static final ReportedOptions NONE = new ReportedOptions(new TreeMap<>(), List.of());

    private static Bytes defaults() {
        Map<String, String> all = new LinkedHashMap<>();
        OptionTable.STANDARD.all().forEach(option -> all.put(option.name(), option.inDaemons()));
        Encoder out = new Encoder();
        TEXTS.encode(all, out);
        return out.toBytes();
    }

    /** As the daemon itself sees them. */
    public static ReportedOptions of(RunningOptions running) {
        SortedMap<String, List<Value>> all = new TreeMap<>();
        for (RunningOptions.Layer layer : running.layers().reversed()) {
            layer.values()
                    .forEach((name, value) ->
                            all.computeIfAbsent(name, none -> new ArrayList<>())
                                    .add(new Value(layer.label(), value)));
        }
        return new ReportedOptions(all, List.of());
    }

    /** For the message. */
    public Bytes toBytes() {
        Map<String, Map<Integer, String>> levels = new LinkedHashMap<>();
        values.forEach((name, list) -> {
            Map<Integer, String> byLevel = new TreeMap<>();
            list.forEach(value -> byLevel.put(LEVELS.indexOf(value.source), value.value));
            levels.put(name, byLevel);
        });
        Encoder out = new Encoder();
        CONFIG.encode(levels, out);
        TEXTS.encode(new LinkedHashMap<>(), out);
        return out.toBytes();
    }

    /**
     * From the message.
     *
     * @throws Malformed when it cannot be read, or is longer than a daemon has reason for
     */
    public static ReportedOptions fromBytes(Bytes config) {
        Decoder in = bounded(config);
        SortedMap<String, List<Value>> all = new TreeMap<>();
        CONFIG.decode(in)
                .forEach((name, byLevel) -> {
                    List<Value> list = new ArrayList<>();
                    new TreeMap<>(byLevel)
                            .forEach((level, value) -> list.add(new Value(source(level), value)));
                    if (!list.isEmpty()) {
                        all.put(name, list);
                    }
                });
        return new ReportedOptions(all, List.copyOf(TEXTS.decode(in).keySet()));
    }

    /**
     * The defaults, from the message.
     *
     * @throws Malformed as above
     */
    public static SortedMap<String, String> defaults(Bytes defaults) {
        return new TreeMap<>(TEXTS.decode(bounded(defaults)));
    }

    private static Decoder bounded(Bytes bytes) {
        if (bytes.size() > SIZE_MAX) {
            throw new Malformed("options of " + bytes.size() + " bytes; at most " + SIZE_MAX);
        }
        return new Decoder(bytes);
    }

    private static String source(int level) {
        return level >= 0 && level < LEVELS.size() ? LEVELS.get(level) : "level " + level;
    }
}
