package io.sepiola.protocol.message;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.OsdReqId;

/**
 * Answers {@link MOSDRepOp}: the write is on disk.
 *
 * <p>MOSDRepOpReply := epoch:u32 minEpoch:u32, trace of 24 zero bytes, OsdReqId SpgId ack:u8
 * result:s32 lastCompleteOnDisk:EVersion from:PgShard.
 *
 * @param pg of the receiver
 * @param ack {@link MOSDOp#ON_DISK}
 * @param lastCompleteOnDisk of the sender
 */
public record MOSDRepOpReply(
        long tid,
        int epoch,
        int minEpoch,
        OsdReqId reqId,
        SpgId pg,
        int ack,
        int result,
        EVersion lastCompleteOnDisk,
        PgShard from)
        implements Message {
    static final MessageCodec<MOSDRepOpReply> CODEC =
            MessageCodec.of(
                    113,
                    2,
                    1,
                    MOSDRepOpReply.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        out.u32(m.minEpoch);
                        out.zeros(24); // no trace
                        OsdReqId.CODEC.encode(m.reqId, out);
                        SpgId.CODEC.encode(m.pg, out);
                        out.u8(m.ack);
                        out.u32(m.result);
                        EVersion.CODEC.encode(m.lastCompleteOnDisk, out);
                        PgShard.CODEC.encode(m.from, out);
                    },
                    (in, head) -> {
                        int epoch = in.u32();
                        int minEpoch = in.u32();
                        in.skip(24); // trace
                        OsdReqId reqId = OsdReqId.CODEC.decode(in);
                        SpgId pg = SpgId.CODEC.decode(in);
                        int ack = in.u8();
                        int result = in.u32();
                        EVersion lastCompleteOnDisk = EVersion.CODEC.decode(in);
                        PgShard from = PgShard.CODEC.decode(in);
                        return new MOSDRepOpReply(
                                head.tid(),
                                epoch,
                                minEpoch,
                                reqId,
                                pg,
                                ack,
                                result,
                                lastCompleteOnDisk,
                                from);
                    });

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
