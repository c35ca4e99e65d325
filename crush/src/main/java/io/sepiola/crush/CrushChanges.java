package io.sepiola.crush;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The changes that {@code crushtool} makes, each to the bit as Ceph's CrushWrapper makes it, its
 * oddities included; {@link CrushEditor} is for the cluster's own commands. Owned by one caller. A
 * refusal ({@link CrushRefusal}) may leave the change half done: the caller gives the map up then.
 */
public final class CrushChanges {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

    private final CrushDraft draft;
    private final ChangeWeights weights;

    /** Starts from {@code map}, which stays as it was. */
    public CrushChanges(CrushMap map) {
        draft = new CrushDraft(map);
        weights = new ChangeWeights(draft);
    }

    /**
     * The changed map. Its count of devices is that of those which are placed or named.
     *
     * @throws io.sepiola.base.Malformed when a bucket contains itself
     */
    public CrushMap build() {
        int devices = draft.itemNames.isEmpty() ? 0 : Math.max(0, draft.itemNames.lastKey() + 1);
        for (CrushBucket bucket : draft.buckets) {
            for (int i = 0; bucket != null && i < bucket.size(); i++) {
                devices = Math.max(devices, bucket.item(i) + 1);
            }
        }
        CrushDraft copy = new CrushDraft(draft.build());
        copy.deviceCountMax = devices;
        return copy.build();
    }

    /** Sets how choosing goes. */
    public void tunables(Tunables tunables) {
        draft.tunables = tunables;
    }

    /** Whether any item has that name. */
    public boolean hasItem(String name) {
        return draft.itemNames.containsValue(name);
    }

    private int id(String name) {
        // Of two items of one name, Ceph finds the one that comes last.
        for (Map.Entry<Integer, String> entry : draft.itemNames.descendingMap().entrySet()) {
            if (entry.getValue().equals(name)) {
                return entry.getKey();
            }
        }
        return 0;
    }

    /** Whether the item hangs directly in the lowest bucket that the location names. */
    public boolean isAt(String item, Map<String, String> location) {
        return placeOf(id(item), location).isPresent();
    }

    /** The item's weight in the lowest bucket of the location, where that holds it. */
    private OptionalInt placeOf(int item, Map<String, String> location) {
        for (Map.Entry<Integer, String> type : draft.typeNames.entrySet()) {
            String name = location.get(type.getValue());
            if (type.getKey() == 0 || name == null) {
                continue;
            }
            CrushBucket bucket = hasItem(name) ? draft.bucketOrNull(id(name)) : null;
            int at = bucket == null ? -1 : bucket.indexOf(item);
            return bucket == null || at < 0
                    ? OptionalInt.empty()
                    : OptionalInt.of(bucket.itemWeight(at));
        }
        return OptionalInt.empty();
    }

    private static int fixed(float weight) {
        if (weight * 0x10000 > Integer.MAX_VALUE || weight < 0) {
            throw new CrushRefusal(
                    CrushRefusal.OVERFLOW, "weight " + weight + " is not between 0 and 32767");
        }
        return (int) (weight * 0x10000);
    }

    /** Sets the weight of an item wherever it hangs. */
    public void reweightItem(String name, float weight) {
        if (weights.adjust(id(name), fixed(weight), true) == 0) {
            throw new CrushRefusal(CrushRefusal.ABSENT, "'" + name + "' hangs nowhere");
        }
    }

    /** Takes an item out of all that hold it, and away. */
    public void removeItem(String name) {
        remove(id(name), false);
    }

    private void remove(int item, boolean unlinkOnly) {
        boolean removed = false;
        if (item < 0 && !unlinkOnly) {
            CrushBucket bucket = draft.bucketOrNull(item);
            if (bucket == null) {
                throw new CrushRefusal(CrushRefusal.ABSENT, "no bucket " + item);
            }
            if (bucket.size() > 0) {
                throw new CrushRefusal(
                        CrushRefusal.NOT_EMPTY, "bucket " + item + " still holds items");
            }
            if (isInUse(item)) {
                throw new CrushRefusal(
                        CrushRefusal.BUSY, "a rule or a class's tree uses bucket " + item);
            }
        }
        for (int slot = 0; slot < draft.buckets.size(); slot++) {
            for (int i = 0; i < sizeOf(slot); i++) {
                CrushBucket bucket = draft.buckets.get(slot);
                if (bucket != null && bucket.item(i) == item) {
                    removeFrom(bucket.id(), item);
                    removed = true;
                }
            }
        }
        removed |= forgotten(item, unlinkOnly);
        if (!removed) {
            throw new CrushRefusal(CrushRefusal.ABSENT, "item " + item + " hangs nowhere");
        }
    }

    private int sizeOf(int slot) {
        CrushBucket bucket = draft.buckets.get(slot);
        return bucket == null ? 0 : bucket.size();
    }

    private void removeFrom(int bucketId, int item) {
        weights.adjustIn(bucketId, item, 0, true);
        CrushBucket bucket = require(bucketId);
        int at = bucket.indexOf(item);
        draft.put(BucketEdit.without(bucket, item, draft.tunables.strawCalcVersion()));
        draft.chooseArgs.replaceAll((id, args) -> WeightSets.removed(args, bucketId, at));
    }

    /** Forgets the item itself when nothing holds or uses it; whether that is so. */
    private boolean forgotten(int item, boolean unlinkOnly) {
        for (CrushBucket bucket : draft.buckets) {
            if (bucket != null && bucket.indexOf(item) >= 0) {
                return false;
            }
        }
        if (item < 0 && isInUse(item)) {
            return false;
        }
        if (item < 0 && !unlinkOnly) {
            draft.buckets.set(-1 - item, null);
            draft.shadows.remove(item);
            draft.itemClasses.remove(item);
            weights.trimSets();
        }
        if (item >= 0 || !unlinkOnly) {
            draft.itemNames.remove(item);
            if (item >= 0 && !unlinkOnly) {
                draft.itemClasses.remove(item);
            }
        }
        rebuilt();
        return true;
    }

    private boolean isInUse(int item) {
        for (NavigableMap<Integer, Integer> byClass : draft.shadows.values()) {
            if (byClass.containsValue(item)) {
                return true;
            }
        }
        for (CrushRule rule : draft.rules) {
            for (CrushRule.Step step : rule == null ? List.<CrushRule.Step>of() : rule.steps()) {
                if (step.operation() == CrushRule.Step.TAKE) {
                    String taken = draft.itemNames.get(step.first());
                    if (taken == null) {
                        return false;
                    }
                    int tilde = taken.indexOf('~');
                    int original = tilde < 0 ? step.first() : id(taken.substring(0, tilde));
                    if (step.first() == item || original == item) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /**
     * Hangs a device into a location.
     *
     * @param location bucket names by type name; missing buckets are made
     */
    public void addItem(int item, float weight, String name, Map<String, String> location) {
        insert(item, weight, name, location, true);
    }

    /** Puts a device where it is said to be, with that weight and name. */
    public void updateItem(int item, float weight, String name, Map<String, String> location) {
        requireNames(name, location);
        int wanted = fixed(weight);
        OptionalInt at = placeOf(item, location);
        if (at.isEmpty()) {
            if (draft.itemNames.containsKey(item)) {
                remove(item, true);
            }
            insert(item, weight, name, location, true);
            return;
        }
        if (at.getAsInt() != wanted) {
            for (String bucket : new TreeMap<>(location).values()) {
                weights.adjustIn(id(bucket), item, wanted, true);
            }
            requireRebuilt();
        }
        draft.itemNames.put(item, name);
    }

    private void insert(
            int item, float weight, String name, Map<String, String> location, boolean sets) {
        if (item >= CrushParser.ID_MAX) {
            throw new CrushRefusal(
                    CrushRefusal.INVALID,
                    "device " + item + " is beyond the last, " + (CrushParser.ID_MAX - 1));
        }
        requireNames(name, location);
        int wanted = fixed(weight);
        if (hasItem(name)) {
            if (id(name) != item) {
                throw new CrushRefusal(
                        CrushRefusal.PRESENT, "'" + name + "' is the name of item " + id(name));
            }
        } else {
            draft.itemNames.put(item, name);
        }
        hang(item, location);
        boolean adjusted = false;
        for (String bucket : new TreeMap<>(location).values()) {
            adjusted |= weights.adjustIn(id(bucket), item, wanted, item >= 0 && sets);
        }
        if (!adjusted) {
            throw new CrushRefusal(
                    CrushRefusal.INVALID,
                    "there is nowhere to put item " + item + " in " + location);
        }
        requireRebuilt();
    }

    private void hang(int item, Map<String, String> location) {
        int hanging = item;
        for (Map.Entry<Integer, String> type : new TreeMap<>(draft.typeNames).entrySet()) {
            String name = location.get(type.getValue());
            if (type.getKey() == 0 || name == null) {
                continue;
            }
            if (!hasItem(name)) {
                hanging = newBucket(0, type.getKey(), new int[] {hanging}, new int[1]);
                draft.itemNames.put(hanging, name);
                continue;
            }
            CrushBucket bucket = draft.bucketOrNull(id(name));
            if (bucket == null
                    || contains(bucket.id(), hanging)
                    || bucket.type() != type.getKey()) {
                throw new CrushRefusal(
                        CrushRefusal.INVALID,
                        "'" + name + "' is no " + type.getValue() + " that could hold the item");
            }
            if (contains(hanging, bucket.id())) {
                throw new CrushRefusal(
                        CrushRefusal.LOOP, "item " + hanging + " holds '" + name + "' itself");
            }
            draft.put(BucketEdit.with(bucket, hanging, 0, draft.tunables.strawCalcVersion()));
            int added = hanging;
            draft.chooseArgs.replaceAll(
                    (id, args) -> WeightSets.appended(args, bucket.id(), added, 0));
            return;
        }
    }

    private boolean contains(int root, int item) {
        if (root == item) {
            return true;
        }
        CrushBucket bucket = draft.bucketOrNull(root);
        for (int i = 0; bucket != null && i < bucket.size(); i++) {
            if (contains(bucket.item(i), item)) {
                return true;
            }
        }
        return false;
    }

    private static void requireNames(String name, Map<String, String> location) {
        List<String> names = new ArrayList<>(location.keySet());
        names.addAll(location.values());
        names.add(name);
        for (String each : names) {
            if (!NAME.matcher(each).matches()) {
                throw new CrushRefusal(CrushRefusal.INVALID, "'" + each + "' is no name");
            }
        }
    }

    /**
     * Makes a bucket.
     *
     * @param algorithm 0 for the first of straw2, straw, tree, list, uniform that is allowed
     * @return its id
     */
    public int newBucket(int algorithm, int type, int[] items, int[] itemWeights) {
        int chosen = algorithm;
        for (int i = CrushBucket.STRAW2; chosen == 0 && i >= CrushBucket.UNIFORM; i--) {
            // Ceph's preference runs straw2, straw, tree, list, uniform: their numbers downwards.
            chosen = (draft.tunables.allowedBucketAlgorithms() >> i & 1) != 0 ? i : 0;
        }
        if (chosen == 0) {
            throw new CrushRefusal(CrushRefusal.INVALID, "the tunables allow no bucket algorithm");
        }
        BucketDraft bucket = new BucketDraft(draft.freeBucketId(), type, chosen);
        for (int i = 0; i < items.length; i++) {
            bucket.add(items[i], itemWeights[i]);
        }
        CrushBucket made = bucket.build(draft.tunables.strawCalcVersion());
        draft.put(made);
        if (items.length > 0) {
            weights.addSets(made);
        }
        return made.id();
    }

    /** Gives an item a name. */
    public void name(int item, String name) {
        requireNames(name, Map.of());
        draft.itemNames.put(item, name);
    }

    /** Gives a type a name. */
    public void nameType(int type, String name) {
        draft.typeNames.put(type, name);
    }

    /** Takes a bucket from where it hangs and hangs it elsewhere. */
    public void moveBucket(String name, Map<String, String> location) {
        int item = id(name);
        int weight = require(item).weight();
        for (CrushBucket bucket : draft.buckets) {
            if (bucket != null && !draft.isShadow(bucket.id()) && bucket.indexOf(item) >= 0) {
                removeFrom(bucket.id(), item);
                break;
            }
        }
        insert(item, weight / (float) 0x10000, name, location, false);
    }

    /**
     * Takes a device from where it hangs and hangs it elsewhere, with its weight.
     *
     * @return whether that changed anything
     */
    public boolean moveDevice(String name, Map<String, String> location) {
        int item = id(name);
        if (placeOf(item, location).isPresent()) {
            return false;
        }
        float weight = 0;
        for (CrushBucket bucket : draft.buckets) {
            int at = bucket == null ? -1 : bucket.indexOf(item);
            if (bucket != null && at >= 0) {
                weight = bucket.itemWeight(at) / (float) 0x10000;
                remove(item, true);
                break;
            }
        }
        insert(item, weight, name, location, true);
        return true;
    }

    private CrushBucket require(int id) {
        CrushBucket bucket = draft.bucketOrNull(id);
        if (bucket == null) {
            throw new CrushRefusal(CrushRefusal.ABSENT, "no bucket " + id);
        }
        return bucket;
    }

    /** Takes a rule away; there is one of that id. */
    public void removeRule(int id) {
        draft.rules.set(id, null);
        draft.ruleNames.remove(id);
        requireRebuilt();
    }

    /**
     * Adds the rule that takes a root and chooses distinct buckets of a type with a device in each.
     *
     * @param deviceClass devices to keep to, or empty
     * @param mode {@code firstn} or {@code indep}
     */
    public void addRule(String name, String root, String type, String deviceClass, String mode) {
        int take = id(root);
        if (!hasItem(root)) {
            throw new CrushRefusal(CrushRefusal.ABSENT, "root item " + root + " does not exist");
        }
        int typeId = typeId(type);
        if (!type.isEmpty() && typeId < 0) {
            throw new CrushRefusal(CrushRefusal.INVALID, "unknown type " + type);
        }
        if (!deviceClass.isEmpty()) {
            take = shadow(take, root, deviceClass);
        }
        if (!mode.equals("firstn") && !mode.equals("indep")) {
            throw new CrushRefusal(CrushRefusal.INVALID, "unknown mode " + mode);
        }
        boolean firstn = mode.equals("firstn");
        List<CrushRule.Step> steps = new ArrayList<>();
        if (!firstn) {
            steps.add(new CrushRule.Step(CrushRule.Step.SET_CHOOSELEAF_TRIES, 5, 0));
            steps.add(new CrushRule.Step(CrushRule.Step.SET_CHOOSE_TRIES, 100, 0));
        }
        steps.add(new CrushRule.Step(CrushRule.Step.TAKE, take, 0));
        int leaf = firstn ? CrushRule.Step.CHOOSELEAF_FIRSTN : CrushRule.Step.CHOOSELEAF_INDEP;
        int plain = firstn ? CrushRule.Step.CHOOSE_FIRSTN : CrushRule.Step.CHOOSE_INDEP;
        steps.add(new CrushRule.Step(typeId > 0 ? leaf : plain, 0, Math.max(0, typeId)));
        steps.add(new CrushRule.Step(CrushRule.Step.EMIT, 0, 0));
        int id = draft.rules.indexOf(null) >= 0 ? draft.rules.indexOf(null) : draft.rules.size();
        if (id == draft.rules.size()) {
            draft.rules.add(null);
        }
        draft.rules.set(
                id,
                new CrushRule(id, CrushRule.REPLICATED, firstn ? 1 : 3, firstn ? 10 : 20, steps));
        draft.ruleNames.put(id, name);
    }

    private int typeId(String name) {
        for (Map.Entry<Integer, String> type : draft.typeNames.descendingMap().entrySet()) {
            if (type.getValue().equals(name)) {
                return type.getKey();
            }
        }
        return -1;
    }

    private int shadow(int take, String root, String deviceClass) {
        for (Map.Entry<Integer, String> known : draft.classNames.entrySet()) {
            if (known.getValue().equals(deviceClass)) {
                Integer shadow =
                        draft.shadows.getOrDefault(take, new TreeMap<>()).get(known.getKey());
                if (shadow == null) {
                    throw new CrushRefusal(
                            CrushRefusal.INVALID,
                            "root " + root + " has no devices with class " + deviceClass);
                }
                return shadow;
            }
        }
        throw new CrushRefusal(
                CrushRefusal.INVALID, "device class " + deviceClass + " does not exist");
    }

    /** Computes the weights of all buckets anew from their items'. */
    public void reweight() {
        new ChangeSums(draft).all();
        requireRebuilt();
    }

    /** Gives all devices below a bucket a class; the shadows are for the caller to rebuild. */
    public void setClassBelow(String bucket, String deviceClass) {
        if (hasItem(bucket)) {
            Integer number = null;
            for (Map.Entry<Integer, String> known : draft.classNames.entrySet()) {
                number = known.getValue().equals(deviceClass) ? known.getKey() : number;
            }
            if (number == null) {
                number = draft.classNames.isEmpty() ? 0 : draft.classNames.lastKey() + 1;
                draft.classNames.put(number, deviceClass);
            }
            setClassBelow(draft.bucketOrNull(id(bucket)), number);
        }
    }

    private void setClassBelow(@Nullable CrushBucket bucket, int number) {
        for (int i = 0; bucket != null && i < bucket.size(); i++) {
            if (bucket.item(i) >= 0) {
                draft.itemClasses.put(bucket.item(i), number);
            } else {
                setClassBelow(draft.bucketOrNull(bucket.item(i)), number);
            }
        }
    }

    /**
     * Makes the trees of the device classes anew.
     *
     * @throws CrushRefusal where a bucket can have no shadow
     */
    public void rebuildClassRoots() {
        requireRebuilt();
    }

    private void requireRebuilt() {
        rebuilt()
                .ifPresent(why -> {
                    throw new CrushRefusal(CrushRefusal.INVALID, why);
                });
    }

    private Optional<String> rebuilt() {
        Iterator<Integer> classes = draft.classNames.keySet().iterator();
        while (classes.hasNext()) {
            if (isDead(classes.next())) {
                classes.remove();
            }
        }
        return ShadowTrees.rebuildLikeCeph(draft);
    }

    /** Whether neither a device nor a rule knows the class any more. */
    private boolean isDead(int number) {
        for (Map.Entry<Integer, Integer> item : draft.itemClasses.entrySet()) {
            if (item.getKey() >= 0 && item.getValue() == number) {
                return false;
            }
        }
        for (CrushRule rule : draft.rules) {
            for (CrushRule.Step step : rule == null ? List.<CrushRule.Step>of() : rule.steps()) {
                for (NavigableMap<Integer, Integer> byClass : draft.shadows.values()) {
                    Integer shadow = byClass.get(number);
                    if (step.operation() == CrushRule.Step.TAKE
                            && shadow != null
                            && shadow == step.first()) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
