package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** An object of the {@link MemoryState}, which alone changes it, and so that it can be undone. */
final class MemoryObject {
    /** Data by offset; pieces do not overlap, and lie below {@link #size}. */
    final NavigableMap<Long, Bytes> data = new TreeMap<>();

    final NavigableMap<String, Bytes> attrs = new TreeMap<>(Utf8::compare);
    final NavigableMap<String, Bytes> omap = new TreeMap<>(Utf8::compare);
    Bytes omapHeader = Bytes.EMPTY;
    long size;

    MemoryObject copy() {
        MemoryObject copy = new MemoryObject();
        copy.data.putAll(data);
        copy.attrs.putAll(attrs);
        copy.omap.putAll(omap);
        copy.omapHeader = omapHeader;
        copy.size = size;
        return copy;
    }

    /** What was written within a range, cut to it. */
    NavigableMap<Long, Bytes> pieces(long offset, long end) {
        NavigableMap<Long, Bytes> found = new TreeMap<>();
        Long first = data.floorKey(offset);
        for (Map.Entry<Long, Bytes> piece :
                data.subMap(
                                first == null ? offset : first,
                                Math.max(end, first == null ? offset : first))
                        .entrySet()) {
            long start = Math.max(offset, piece.getKey());
            long stop = Math.min(end, piece.getKey() + piece.getValue().size());
            if (start < stop) {
                found.put(
                        start,
                        piece.getValue()
                                .slice((int) (start - piece.getKey()), (int) (stop - start)));
            }
        }
        return found;
    }

    /** Reads, with zeros in holes, not beyond the size. */
    Bytes read(long offset, long length) {
        long end = Math.min(size, Refusal.end(offset, length));
        List<Bytes> parts = new ArrayList<>();
        long at = offset;
        for (Map.Entry<Long, Bytes> piece : pieces(offset, end).entrySet()) {
            if (piece.getKey() > at) {
                parts.add(Bytes.zeros((int) (piece.getKey() - at)));
            }
            parts.add(piece.getValue());
            at = piece.getKey() + piece.getValue().size();
        }
        if (at < end) {
            parts.add(Bytes.zeros((int) (end - at)));
        }
        return Bytes.concat(parts);
    }

    long dataBytes() {
        return data.values().stream().mapToLong(Bytes::size).sum();
    }

    static long entryBytes(Map<String, Bytes> entries) {
        long sum = 0;
        for (Map.Entry<String, Bytes> entry : entries.entrySet()) {
            sum += entry.getKey().length() + entry.getValue().size();
        }
        return sum;
    }
}
