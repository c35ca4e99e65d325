package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.List;
import java.util.UUID;

/**
 * A command to one daemon.
 *
 * <p>MCommand := fsid command:list of string; data input.
 *
 * @param fsid may be zero
 * @param command one JSON text
 */
public record MCommand(long tid, UUID fsid, List<String> command, Bytes input) implements Message {
    static final MessageCodec<MCommand> CODEC =
            MessageCodec.of(
                    97,
                    1,
                    1,
                    MCommand.class,
                    (m, out) -> {
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.list(m.command, Primitives.STRING);
                    },
                    m -> m.input,
                    (in, head) ->
                            new MCommand(
                                    head.tid(),
                                    UuidCodec.CODEC.decode(in),
                                    in.list(Primitives.STRING),
                                    head.data()));
}
