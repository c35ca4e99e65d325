package io.sepiola.store;

/**
 * That an extent's blocks are compressed. All blocks that were compressed together lie together; an
 * extent has those of them that were not overwritten since.
 *
 * @param storedSize of the compressed bytes; the rest of their last block is zero
 * @param rawCount blocks that were compressed together
 * @param skip the extent's first, counted within those
 * @param count of blocks that the extent has
 */
record Packing(Compression algorithm, int storedSize, int rawCount, int skip, int count) {
    Packing part(int first, int some) {
        return new Packing(algorithm, storedSize, rawCount, skip + first, some);
    }
}
