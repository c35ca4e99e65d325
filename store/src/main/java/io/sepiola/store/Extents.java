package io.sepiola.store;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which blocks of an object lie where. Changed only while it belongs to a transaction's draft. */
final class Extents {
    /** Told how often the object uses blocks of the block file. */
    interface Users {
        /** Once less. */
        void released(Space.Run run);

        /** Once more: what was compressed together is used by two extents. */
        void shared(Space.Run run);
    }

    private final NavigableMap<Integer, Extent> byBlock;

    Extents() {
        this.byBlock = new TreeMap<>();
    }

    private Extents(NavigableMap<Integer, Extent> byBlock) {
        this.byBlock = byBlock;
    }

    Extents copy() {
        return new Extents(new TreeMap<>(byBlock));
    }

    /**
     * These extents for another object: what {@code from} sealed is sealed by {@code to}. Without a
     * seal before, the checksums are those of format 1.
     */
    Extents resealed(@Nullable Seal fromOrNull, Seal to) {
        return resealed(fromOrNull, to, 0);
    }

    /** As above, and {@code shift} blocks further on. */
    Extents resealed(@Nullable Seal fromOrNull, Seal to, int shift) {
        Extents resealed = new Extents();
        for (Extent extent : all()) {
            resealed.add(extent.resealed(fromOrNull, to, shift));
        }
        return resealed;
    }

    /** In the order of the object's blocks. */
    Collection<Extent> all() {
        return byBlock.values();
    }

    /** The extents that touch blocks from {@code first} up to {@code end}, in order, uncut. */
    Collection<Extent> touching(int first, int end) {
        if (first >= end) {
            return java.util.List.of();
        }
        Extent before = atOrNull(first);
        return byBlock.subMap(before == null ? first : before.block(), end).values();
    }

    /** The extent that holds the block. */
    @Nullable Extent atOrNull(int block) {
        Map.Entry<Integer, Extent> floor = byBlock.floorEntry(block);
        return floor != null && floor.getValue().end() > block ? floor.getValue() : null;
    }

    /** Unmaps blocks from {@code first} up to {@code end}. */
    void punch(int first, int end, Users users) {
        for (Extent old : java.util.List.copyOf(touching(first, end))) {
            int from = Math.max(first, old.block());
            int to = Math.min(end, old.end());
            byBlock.remove(old.block());
            boolean before = old.block() < from;
            boolean after = to < old.end();
            if (before) {
                byBlock.put(old.block(), old.part(old.block(), from));
            }
            if (after) {
                byBlock.put(to, old.part(to, old.end()));
            }
            if (old.packingOrNull() == null) {
                users.released(old.part(from, to).stored());
            } else if (before && after) {
                users.shared(old.stored());
            } else if (!before && !after) {
                users.released(old.stored());
            }
        }
    }

    /** What of them lies from {@code first} up to {@code end}. */
    Extents part(int first, int end) {
        Extents part = new Extents();
        for (Extent extent : touching(first, end)) {
            int from = Math.max(first, extent.block());
            part.add(extent.part(from, Math.min(end, extent.end())));
        }
        return part;
    }

    /** Maps blocks that are not mapped; joins with the extent before when they lie together. */
    void add(Extent added) {
        Map.Entry<Integer, Extent> before = byBlock.lowerEntry(added.block());
        if (before != null && follows(before.getValue(), added)) {
            Extent left = before.getValue();
            int[] checksums = Arrays.copyOf(left.checksums(), left.count() + added.count());
            System.arraycopy(added.checksums(), 0, checksums, left.count(), added.count());
            byBlock.put(left.block(), new Extent(left.block(), left.disk(), checksums));
        } else {
            byBlock.put(added.block(), added);
        }
    }

    private static boolean follows(Extent left, Extent right) {
        return left.packingOrNull() == null
                && right.packingOrNull() == null
                && left.end() == right.block()
                && left.disk() + left.count() == right.disk();
    }

    /** Sets the checksum of a mapped block that is stored as it is. */
    void checksum(int block, int checksum) {
        Extent extent = java.util.Objects.requireNonNull(atOrNull(block));
        int[] checksums = extent.checksums().clone();
        checksums[block - extent.block()] = checksum;
        byBlock.put(extent.block(), new Extent(extent.block(), extent.disk(), checksums));
    }

    /** Blocks of the block file. */
    int storedCount() {
        return byBlock.values().stream().mapToInt(each -> each.checksums().length).sum();
    }

    int extentCount() {
        return byBlock.size();
    }
}
