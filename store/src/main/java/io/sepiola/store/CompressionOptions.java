package io.sepiola.store;

/**
 * Whether and how the data of a collection are compressed: Ceph's options of a pool.
 *
 * @param mode compression_mode
 * @param algorithm compression_algorithm
 * @param requiredRatio compression_required_ratio: what is compressed to more of its size than this
 *     is stored as it is
 * @param blobSizeMin compression_min_blob_size: shorter writes are stored as they are; in bytes
 * @param blobSizeMax compression_max_blob_size: longer writes are cut; in bytes
 */
public record CompressionOptions(
        Mode mode, Compression algorithm, double requiredRatio, int blobSizeMin, int blobSizeMax) {
    /** What is compressed. */
    public enum Mode {
        /** Nothing. */
        NONE,
        /** What clients call compressible. */
        PASSIVE,
        /** What clients do not call incompressible. */
        AGGRESSIVE,
        /** Everything. */
        FORCE
    }

    /** A client's hint: CEPH_OSD_ALLOC_HINT_FLAG_COMPRESSIBLE. */
    static final int COMPRESSIBLE = 256;

    /** A client's hint: CEPH_OSD_ALLOC_HINT_FLAG_INCOMPRESSIBLE. */
    static final int INCOMPRESSIBLE = 512;

    /** Of blocks in one piece: what is read for any one of them. */
    static final int BLOB_BLOCKS_MAX = 128;

    /** Ceph's defaults: none; snappy, 0.875, 8 KiB to 64 KiB. */
    public static final CompressionOptions DEFAULT =
            new CompressionOptions(Mode.NONE, Compression.SNAPPY, 0.875, 8 << 10, 64 << 10);

    /** Whether to try, given a client's hints. */
    boolean applies(int hints) {
        return switch (mode) {
            case NONE -> false;
            case PASSIVE -> (hints & COMPRESSIBLE) != 0;
            case AGGRESSIVE -> (hints & INCOMPRESSIBLE) == 0;
            case FORCE -> true;
        };
    }

    /** Blocks from which it is worth it. */
    int blocksMin() {
        return Math.max(2, blobSizeMin / Extent.BLOCK_SIZE);
    }

    /** Blocks in one piece. */
    int blocksMax() {
        return Math.clamp(blobSizeMax / Extent.BLOCK_SIZE, blocksMin(), BLOB_BLOCKS_MAX);
    }
}
