package io.sepiola.store;

import java.util.HashSet;
import java.util.Set;

/**
 * What an object's data take, in bytes. Blocks that it shares with a clone count for both.
 *
 * @param stored written and not removed, up to the object's size
 * @param allocated in the block file
 * @param compressed what compressors made of it
 * @param compressedAllocated in the block file for that
 * @param compressedOriginal of the object's blocks, those that are stored so
 */
record Footprint(
        long stored,
        long allocated,
        long compressed,
        long compressedAllocated,
        long compressedOriginal) {
    static final Footprint NONE = new Footprint(0, 0, 0, 0, 0);

    static Footprint of(long size, Extents extents) {
        long stored = 0;
        long allocated = 0;
        long compressed = 0;
        long compressedAllocated = 0;
        long compressedOriginal = 0;
        Set<Long> pieces = new HashSet<>();
        for (Extent extent : extents.all()) {
            long from = Extent.bytes(extent.block());
            stored += Math.max(0, Math.min(size, Extent.bytes(extent.end())) - from);
            Packing packing = extent.packingOrNull();
            long blocks = Extent.bytes(extent.stored().count());
            if (packing != null) {
                compressedOriginal += Extent.bytes(extent.count());
                if (!pieces.add(extent.disk())) {
                    continue; // another part of what was counted
                }
                compressed += packing.storedSize();
                compressedAllocated += blocks;
            }
            allocated += blocks;
        }
        return new Footprint(
                stored, allocated, compressed, compressedAllocated, compressedOriginal);
    }

    Footprint plus(Footprint other) {
        return plus(other, 1);
    }

    Footprint minus(Footprint other) {
        return plus(other, -1);
    }

    private Footprint plus(Footprint other, int sign) {
        return new Footprint(
                stored + sign * other.stored,
                allocated + sign * other.allocated,
                compressed + sign * other.compressed,
                compressedAllocated + sign * other.compressedAllocated,
                compressedOriginal + sign * other.compressedOriginal);
    }
}
