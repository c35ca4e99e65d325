package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;

import java.util.List;

/**
 * Answers {@link MMonCommand}.
 *
 * <p>MMonCommandAck := PaxosPrefix result:s32 text:string command:list of string; data output.
 *
 * @param version of the map that has the change
 * @param result 0 or a negative errno
 * @param text for people
 * @param command the question
 */
public record MMonCommandAck(
        long tid, long version, int result, String text, List<String> command, Bytes output)
        implements Message {
    static final MessageCodec<MMonCommandAck> CODEC =
            MessageCodec.of(
                    51,
                    1,
                    1,
                    MMonCommandAck.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        out.u32(m.result);
                        out.string(m.text);
                        out.list(m.command, Primitives.STRING);
                    },
                    m -> m.output,
                    (in, head) ->
                            new MMonCommandAck(
                                    head.tid(),
                                    PaxosPrefix.decode(in),
                                    in.u32(),
                                    in.string(),
                                    in.list(Primitives.STRING),
                                    head.data()));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
