package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.PullOp;

import java.util.List;

/**
 * Asks a member for parts of objects.
 *
 * <p>MOSDPGPull := PgId epoch:u32 list of PullOp, cost:u64 shard:s8 from:PgShard minEpoch:u32.
 *
 * @param pg of the receiver
 */
public record MOSDPGPull(
        SpgId pg, int epoch, List<PullOp> ops, long cost, PgShard from, int minEpoch)
        implements Message {
    static final MessageCodec<MOSDPGPull> CODEC =
            MessageCodec.of(
                    106,
                    3,
                    2,
                    MOSDPGPull.class,
                    (m, out) -> {
                        PgId.CODEC.encode(m.pg.pg(), out);
                        out.u32(m.epoch);
                        out.list(m.ops, PullOp.CODEC);
                        out.u64(m.cost);
                        out.u8(m.pg.shard());
                        PgShard.CODEC.encode(m.from, out);
                        out.u32(m.minEpoch);
                    },
                    (in, head) -> {
                        PgId id = PgId.CODEC.decode(in);
                        int epoch = in.u32();
                        List<PullOp> ops = in.list(PullOp.CODEC);
                        long cost = in.u64();
                        SpgId pg = new SpgId(id, in.s8());
                        PgShard from = PgShard.CODEC.decode(in);
                        int minEpoch = in.u32();
                        return new MOSDPGPull(pg, epoch, ops, cost, from, minEpoch);
                    });

    @Override
    public int priority() {
        return 3;
    }
}
