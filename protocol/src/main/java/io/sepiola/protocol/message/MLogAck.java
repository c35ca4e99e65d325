package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.UUID;

/**
 * The monitors have the entries of the cluster log.
 *
 * <p>MLogAck := fsid last:u64 channel:string.
 *
 * @param last the last entry's sequence number
 */
public record MLogAck(UUID fsid, long last, String channel) implements Message {
    static final MessageCodec<MLogAck> CODEC =
            MessageCodec.of(
                    53,
                    1,
                    1,
                    MLogAck.class,
                    (m, out) -> {
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.u64(m.last);
                        out.string(m.channel);
                    },
                    (in, head) -> new MLogAck(UuidCodec.CODEC.decode(in), in.u64(), in.string()));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
