package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * Answers {@link MMgrCommand}.
 *
 * <p>MMgrCommandReply := result:s32 text:string; data output.
 *
 * @param result 0 or a negative errno
 * @param text for people
 */
public record MMgrCommandReply(long tid, int result, String text, Bytes output) implements Message {
    static final MessageCodec<MMgrCommandReply> CODEC =
            MessageCodec.of(
                    1802,
                    1,
                    1,
                    MMgrCommandReply.class,
                    (m, out) -> {
                        out.u32(m.result);
                        out.string(m.text);
                    },
                    m -> m.output,
                    (in, head) ->
                            new MMgrCommandReply(head.tid(), in.u32(), in.string(), head.data()));
}
