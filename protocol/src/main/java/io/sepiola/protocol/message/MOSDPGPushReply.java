package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.PushReplyOp;

import java.util.List;

/**
 * Answers {@link MOSDPGPush}.
 *
 * <p>MOSDPGPushReply := PgId epoch:u32 list of PushReplyOp, cost:u64 shard:s8 from:PgShard
 * minEpoch:u32.
 *
 * @param pg of the receiver
 */
public record MOSDPGPushReply(
        SpgId pg, int epoch, List<PushReplyOp> ops, long cost, PgShard from, int minEpoch)
        implements Message {
    static final MessageCodec<MOSDPGPushReply> CODEC =
            MessageCodec.of(
                    107,
                    3,
                    2,
                    MOSDPGPushReply.class,
                    (m, out) -> {
                        PgId.CODEC.encode(m.pg.pg(), out);
                        out.u32(m.epoch);
                        out.list(m.ops, PushReplyOp.CODEC);
                        out.u64(m.cost);
                        out.u8(m.pg.shard());
                        PgShard.CODEC.encode(m.from, out);
                        out.u32(m.minEpoch);
                    },
                    (in, head) -> {
                        PgId id = PgId.CODEC.decode(in);
                        int epoch = in.u32();
                        List<PushReplyOp> ops = in.list(PushReplyOp.CODEC);
                        long cost = in.u64();
                        SpgId pg = new SpgId(id, in.s8());
                        PgShard from = PgShard.CODEC.decode(in);
                        int minEpoch = in.u32();
                        return new MOSDPGPushReply(pg, epoch, ops, cost, from, minEpoch);
                    });

    @Override
    public int priority() {
        return 3;
    }
}
