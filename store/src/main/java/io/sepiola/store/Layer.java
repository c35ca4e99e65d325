package io.sepiola.store;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Changes laid over another view: what is read is the view with the changes applied. One layer
 * holds what is submitted and not yet in the index; each transaction lays one of its own over that.
 *
 * <p>Not shared: guarded by the store's lock.
 */
final class Layer implements IndexView {
    private record Entry(byte @Nullable [] value, long sequence) {}

    private record Added(long sequence, List<Index.Change> changes) {}

    private final IndexView below;
    private final TreeMap<byte[], Entry> entries = new TreeMap<>(Arrays::compareUnsigned);
    private final Deque<Added> added = new ArrayDeque<>();

    Layer(IndexView below) {
        this.below = below;
    }

    /** Changes one key, with no sequence: for a transaction's own layer. */
    void put(byte[] key, byte @Nullable [] value) {
        entries.put(key, new Entry(value, 0));
    }

    /** All changes, in the order of their keys. */
    List<Index.Change> changes() {
        List<Index.Change> changes = new ArrayList<>(entries.size());
        entries.forEach((key, entry) -> changes.add(new Index.Change(key, entry.value)));
        return changes;
    }

    /** Takes over the changes of the transaction {@code sequence}. */
    void add(long sequence, List<Index.Change> changes) {
        for (Index.Change change : changes) {
            entries.put(change.key(), new Entry(change.value(), sequence));
        }
        added.add(new Added(sequence, changes));
    }

    /** Forgets what transactions up to {@code sequence} changed: it is in the view below by now. */
    void retire(long sequence) {
        while (!added.isEmpty() && added.element().sequence <= sequence) {
            Added oldest = added.remove();
            for (Index.Change change : oldest.changes) {
                Entry entry = entries.get(change.key());
                if (entry != null && entry.sequence == oldest.sequence) {
                    entries.remove(change.key());
                }
            }
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        Entry entry = entries.get(key);
        return entry != null ? entry.value : below.get(key);
    }

    @Override
    public boolean scan(byte[] first, byte[] end, Visitor visitor) {
        if (Arrays.compareUnsigned(first, end) >= 0) {
            return true;
        }
        Merge merge = new Merge(entries.subMap(first, true, end, false), visitor);
        return below.scan(first, end, merge) && merge.rest();
    }

    /** Visits the view below and the entries of the layer in one order; the layer's win. */
    private static final class Merge implements Visitor {
        private final Iterator<Map.Entry<byte[], Entry>> mine;
        private final Visitor visitor;
        private Map.@Nullable Entry<byte[], Entry> nextOrNull;

        Merge(Map<byte[], Entry> entries, Visitor visitor) {
            this.mine = entries.entrySet().iterator();
            this.visitor = visitor;
            advance();
        }

        private void advance() {
            nextOrNull = mine.hasNext() ? mine.next() : null;
        }

        @Override
        public boolean visit(byte[] key, byte[] value) {
            while (nextOrNull != null) {
                int order = Arrays.compareUnsigned(nextOrNull.getKey(), key);
                if (order > 0) {
                    break;
                }
                if (!visitMine()) {
                    return false;
                }
                if (order == 0) {
                    return true;
                }
            }
            return visitor.visit(key, value);
        }

        boolean rest() {
            while (nextOrNull != null) {
                if (!visitMine()) {
                    return false;
                }
            }
            return true;
        }

        private boolean visitMine() {
            Map.Entry<byte[], Entry> current = java.util.Objects.requireNonNull(nextOrNull);
            advance();
            byte[] value = current.getValue().value;
            return value == null || visitor.visit(current.getKey(), value);
        }
    }
}
