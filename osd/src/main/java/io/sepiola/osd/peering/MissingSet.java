package io.sepiola.osd.peering;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgLogEntry;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The objects of which one member lacks the newest version (pg_missing_t). A deleted object is
 * never missing: members delete while they merge logs. Owned by one placement group.
 */
public final class MissingSet {
    /**
     * What is lacked.
     *
     * @param need the version to be had
     * @param have the version on disk; {@link EVersion#ZERO} when there is none that counts
     * @param isNew whether the member knows of the object by the log alone from its creation on: it
     *     has had no version of it since. False where that is not known
     */
    public record Item(EVersion need, EVersion have, boolean isNew) {
        /** Of an object that is not known to be new. */
        public Item(EVersion need, EVersion have) {
            this(need, have, false);
        }
    }

    private final TreeMap<HObject, Item> items = new TreeMap<>();
    private final TreeSet<HObject> changed = new TreeSet<>();

    /** Nothing is missing. */
    public MissingSet() {}

    /** A copy. */
    public MissingSet(Map<HObject, Item> items) {
        this.items.putAll(items);
    }

    /** By object. Unmodifiable view. */
    public SortedMap<HObject, Item> items() {
        return Collections.unmodifiableSortedMap(items);
    }

    /** How many. */
    public int count() {
        return items.size();
    }

    /** Whether nothing is missing. */
    public boolean isEmpty() {
        return items.isEmpty();
    }

    /** What is lacked of that object, if anything. */
    public @Nullable Item itemOrNull(HObject object) {
        return items.get(object);
    }

    /** Whether the object is missing. */
    public boolean contains(HObject object) {
        return !items.isEmpty() && items.containsKey(object);
    }

    /** The object must be had at {@code need}. */
    public void add(HObject object, EVersion need, EVersion have) {
        add(object, new Item(need, have));
    }

    /** The object must be had so. */
    public void add(HObject object, Item item) {
        items.put(object, item);
        changed.add(object);
    }

    /** The object is no longer missing, or no longer wanted. */
    public void remove(HObject object) {
        if (!items.isEmpty() && items.remove(object) != null) {
            changed.add(object);
        }
    }

    /** Keeps only objects up to that one: those after it are yet to be backfilled. */
    void keepUpTo(HObject last) {
        if (!last.isMax()) {
            SortedMap<HObject, Item> after = items.tailMap(last, false);
            changed.addAll(after.keySet());
            after.clear();
        }
    }

    /** Forgets everything. */
    public void clear() {
        changed.addAll(items.keySet());
        items.clear();
    }

    /** The objects of which something changed since this was last asked. */
    SortedSet<HObject> takeChanged() {
        SortedSet<HObject> taken = new TreeSet<>(changed);
        changed.clear();
        return taken;
    }

    boolean hasChanged() {
        return !changed.isEmpty();
    }

    /** An earlier version is wanted; what is on disk stays as it was. */
    void reviseNeed(HObject object, EVersion need) {
        items.computeIfPresent(object, (o, item) -> new Item(need, item.have));
        changed.add(object);
    }

    /** What is on disk does not count. */
    void forgetHave(HObject object) {
        items.computeIfPresent(object, (o, item) -> new Item(item.need, EVersion.ZERO));
        changed.add(object);
    }

    /** A log entry was learned whose change is not on the member's disk. */
    public void addNext(PgLogEntry entry) {
        if (!Entries.changes(entry)) {
            return;
        }
        HObject object = entry.object();
        if (Entries.deletes(entry)) {
            remove(object);
            return;
        }
        Item item = items.get(object);
        EVersion have = item == null ? entry.prior() : item.have;
        boolean isNew = item == null ? have.equals(EVersion.ZERO) : item.isNew;
        add(object, new Item(entry.version(), have, isNew));
    }

    /** The least version needed, or nothing when nothing is missing. */
    public @Nullable EVersion oldestNeedOrNull() {
        EVersion oldest = null;
        for (Item item : items.values()) {
            if (oldest == null || item.need.compareTo(oldest) < 0) {
                oldest = item.need;
            }
        }
        return oldest;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MissingSet that && items.equals(that.items);
    }

    @Override
    public int hashCode() {
        return items.hashCode();
    }

    @Override
    public String toString() {
        return items.toString();
    }
}
