package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * Answers {@link MCommand}.
 *
 * <p>MCommandReply := result:s32 text:string; data output.
 *
 * @param result 0 or a negative errno
 * @param text for people
 */
public record MCommandReply(long tid, int result, String text, Bytes output) implements Message {
    static final MessageCodec<MCommandReply> CODEC =
            MessageCodec.of(
                    98,
                    1,
                    1,
                    MCommandReply.class,
                    (m, out) -> {
                        out.u32(m.result);
                        out.string(m.text);
                    },
                    m -> m.output,
                    (in, head) ->
                            new MCommandReply(head.tid(), in.u32(), in.string(), head.data()));
}
