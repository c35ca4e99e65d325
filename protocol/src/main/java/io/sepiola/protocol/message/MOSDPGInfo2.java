package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLease;
import io.sepiola.protocol.osd.PgLeaseAck;

import java.util.Optional;

/**
 * The information of a member, both ways: activation, its end, and what the primary knows.
 *
 * <p>MOSDPGInfo2 := SpgId epochSent:u32 minEpoch:u32 PgInfo, optional PgLease, optional PgLeaseAck.
 *
 * @param pg of the receiver
 */
public record MOSDPGInfo2(
        SpgId pg,
        int epochSent,
        int minEpoch,
        PgInfo info,
        Optional<PgLease> lease,
        Optional<PgLeaseAck> leaseAck)
        implements Message {
    static final MessageCodec<MOSDPGInfo2> CODEC =
            MessageCodec.of(
                    132,
                    1,
                    1,
                    MOSDPGInfo2.class,
                    (m, out) -> {
                        SpgId.CODEC.encode(m.pg, out);
                        out.u32(m.epochSent);
                        out.u32(m.minEpoch);
                        PgInfo.CODEC.encode(m.info, out);
                        Primitives.optional(PgLease.CODEC).encode(m.lease, out);
                        Primitives.optional(PgLeaseAck.CODEC).encode(m.leaseAck, out);
                    },
                    (in, head) ->
                            new MOSDPGInfo2(
                                    SpgId.CODEC.decode(in),
                                    in.u32(),
                                    in.u32(),
                                    PgInfo.CODEC.decode(in),
                                    Primitives.optional(PgLease.CODEC).decode(in),
                                    Primitives.optional(PgLeaseAck.CODEC).decode(in)));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
