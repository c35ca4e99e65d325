package io.sepiola.protocol.map;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An array whose copies share the chunks that are the same: a copy takes a reference for each
 * chunk, a change afterwards one chunk more. Owned by one writer; once nobody writes, it may be
 * shared.
 */
final class SharedArray<T> {
    private static final int CHUNK = 128;

    private final T blank;
    private Object[][] chunks;
    private boolean[] own; // chunks that nobody else has
    private int size;

    /** Empty; new elements are {@code blank}. */
    SharedArray(T blank) {
        this.blank = blank;
        this.chunks = new Object[0][];
        this.own = new boolean[0];
    }

    private SharedArray(SharedArray<T> from) {
        this.blank = from.blank;
        this.chunks = from.chunks.clone();
        this.own = new boolean[chunks.length];
        this.size = from.size;
    }

    /** Another that starts with the same content; this one must not be written to any more. */
    SharedArray<T> copy() {
        return new SharedArray<>(this);
    }

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked") // Only T ever gets in.
    T get(int index) {
        return (T) chunks[index / CHUNK][index % CHUNK];
    }

    void set(int index, T value) {
        int chunk = index / CHUNK;
        if (chunks[chunk][index % CHUNK] == value) {
            return;
        }
        if (!own[chunk]) {
            chunks[chunk] = chunks[chunk].clone();
            own[chunk] = true;
        }
        chunks[chunk][index % CHUNK] = value;
    }

    /** Cuts, or adds blank elements. */
    void resize(int newSize) {
        int count = (newSize + CHUNK - 1) / CHUNK;
        int before = chunks.length;
        chunks = Arrays.copyOf(chunks, count);
        own = Arrays.copyOf(own, count);
        for (int i = before; i < count; i++) {
            chunks[i] = new Object[CHUNK];
            own[i] = true;
            Arrays.fill(chunks[i], blank);
        }
        for (int i = newSize; i < Math.min(size, count * CHUNK); i++) {
            set(i, blank);
        }
        size = newSize;
    }

    /** Takes the place of all elements. */
    void setAll(List<T> values) {
        resize(values.size());
        for (int i = 0; i < size; i++) {
            set(i, values.get(i));
        }
    }

    /** A copy as a list. */
    List<T> toList() {
        List<T> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(get(i));
        }
        return list;
    }
}
