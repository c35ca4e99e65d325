package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.ObjectVersion;

import java.util.List;

/**
 * Objects that a member is to remove.
 *
 * <p>MOSDPGRecoveryDelete := from:PgShard SpgId epoch:u32 minEpoch:u32 cost:u64 list of
 * ObjectVersion.
 *
 * @param pg of the receiver
 */
public record MOSDPGRecoveryDelete(
        PgShard from, SpgId pg, int epoch, int minEpoch, long cost, List<ObjectVersion> objects)
        implements Message {
    static final MessageCodec<MOSDPGRecoveryDelete> CODEC =
            MessageCodec.of(
                    118,
                    2,
                    1,
                    MOSDPGRecoveryDelete.class,
                    (m, out) -> {
                        PgShard.CODEC.encode(m.from, out);
                        SpgId.CODEC.encode(m.pg, out);
                        out.u32(m.epoch);
                        out.u32(m.minEpoch);
                        out.u64(m.cost);
                        out.list(m.objects, ObjectVersion.CODEC);
                    },
                    (in, head) ->
                            new MOSDPGRecoveryDelete(
                                    PgShard.CODEC.decode(in),
                                    SpgId.CODEC.decode(in),
                                    in.u32(),
                                    in.u32(),
                                    in.u64(),
                                    in.list(ObjectVersion.CODEC)));

    @Override
    public int priority() {
        return 3;
    }
}
