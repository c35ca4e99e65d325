package io.sepiola.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** An index that a crash may take back to any write since its last flush, as RocksDB's may be. */
final class MemoryIndex implements Index {
    private final TreeMap<byte[], byte[]> current = new TreeMap<>(Arrays::compareUnsigned);
    private final TreeMap<byte[], byte[]> flushed = new TreeMap<>(Arrays::compareUnsigned);
    private final List<List<Change>> unflushed = new ArrayList<>();

    /** What a crash leaves. */
    synchronized MemoryIndex crash(Random random) {
        MemoryIndex left = new MemoryIndex();
        int kept = random.nextInt(unflushed.size() + 1);
        unflushed.subList(0, kept).forEach(changes -> apply(changes, flushed));
        left.flushed.putAll(flushed);
        left.current.putAll(flushed);
        return left;
    }

    /** A copy, with what is not flushed. */
    synchronized MemoryIndex copy() {
        MemoryIndex copy = new MemoryIndex();
        copy.current.putAll(current);
        copy.flushed.putAll(flushed);
        copy.unflushed.addAll(unflushed);
        return copy;
    }

    private static void apply(List<Change> changes, TreeMap<byte[], byte[]> map) {
        for (Change change : changes) {
            if (change.value() == null) {
                map.remove(change.key());
            } else {
                map.put(change.key(), change.value());
            }
        }
    }

    @Override
    public synchronized byte[] get(byte[] key) {
        return current.get(key);
    }

    @Override
    public synchronized boolean scan(byte[] first, byte[] end, Visitor visitor) {
        for (var entry : current.subMap(first, end).entrySet()) {
            if (!visitor.visit(entry.getKey(), entry.getValue())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public synchronized void write(List<Change> changes) {
        apply(changes, current);
        unflushed.add(List.copyOf(changes));
    }

    @Override
    public synchronized void flush() {
        unflushed.forEach(changes -> apply(changes, flushed));
        unflushed.clear();
    }

    @Override
    public long approximateBytes(byte[] first, byte[] end) {
        return 0;
    }

    @Override
    public void close() {}
}
