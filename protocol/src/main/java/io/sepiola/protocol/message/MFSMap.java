package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * The file systems' map, to those who subscribed to it.
 *
 * <p>MFSMap := epoch:u32 FSMap.
 *
 * @param map FSMap's encoding
 */
public record MFSMap(int epoch, Bytes map) implements Message {
    static final MessageCodec<MFSMap> CODEC =
            MessageCodec.of(
                    45,
                    1,
                    1,
                    MFSMap.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        out.raw(m.map);
                    },
                    (in, head) -> new MFSMap(in.u32(), in.rest()));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
