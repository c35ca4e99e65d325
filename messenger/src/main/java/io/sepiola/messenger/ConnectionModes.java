package io.sepiola.messenger;

import io.sepiola.protocol.option.ModeWords;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which modes an end of the network wants or allows for connections of each kind, the preferred one
 * first. Immutable.
 *
 * @param set what is set; other kinds are at their defaults
 */
public record ConnectionModes(Map<ConnectionKind, List<ConnectionMode>> set) {
    /** Nothing set. */
    public static final ConnectionModes DEFAULT = new ConnectionModes(Map.of());

    /** Copies the map. */
    public ConnectionModes {
        EnumMap<ConnectionKind, List<ConnectionMode>> copy = new EnumMap<>(ConnectionKind.class);
        set.forEach((kind, modes) -> copy.put(kind, List.copyOf(modes)));
        set = Collections.unmodifiableMap(copy);
    }

    /**
     * As options say.
     *
     * @param options values by name; what is no mode is passed over
     * @throws io.sepiola.base.Malformed when one of the six has a value that is no list of modes
     */
    public static ConnectionModes of(Map<String, String> options) {
        EnumMap<ConnectionKind, List<ConnectionMode>> set = new EnumMap<>(ConnectionKind.class);
        for (ConnectionKind kind : ConnectionKind.values()) {
            String text = options.get(kind.option());
            if (text != null) {
                set.put(kind, modes(kind, text));
            }
        }
        return new ConnectionModes(set);
    }

    private static List<ConnectionMode> modes(ConnectionKind kind, String text) {
        return ModeWords.parse(kind.option(), text).stream()
                .map(word -> ConnectionMode.valueOf(word.toUpperCase(Locale.ROOT)))
                .toList();
    }

    /** One mode for everything. */
    public static ConnectionModes only(ConnectionMode mode) {
        EnumMap<ConnectionKind, List<ConnectionMode>> set = new EnumMap<>(ConnectionKind.class);
        for (ConnectionKind kind : ConnectionKind.values()) {
            set.put(kind, List.of(mode));
        }
        return new ConnectionModes(set);
    }

    /** These, and where nothing is set those. */
    public ConnectionModes over(ConnectionModes those) {
        EnumMap<ConnectionKind, List<ConnectionMode>> both = new EnumMap<>(ConnectionKind.class);
        both.putAll(those.set);
        both.putAll(set);
        return new ConnectionModes(both);
    }

    /** Those of one kind, the preferred one first. */
    public List<ConnectionMode> of(ConnectionKind kind) {
        return set.getOrDefault(kind, kind.standard());
    }

    /** As a person writes them: {@code secure crc}. */
    static String shown(List<ConnectionMode> modes) {
        return modes.stream().map(ConnectionMode::label).collect(Collectors.joining(" "));
    }

    /** The same of what came over the wire, unknown ones by their numbers. */
    static String shownCodes(List<Integer> codes) {
        return codes.isEmpty()
                ? "no mode"
                : codes.stream()
                        .limit(8)
                        .map(ConnectionMode::labelOf)
                        .collect(Collectors.joining(" "));
    }
}
