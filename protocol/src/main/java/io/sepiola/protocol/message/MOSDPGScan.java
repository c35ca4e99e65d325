package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.HObject;

/**
 * Asks for, or gives, the versions of a range of objects during backfill.
 *
 * <p>MOSDPGScan := op:u32 epoch:u32 queryEpoch:u32 PgId begin:HObject end:HObject from:PgShard
 * shard:s8; data: map of HObject to EVersion.
 *
 * @param op 1 asks, 2 gives
 * @param pg of the receiver
 * @param versions map of HObject to EVersion
 */
public record MOSDPGScan(
        int op,
        int epoch,
        int queryEpoch,
        SpgId pg,
        HObject begin,
        HObject end,
        PgShard from,
        Bytes versions)
        implements Message {
    static final MessageCodec<MOSDPGScan> CODEC =
            MessageCodec.of(
                    94,
                    2,
                    2,
                    MOSDPGScan.class,
                    (m, out) -> {
                        out.u32(m.op);
                        out.u32(m.epoch);
                        out.u32(m.queryEpoch);
                        PgId.CODEC.encode(m.pg.pg(), out);
                        HObject.CODEC.encode(m.begin, out);
                        HObject.CODEC.encode(m.end, out);
                        PgShard.CODEC.encode(m.from, out);
                        out.u8(m.pg.shard());
                    },
                    m -> m.versions,
                    (in, head) -> {
                        int op = in.u32();
                        int epoch = in.u32();
                        int queryEpoch = in.u32();
                        PgId id = PgId.CODEC.decode(in);
                        HObject begin = HObject.CODEC.decode(in);
                        HObject end = HObject.CODEC.decode(in);
                        PgShard from = PgShard.CODEC.decode(in);
                        SpgId pg = new SpgId(id, in.s8());
                        return new MOSDPGScan(
                                op, epoch, queryEpoch, pg, begin, end, from, head.data());
                    });
}
