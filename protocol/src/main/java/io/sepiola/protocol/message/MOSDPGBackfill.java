package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectStats;
import io.sepiola.protocol.osd.PgStat;

/**
 * Tells the target of a backfill how far it is.
 *
 * <p>MOSDPGBackfill := op:u32 epoch:u32 queryEpoch:u32 PgId lastBackfill:HObject ObjectStats PgStat
 * shard:s8.
 *
 * @param op {@link #PROGRESS}, {@link #FINISH} or {@link #FINISH_ACK}
 * @param pg of the receiver
 */
public record MOSDPGBackfill(
        int op, int epoch, int queryEpoch, SpgId pg, HObject lastBackfill, PgStat stats)
        implements Message {
    /** Objects up to {@code lastBackfill} are there. */
    public static final int PROGRESS = 2;

    /** All objects are there. */
    public static final int FINISH = 3;

    /** The target knows. */
    public static final int FINISH_ACK = 4;

    static final MessageCodec<MOSDPGBackfill> CODEC =
            MessageCodec.of(
                    95,
                    3,
                    3,
                    MOSDPGBackfill.class,
                    (m, out) -> {
                        out.u32(m.op);
                        out.u32(m.epoch);
                        out.u32(m.queryEpoch);
                        PgId.CODEC.encode(m.pg.pg(), out);
                        HObject.CODEC.encode(m.lastBackfill, out);
                        ObjectStats.CODEC.encode(m.stats.stats(), out); // for old readers
                        PgStat.CODEC.encode(m.stats, out);
                        out.u8(m.pg.shard());
                    },
                    (in, head) -> {
                        int op = in.u32();
                        int epoch = in.u32();
                        int queryEpoch = in.u32();
                        PgId id = PgId.CODEC.decode(in);
                        HObject lastBackfill = HObject.CODEC.decode(in);
                        ObjectStats.CODEC.decode(in); // once more within the statistics
                        PgStat stats = PgStat.CODEC.decode(in);
                        SpgId pg = new SpgId(id, in.s8());
                        return new MOSDPGBackfill(op, epoch, queryEpoch, pg, lastBackfill, stats);
                    });
}
