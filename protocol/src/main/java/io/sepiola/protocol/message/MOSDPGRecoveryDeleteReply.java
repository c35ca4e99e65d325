package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.ObjectVersion;

import java.util.List;

/**
 * Answers {@link MOSDPGRecoveryDelete}.
 *
 * <p>MOSDPGRecoveryDeleteReply := PgId epoch:u32 minEpoch:u32 list of ObjectVersion, shard:s8
 * from:PgShard.
 *
 * @param pg of the receiver
 */
public record MOSDPGRecoveryDeleteReply(
        SpgId pg, int epoch, int minEpoch, List<ObjectVersion> objects, PgShard from)
        implements Message {
    static final MessageCodec<MOSDPGRecoveryDeleteReply> CODEC =
            MessageCodec.of(
                    119,
                    2,
                    1,
                    MOSDPGRecoveryDeleteReply.class,
                    (m, out) -> {
                        PgId.CODEC.encode(m.pg.pg(), out);
                        out.u32(m.epoch);
                        out.u32(m.minEpoch);
                        out.list(m.objects, ObjectVersion.CODEC);
                        out.u8(m.pg.shard());
                        PgShard.CODEC.encode(m.from, out);
                    },
                    (in, head) -> {
                        PgId id = PgId.CODEC.decode(in);
                        int epoch = in.u32();
                        int minEpoch = in.u32();
                        List<ObjectVersion> objects = in.list(ObjectVersion.CODEC);
                        SpgId pg = new SpgId(id, in.s8());
                        PgShard from = PgShard.CODEC.decode(in);
                        return new MOSDPGRecoveryDeleteReply(pg, epoch, minEpoch, objects, from);
                    });

    @Override
    public int priority() {
        return 3;
    }
}
