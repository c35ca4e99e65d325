package io.sepiola.store;

import io.sepiola.base.Bytes;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Data that the block file does not hold yet: deferred blocks, which the log holds and which are
 * written at the next checkpoint, and direct runs, which wait for the next commit.
 *
 * <p>A deferred block may replace another that no checkpoint has written: the older is kept as long
 * as a checkpoint could still need it. Not shared: guarded by the store's lock.
 */
final class PendingData {
    private static final class Deferred {
        final Bytes data;
        final long sequence;
        @Nullable Deferred older;

        Deferred(Bytes data, long sequence, @Nullable Deferred older) {
            this.data = data;
            this.sequence = sequence;
            this.older = older;
        }
    }

    private final Map<Long, Deferred> deferred = new HashMap<>();
    private final TreeMap<Long, Bytes> direct = new TreeMap<>();

    /** The newest data of a block, or null when the block file holds it. */
    @Nullable Bytes blockOrNull(long disk) {
        Deferred newest = deferred.get(disk);
        if (newest != null) {
            return newest.data;
        }
        Map.Entry<Long, Bytes> run = direct.floorEntry(disk);
        if (run == null || run.getKey() + run.getValue().size() / Extent.BLOCK_SIZE <= disk) {
            return null;
        }
        int offset = (int) Extent.bytes(disk - run.getKey());
        return run.getValue().slice(offset, Extent.BLOCK_SIZE);
    }

    boolean isEmpty() {
        return deferred.isEmpty() && direct.isEmpty();
    }

    long deferredBytes() {
        return Extent.bytes(deferred.size());
    }

    /** Adds one block; transactions up to {@code applied} are in the index. */
    void defer(long disk, Bytes data, long sequence, long applied) {
        Deferred older = deferred.get(disk);
        if (older != null && older.sequence <= applied) {
            older.older = null; // every later checkpoint takes this one or a newer
        }
        deferred.put(disk, new Deferred(data, sequence, older));
    }

    /** Adds blocks that the next commit writes. */
    void direct(long disk, Bytes data) {
        direct.put(disk, data);
    }

    /** The block file holds the direct run that begins here. */
    void written(long disk) {
        direct.remove(disk);
    }

    /** Direct runs by their first block; not to be changed. */
    SortedMap<Long, Bytes> direct() {
        return direct;
    }

    /** The newest data, up to the transaction {@code sequence}, of each deferred block. */
    SortedMap<Long, Bytes> deferred(long sequence) {
        SortedMap<Long, Bytes> found = new TreeMap<>();
        deferred.forEach((disk, newest) -> {
            Deferred each = newest;
            while (each != null && each.sequence > sequence) {
                each = each.older;
            }
            if (each != null) {
                found.put(disk, each.data);
            }
        });
        return found;
    }

    /** The block file holds, durably, what {@link #deferred(long)} gave for {@code sequence}. */
    void checkpoint(long sequence) {
        deferred.values()
                .removeIf(newest -> {
                    for (Deferred each = newest; each != null; each = each.older) {
                        if (each.older != null && each.older.sequence <= sequence) {
                            each.older = null;
                        }
                    }
                    return newest.sequence <= sequence;
                });
    }
}
