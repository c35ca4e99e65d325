package io.sepiola.crush;

import io.sepiola.base.Malformed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a map's text. Owned by one caller.
 *
 * <pre>
 * map     := ("tunable" name number | "device" id name ("class" name)? | "type" id name)*
 *            bucket* rule* args*
 * bucket  := type-name name "{" ("id" id ("class" name)?)* "alg" name ("hash" (0|"rjenkins1"))*
 *            ("item" name ("weight" number)? ("pos" number)?)* "}"
 * rule    := "rule" name? "{" ("id"|"ruleset") n "type" kind "min_size" n "max_size" n
 *            ("step" step)* "}"
 * args    := "choose_args" n "{" ("{" "bucket_id" id ("weight_set" "[" ("[" number* "]")* "]")?
 *            ("ids" "[" id* "]")? "}")* "}"
 * </pre>
 *
 * A hash sign begins a comment. What is used was declared above; only of two buckets, the one that
 * holds the other may come first, as in Ceph.
 */
final class CrushParser {
    static final int ID_MAX = 1 << 20;

    private final CrushWords words;
    private final CrushDraft draft = new CrushDraft();
    private final Map<String, Integer> itemIds = new TreeMap<>();
    private final Map<String, Integer> typeIds = new TreeMap<>();
    private final Set<Integer> namedIds = new HashSet<>(); // that buckets and shadows give
    private Tunables tunables = Tunables.LEGACY;

    CrushParser(String text) {
        words = new CrushWords(text);
        draft.tunables = Tunables.LEGACY;
    }

    /** One bucket's words, read before any bucket is made. */
    private record Block(String name, int position, Set<String> items) {}

    CrushMap parse() {
        boolean head = true;
        while (head) {
            head = words.hasMore();
            if (words.skip("tunable")) {
                tunable();
            } else if (words.skip("device")) {
                device();
            } else if (words.skip("type")) {
                type();
            } else {
                head = false;
            }
        }
        draft.tunables = tunables;
        buckets();
        while (words.skip("rule")) {
            rule();
        }
        while (words.skip("choose_args")) {
            chooseArgs();
        }
        if (words.hasMore()) {
            throw words.error(
                    "expected rule or choose_args, found '"
                            + words.next("")
                            + "'; tunables,"
                            + " devices and types come first, then buckets");
        }
        finish();
        try {
            CrushMap map = draft.build();
            CrushMap.CODEC.fromBytes(map.toBytes());
            return map;
        } catch (Malformed bad) {
            throw words.error(bad.getMessage() == null ? "no valid map" : bad.getMessage());
        }
    }

    private void finish() {
        for (int slot = 0; slot < draft.buckets.size(); slot++) {
            CrushBucket bucket = draft.buckets.get(slot);
            for (int i = 0; bucket != null && i < bucket.size(); i++) {
                draft.deviceCountMax = Math.max(draft.deviceCountMax, bucket.item(i) + 1);
            }
        }
    }

    private void tunable() {
        String name = words.next("a tunable's name");
        int value = words.number(0, Integer.MAX_VALUE);
        Tunables t = tunables;
        int local = t.chooseLocalTries();
        int fallback = t.chooseLocalFallbackTries();
        int total = t.chooseTotalTries();
        int once = t.chooseleafDescendOnce();
        int varyR = t.chooseleafVaryR();
        int straw = t.strawCalcVersion();
        int algorithms = t.allowedBucketAlgorithms();
        int stable = t.chooseleafStable();
        switch (name) {
            case "choose_local_tries" -> local = value;
            case "choose_local_fallback_tries" -> fallback = value;
            case "choose_total_tries" -> total = value;
            case "chooseleaf_descend_once" -> once = value;
            case "chooseleaf_vary_r" -> varyR = value;
            case "straw_calc_version" -> straw = value;
            case "allowed_bucket_algs" -> algorithms = value;
            case "chooseleaf_stable" -> stable = value;
            default -> throw words.error("unknown tunable '" + name + "'");
        }
        tunables = new Tunables(local, fallback, total, once, varyR, straw, algorithms, stable);
        draft.tunables = tunables;
    }

    private void device() {
        int id = words.number(0, ID_MAX - 1);
        String name = newItemName();
        if (draft.itemNames.containsKey(id)) {
            throw words.error("device " + id + " is there already");
        }
        name(id, name);
        if (words.skip("class")) {
            draft.itemClasses.put(id, classId(words.next("a device class")));
        }
    }

    private int classId(String name) {
        for (Map.Entry<Integer, String> entry : draft.classNames.entrySet()) {
            if (entry.getValue().equals(name)) {
                return entry.getKey();
            }
        }
        int id = draft.classNames.size();
        draft.classNames.put(id, name);
        return id;
    }

    private String newItemName() {
        String name = words.next("a name");
        if (itemIds.containsKey(name)) {
            throw words.error("item '" + name + "' is there already");
        }
        return name;
    }

    private void name(int id, String name) {
        itemIds.put(name, id);
        draft.itemNames.put(id, name);
    }

    private int item(String name) {
        Integer id = itemIds.get(name);
        if (id == null) {
            throw words.error("item '" + name + "' is not declared above");
        }
        return id;
    }

    private void type() {
        int id = words.number(0, 0xffff);
        String name = words.next("a type's name");
        if (typeIds.put(name, id) != null || draft.typeNames.put(id, name) != null) {
            throw words.error("type " + id + " '" + name + "' is there already");
        }
    }

    private int typeId(String name) {
        Integer id = typeIds.get(name);
        if (id == null) {
            throw words.error("type '" + name + "' is not declared above");
        }
        return id;
    }

    private void buckets() {
        List<Block> blocks = new ArrayList<>();
        while (words.hasMore() && !words.peekIs("rule") && !words.peekIs("choose_args")) {
            blocks.add(block());
        }
        int end = words.position();
        for (Block block : inOrder(blocks)) {
            words.seek(block.position);
            bucket(words.next("a type's name"));
        }
        words.seek(end);
    }

    /** Exchanges a bucket with one further down that it holds, as Ceph does. */
    private List<Block> inOrder(List<Block> blocks) {
        List<Block> ordered = new ArrayList<>(blocks);
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < blocks.size(); i++) {
            places.put(blocks.get(i).name, i);
        }
        for (int i = 0; i < blocks.size(); i++) {
            Block holder = blocks.get(i);
            int here = i;
            int[] below =
                    holder.items.stream()
                            .mapToInt(item -> places.getOrDefault(item, 0))
                            .filter(place -> place > here)
                            .sorted()
                            .toArray();
            for (int j : below) {
                if (blocks.get(j).items.contains(holder.name)) {
                    words.seek(holder.position + 1);
                    throw words.error(
                            "buckets '"
                                    + holder.name
                                    + "' and '"
                                    + blocks.get(j).name
                                    + "' contain each other");
                }
                Collections.swap(ordered, i, j);
            }
        }
        return ordered;
    }

    /** Runs over a bucket's words, for its name, its items' names and the ids it gives. */
    private Block block() {
        int position = words.position();
        typeId(words.next("a type's name"));
        String name = words.next("a name");
        words.expect("{");
        while (words.skip("id")) {
            namedIds.add(words.number(-ID_MAX, -1));
            if (words.skip("class")) {
                words.next("a device class");
            }
        }
        Set<String> items = new LinkedHashSet<>();
        while (!words.skip("}")) {
            if (words.next("}").equals("item")) {
                items.add(words.next("an item's name"));
            }
        }
        return new Block(name, position, items);
    }

    private void bucket(String typeName) {
        int type = typeId(typeName);
        if (type == 0) {
            throw words.error("type '" + typeName + "' is for devices, not buckets");
        }
        String name = newItemName();
        words.expect("{");
        int id = 0;
        NavigableMap<Integer, Integer> shadows = new TreeMap<>();
        while (words.skip("id")) {
            int given = words.number(-ID_MAX, -1);
            if (!words.skip("class")) {
                id = given;
            } else if (shadows.put(classId(words.next("a device class")), given) != null) {
                throw words.error("a device class twice in bucket '" + name + "'");
            }
        }
        words.expect("alg");
        int algorithm = algorithm(words.next("an algorithm"));
        while (words.skip("hash")) {
            String hash = words.next("a hash");
            if (!hash.equals("0") && !hash.equals("rjenkins1")) {
                throw words.error("unknown hash '" + hash + "'; there is 0, rjenkins1");
            }
        }
        BucketItems items = new BucketItems(words);
        while (words.skip("item")) {
            int item = item(words.next("an item's name"));
            CrushBucket below = draft.bucketOrNull(item);
            items.add(item, below == null ? 0x10000 : below.weight());
        }
        words.expect("}");
        if (id == 0) {
            id = -1;
            while (namedIds.contains(id)) {
                id--;
            }
            namedIds.add(id);
        }
        if (draft.bucketOrNull(id) != null) {
            throw words.error("bucket id " + id + " is there already");
        }
        name(id, name);
        draft.put(items.bucket(id, type, algorithm).build(tunables.strawCalcVersion()));
        if (!shadows.isEmpty()) {
            draft.shadows.put(id, shadows);
        }
    }

    private int algorithm(String name) {
        for (int algorithm = CrushBucket.UNIFORM; algorithm <= CrushBucket.STRAW2; algorithm++) {
            if (CrushText.algorithmName(algorithm).equals(name)) {
                return algorithm;
            }
        }
        throw words.error(
                "unknown algorithm '" + name + "'; there is uniform, list, tree, straw, straw2");
    }

    private void rule() {
        if (draft.rules.isEmpty()) {
            // Rules may take shadows, which come of all buckets together.
            ShadowTrees.rebuildLikeCeph(draft);
        }
        String name = words.peekIs("{") ? "" : words.next("a rule's name");
        if (!name.isEmpty() && draft.ruleNames.containsValue(name)) {
            throw words.error("rule '" + name + "' is there already");
        }
        words.expect("{");
        if (!words.skip("ruleset")) {
            words.expect("id");
        }
        int id = words.number(0, 255);
        words.expect("type");
        int type = ruleType(words.next("a rule's type"));
        words.expect("min_size");
        int sizeMin = words.number(0, 255);
        words.expect("max_size");
        int sizeMax = words.number(0, 255);
        List<CrushRule.Step> steps = new ArrayList<>();
        do {
            words.expect("step");
            steps.add(step());
        } while (!words.skip("}"));
        while (draft.rules.size() <= id) {
            draft.rules.add(null);
        }
        if (draft.rules.get(id) != null) {
            throw words.error("rule " + id + " is there already");
        }
        draft.rules.set(id, new CrushRule(id, type, sizeMin, sizeMax, steps));
        if (!name.isEmpty()) {
            draft.ruleNames.put(id, name);
        }
    }

    private int ruleType(String name) {
        return switch (name) {
            case "replicated" -> CrushRule.REPLICATED;
            case "erasure" -> CrushRule.ERASURE;
            default ->
                    throw words.error(
                            "unknown rule type '" + name + "'; there is replicated, erasure");
        };
    }

    private CrushRule.Step step() {
        String word = words.next("a step");
        return switch (word) {
            case "noop" -> new CrushRule.Step(CrushRule.Step.NOOP, 0, 0);
            case "emit" -> new CrushRule.Step(CrushRule.Step.EMIT, 0, 0);
            case "take" -> {
                int item = item(words.next("an item's name"));
                if (words.skip("class")) {
                    item = shadow(item, words.next("a device class"));
                }
                yield new CrushRule.Step(CrushRule.Step.TAKE, item, 0);
            }
            case "choose" -> choose(CrushRule.Step.CHOOSE_FIRSTN, CrushRule.Step.CHOOSE_INDEP);
            case "chooseleaf" ->
                    choose(CrushRule.Step.CHOOSELEAF_FIRSTN, CrushRule.Step.CHOOSELEAF_INDEP);
            case "set_choose_tries" -> set(CrushRule.Step.SET_CHOOSE_TRIES);
            case "set_chooseleaf_tries" -> set(CrushRule.Step.SET_CHOOSELEAF_TRIES);
            case "set_choose_local_tries" -> set(CrushRule.Step.SET_CHOOSE_LOCAL_TRIES);
            case "set_choose_local_fallback_tries" ->
                    set(CrushRule.Step.SET_CHOOSE_LOCAL_FALLBACK_TRIES);
            case "set_chooseleaf_vary_r" -> set(CrushRule.Step.SET_CHOOSELEAF_VARY_R);
            case "set_chooseleaf_stable" -> set(CrushRule.Step.SET_CHOOSELEAF_STABLE);
            default -> throw words.error("unknown step '" + word + "'");
        };
    }

    private int shadow(int item, String deviceClass) {
        for (Map.Entry<Integer, Integer> shadow :
                draft.shadows.getOrDefault(item, new TreeMap<>()).entrySet()) {
            if (deviceClass.equals(draft.classNames.get(shadow.getKey()))) {
                return shadow.getValue();
            }
        }
        throw words.error(
                "'" + draft.itemNames.get(item) + "' has no devices of class " + deviceClass);
    }

    private CrushRule.Step set(int operation) {
        return new CrushRule.Step(operation, words.number(0, Integer.MAX_VALUE), 0);
    }

    private CrushRule.Step choose(int firstn, int indep) {
        String mode = words.next("firstn or indep");
        if (!mode.equals("firstn") && !mode.equals("indep")) {
            throw words.error("expected firstn or indep, found '" + mode + "'");
        }
        int count = words.number(-ID_MAX, ID_MAX);
        words.expect("type");
        int type = typeId(words.next("a type's name"));
        return new CrushRule.Step(mode.equals("firstn") ? firstn : indep, count, type);
    }

    private void chooseArgs() {
        long id = words.setId();
        words.expect("{");
        NavigableMap<Integer, ChooseArgs.Replaced> byBucket = new TreeMap<>();
        while (!words.skip("}")) {
            words.expect("{");
            words.expect("bucket_id");
            int bucketId = words.number(-ID_MAX, -1);
            CrushBucket bucket = draft.bucketOrNull(bucketId);
            if (bucket == null) {
                throw words.error("no bucket has the id " + bucketId);
            }
            List<int[]> weights = new ArrayList<>();
            int[] ids = {};
            if (words.skip("weight_set")) {
                words.expect("[");
                while (!words.skip("]")) {
                    words.expect("[");
                    weights.add(numbers(bucket, true));
                }
            }
            if (words.skip("ids")) {
                words.expect("[");
                ids = numbers(bucket, false);
            }
            words.expect("}");
            byBucket.put(bucketId, new ChooseArgs.Replaced(weights.toArray(new int[0][]), ids));
        }
        if (draft.chooseArgs.put(id, new ChooseArgs(byBucket)) != null) {
            throw words.error("choose_args " + Long.toUnsignedString(id) + " is there already");
        }
    }

    private int[] numbers(CrushBucket bucket, boolean weights) {
        int[] values = new int[bucket.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    weights
                            ? words.weight(BucketItems.BUCKET_WEIGHT_MAX)
                            : words.number(Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        if (!words.skip("]")) {
            throw words.error(
                    "bucket "
                            + bucket.id()
                            + " has "
                            + bucket.size()
                            + " items; expected ] after as many");
        }
        return values;
    }
}
