package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.PgLease;

/**
 * The primary allows members to serve reads for a while.
 *
 * <p>MOSDPGLease := epoch:u32 SpgId PgLease.
 *
 * @param pg of the receiver
 */
public record MOSDPGLease(int epoch, SpgId pg, PgLease lease) implements Message {
    static final MessageCodec<MOSDPGLease> CODEC =
            MessageCodec.of(
                    133,
                    1,
                    1,
                    MOSDPGLease.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        SpgId.CODEC.encode(m.pg, out);
                        PgLease.CODEC.encode(m.lease, out);
                    },
                    (in, head) ->
                            new MOSDPGLease(
                                    in.u32(), SpgId.CODEC.decode(in), PgLease.CODEC.decode(in)));
}
