package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.PgLeaseAck;

/**
 * Answers {@link MOSDPGLease}.
 *
 * <p>MOSDPGLeaseAck := epoch:u32 SpgId PgLeaseAck.
 *
 * @param pg of the receiver
 */
public record MOSDPGLeaseAck(int epoch, SpgId pg, PgLeaseAck ack) implements Message {
    static final MessageCodec<MOSDPGLeaseAck> CODEC =
            MessageCodec.of(
                    134,
                    1,
                    1,
                    MOSDPGLeaseAck.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        SpgId.CODEC.encode(m.pg, out);
                        PgLeaseAck.CODEC.encode(m.ack, out);
                    },
                    (in, head) ->
                            new MOSDPGLeaseAck(
                                    in.u32(), SpgId.CODEC.decode(in), PgLeaseAck.CODEC.decode(in)));
}
