package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.PushOp;

import java.util.List;

/**
 * Parts of objects for a member that lacks them.
 *
 * <p>MOSDPGPush := PgId epoch:u32 list of PushOp, cost:u64 shard:s8 from:PgShard minEpoch:u32
 * repair:bool.
 *
 * @param pg of the receiver
 * @param repair of what a scrub found
 */
public record MOSDPGPush(
        SpgId pg,
        int epoch,
        List<PushOp> ops,
        long cost,
        PgShard from,
        int minEpoch,
        boolean repair)
        implements Message {
    static final MessageCodec<MOSDPGPush> CODEC =
            MessageCodec.of(
                    105,
                    4,
                    2,
                    MOSDPGPush.class,
                    (m, out) -> {
                        PgId.CODEC.encode(m.pg.pg(), out);
                        out.u32(m.epoch);
                        out.list(m.ops, PushOp.CODEC);
                        out.u64(m.cost);
                        out.u8(m.pg.shard());
                        PgShard.CODEC.encode(m.from, out);
                        out.u32(m.minEpoch);
                        out.bool(m.repair);
                    },
                    (in, head) -> {
                        PgId id = PgId.CODEC.decode(in);
                        int epoch = in.u32();
                        List<PushOp> ops = in.list(PushOp.CODEC);
                        long cost = in.u64();
                        SpgId pg = new SpgId(id, in.s8());
                        PgShard from = PgShard.CODEC.decode(in);
                        int minEpoch = in.u32();
                        boolean repair = in.bool();
                        return new MOSDPGPush(pg, epoch, ops, cost, from, minEpoch, repair);
                    });

    @Override
    public int priority() {
        return 3;
    }
}
