package io.sepiola.messenger;

import io.sepiola.base.Bytes;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Bytes that have come and wait to be taken, by reference. */
final class ByteQueue implements Transport.Source {
    private final ArrayDeque<Bytes> queue = new ArrayDeque<>();
    private int available;

    void add(Bytes bytes) {
        if (!bytes.isEmpty()) {
            queue.add(bytes);
            available = Math.addExact(available, bytes.size());
        }
    }

    @Override
    public int available() {
        return available;
    }

    @Override
    public Bytes take(int size) {
        List<Bytes> parts = new ArrayList<>(1);
        int rest = size;
        while (rest > 0) {
            Bytes first = queue.removeFirst();
            int taken = Math.min(rest, first.size());
            parts.add(first.slice(0, taken));
            rest -= taken;
            if (taken < first.size()) {
                queue.addFirst(first.slice(taken));
            }
        }
        available -= size;
        return parts.size() == 1 ? parts.getFirst() : Bytes.concat(parts);
    }

    @Override
    public void read(byte[] target, int offset, int size) {
        take(size).copyTo(0, target, offset, size);
    }
}
