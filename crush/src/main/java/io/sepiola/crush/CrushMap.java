package io.sepiola.crush;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The hierarchy of a cluster's devices and the rules by which data is spread over it. Immutable and
 * shared; {@link CrushEditor} makes changed ones. The hierarchy holds no cycle.
 */
public final class CrushMap {
    /** Ceph's binary map; see {@link CrushMapCodec}. */
    public static final Codec<CrushMap> CODEC = new CrushMapCodec();

    /** In place of a device where none could be chosen (CRUSH_ITEM_NONE). */
    public static final int ITEM_NONE = 0x7fffffff;

    final @Nullable CrushBucket[] buckets; // slot i holds id -1-i
    final @Nullable CrushRule[] rules;
    private final int deviceCountMax;
    private final Tunables tunables;
    private final NavigableMap<Integer, String> typeNames;
    private final NavigableMap<Integer, String> itemNames;
    private final NavigableMap<Integer, String> ruleNames;
    private final NavigableMap<Integer, Integer> itemClasses;
    private final NavigableMap<Integer, String> classNames;
    private final NavigableMap<Integer, NavigableMap<Integer, Integer>> shadows;
    private final NavigableMap<Long, ChooseArgs> chooseArgs;
    private final NavigableMap<String, Integer> itemIds = new TreeMap<>();
    private final int bucketSizeMax;

    /** Takes the draft's parts over; the draft must not be touched again. */
    CrushMap(CrushDraft draft) {
        this.buckets = draft.buckets.toArray(new @Nullable CrushBucket[0]);
        this.rules = draft.rules.toArray(new @Nullable CrushRule[0]);
        this.deviceCountMax = draft.deviceCountMax;
        this.tunables = draft.tunables;
        this.typeNames = Collections.unmodifiableNavigableMap(draft.typeNames);
        this.itemNames = Collections.unmodifiableNavigableMap(draft.itemNames);
        this.ruleNames = Collections.unmodifiableNavigableMap(draft.ruleNames);
        this.itemClasses = Collections.unmodifiableNavigableMap(draft.itemClasses);
        this.classNames = Collections.unmodifiableNavigableMap(draft.classNames);
        this.shadows = Collections.unmodifiableNavigableMap(draft.shadows);
        this.chooseArgs = Collections.unmodifiableNavigableMap(draft.chooseArgs);
        itemNames.forEach((id, name) -> itemIds.put(name, id));
        int sizeMax = 0;
        for (CrushBucket bucket : buckets) {
            sizeMax = Math.max(sizeMax, bucket == null ? 0 : bucket.size());
        }
        this.bucketSizeMax = sizeMax;
    }

    /** Ceph's encoding. */
    public Bytes toBytes() {
        return CODEC.toBytes(this);
    }

    /** Slots for buckets, used or not. */
    public int bucketSlots() {
        return buckets.length;
    }

    /** The bucket of that (negative) id. */
    public Optional<CrushBucket> bucket(int id) {
        return Optional.ofNullable(bucketOrNull(id));
    }

    @Nullable CrushBucket bucketOrNull(int id) {
        int slot = -1 - id;
        return slot >= 0 && slot < buckets.length ? buckets[slot] : null;
    }

    /** How many items the largest bucket holds. */
    int bucketSizeMax() {
        return bucketSizeMax;
    }

    /** Slots for rules, used or not. */
    public int ruleSlots() {
        return rules.length;
    }

    /** The rule of that id. */
    public Optional<CrushRule> rule(int id) {
        return id >= 0 && id < rules.length ? Optional.ofNullable(rules[id]) : Optional.empty();
    }

    /** One more than the highest device. */
    public int deviceCountMax() {
        return deviceCountMax;
    }

    /** How choosing goes. */
    public Tunables tunables() {
        return tunables;
    }

    /** Type numbers and names; 0 is a device. Unmodifiable, like all maps given out here. */
    public NavigableMap<Integer, String> typeNames() {
        return typeNames;
    }

    /** Names of devices and buckets; those of shadow buckets hold a tilde. */
    public NavigableMap<Integer, String> itemNames() {
        return itemNames;
    }

    /** Names of rules by id. */
    public NavigableMap<Integer, String> ruleNames() {
        return ruleNames;
    }

    /** The class number of each device or shadow bucket that has one. */
    public NavigableMap<Integer, Integer> itemClasses() {
        return itemClasses;
    }

    /** Device classes by number. */
    public NavigableMap<Integer, String> classNames() {
        return classNames;
    }

    /** For each bucket, its shadow for each class number. */
    public NavigableMap<Integer, NavigableMap<Integer, Integer>> shadows() {
        return shadows;
    }

    /** Weight sets by id: a pool's, or -1. */
    public NavigableMap<Long, ChooseArgs> chooseArgs() {
        return chooseArgs;
    }

    /** The weight set of a pool: its own, else the one of id -1. */
    public @Nullable ChooseArgs chooseArgsOfPoolOrNull(long pool) {
        if (chooseArgs.isEmpty()) {
            return null;
        }
        ChooseArgs own = chooseArgs.get(pool);
        return own != null ? own : chooseArgs.get(ChooseArgs.DEFAULT_ID);
    }

    /** The item of that name. */
    public OptionalInt itemId(String name) {
        Integer id = itemIds.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The item's name, or {@code osd.N} or {@code bucketN} where it has none. */
    public String itemName(int id) {
        String name = itemNames.get(id);
        return name != null ? name : id >= 0 ? "osd." + id : "bucket" + (-1 - id);
    }

    /** The name of a type, or {@code typeN}. */
    public String typeName(int type) {
        String name = typeNames.get(type);
        return name != null ? name : "type" + type;
    }

    /** The number of the type of that name. */
    public OptionalInt typeId(String name) {
        return keyOf(typeNames, name);
    }

    /** The id of the rule of that name. */
    public OptionalInt ruleId(String name) {
        return keyOf(ruleNames, name);
    }

    /** The number of the device class of that name. */
    public OptionalInt classId(String name) {
        return keyOf(classNames, name);
    }

    private static OptionalInt keyOf(NavigableMap<Integer, String> names, String name) {
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .mapToInt(entry -> entry.getKey())
                .findFirst();
    }

    /** The class of a device, where it has one. */
    public Optional<String> classOf(int item) {
        Integer number = itemClasses.get(item);
        return number == null ? Optional.empty() : Optional.ofNullable(classNames.get(number));
    }

    /** Whether the bucket is a class's shadow of another. */
    public boolean isShadow(int id) {
        String name = itemNames.get(id);
        return name != null && name.indexOf('~') >= 0;
    }

    /** The bucket that holds the item, shadows aside. */
    public Optional<CrushBucket> parent(int item) {
        for (CrushBucket bucket : buckets) {
            if (bucket != null && !isShadow(bucket.id()) && bucket.indexOf(item) >= 0) {
                return Optional.of(bucket);
            }
        }
        return Optional.empty();
    }

    /** Whether any bucket holds the item, shadows aside. */
    public boolean isPlaced(int item) {
        return parent(item).isPresent();
    }

    /** Equal encodings. */
    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof CrushMap that && toBytes().equals(that.toBytes());
    }

    @Override
    public int hashCode() {
        return toBytes().hashCode();
    }

    @Override
    public String toString() {
        return "crush map of " + itemNames.size() + " items, " + ruleNames.size() + " rules";
    }
}
