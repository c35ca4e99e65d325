package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.UUID;

/**
 * Answers {@link MStatfs}.
 *
 * <p>MStatfsReply := fsid version:u64 kb:u64 kbUsed:u64 kbAvailable:u64 objects:u64.
 *
 * @param version of the statistics
 * @param kb total size in KiB
 * @param objects how many
 */
public record MStatfsReply(
        long tid, UUID fsid, long version, long kb, long kbUsed, long kbAvailable, long objects)
        implements Message {
    static final MessageCodec<MStatfsReply> CODEC =
            MessageCodec.of(
                    14,
                    1,
                    1,
                    MStatfsReply.class,
                    (m, out) -> {
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.u64(m.version);
                        out.u64(m.kb);
                        out.u64(m.kbUsed);
                        out.u64(m.kbAvailable);
                        out.u64(m.objects);
                    },
                    (in, head) ->
                            new MStatfsReply(
                                    head.tid(),
                                    UuidCodec.CODEC.decode(in),
                                    in.u64(),
                                    in.u64(),
                                    in.u64(),
                                    in.u64(),
                                    in.u64()));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
