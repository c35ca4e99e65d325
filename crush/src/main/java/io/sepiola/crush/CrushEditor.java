package io.sepiola.crush;

import io.sepiola.crush.CrushException.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
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
    private final BucketLinks links;

    /** Starts from {@code map}. */
    public CrushEditor(CrushMap map) {
        draft = new CrushDraft(map);
        links = new BucketLinks(draft);
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
        links.takeOut(osd);
        draft.itemNames.put(osd, name);
        draft.deviceCountMax = Math.max(draft.deviceCountMax, osd + 1);
        insert(osd, kept, place);
        return true;
    }

    /**
     * Puts a device into one more place; where it is already, it stays as well.
     *
     * @param weight 16.16
     */
    public void add(int osd, String name, int weight, Map<String, String> location) {
        NavigableMap<Integer, String> place = checked(location);
        if (isAt(osd, place)) {
            throw new CrushException(Kind.PRESENT, "'" + name + "' is there already");
        }
        draft.itemNames.put(osd, name);
        draft.deviceCountMax = Math.max(draft.deviceCountMax, osd + 1);
        insert(osd, weight, place);
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
        links.put(new BucketDraft(id, typeId, CrushBucket.STRAW2));
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
        int weight = links.weightOf(item);
        links.takeOut(item);
        insert(item, weight, place);
        return true;
    }

    /**
     * Hangs a bucket into one more place; where it hangs already, it stays as well.
     *
     * @return whether it was not there before
     */
    public boolean link(String name, Map<String, String> location) {
        int item = itemId(name);
        if (item >= 0) {
            throw new CrushException(Kind.INVALID, "'" + name + "' is a device; use add");
        }
        NavigableMap<Integer, String> place = checked(location);
        if (isAt(item, place)) {
            return false;
        }
        refuseBelowItself(item, place);
        insert(item, links.weightOf(item), place);
        return true;
    }

    /**
     * Takes an item out of all buckets below an ancestor, and the ancestor itself. A device that is
     * taken out of everything is forgotten; a bucket stays, with what it holds.
     *
     * @param ancestor empty for every place
     * @return whether it was there
     */
    public boolean unlink(String name, String ancestor) {
        int item = itemId(name);
        List<CrushBucket> places = placesBelow(item, ancestor);
        places.forEach(place -> links.takeOut(place, item));
        if (item >= 0 && ancestor.isEmpty()) {
            draft.itemNames.remove(item);
            draft.itemClasses.remove(item);
        }
        return !places.isEmpty();
    }

    /**
     * As {@link #remove}, but only below an ancestor; what hangs elsewhere too stays there, and a
     * device keeps its name and class, so that {@link #set} may place it again.
     *
     * @return whether it was there
     */
    public boolean remove(String name, String ancestor) {
        int item = itemId(name);
        List<CrushBucket> places = placesBelow(item, ancestor);
        if (places.isEmpty()) {
            return false;
        }
        CrushBucket bucket = draft.bucketOrNull(item);
        if (bucket != null && bucket.size() > 0) {
            throw notEmpty(name);
        }
        if (bucket != null && places.size() == draft.parents(item).size()) {
            remove(name);
        } else {
            places.forEach(place -> links.takeOut(place, item));
        }
        return true;
    }

    private List<CrushBucket> placesBelow(int item, String ancestor) {
        List<CrushBucket> places = draft.parents(item);
        if (!ancestor.isEmpty()) {
            int above = itemId(ancestor);
            places.removeIf(place -> !links.contains(above, place.id()));
        }
        return places;
    }

    /** Exchanges what two buckets hold, and their names; their ids, types and places stay. */
    public void swap(String source, String target) {
        CrushBucket first = bucketNamed(source);
        CrushBucket second = bucketNamed(target);
        if (links.contains(first.id(), second.id()) || links.contains(second.id(), first.id())) {
            throw new CrushException(
                    Kind.INVALID, "one of '" + source + "' and '" + target + "' holds the other");
        }
        links.replaceItems(first, second);
        links.replaceItems(second, first);
        draft.itemNames.put(first.id(), target);
        draft.itemNames.put(second.id(), source);
        links.sumUp(first.id());
        links.sumUp(second.id());
    }

    private CrushBucket bucketNamed(String name) {
        CrushBucket bucket = draft.bucketOrNull(itemId(name));
        if (bucket == null) {
            throw new CrushException(Kind.INVALID, "'" + name + "' is not a bucket");
        }
        return bucket;
    }

    /** Makes every bucket's weight in its parents the sum of what it holds. */
    public void reweightAll() {
        for (CrushBucket root : List.copyOf(draft.roots())) {
            links.reweightBelow(root.id());
        }
    }

    private static CrushException notEmpty(String name) {
        return new CrushException(
                Kind.USED, "bucket '" + name + "' is not empty: remove or move its items first");
    }

    /** Takes an item out: a device, or a bucket that is empty. */
    public void remove(String name) {
        int item = itemId(name);
        CrushBucket bucket = draft.bucketOrNull(item);
        if (bucket != null && bucket.size() > 0) {
            throw notEmpty(name);
        }
        if (bucket != null && links.isTaken(item)) {
            throw new CrushException(Kind.USED, "bucket '" + name + "' is in use by a rule");
        }
        links.takeOut(item);
        if (bucket != null) {
            draft.buckets.set(-1 - item, null);
            draft.chooseArgs.replaceAll((id, args) -> WeightSets.withoutBucket(args, item));
        }
        draft.itemNames.remove(item);
        draft.itemClasses.remove(item);
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
            changed |= links.setWeight(parent.id(), item, weight);
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
        int id = freeRule();
        putRule(id, new CrushRule(id, type, firstn ? 1 : 3, firstn ? SIZE_MAX : 20, steps));
        draft.ruleNames.put(id, name);
        return id;
    }

    /**
     * Adds the rule of an erasure code: as a simple rule with gaps, for at most {@code sizeMax}
     * chunks.
     *
     * @return the rule's id
     */
    public int addErasureRule(
            String name, String root, String domain, String deviceClass, int sizeMax) {
        int id = addSimpleRule(name, root, domain, deviceClass, CrushRule.ERASURE, false);
        CrushRule rule = Objects.requireNonNull(draft.rules.get(id));
        putRule(id, new CrushRule(id, rule.type(), rule.sizeMin(), sizeMax, rule.steps()));
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

    private @Nullable Integer classIdOrNull(String name) {
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

    static void requireName(String name) {
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
            int typeId = draft.typeNames.containsValue(type) ? typeId(type) : 0;
            requireName(name);
            if (typeId == 0) {
                throw new CrushException(
                        Kind.INVALID, "'" + type + "' is no type of bucket, such as host or rack");
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
        for (String name : place.values()) {
            if (draft.itemNames.containsValue(name) && links.contains(item, itemId(name))) {
                throw new CrushException(
                        Kind.LOOP, "'" + name + "' cannot hold what it is or lies in");
            }
        }
    }

    /** Hangs an item into the lowest bucket of its place, making those that are missing. */
    private void insert(int item, int weight, NavigableMap<Integer, String> place) {
        int hanging = item;
        int hangingWeight = weight;
        for (Map.Entry<Integer, String> level : place.entrySet()) {
            boolean known = draft.itemNames.containsValue(level.getValue());
            int id =
                    known
                            ? itemId(level.getValue())
                            : addBucket(
                                    level.getValue(),
                                    String.valueOf(draft.typeNames.get(level.getKey())));
            links.append(id, hanging, hangingWeight);
            if (known) {
                return;
            }
            hanging = id;
        }
    }
}
