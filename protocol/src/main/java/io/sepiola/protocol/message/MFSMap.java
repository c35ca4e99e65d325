package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.fs.FsMap;

/**
 * The file systems' map, to those who subscribed to it.
 *
 * <p>MFSMap := epoch:u32 FsMap.
 */
public record MFSMap(int epoch, FsMap map) implements Message {
    static final MessageCodec<MFSMap> CODEC =
            MessageCodec.of(
                    45,
                    1,
                    1,
                    MFSMap.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        FsMap.CODEC.encode(m.map, out);
                    },
                    (in, head) -> new MFSMap(in.u32(), FsMap.CODEC.decode(in)));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
