package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Crc32c;

import java.nio.ByteBuffer;

/**
 * The checksums of one object's blocks: each tells what the block holds, whose it is and where in
 * the object it belongs. Of the same bytes no two blocks of an object have the same, nor have
 * blocks in the same place of two objects, as long as their numbers are within 2^32 of each other.
 *
 * <p>checksum := crc32c(4096 bytes) xor crc32c(nid:u64 block:u32). The second needs no data, so a
 * checksum is carried over to another object or place without a look at the block: that is how
 * clones share blocks, and how those of format 1, which were crc32c(4096 bytes), are read.
 *
 * <p>Not shared: it has a scratch array.
 */
final class Seal {
    private final byte[] scratch = new byte[12];
    private final ByteBuffer place = ByteBuffer.wrap(scratch);

    /** Of the object with this number. */
    Seal(long nid) {
        place.putLong(0, nid);
    }

    /** What the place adds to the checksum of a block's bytes. */
    int place(int block) {
        place.putInt(8, block);
        return Crc32c.of(0, scratch, 0, scratch.length);
    }

    /** The checksums of whole blocks that begin at {@code block}. */
    int[] checksums(int block, Bytes blocks) {
        int[] checksums = new int[blocks.size() / Extent.BLOCK_SIZE];
        for (int i = 0; i < checksums.length; i++) {
            Bytes each = blocks.slice(i * Extent.BLOCK_SIZE, Extent.BLOCK_SIZE);
            checksums[i] = each.crc32c(-1) ^ place(block + i);
        }
        return checksums;
    }
}
