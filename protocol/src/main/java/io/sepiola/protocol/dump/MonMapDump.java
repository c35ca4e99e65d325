package io.sepiola.protocol.dump;

import io.sepiola.protocol.map.MonMap;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.stream.Collectors;

/** Monitor maps. */
public final class MonMapDump {
    private static final String[] FEATURES = {
        "kraken",
        "luminous",
        "mimic",
        "osdmap-prune",
        "nautilus",
        "octopus",
        "pacific",
        "elector-pinging"
    };

    private MonMapDump() {}

    /** The bit of the feature of that name; 0 for none. */
    public static long feature(String name) {
        for (int bit = 0; bit < FEATURES.length; bit++) {
            if (FEATURES[bit].equals(name)) {
                return 1L << bit;
            }
        }
        return 0;
    }

    private static List<String> names(long features) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < 64; bit++) {
            if ((features & 1L << bit) != 0) {
                names.add(bit < FEATURES.length ? FEATURES[bit] : "unknown");
            }
        }
        return names;
    }

    /** {@code [kraken(1),luminous(2)]} or {@code [none]}. */
    public static String features(long features) {
        if (features == 0) {
            return "[none]";
        }
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < 64; bit++) {
            if ((features & 1L << bit) != 0) {
                String name = bit < FEATURES.length ? FEATURES[bit] : "unknown";
                names.add(name + "(" + Long.toUnsignedString(1L << bit) + ")");
            }
        }
        return String.join(",", names).transform(text -> "[" + text + "]");
    }

    /** For people, as {@code monmaptool --print} writes it; each line ends. */
    public static String lines(MonMap map) {
        StringBuilder out = new StringBuilder();
        out.append("epoch ").append(Integer.toUnsignedLong(map.epoch())).append('\n');
        out.append("fsid ").append(map.fsid()).append('\n');
        out.append("last_changed ").append(Texts.stamp(map.changed())).append('\n');
        out.append("created ").append(Texts.stamp(map.created())).append('\n');
        out.append("min_mon_release ").append(map.minMonRelease());
        out.append(" (").append(Texts.release(map.minMonRelease())).append(")\n");
        out.append("election_strategy: ").append(map.strategy()).append('\n');
        if (map.stretchMode()) {
            out.append("stretch_mode_enabled ").append(map.stretchMode()).append('\n');
            out.append("tiebreaker_mon ").append(map.tiebreaker()).append('\n');
        }
        if (map.stretchMode() || !map.disallowedLeaders().isEmpty()) {
            out.append("disallowed_leaders ");
            out.append(String.join(",", map.disallowedLeaders())).append('\n');
        }
        int rank = 0;
        for (String name : map.ranks()) {
            MonMap.MonInfo info = map.monitors().get(name);
            if (info == null) {
                continue;
            }
            out.append(rank++).append(": ").append(Texts.addrs(info.addrs()));
            out.append(" mon.").append(name);
            if (!info.location().isEmpty()) {
                out.append("; crush_location ").append(braces(info.location()));
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static String braces(NavigableMap<String, String> location) {
        return location.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** The fields of a map. */
    static void map(MonMap map, JsonDump out) {
        out.unsigned("epoch", map.epoch()).put("fsid", map.fsid().toString());
        out.put("modified", Texts.stampZulu(map.changed()));
        out.put("created", Texts.stampZulu(map.created()));
        out.put("min_mon_release", map.minMonRelease());
        out.put("min_mon_release_name", Texts.release(map.minMonRelease()));
        out.put("election_strategy", map.strategy());
        out.put("disallowed_leaders: ", String.join(",", map.disallowedLeaders()));
        out.put("stretch_mode", map.stretchMode());
        out.put("tiebreaker_mon", map.tiebreaker());
        out.put(
                "removed_ranks: ",
                map.removedRanks().stream().map(Object::toString).collect(Collectors.joining(",")));
        out.object(
                "features",
                () -> {
                    out.array(
                            "persistent",
                            () -> names(map.persistentFeatures()).forEach(it -> out.put("", it)));
                    out.array(
                            "optional",
                            () -> names(map.optionalFeatures()).forEach(it -> out.put("", it)));
                });
        out.array(
                "mons",
                () -> {
                    int rank = 0;
                    for (String name : map.ranks()) {
                        MonMap.MonInfo info = map.monitors().get(name);
                        if (info != null) {
                            int number = rank++;
                            out.object(() -> {
                                out.put("rank", number);
                                info(info, out);
                            });
                        }
                    }
                });
    }

    /** The fields of one monitor. */
    static void info(MonMap.MonInfo info, JsonDump out) {
        out.put("name", info.name());
        AddrDump.addrs("public_addrs", info.addrs(), out);
        out.put("addr", Texts.legacy(info.addrs()));
        out.put("public_addr", Texts.legacy(info.addrs()));
        out.put("priority", info.priority()).put("weight", info.weight());
        out.put("crush_location", braces(info.location()));
    }
}
