package io.sepiola.gateway.storage;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;

/**
 * A run of data in chunks of {@link #CHUNK_SIZE}.
 *
 * @param size in bytes, from 1 on
 */
public record Extent(Tag tag, long size) {
    /** Bytes in each chunk but the last. */
    public static final int CHUNK_SIZE = 4 << 20;

    static final Codec<Extent> CODEC =
            new Codec<>() {
                @Override
                public void encode(Extent extent, Encoder out) {
                    Tag.CODEC.encode(extent.tag, out);
                    out.u64(extent.size);
                }

                @Override
                public Extent decode(Decoder in) {
                    return new Extent(Tag.CODEC.decode(in), in.u64());
                }
            };

    /** Chunks in it. */
    long chunkCount() {
        return (size + CHUNK_SIZE - 1) / CHUNK_SIZE;
    }
}
