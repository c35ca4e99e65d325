package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.Optional;
import java.util.UUID;

/**
 * Answers {@link MPoolOp}.
 *
 * <p>MPoolOpReply := PaxosPrefix fsid result:s32 epoch:u32 payload:optional blob.
 *
 * @param result 0 or a negative errno
 * @param epoch the OSD map that has the change
 * @param payload the new snapshot's id as u64, where one was made
 */
public record MPoolOpReply(
        long tid, long version, UUID fsid, int result, int epoch, Optional<Bytes> payload)
        implements Message {
    static final MessageCodec<MPoolOpReply> CODEC =
            MessageCodec.of(
                    48,
                    1,
                    1,
                    MPoolOpReply.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.u32(m.result);
                        out.u32(m.epoch);
                        Primitives.optional(Primitives.BLOB).encode(m.payload, out);
                    },
                    (in, head) ->
                            new MPoolOpReply(
                                    head.tid(),
                                    PaxosPrefix.decode(in),
                                    UuidCodec.CODEC.decode(in),
                                    in.u32(),
                                    in.u32(),
                                    Primitives.optional(Primitives.BLOB).decode(in)));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
