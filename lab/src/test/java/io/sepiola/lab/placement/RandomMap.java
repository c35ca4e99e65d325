package io.sepiola.lab.placement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The text of a map made from a seed: every kind of bucket and tunable, device classes, several
 * roots, empty domains, weights of zero and beyond, buckets in two places, weight sets. With it,
 * how many devices to ask for and which devices are out or in by half.
 */
final class RandomMap {
    private static final List<String> ALGORITHMS =
            List.of("uniform", "list", "tree", "straw", "straw2");
    private static final List<String> CLASSES = List.of("hdd", "ssd", "nvme");
    private static final String[] PROFILES = {
        "2 5 19 0 0 0 0 22",
        "0 0 50 1 0 0 0 22",
        "0 0 50 1 1 0 0 22",
        "0 0 50 1 1 0 0 54",
        "0 0 50 1 1 1 1 54",
        "2 5 19 0 0 0 1 54"
    };
    private static final String[] TUNABLES = {
        "choose_local_tries",
        "choose_local_fallback_tries",
        "choose_total_tries",
        "chooseleaf_descend_once",
        "chooseleaf_vary_r",
        "chooseleaf_stable",
        "straw_calc_version",
        "allowed_bucket_algs"
    };

    private record Bucket(String name, int id, List<String> items, String algorithm) {}

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private final Map<Integer, String> devices = new LinkedHashMap<>();
    private final List<Bucket> buckets = new ArrayList<>();
    private final List<Integer> freeIds = new ArrayList<>();
    private final List<String> usedClasses = new ArrayList<>();
    private final String onlyAlgorithm;
    private final boolean trees;
    private boolean shadows = true;
    private boolean heavyUsed;
    private int ruleCount;

    RandomMap(long seed) {
        this(seed, false);
    }

    /**
     * As above.
     *
     * @param tame whether a map with weight sets has no buckets but straw2, and no map has tree
     *     buckets: others make Ceph write beyond its memory, or leave memory as it finds it, when
     *     the map is changed
     */
    RandomMap(long seed, boolean tame) {
        random = new Random(seed);
        for (int i = 0; i < 5; i++) {
            random.nextInt(); // neighbouring seeds begin alike
        }
        for (int id = -1; id >= -100; id--) {
            freeIds.add(id);
        }
        Collections.shuffle(freeIds.subList(0, 60), random);
        boolean sets = chance(40);
        String algorithm = chance(40) ? pick(ALGORITHMS) : "";
        onlyAlgorithm = tame && (sets || algorithm.equals("tree")) ? "straw2" : algorithm;
        trees = !tame;
        text.append("# map of seed ").append(seed).append('\n');
        tunables();
        devices();
        text.append("type 0 osd\ntype 1 host\n\ntype 3 rack # a gap before\ntype 10 root\n");
        hierarchy();
        rules();
        if (sets) {
            weightSets();
        }
    }

    String text() {
        return text.toString();
    }

    int ruleCount() {
        return ruleCount;
    }

    /** How many devices to ask for. */
    int count() {
        return 1 + random.nextInt(7);
    }

    /** Weights as {@code --weight} takes them, by device. */
    Map<Integer, String> weights() {
        Map<Integer, String> weights = new TreeMap<>();
        for (int device : devices.keySet()) {
            if (chance(15)) {
                weights.put(device, pick(List.of("0", "0.5", "0.25", "0.9", "1.0", "0.001")));
            }
        }
        return weights;
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> among) {
        return among.get(random.nextInt(among.size()));
    }

    private void tunables() {
        String[] profile = PROFILES[random.nextInt(PROFILES.length)].split(" ");
        boolean wild = chance(30);
        for (int i = 0; i < TUNABLES.length; i++) {
            String value = profile[i];
            if (wild && i < 7 && chance(50)) {
                value = "" + random.nextInt(i == 2 ? 60 : i == 4 ? 5 : i < 2 ? 8 : 2);
            }
            if (!wild || chance(80)) {
                text.append("tunable ").append(TUNABLES[i]).append(' ').append(value).append('\n');
            }
        }
    }

    private void devices() {
        int count = 3 + random.nextInt(60);
        boolean classes = chance(60);
        int id = 0;
        for (int i = 0; i < count; i++) {
            String name = chance(90) ? "osd." + id : "disk-" + id + "_x";
            devices.put(id, name);
            text.append("device ").append(id).append(' ').append(name);
            if (classes && chance(85)) {
                String deviceClass = pick(CLASSES);
                text.append(" class ").append(deviceClass);
                if (!usedClasses.contains(deviceClass)) {
                    usedClasses.add(deviceClass);
                }
            }
            text.append('\n');
            id += chance(90) ? 1 : 1 + random.nextInt(4);
        }
    }

    private void hierarchy() {
        List<String> left = new ArrayList<>(devices.values());
        Collections.shuffle(left, random);
        List<String> hosts = new ArrayList<>();
        while (!left.isEmpty()) {
            int size = chance(8) ? 0 : Math.min(left.size(), 1 + random.nextInt(9));
            List<String> items = new ArrayList<>(left.subList(0, size));
            left = left.subList(size, left.size());
            if (chance(5)) {
                items.add(pick(new ArrayList<>(devices.values()))); // in two hosts
            }
            hosts.add(bucket("host", "h" + hosts.size(), items.stream().distinct().toList()));
        }
        List<String> racks = grouped("rack", "r", hosts);
        int roots = 1 + random.nextInt(3);
        for (int i = 0; i < roots; i++) {
            List<String> items = new ArrayList<>(racks);
            Collections.shuffle(items, random);
            items = items.subList(0, Math.max(1, items.size() - random.nextInt(3)));
            if (chance(15)) {
                items.add(pick(hosts));
            }
            if (chance(10)) {
                items.add(pick(new ArrayList<>(devices.values())));
            }
            bucket("root", i == 0 ? "default" : "root-" + i, items);
        }
    }

    private List<String> grouped(String type, String prefix, List<String> items) {
        List<String> groups = new ArrayList<>();
        for (int from = 0; from < items.size(); ) {
            int to = Math.min(items.size(), from + 1 + random.nextInt(5));
            groups.add(bucket(type, prefix + groups.size(), items.subList(from, to)));
            from = to;
        }
        return groups;
    }

    private String bucket(String type, String name, List<String> items) {
        String algorithm = onlyAlgorithm.isEmpty() ? pick(ALGORITHMS) : onlyAlgorithm;
        if (algorithm.equals("tree") && (!trees || !usedClasses.isEmpty())) {
            algorithm = "straw2"; // Ceph leaves memory as it finds it in shadows of tree buckets
        }
        if (algorithm.equals("uniform") && !usedClasses.isEmpty()) {
            if (chance(97)) {
                algorithm = "straw2"; // Ceph makes no shadows of uniform buckets
            } else {
                shadows = false;
            }
        }
        int id = freeIds.removeFirst();
        text.append(type).append(' ').append(name).append(" {\n");
        boolean ids = chance(90);
        if (ids) {
            text.append("\tid ").append(id).append("\t\t# do not change\n");
            for (String deviceClass : usedClasses) {
                if (chance(50)) {
                    text.append("  id ").append(freeIds.removeFirst()).append(" class ");
                    text.append(deviceClass).append('\n');
                }
            }
        }
        text.append("\talg ").append(algorithm).append("\n\thash 0\t# rjenkins1\n");
        boolean uniform = algorithm.equals("uniform");
        String same = pick(List.of("1", "0.500", "7.277", "2.00000")); // 0 aborts Ceph's compiler
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            places.add(i);
        }
        boolean positions = (uniform || algorithm.equals("tree")) && chance(60);
        if (positions && chance(30)) {
            Collections.shuffle(places, random);
        }
        for (int i = 0; i < items.size(); i++) {
            text.append("\titem ").append(items.get(i));
            if (uniform || chance(92)) {
                boolean device = devices.containsValue(items.get(i));
                String own = uniform ? same : weight(type.equals("root") && !device);
                text.append(" weight ").append(own);
            }
            if (positions) {
                text.append(" pos ").append(places.get(i));
            }
            text.append('\n');
        }
        text.append("}\n");
        buckets.add(new Bucket(name, ids ? id : 0, items, algorithm));
        return name;
    }

    private String weight(boolean heavy) {
        if (heavy && !heavyUsed && chance(3)) {
            heavyUsed = true;
            return "40000.5"; // above 2^31 as an integer of 16.16
        }
        return switch (random.nextInt(8)) {
            case 0 -> chance(60) ? "0" : "0.000";
            case 1 -> "1.000";
            case 2 -> "7.277";
            case 3 -> "1";
            case 4 -> String.format(Locale.ROOT, "%.3f", random.nextDouble() * 20);
            case 5 -> String.format(Locale.ROOT, "%.5f", random.nextDouble());
            case 6 -> chance(50) ? "0.500" : "" + (random.nextInt(200) / 16.0); // prints as ties
            default -> "" + (1 + random.nextInt(100));
        };
    }

    private void rules() {
        int id = 0;
        ruleCount = 3;
        for (int i = 0; i < ruleCount; i++) {
            text.append("rule rule-").append(i).append(" {\n\tid ").append(id).append('\n');
            text.append("\ttype ").append(chance(50) ? "replicated" : "erasure").append('\n');
            text.append("\tmin_size 1\n\tmax_size 10\n");
            for (String set : List.of("tries 100", "local_tries 3", "local_fallback_tries 2")) {
                if (chance(12)) {
                    text.append("\tstep set_choose_").append(set).append('\n');
                }
            }
            for (String set : List.of("tries 5", "vary_r 2", "stable 0", "stable 1", "vary_r 0")) {
                if (chance(12)) {
                    text.append("\tstep set_chooseleaf_").append(set).append('\n');
                }
            }
            for (int block = chance(20) ? 2 : 1; block > 0; block--) {
                block();
            }
            text.append("}\n");
            id += chance(80) ? 1 : 3;
        }
    }

    private void block() {
        Bucket from = chance(80) ? buckets.getLast() : pick(buckets);
        text.append("\tstep take ").append(from.name);
        if (shadows && !usedClasses.isEmpty() && chance(35)) {
            text.append(" class ").append(pick(usedClasses));
        }
        text.append('\n');
        String mode = chance(60) ? "firstn" : "indep";
        switch (random.nextInt(5)) {
            case 0 -> choose("chooseleaf", mode, 0, "rack");
            case 1 -> choose("chooseleaf", mode, 0, "host");
            case 2 -> choose("choose", mode, chance(50) ? 0 : -1, "osd");
            case 3 -> {
                choose("choose", mode, 1 + random.nextInt(3), chance(70) ? "rack" : "host");
                choose("chooseleaf", mode, 1 + random.nextInt(3), chance(70) ? "host" : "osd");
            }
            default -> {
                choose("choose", mode, random.nextInt(4), "rack");
                choose("choose", mode, 1 + random.nextInt(2), "host");
                choose("choose", chance(80) ? mode : "firstn", 1 + random.nextInt(2), "osd");
            }
        }
        text.append("\tstep emit\n");
    }

    private void choose(String verb, String mode, int count, String type) {
        text.append("\tstep ").append(verb).append(' ').append(mode).append(' ').append(count);
        text.append(" type ").append(type).append('\n');
    }

    private void weightSets() {
        for (String id : chance(50) ? List.of("0") : List.of("3", "18446744073709551615")) {
            int positions = 1 + random.nextInt(4);
            text.append("choose_args ").append(id).append(" {\n");
            for (Bucket bucket : buckets) {
                if (bucket.id < 0 && !bucket.items.isEmpty() && chance(60)) {
                    weightSet(bucket, positions);
                }
            }
            text.append("}\n");
        }
    }

    private void weightSet(Bucket bucket, int positions) {
        text.append("  {\n    bucket_id ").append(bucket.id).append("\n    weight_set [\n");
        for (int position = 0; position < positions; position++) {
            text.append("      [ ");
            bucket.items.forEach(item -> text.append(weight(false)).append(' '));
            text.append("]\n");
        }
        text.append("    ]\n");
        if (chance(30)) {
            text.append("    ids [ ");
            bucket.items.forEach(item -> text.append(random.nextInt(2000) - 1000).append(' '));
            text.append("]\n");
        }
        text.append("  }\n");
    }
}
