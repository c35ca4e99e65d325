package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;

/**
 * Answers {@link MMonGetVersion}.
 *
 * <p>MMonGetVersionReply := handle:u64 newest:u64 oldest:u64.
 *
 * @param oldest the oldest version still kept
 */
public record MMonGetVersionReply(long handle, long newest, long oldest) implements Message {
    static final MessageCodec<MMonGetVersionReply> CODEC =
            MessageCodec.of(
                    20,
                    2,
                    2,
                    MMonGetVersionReply.class,
                    (m, out) -> {
                        out.u64(m.handle);
                        out.u64(m.newest);
                        out.u64(m.oldest);
                    },
                    (in, head) -> new MMonGetVersionReply(in.u64(), in.u64(), in.u64()));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
