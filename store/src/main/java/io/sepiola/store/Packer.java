package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.osd.CollectionId;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/** Compresses what a transaction writes, where that saves blocks. Guarded by the store's lock. */
final class Packer {
    /** Compressed blocks, filled up with zeros to whole ones. */
    record Packed(Bytes blocks, Packing packing) {
        int storedCount() {
            return blocks.size() / Extent.BLOCK_SIZE;
        }
    }

    private final Function<CollectionId, CompressionOptions> options;

    Packer(Function<CollectionId, CompressionOptions> options) {
        this.options = options;
    }

    /** How many of so many blocks are to be tried together; 0 when none. */
    int chunk(CollectionId collection, int hints, int count) {
        CompressionOptions chosen = options.apply(collection);
        return chosen.applies(hints) && count >= chosen.blocksMin()
                ? Math.min(count, chosen.blocksMax())
                : 0;
    }

    /** The blocks compressed, or null when that saves too little. */
    @Nullable Packed packOrNull(CollectionId collection, Bytes blocks) {
        CompressionOptions chosen = options.apply(collection);
        byte[] packed = chosen.algorithm().compress(blocks.toArray());
        int count = blocks.size() / Extent.BLOCK_SIZE;
        int stored = (packed.length + Extent.BLOCK_SIZE - 1) / Extent.BLOCK_SIZE;
        double storedMax = Math.ceil(count * chosen.requiredRatio());
        if (stored >= count || stored > storedMax) {
            return null;
        }
        int padding = stored * Extent.BLOCK_SIZE - packed.length;
        return new Packed(
                Bytes.concat(Bytes.of(packed), Bytes.zeros(padding)),
                new Packing(chosen.algorithm(), packed.length, count, 0, count));
    }
}
