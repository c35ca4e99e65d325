package io.sepiola.store;

/**
 * Blocks of an object that lie together in the block file. A record of arrays: never compared.
 *
 * @param block the first, counted within the object
 * @param disk where it lies, counted in blocks of the block file
 * @param checksums of each block, under the {@link Seal} of the object
 */
record Extent(int block, long disk, int[] checksums) {
    /** Of every block, in bytes: the unit of space and of checksums. */
    static final int BLOCK_SIZE = 4096;

    /** The bytes of this many blocks. */
    static long bytes(long blocks) {
        return blocks * BLOCK_SIZE;
    }

    int count() {
        return checksums.length;
    }

    int end() {
        return block + checksums.length;
    }
}
