package io.sepiola.monitor.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * For whom an option is kept: a section, and a mask that narrows it to a place of the CRUSH
 * hierarchy, to a class of devices, or to both. Written {@code osd/host:a/class:ssd}; {@code
 * host:a} alone is of {@code global}.
 *
 * @param section {@code global}, a type of daemons, or one entity
 * @param locationType the type of bucket; empty for anywhere
 * @param locationName the bucket
 * @param deviceClass empty for any
 */
public record ConfigTarget(
        String section, String locationType, String locationName, String deviceClass) {
    private static final int SIZE_MAX = 512;
    private static final List<String> TYPES = List.of("mon", "mgr", "osd", "mds", "client");

    /** Reads it; nothing when it is none. Of several parts of one kind the last counts. */
    public static Optional<ConfigTarget> parse(String text) {
        ConfigTarget target = new ConfigTarget("global", "", "", "");
        if (text.length() > SIZE_MAX) {
            return Optional.empty();
        }
        for (String part : text.split("/", -1)) {
            int colon = part.indexOf(':');
            String value = part.substring(colon + 1);
            if (isSection(part)) {
                target = target.of(part);
            } else if (colon <= 0 || !part.matches("[A-Za-z0-9_.:~-]{1,200}")) {
                return Optional.empty();
            } else if (part.startsWith("class:")) {
                target = target.with(target.locationType, target.locationName, value);
            } else {
                target = target.with(part.substring(0, colon), value, target.deviceClass);
            }
        }
        return Optional.of(target);
    }

    /** Whether that is a section without a mask. */
    public static boolean isSection(String text) {
        return text.equals("global")
                || TYPES.contains(text)
                || text.matches("(mon|mgr|osd|mds|client)\\.[A-Za-z0-9_.:-]{1,200}");
    }

    private ConfigTarget of(String other) {
        return new ConfigTarget(other, locationType, locationName, deviceClass);
    }

    private ConfigTarget with(String type, String name, String device) {
        return new ConfigTarget(section, type, name, device);
    }

    /** All but the section; empty when there is nothing to narrow. */
    public String mask() {
        String location = locationType.isEmpty() ? "" : locationType + ":" + locationName;
        String device = deviceClass.isEmpty() ? "" : "class:" + deviceClass;
        return location.isEmpty() || device.isEmpty() ? location + device : location + "/" + device;
    }

    /** In one form, by which it is kept. */
    public String text() {
        return mask().isEmpty() ? section : section + "/" + mask();
    }

    /** Whether what is at that place is meant. */
    boolean fits(ConfigPlace place) {
        return (deviceClass.isEmpty() || deviceClass.equals(place.deviceClass()))
                && (locationType.isEmpty()
                        || locationName.equals(place.location().get(locationType)));
    }

    /**
     * The order in which they are shown: all, then each type of daemons and its entities. Ceph's,
     * which is not that of the alphabet.
     */
    public static int compare(String left, String right) {
        int byType = Integer.compare(rank(left), rank(right));
        return byType != 0 ? byType : left.compareTo(right);
    }

    private static int rank(String text) {
        String type = text.split("[./]", 2)[0];
        return TYPES.indexOf(type);
    }

    /** The sections that concern an entity or a type of them, the most general first. */
    static List<String> sections(String who) {
        String[] parts = who.split("\\.");
        List<String> names = new ArrayList<>(List.of("global"));
        for (int i = 1; i <= parts.length; i++) {
            String name = String.join(".", Arrays.copyOf(parts, i));
            if (!name.equals("global")) {
                names.add(name);
            }
        }
        return names;
    }
}
