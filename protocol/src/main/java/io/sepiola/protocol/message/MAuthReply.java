package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * Answers {@link MAuth}.
 *
 * <p>MAuthReply := protocol:u32 result:s32 globalId:u64 payload:blob text:string.
 *
 * @param result 0 or a negative errno
 */
public record MAuthReply(int protocol, int result, long globalId, Bytes payload, String text)
        implements Message {
    static final MessageCodec<MAuthReply> CODEC =
            MessageCodec.of(
                    18,
                    1,
                    1,
                    MAuthReply.class,
                    (m, out) -> {
                        out.u32(m.protocol);
                        out.u32(m.result);
                        out.u64(m.globalId);
                        out.blob(m.payload);
                        out.string(m.text);
                    },
                    (in, head) ->
                            new MAuthReply(in.u32(), in.u32(), in.u64(), in.blob(), in.string()));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
