package io.sepiola.crush;

import io.sepiola.crush.CrushException.Kind;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Makes new and changed maps: what the commands {@code ceph osd crush ...} and booting OSDs ask
 * for. Owned by one caller; the map it started from stays as it was. All methods throw {@link
 * CrushException} when asked for what cannot be, and then nothing has changed.
 */
public final class CrushEditor {
    private static final CrushMap EMPTY = new CrushDraft().build();
    private static final List<String> TYPES =
            List.of(
                    "osd",
                    "host",
                    "chassis",
                    "rack",
                    "row",
                    "pdu",
                    "pod",
                    "room",
                    "datacenter",
                    "zone",
                    "region",
                    "root");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,255}");
    private static final int SIZE_MAX = 10; // of the pools of a simple rule, as Ceph writes it

    private final CrushDraft draft;

    /** Starts from {@code map}. */
    public CrushEditor(CrushMap map) {
        draft = new CrushDraft(map);
    }

    /** No bucket, no rule. */
    public static CrushMap empty() {
        return EMPTY;
    }

    /**
     * A new cluster's map: Ceph's types, a root {@code default}, and {@code replicated_rule}.
     *
     * @param failureDomain the type that the rule spreads over: {@code host}, or {@code osd} where
     *     all OSDs share one machine
     */
    public static CrushMap initial(String failureDomain) {
        CrushEditor editor = new CrushEditor(EMPTY);
        for (int type = 0; type < TYPES.size(); type++) {
            editor.draft.typeNames.put(type, TYPES.get(type));
        }
        editor.addBucket("default", "root");
        editor.addSimpleRule(
                "replicated_rule", "default", failureDomain, "", CrushRule.REPLICATED, true);
        return editor.build();
    }

    /** The map as it stands; shadows are made anew. */
    public CrushMap build() {
        CrushDraft copy = new CrushDraft(draft.build());
        ShadowTrees.rebuild(copy);
        int devices = 0;
        for (CrushBucket bucket : copy.buckets) {
            if (bucket != null && bucket.size() > 0) {
                devices = Math.max(devices, Arrays.stream(bucket.items).max().getAsInt() + 1);
            }
        }
        copy.deviceCountMax = Math.max(devices, copy.deviceCountMax);
        return copy.build();
    }

    /**
     * Puts a device where it says it is: creates missing buckets; a device already placed keeps its
     * weight, and one already there stays.
     *
     * @param weight 16.16
     * @param location bucket names by type, such as root=default host=a
     * @return whether anything changed
     */
    public boolean createOrMove(int osd, String name, int weight, Map<String, String> location) {
        NavigableMap<Integer, String> place = checked(location);
        if (osd < 0) {
            throw new CrushException(Kind.INVALID, "no device can have the id " + osd);
        }
        if (isAt(osd, place)) {
            return false;
        }
        int kept = weight;
        List<CrushBucket> parents = draft.parents(osd);
        if (!parents.isEmpty()) {
            CrushBucket parent = parents.getFirst();
            kept = parent.itemWeight(parent.indexOf(osd));
        }
        unlink(osd);
        draft.itemNames.put(osd, name);
        draft.deviceCountMax = Math.max(draft.deviceCountMax, osd + 1);
        insert(osd, kept, place);
        return true;
    }

    /** As {@link #createOrMove}, but the weight given holds in any case. */
    public boolean set(int osd, String name, int weight, Map<String, String> location) {
        boolean moved = createOrMove(osd, name, weight, location);
        return reweight(osd, weight) || moved;
    }

    /** Makes an empty straw2 bucket that hangs nowhere. */
    public int addBucket(String name, String type) {
        requireName(name);
        int typeId = typeId(type);
        if (typeId == 0) {
            throw new CrushException(
                    Kind.INVALID, "type '" + type + "' is for devices, not buckets");
        }
        if (draft.itemNames.containsValue(name)) {
            throw new CrushException(Kind.PRESENT, "bucket '" + name + "' already exists");
        }
        int id = -1;
        while (draft.bucketOrNull(id) != null) {
            id--;
        }
        put(new BucketDraft(id, typeId, CrushBucket.STRAW2));
        draft.itemNames.put(id, name);
        return id;
    }

    /**
     * Moves an item, with all below it, to another place.
     *
     * @return whether it was elsewhere before
     */
    public boolean move(String name, Map<String, String> location) {
        int item = itemId(name);
        NavigableMap<Integer, String> place = checked(location);
        if (isAt(item, place)) {
            return false;
        }
        refuseBelowItself(item, place);
        int weight = weightOf(item);
        unlink(item);
        insert(item, weight, place);
        return true;
    }

    /** Takes an item out: a device, or a bucket that is empty. */
    public void remove(String name) {
        int item = itemId(name);
        CrushBucket bucket = draft.bucketOrNull(item);
        if (bucket != null && bucket.size() > 0) {
            throw new CrushException(
                    Kind.USED,
                    "bucket '" + name + "' is not empty: remove or move its items first");
        }
        if (bucket != null && isTaken(item)) {
            throw new CrushException(Kind.USED, "bucket '" + name + "' is in use by a rule");
        }
        unlink(item);
        if (bucket != null) {
            draft.buckets.set(-1 - item, null);
            draft.chooseArgs.replaceAll((id, args) -> WeightSets.withoutBucket(args, item));
        }
        draft.itemNames.remove(item);
        draft.itemClasses.remove(item);
    }

    private boolean isTaken(int item) {
        return draft.rules.stream()
                .anyMatch(rule ->
                        rule != null
                                && rule.steps().stream()
                                        .anyMatch(step ->
                                                step.operation() == CrushRule.Step.TAKE
                                                        && unshadowed(step.first()) == item));
    }

    private int unshadowed(int id) {
        for (Map.Entry<Integer, NavigableMap<Integer, Integer>> entry : draft.shadows.entrySet()) {
            if (entry.getValue().containsValue(id)) {
                return entry.getKey();
            }
        }
        return id;
    }

    /** Gives a bucket another name. */
    public void rename(String name, String newName) {
        int item = itemId(name);
        requireName(newName);
        if (draft.itemNames.containsValue(newName)) {
            throw new CrushException(Kind.PRESENT, "'" + newName + "' already exists");
        }
        draft.itemNames.put(item, newName);
    }

    /**
     * Sets an item's weight wherever it hangs, and the sums above.
     *
     * @return whether it was another
     */
    public boolean reweight(int item, int weight) {
        boolean changed = false;
        for (CrushBucket parent : draft.parents(item)) {
            changed |= setWeight(parent.id(), item, weight);
        }
        return changed;
    }

    /** Sets the weight of every device below a bucket. */
    public void reweightSubtree(String name, int weight) {
        CrushBucket bucket = draft.bucketOrNull(itemId(name));
        if (bucket == null) {
            throw new CrushException(Kind.INVALID, "'" + name + "' is not a bucket");
        }
        for (int item : bucket.items) {
            if (item >= 0) {
                reweight(item, weight);
            } else {
                reweightSubtree(String.valueOf(draft.itemNames.get(item)), weight);
            }
        }
    }

    /**
     * Gives a device a class; an empty one takes it away.
     *
     * @return whether it had another
     */
    public boolean setDeviceClass(int osd, String deviceClass) {
        if (osd < 0) {
            throw new CrushException(Kind.INVALID, "no device can have the id " + osd);
        }
        draft.itemNames.putIfAbsent(
                osd, "osd." + osd); // Ceph's OSDs name their class before their place.
        draft.deviceCountMax = Math.max(draft.deviceCountMax, osd + 1);
        if (deviceClass.isEmpty()) {
            return draft.itemClasses.remove(osd) != null;
        }
        requireName(deviceClass);
        Integer number = classIdOrNull(deviceClass);
        if (number == null) {
            number = draft.classNames.isEmpty() ? 0 : draft.classNames.lastKey() + 1;
            draft.classNames.put(number, deviceClass);
        }
        return !number.equals(draft.itemClasses.put(osd, number));
    }

    /**
     * Adds a rule that takes a root, chooses distinct buckets of a type, and a device in each.
     *
     * @param deviceClass devices to keep to, or empty
     * @param type {@link CrushRule#REPLICATED} or {@link CrushRule#ERASURE}
     * @param firstn whether gaps close, as replicated pools want; else they stay
     * @return the rule's id
     */
    public int addSimpleRule(
            String name, String root, String domain, String deviceClass, int type, boolean firstn) {
        requireName(name);
        if (draft.ruleNames.containsValue(name)) {
            throw new CrushException(Kind.PRESENT, "rule '" + name + "' already exists");
        }
        int take = itemId(root);
        if (!deviceClass.isEmpty()) {
            take = shadowId(root, take, deviceClass);
        }
        int domainId = typeId(domain);
        List<CrushRule.Step> steps = new ArrayList<>();
        if (!firstn) {
            steps.add(new CrushRule.Step(CrushRule.Step.SET_CHOOSELEAF_TRIES, 5, 0));
            steps.add(new CrushRule.Step(CrushRule.Step.SET_CHOOSE_TRIES, 100, 0));
        }
        steps.add(new CrushRule.Step(CrushRule.Step.TAKE, take, 0));
        int leaf = firstn ? CrushRule.Step.CHOOSELEAF_FIRSTN : CrushRule.Step.CHOOSELEAF_INDEP;
        int plain = firstn ? CrushRule.Step.CHOOSE_FIRSTN : CrushRule.Step.CHOOSE_INDEP;
        steps.add(new CrushRule.Step(domainId == 0 ? plain : leaf, 0, domainId));
        steps.add(new CrushRule.Step(CrushRule.Step.EMIT, 0, 0));
        int sizeMin = type == CrushRule.REPLICATED ? 1 : 3;
        int id = freeRule();
        putRule(
                id,
                new CrushRule(
                        id, type, sizeMin, type == CrushRule.REPLICATED ? SIZE_MAX : 20, steps));
        draft.ruleNames.put(id, name);
        return id;
    }

    private int shadowId(String root, int take, String deviceClass) {
        Integer number = classIdOrNull(deviceClass);
        if (number == null) {
            throw new CrushException(
                    Kind.ABSENT,
                    "device class '" + deviceClass + "' does not exist; no device has it");
        }
        ShadowTrees.rebuild(draft);
        Integer shadow = draft.shadows.getOrDefault(take, new TreeMap<>()).get(number);
        if (shadow == null) {
            throw new CrushException(
                    Kind.INVALID, "root " + root + " has no devices with class " + deviceClass);
        }
        return shadow;
    }

    private int freeRule() {
        int id = draft.rules.indexOf(null);
        return id >= 0 ? id : draft.rules.size();
    }

    private void putRule(int id, CrushRule rule) {
        while (draft.rules.size() <= id) {
            draft.rules.add(null);
        }
        draft.rules.set(id, rule);
    }

    /** Takes a rule away; the caller has seen to it that no pool uses it. */
    public void removeRule(String name) {
        int id = ruleId(name);
        draft.rules.set(id, null);
        draft.ruleNames.remove(id);
    }

    /** Gives a rule another name. */
    public void renameRule(String name, String newName) {
        int id = ruleId(name);
        requireName(newName);
        if (draft.ruleNames.containsValue(newName)) {
            throw new CrushException(Kind.PRESENT, "rule '" + newName + "' already exists");
        }
        draft.ruleNames.put(id, newName);
    }

    /** Sets how choosing goes. */
    public void tunables(Tunables tunables) {
        draft.tunables = tunables;
    }

    private int ruleId(String name) {
        return draft.ruleNames.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() ->
                        new CrushException(Kind.ABSENT, "rule '" + name + "' does not exist"));
    }

    private @org.jspecify.annotations.Nullable Integer classIdOrNull(String name) {
        for (Map.Entry<Integer, String> entry : draft.classNames.entrySet()) {
            if (entry.getValue().equals(name)) {
                return entry.getKey();
            }
        }
        return null;
    }

    private int itemId(String name) {
        return draft.itemNames.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name) && name.indexOf('~') < 0)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() ->
                        new CrushException(Kind.ABSENT, "item '" + name + "' does not exist"));
    }

    private int typeId(String name) {
        return draft.typeNames.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() ->
                        new CrushException(Kind.ABSENT, "type '" + name + "' does not exist"));
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new CrushException(
                    Kind.INVALID,
                    "'" + name + "' is no name: letters, digits, '-', '_' and '.' are");
        }
    }

    /** The location by type number, from the lowest up; names that exist have that type. */
    private NavigableMap<Integer, String> checked(Map<String, String> location) {
        NavigableMap<Integer, String> place = new TreeMap<>();
        location.forEach((type, name) -> {
            int typeId = typeId(type);
            requireName(name);
            if (typeId == 0) {
                throw new CrushException(Kind.INVALID, "a location names no device");
            }
            place.put(typeId, name);
            if (draft.itemNames.containsValue(name)) {
                CrushBucket bucket = draft.bucketOrNull(itemId(name));
                if (bucket == null || bucket.type() != typeId) {
                    throw new CrushException(
                            Kind.INVALID, "'" + name + "' exists and is not a " + type);
                }
            }
        });
        if (place.isEmpty()) {
            throw new CrushException(Kind.INVALID, "no location: give at least root=default");
        }
        return place;
    }

    private boolean isAt(int item, NavigableMap<Integer, String> place) {
        for (CrushBucket parent : draft.parents(item)) {
            if (String.valueOf(draft.itemNames.get(parent.id()))
                    .equals(place.firstEntry().getValue())) {
                return true;
            }
        }
        return false;
    }

    private void refuseBelowItself(int item, NavigableMap<Integer, String> place) {
        CrushBucket moved = draft.bucketOrNull(item);
        if (moved == null) {
            return;
        }
        if (place.firstKey() <= moved.type()) {
            throw new CrushException(
                    Kind.INVALID,
                    "a "
                            + draft.typeNames.get(moved.type())
                            + " cannot lie in a "
                            + draft.typeNames.get(place.firstKey()));
        }
    }

    private int weightOf(int item) {
        CrushBucket bucket = draft.bucketOrNull(item);
        if (bucket != null) {
            return bucket.weight();
        }
        List<CrushBucket> parents = draft.parents(item);
        return parents.isEmpty()
                ? 0
                : parents.getFirst().itemWeight(parents.getFirst().indexOf(item));
    }

    /** Hangs an item into the lowest bucket of its place, making those that are missing. */
    private void insert(int item, int weight, NavigableMap<Integer, String> place) {
        int hanging = item;
        int hangingWeight = weight;
        for (Map.Entry<Integer, String> level : place.entrySet()) {
            CrushBucket bucket = draft.bucketOrNull(hanging);
            if (bucket != null && level.getKey() <= bucket.type()) {
                continue;
            }
            boolean known = draft.itemNames.containsValue(level.getValue());
            int id =
                    known
                            ? itemId(level.getValue())
                            : addBucket(
                                    level.getValue(),
                                    String.valueOf(draft.typeNames.get(level.getKey())));
            append(id, hanging, hangingWeight);
            if (known) {
                return;
            }
            hanging = id;
        }
    }

    private void append(int bucketId, int item, int weight) {
        CrushBucket bucket = require(bucketId);
        BucketDraft changed = new BucketDraft(bucket);
        changed.add(item, weight);
        put(changed);
        draft.chooseArgs.replaceAll(
                (id, args) -> WeightSets.appended(args, bucketId, item, weight));
        sumUp(bucketId);
    }

    private void unlink(int item) {
        for (CrushBucket parent : draft.parents(item)) {
            int index = parent.indexOf(item);
            BucketDraft changed = new BucketDraft(parent);
            changed.items.remove(index);
            changed.weights.remove(index);
            put(changed);
            draft.chooseArgs.replaceAll((id, args) -> WeightSets.removed(args, parent.id(), index));
            sumUp(parent.id());
        }
    }

    private boolean setWeight(int bucketId, int item, int weight) {
        CrushBucket bucket = require(bucketId);
        int index = bucket.indexOf(item);
        if (bucket.itemWeight(index) == weight) {
            return false;
        }
        BucketDraft changed = new BucketDraft(bucket);
        if (bucket.algorithm() == CrushBucket.UNIFORM) {
            changed.weights.replaceAll(old -> weight);
        } else {
            changed.weights.set(index, weight);
        }
        put(changed);
        draft.chooseArgs.replaceAll((id, args) -> WeightSets.set(args, bucketId, index, weight));
        sumUp(bucketId);
        return true;
    }

    /** Lets the buckets above know a bucket's new weight. */
    private void sumUp(int bucketId) {
        int weight = require(bucketId).weight();
        for (CrushBucket parent : draft.parents(bucketId)) {
            setWeight(parent.id(), bucketId, weight);
        }
    }

    private CrushBucket require(int id) {
        CrushBucket bucket = draft.bucketOrNull(id);
        if (bucket == null) {
            throw new CrushException(Kind.ABSENT, "bucket " + id + " does not exist");
        }
        return bucket;
    }

    private void put(BucketDraft bucket) {
        draft.put(bucket.build(draft.tunables.strawCalcVersion()));
    }
}
