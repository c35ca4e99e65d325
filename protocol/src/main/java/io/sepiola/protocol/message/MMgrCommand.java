package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.List;
import java.util.UUID;

/**
 * A command to the manager.
 *
 * <p>MMgrCommand := fsid command:list of string; data input.
 *
 * @param fsid may be zero
 * @param command one JSON text
 */
public record MMgrCommand(long tid, UUID fsid, List<String> command, Bytes input)
        implements Message {
    static final MessageCodec<MMgrCommand> CODEC =
            MessageCodec.of(
                    1801,
                    1,
                    1,
                    MMgrCommand.class,
                    (m, out) -> {
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.list(m.command, Primitives.STRING);
                    },
                    m -> m.input,
                    (in, head) ->
                            new MMgrCommand(
                                    head.tid(),
                                    UuidCodec.CODEC.decode(in),
                                    in.list(Primitives.STRING),
                                    head.data()));
}
