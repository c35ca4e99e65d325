package io.sepiola.monitor.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a profile of an erasure code says once everything that it leaves out is filled in, as the
 * plugins jerasure and isa do, and which values they refuse. Pure functions.
 */
final class ErasureProfile {
    private static final int WORD_BITS_MAX = 32;
    private static final int STRIPE_UNIT = 4096;
    private static final long STRIPE_UNIT_MAX = 1L << 40;
    private static final int WORD_SIZE = 4;
    private static final int VECTOR_SIZE = 16;
    private static final int ISA_ALIGNMENT = 32;
    private static final int ISA_DATA_MAX = 32;
    private static final int ISA_CODING_MAX = 4;
    private static final int ISA_DATA_MAX_OF_4 = 21;
    private static final long NUMBER_MAX = 1 << 20;
    private static final List<Integer> REED_SOLOMON_WORDS = List.of(8, 16, 32);
    private static final String ALIGNED = "jerasure-per-chunk-alignment";

    /** What goes without saying unless another plugin is named. */
    private static final SortedMap<String, String> STANDARD =
            new TreeMap<>(
                    Map.of("plugin", "jerasure", "technique", "reed_sol_van", "k", "2", "m", "2"));

    /**
     * A technique of jerasure.
     *
     * @param data chunks, unless k says otherwise
     * @param coding chunks, unless m says otherwise
     * @param bits of a word, unless w says otherwise
     * @param packets whether it works on packets
     * @param aligned whether chunks may be aligned one by one
     */
    private record Technique(int data, int coding, int bits, boolean packets, boolean aligned) {}

    private static final Map<String, Technique> JERASURE = jerasure();

    private final NavigableMap<String, String> values;

    private ErasureProfile(Map<String, String> given) {
        this.values = new TreeMap<>(given);
    }

    private static Map<String, Technique> jerasure() {
        Map<String, Technique> all = new TreeMap<>();
        all.put("reed_sol_van", new Technique(7, 3, 8, false, true));
        all.put("reed_sol_r6_op", new Technique(7, 2, 8, false, false));
        all.put("cauchy_orig", new Technique(7, 3, 8, true, true));
        all.put("cauchy_good", new Technique(7, 3, 8, true, true));
        all.put("liberation", new Technique(2, 2, 7, true, false));
        all.put("blaum_roth", new Technique(2, 2, 7, true, false));
        all.put("liber8tion", new Technique(2, 2, 8, true, false));
        return all;
    }

    /**
     * What the words {@code KEY=VALUE} say, with what goes without saying.
     *
     * @throws Refused when a key is none
     */
    static NavigableMap<String, String> parse(List<String> words) {
        NavigableMap<String, String> given = new TreeMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            if (key.startsWith("ruleset-")) {
                throw Refused.invalid(
                        "property '"
                                + PoolShowCommands.shortened(key)
                                + "' is no more; try '"
                                + PoolShowCommands.shortened(key.replace("ruleset-", "crush-"))
                                + "'");
            }
            given.put(key, equals < 0 ? "" : word.substring(equals + 1));
        }
        NavigableMap<String, String> all = new TreeMap<>(STANDARD);
        if (!given.getOrDefault("plugin", "jerasure").equals("jerasure")) {
            all.clear();
        }
        all.putAll(given);
        return all;
    }

    /**
     * The profile with all its defaults.
     *
     * @param force whether the size of a stripe's unit may be an awkward one
     * @throws Refused when the plugin would not take it
     */
    static NavigableMap<String, String> complete(Map<String, String> given, boolean force) {
        ErasureProfile profile = new ErasureProfile(given);
        String plugin = profile.values.getOrDefault("plugin", "");
        long alignment =
                switch (plugin) {
                    case "jerasure" -> profile.completeJerasure();
                    case "isa" -> profile.completeIsa();
                    default ->
                            throw new Refused(
                                    Errno.EIO,
                                    "there is no erasure code plugin '"
                                            + PoolShowCommands.shortened(plugin)
                                            + "'; there are jerasure and isa");
                };
        profile.completeCrush();
        profile.checkStripe(alignment, force);
        return profile.values;
    }

    /** As messages show a profile. */
    static String text(Map<String, String> profile) {
        return new TreeMap<>(profile)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(",", "{", "}"));
    }

    /** Answers of how many bytes a chunk is a multiple. */
    private long completeJerasure() {
        String name = values.getOrDefault("technique", "");
        name = name.isEmpty() ? "reed_sol_van" : name;
        values.put("technique", name);
        Technique technique = JERASURE.get(name);
        if (technique == null) {
            throw noTechnique(name, JERASURE.keySet());
        }
        long data = number("k", technique.data);
        long coding = number("m", technique.coding);
        long bits = number("w", technique.bits);
        long packet = technique.packets ? number("packetsize", 2048) : 1;
        checkChunks(data, coding);
        switch (name) {
            case "reed_sol_van" -> checkWords(bits);
            case "reed_sol_r6_op" -> {
                require(coding == 2, "m", coding, "must be 2 for RAID6");
                checkWords(bits);
            }
            case "cauchy_orig", "cauchy_good" -> {
                require(
                        bits > 0 && bits <= WORD_BITS_MAX,
                        "w",
                        bits,
                        "must be 1 to " + WORD_BITS_MAX);
                require(packet > 0, "packetsize", packet, "must be above 0");
            }
            case "liberation" -> {
                require(bits > 2 && isPrime(bits), "w", bits, "must be a prime above 2");
                checkPackets(data, bits, packet);
            }
            case "blaum_roth" -> {
                require(
                        bits == 7 || bits > 2 && isPrime(bits + 1),
                        "w",
                        bits,
                        "must be above 2, and w+1 a prime");
                checkPackets(data, bits, packet);
            }
            default -> {
                require(coding == 2, "m", coding, "must be 2 for liber8tion");
                require(bits == 8, "w", bits, "must be 8 for liber8tion");
                checkPackets(data, bits, packet);
            }
        }
        boolean each = technique.aligned && isTrue(values.getOrDefault(ALIGNED, ""));
        if (technique.aligned) {
            values.put(ALIGNED, Boolean.toString(each));
        }
        long unit = bits * packet * WORD_SIZE;
        boolean vectors = unit % VECTOR_SIZE == 0 && !each;
        return vectors ? unit : bits * packet * VECTOR_SIZE;
    }

    private static boolean isTrue(String text) {
        return text.equals("true") || text.equals("yes");
    }

    private static void checkWords(long bits) {
        boolean fits = REED_SOLOMON_WORDS.stream().anyMatch(allowed -> allowed == bits);
        require(fits, "w", bits, "must be 8, 16 or 32");
    }

    private static void checkPackets(long data, long bits, long packet) {
        require(data <= bits, "k", data, "must be <= w=" + bits);
        require(packet > 0, "packetsize", packet, "must be above 0");
        require(packet % WORD_SIZE == 0, "packetsize", packet, "must be a multiple of 4");
    }

    private static boolean isPrime(long number) {
        for (long i = 2; i * i <= number; i++) {
            if (number % i == 0) {
                return false;
            }
        }
        return number > 1;
    }

    private long completeIsa() {
        String name = values.getOrDefault("technique", "");
        name = name.isEmpty() ? "reed_sol_van" : name;
        values.put("technique", name);
        if (!List.of("reed_sol_van", "cauchy").contains(name)) {
            throw noTechnique(name, List.of("reed_sol_van", "cauchy"));
        }
        long data = number("k", 7);
        long coding = number("m", 3);
        checkChunks(data, coding);
        if (name.equals("reed_sol_van")) {
            require(data <= ISA_DATA_MAX, "k", data, "must be <= " + ISA_DATA_MAX);
            require(coding <= ISA_CODING_MAX, "m", coding, "must be <= " + ISA_CODING_MAX);
            require(
                    coding < ISA_CODING_MAX || data <= ISA_DATA_MAX_OF_4,
                    "k",
                    data,
                    "must be <= " + ISA_DATA_MAX_OF_4 + " with m=" + coding);
        }
        return ISA_ALIGNMENT;
    }

    private static Refused noTechnique(String name, Iterable<String> known) {
        List<String> names = new ArrayList<>();
        known.forEach(names::add);
        return new Refused(
                Errno.ENOENT,
                "there is no technique '"
                        + PoolShowCommands.shortened(name)
                        + "'; there are "
                        + String.join(", ", names));
    }

    private void checkChunks(long data, long coding) {
        String mapping = values.getOrDefault("mapping", "");
        if (!mapping.isEmpty() && mapping.length() != data + coding) {
            throw Refused.invalid(
                    "the mapping tells of "
                            + mapping.length()
                            + " chunks, and there are "
                            + (data + coding));
        }
        require(data >= 2, "k", data, "must be >= 2");
        require(coding >= 1, "m", coding, "must be >= 1");
    }

    /** A number, which is written down where it is missing. */
    private long number(String key, long otherwise) {
        String text = values.getOrDefault(key, "");
        if (text.isEmpty()) {
            values.put(key, Long.toString(otherwise));
            return otherwise;
        }
        if (!text.matches("-?[0-9]{1,9}")) {
            throw Refused.invalid(
                    key + "=" + PoolShowCommands.shortened(text) + " is no whole number");
        }
        long number = Long.parseLong(text);
        require(number <= NUMBER_MAX, key, number, "must be <= " + NUMBER_MAX);
        return number;
    }

    private static void require(boolean holds, String key, long value, String what) {
        if (!holds) {
            throw Refused.invalid(key + "=" + value + " " + what);
        }
    }

    private void completeCrush() {
        if (values.getOrDefault("crush-failure-domain", "host").isEmpty()) {
            throw Refused.invalid(
                    "erasure-code-profile " + text(values) + " names no failure domain");
        }
        values.putIfAbsent("crush-failure-domain", "host");
        values.putIfAbsent("crush-device-class", "");
        values.merge("crush-root", "default", (old, root) -> old.isEmpty() ? root : old);
    }

    private void checkStripe(long alignment, boolean force) {
        String text = values.get("stripe_unit");
        if (text == null) {
            return;
        }
        long size = PoolVariables.quantity(text, true);
        require(
                size > 0 && size <= STRIPE_UNIT_MAX,
                "stripe_unit",
                size,
                "must be 1 to " + STRIPE_UNIT_MAX);
        long padded = (size + alignment - 1) / alignment * alignment;
        require(padded == size, "stripe_unit", size, "would be padded to " + padded);
        require(
                force || size % STRIPE_UNIT == 0,
                "stripe_unit",
                size,
                "is no multiple of " + STRIPE_UNIT + ", which is best; --force takes it");
    }
}
