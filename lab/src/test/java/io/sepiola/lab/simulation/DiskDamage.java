package io.sepiola.lab.simulation;

import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreException;

import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is wrong with one disk: blocks of objects' data that are not what was written there, whether
 * they rotted, were written elsewhere or never, or cannot be read. A store notices each by the
 * block's checksum, which it keeps apart from the block, or is told by the system. As in the block
 * store, what replaces whole blocks mends them, and what changes a part of one has to read it first
 * and fails. Outlives the process. An older copy of a whole object, with all that belongs to it, is
 * not among them: no disk makes one out of damage, since its index is one tree with checksums.
 */
final class DiskDamage {
    /** In which data are stored and held against their checksums, in bytes. */
    static final int BLOCK_SIZE = 4096;

    private final SortedMap<GhObject, SortedSet<Integer>> blocks = new TreeMap<>();
    private final StoreException.Kind kind;
    private boolean everAny;

    /** None yet; what is damaged later is told of as that kind of failure. */
    DiskDamage(StoreException.Kind kind) {
        this.kind = kind;
    }

    /** Whether nothing is damaged any more. */
    boolean isMended() {
        return blocks.isEmpty();
    }

    /** Whether anything ever was. */
    boolean everAny() {
        return everAny;
    }

    /** Whether this copy of an object is damaged. */
    boolean has(GhObject object) {
        return blocks.containsKey(object);
    }

    @Override
    public String toString() {
        return blocks.toString();
    }

    /** A block of an object is no good from now on. */
    void add(GhObject object, int block) {
        everAny = true;
        blocks.computeIfAbsent(object, any -> new TreeSet<>()).add(block);
    }

    /** Throws when that range of an object's data cannot be read. */
    void read(GhObject object, long offset, long length) {
        SortedSet<Integer> bad = blocks.get(object);
        if (bad != null && length > 0) {
            SortedSet<Integer> hit =
                    bad.tailSet(block(offset)).headSet(block(offset + length - 1) + 1);
            if (!hit.isEmpty()) {
                throw failure(object, hit.first());
            }
        }
    }

    private static int block(long offset) {
        return (int) (offset / BLOCK_SIZE);
    }

    private StoreException failure(GhObject object, int block) {
        return new StoreException(kind, "block " + block + " of " + object + " is damaged");
    }

    /** Something is changed: what it mends, once it is done. Throws when it cannot be done. */
    Runnable changed(Transaction transaction, ObjectStore store) {
        if (blocks.isEmpty()) {
            return () -> {};
        }
        SortedMap<GhObject, SortedSet<Integer>> after = new TreeMap<>();
        blocks.forEach((object, bad) -> after.put(object, new TreeSet<>(bad)));
        transaction.ops().forEach(op -> change(op, store, after));
        return () -> {
            blocks.clear();
            blocks.putAll(after);
            blocks.values().removeIf(SortedSet::isEmpty);
        };
    }

    private void change(
            Transaction.Op op, ObjectStore store, Map<GhObject, SortedSet<Integer>> after) {
        switch (op) {
            case Transaction.Write o -> overwrite(o.object(), o.offset(), o.data().size(), after);
            case Transaction.Zero o -> overwrite(o.object(), o.offset(), o.length(), after);
            case Transaction.Truncate o -> {
                SortedSet<Integer> bad = after.get(o.object());
                long size = store.size(o.collection(), o.object()).orElse(0L);
                if (bad != null && o.size() < size) {
                    if (o.size() % BLOCK_SIZE != 0 && bad.contains(block(o.size()))) {
                        throw failure(o.object(), block(o.size()));
                    }
                    bad.tailSet(block(o.size())).clear();
                }
            }
            case Transaction.Remove o -> after.remove(o.object());
            case Transaction.MoveRename o -> {
                SortedSet<Integer> bad = after.remove(o.object());
                after.remove(o.target());
                if (bad != null) {
                    after.put(o.target(), bad);
                }
            }
            default -> {} // no other changes data here: clones have no user yet
        }
    }

    private void overwrite(
            GhObject object, long offset, long length, Map<GhObject, SortedSet<Integer>> after) {
        SortedSet<Integer> bad = after.get(object);
        if (bad == null || length == 0) {
            return;
        }
        for (int block = block(offset); block <= block(offset + length - 1); block++) {
            long start = (long) block * BLOCK_SIZE;
            boolean whole = offset <= start && start + BLOCK_SIZE <= offset + length;
            if (bad.contains(block) && !whole) {
                throw failure(object, block);
            }
            bad.remove(block);
        }
    }
}
