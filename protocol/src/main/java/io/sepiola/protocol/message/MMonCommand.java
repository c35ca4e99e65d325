package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.List;
import java.util.UUID;

/**
 * A command to the monitors.
 *
 * <p>MMonCommand := PaxosPrefix fsid command:list of string; data input.
 *
 * @param command one JSON text
 */
public record MMonCommand(long tid, long version, UUID fsid, List<String> command, Bytes input)
        implements Message {
    static final MessageCodec<MMonCommand> CODEC =
            MessageCodec.of(
                    50,
                    1,
                    1,
                    MMonCommand.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.list(m.command, Primitives.STRING);
                    },
                    m -> m.input,
                    (in, head) ->
                            new MMonCommand(
                                    head.tid(),
                                    PaxosPrefix.decode(in),
                                    UuidCodec.CODEC.decode(in),
                                    in.list(Primitives.STRING),
                                    head.data()));
}
