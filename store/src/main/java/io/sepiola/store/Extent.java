package io.sepiola.store;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Blocks of an object that lie together in the block file, as they are or compressed. A record of
 * arrays: never compared.
 *
 * @param block the first, counted within the object
 * @param disk where what is stored begins, counted in blocks of the block file
 * @param checksums of each stored block, under the {@link Seal} of the object, at the places from
 *     {@link #place} on
 * @param packingOrNull how they are compressed, if they are
 */
record Extent(int block, long disk, int[] checksums, @Nullable Packing packingOrNull) {
    /** Of every block, in bytes: the unit of space and of checksums. */
    static final int BLOCK_SIZE = 4096;

    /** Blocks that are stored as they are. */
    Extent(int block, long disk, int[] checksums) {
        this(block, disk, checksums, null);
    }

    /** The bytes of this many blocks. */
    static long bytes(long blocks) {
        return blocks * BLOCK_SIZE;
    }

    /** Blocks of the object. */
    int count() {
        return packingOrNull == null ? checksums.length : packingOrNull.count();
    }

    int end() {
        return block + count();
    }

    /** The place in the object with which the first stored block is sealed. */
    int place() {
        return packingOrNull == null ? block : block - packingOrNull.skip();
    }

    /** What it takes in the block file. */
    Space.Run stored() {
        return new Space.Run(disk, checksums.length);
    }

    /** What is stored, as if it were not compressed. */
    Extent asStored() {
        return packingOrNull == null ? this : new Extent(place(), disk, checksums);
    }

    /** The object's blocks from {@code from} up to {@code to}. */
    Extent part(int from, int to) {
        if (packingOrNull != null) {
            return new Extent(from, disk, checksums, packingOrNull.part(from - block, to - from));
        }
        return new Extent(
                from,
                disk + (from - block),
                Arrays.copyOfRange(checksums, from - block, to - block));
    }

    /** Sealed by {@code to}, {@code shift} blocks further on; see {@link Extents#resealed}. */
    Extent resealed(@Nullable Seal fromOrNull, Seal to, int shift) {
        int[] sealed = checksums.clone();
        for (int i = 0; i < sealed.length; i++) {
            int place = place() + i;
            int before = fromOrNull == null ? 0 : fromOrNull.place(place);
            sealed[i] ^= before ^ to.place(place + shift);
        }
        return new Extent(block + shift, disk, sealed, packingOrNull);
    }
}
