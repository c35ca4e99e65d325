package io.sepiola.protocol.map;

import org.jspecify.annotations.Nullable;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A sorted map whose copies share what they have in common: copying takes no time, and a change
 * afterwards makes as many new nodes as the tree is deep. So the maps of consecutive epochs cost
 * what differs between them. A balanced tree (AVL) of nodes that nobody changes; no null keys or
 * values. Parts (subMap and the like) are copies that cannot be written to. Owned by one writer;
 * once nobody writes, it may be shared.
 */
final class SharedMap<K extends Comparable<? super K>, V> extends AbstractMap<K, V>
        implements NavigableMap<K, V> {
    /** A node; {@code height} is that of its subtree, {@code size} counts it. */
    private record Node<K, V>(
            @Nullable Node<K, V> left,
            K key,
            V value,
            @Nullable Node<K, V> right,
            int height,
            int size) {
        Entry<K, V> entry() {
            return new SimpleImmutableEntry<>(key, value);
        }
    }

    private @Nullable Node<K, V> root;

    /** Empty. */
    SharedMap() {}

    private SharedMap(@Nullable Node<K, V> root) {
        this.root = root;
    }

    /** Of what a sorted map holds. */
    static <K extends Comparable<? super K>, V> SharedMap<K, V> of(NavigableMap<K, V> sorted) {
        Iterator<Entry<K, V>> entries = sorted.entrySet().iterator();
        return new SharedMap<>(build(entries, sorted.size()));
    }

    private static <K, V> @Nullable Node<K, V> build(Iterator<Entry<K, V>> entries, int count) {
        if (count == 0) {
            return null;
        }
        Node<K, V> left = build(entries, count / 2);
        Entry<K, V> middle = entries.next();
        return node(
                left, middle.getKey(), middle.getValue(), build(entries, count - count / 2 - 1));
    }

    /** Another that starts with the same content. */
    SharedMap<K, V> copy() {
        return new SharedMap<>(root);
    }

    private static <K, V> Node<K, V> node(
            @Nullable Node<K, V> left, K key, V value, @Nullable Node<K, V> right) {
        return new Node<>(
                left,
                key,
                value,
                right,
                Math.max(height(left), height(right)) + 1,
                size(left) + size(right) + 1);
    }

    private static int height(@Nullable Node<?, ?> node) {
        return node == null ? 0 : node.height;
    }

    private static int size(@Nullable Node<?, ?> node) {
        return node == null ? 0 : node.size;
    }

    private static <K, V> Node<K, V> balanced(
            @Nullable Node<K, V> left, K key, V value, @Nullable Node<K, V> right) {
        int lean = height(left) - height(right);
        if (left != null && lean > 1) {
            Node<K, V> inner = left.right;
            if (inner != null && height(inner) > height(left.left)) {
                return node(
                        node(left.left, left.key, left.value, inner.left),
                        inner.key,
                        inner.value,
                        node(inner.right, key, value, right));
            }
            return node(left.left, left.key, left.value, node(inner, key, value, right));
        }
        if (right != null && lean < -1) {
            Node<K, V> inner = right.left;
            if (inner != null && height(inner) > height(right.right)) {
                return node(
                        node(left, key, value, inner.left),
                        inner.key,
                        inner.value,
                        node(inner.right, right.key, right.value, right.right));
            }
            return node(node(left, key, value, inner), right.key, right.value, right.right);
        }
        return node(left, key, value, right);
    }

    @Override
    public @Nullable V put(K key, V value) {
        V before = get(key);
        if (before != value) {
            root = put(root, key, value);
        }
        return before;
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> put(
            @Nullable Node<K, V> node, K key, V value) {
        if (node == null) {
            return node(null, key, value, null);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return new Node<>(node.left, key, value, node.right, node.height, node.size);
        }
        return order < 0
                ? balanced(put(node.left, key, value), node.key, node.value, node.right)
                : balanced(node.left, node.key, node.value, put(node.right, key, value));
    }

    @Override
    @SuppressWarnings("unchecked") // Map says that a key of another type may be thrown at.
    public @Nullable V remove(Object key) {
        V before = get(key);
        if (before != null) {
            root = remove(root, (K) key);
        }
        return before;
    }

    private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> remove(
            @Nullable Node<K, V> node, K key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key);
        if (order < 0) {
            return balanced(remove(node.left, key), node.key, node.value, node.right);
        }
        if (order > 0) {
            return balanced(node.left, node.key, node.value, remove(node.right, key));
        }
        Node<K, V> next = node.right;
        if (next == null) {
            return node.left;
        }
        while (next.left != null) {
            next = next.left;
        }
        return balanced(node.left, next.key, next.value, remove(node.right, next.key));
    }

    @Override
    public void clear() {
        root = null;
    }

    @Override
    public int size() {
        return size(root);
    }

    @Override
    @SuppressWarnings("unchecked") // as in remove
    public @Nullable V get(Object key) {
        K wanted = (K) key;
        Node<K, V> at = root;
        while (at != null) {
            int order = wanted.compareTo(at.key);
            if (order == 0) {
                return at.value;
            }
            at = order < 0 ? at.left : at.right;
        }
        return null;
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<K, V>> iterator() {
                return new InOrder<>(root);
            }

            @Override
            public int size() {
                return SharedMap.this.size();
            }
        };
    }

    /** Over the nodes as they were at the start. */
    private static final class InOrder<K, V> implements Iterator<Entry<K, V>> {
        private final Deque<Node<K, V>> ahead = new ArrayDeque<>();

        InOrder(@Nullable Node<K, V> root) {
            descend(root);
        }

        private void descend(@Nullable Node<K, V> from) {
            for (Node<K, V> node = from; node != null; node = node.left) {
                ahead.push(node);
            }
        }

        @Override
        public boolean hasNext() {
            return !ahead.isEmpty();
        }

        @Override
        public Entry<K, V> next() {
            Node<K, V> node = ahead.poll();
            if (node == null) {
                throw new NoSuchElementException();
            }
            descend(node.right);
            return node.entry();
        }
    }

    /** The nearest at or beyond {@code key}: below it, or above. */
    private @Nullable Entry<K, V> nearest(K key, boolean below, boolean inclusive) {
        Node<K, V> best = null;
        Node<K, V> at = root;
        while (at != null) {
            int order = key.compareTo(at.key);
            if (order == 0 && inclusive) {
                return at.entry();
            }
            boolean fits = below ? order > 0 : order < 0;
            best = fits ? at : best;
            at = fits == below ? at.right : at.left;
        }
        return best == null ? null : best.entry();
    }

    private static <K> @Nullable K key(@Nullable Entry<K, ?> entry) {
        return entry == null ? null : entry.getKey();
    }

    @Override
    public @Nullable Entry<K, V> lowerEntry(K key) {
        return nearest(key, true, false);
    }

    @Override
    public @Nullable K lowerKey(K key) {
        return key(lowerEntry(key));
    }

    @Override
    public @Nullable Entry<K, V> floorEntry(K key) {
        return nearest(key, true, true);
    }

    @Override
    public @Nullable K floorKey(K key) {
        return key(floorEntry(key));
    }

    @Override
    public @Nullable Entry<K, V> ceilingEntry(K key) {
        return nearest(key, false, true);
    }

    @Override
    public @Nullable K ceilingKey(K key) {
        return key(ceilingEntry(key));
    }

    @Override
    public @Nullable Entry<K, V> higherEntry(K key) {
        return nearest(key, false, false);
    }

    @Override
    public @Nullable K higherKey(K key) {
        return key(higherEntry(key));
    }

    @Override
    public @Nullable Entry<K, V> firstEntry() {
        Node<K, V> at = root;
        while (at != null && at.left != null) {
            at = at.left;
        }
        return at == null ? null : at.entry();
    }

    @Override
    public @Nullable Entry<K, V> lastEntry() {
        Node<K, V> at = root;
        while (at != null && at.right != null) {
            at = at.right;
        }
        return at == null ? null : at.entry();
    }

    @Override
    public @Nullable Entry<K, V> pollFirstEntry() {
        Entry<K, V> first = firstEntry();
        if (first != null) {
            remove(first.getKey());
        }
        return first;
    }

    @Override
    public @Nullable Entry<K, V> pollLastEntry() {
        Entry<K, V> last = lastEntry();
        if (last != null) {
            remove(last.getKey());
        }
        return last;
    }

    @Override
    public K firstKey() {
        return present(firstEntry());
    }

    @Override
    public K lastKey() {
        return present(lastEntry());
    }

    private static <K> K present(@Nullable Entry<K, ?> entry) {
        if (entry == null) {
            throw new NoSuchElementException();
        }
        return entry.getKey();
    }

    @Override
    public @Nullable Comparator<? super K> comparator() {
        return null;
    }

    private NavigableMap<K, V> part(
            @Nullable K from, boolean fromInclusive, @Nullable K to, boolean toInclusive) {
        NavigableMap<K, V> part = new TreeMap<>();
        collect(root, from, fromInclusive, to, toInclusive, part);
        return Collections.unmodifiableNavigableMap(part);
    }

    private static <K extends Comparable<? super K>, V> void collect(
            @Nullable Node<K, V> node,
            @Nullable K from,
            boolean fromInclusive,
            @Nullable K to,
            boolean toInclusive,
            Map<K, V> into) {
        if (node == null) {
            return;
        }
        int low = from == null ? 1 : node.key.compareTo(from);
        int high = to == null ? -1 : node.key.compareTo(to);
        if (low > 0) {
            collect(node.left, from, fromInclusive, to, toInclusive, into);
        }
        if ((low > 0 || low == 0 && fromInclusive) && (high < 0 || high == 0 && toInclusive)) {
            into.put(node.key, node.value);
        }
        if (high < 0) {
            collect(node.right, from, fromInclusive, to, toInclusive, into);
        }
    }

    @Override
    public NavigableMap<K, V> subMap(K from, boolean fromInclusive, K to, boolean toInclusive) {
        return part(from, fromInclusive, to, toInclusive);
    }

    @Override
    public NavigableMap<K, V> headMap(K to, boolean inclusive) {
        return part(null, false, to, inclusive);
    }

    @Override
    public NavigableMap<K, V> tailMap(K from, boolean inclusive) {
        return part(from, inclusive, null, false);
    }

    @Override
    public SortedMap<K, V> subMap(K from, K to) {
        return part(from, true, to, false);
    }

    @Override
    public SortedMap<K, V> headMap(K to) {
        return part(null, false, to, false);
    }

    @Override
    public SortedMap<K, V> tailMap(K from) {
        return part(from, true, null, false);
    }

    @Override
    public NavigableMap<K, V> descendingMap() {
        return part(null, false, null, false).descendingMap();
    }

    @Override
    public NavigableSet<K> navigableKeySet() {
        return part(null, false, null, false).navigableKeySet();
    }

    @Override
    public NavigableSet<K> descendingKeySet() {
        return part(null, false, null, false).descendingKeySet();
    }
}
