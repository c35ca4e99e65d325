package io.sepiola.protocol.message;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;

/**
 * Answers {@link MOSDPGUpdateLogMissing}.
 *
 * <p>MOSDPGUpdateLogMissingReply := epoch:u32 SpgId from:s8 repTid:u64 minEpoch:u32
 * lastCompleteOnDisk:EVersion.
 *
 * @param pg of the receiver
 * @param from shard
 */
public record MOSDPGUpdateLogMissingReply(
        int epoch, SpgId pg, int from, long repTid, int minEpoch, EVersion lastCompleteOnDisk)
        implements Message {
    static final MessageCodec<MOSDPGUpdateLogMissingReply> CODEC =
            MessageCodec.of(
                    115,
                    3,
                    1,
                    MOSDPGUpdateLogMissingReply.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        SpgId.CODEC.encode(m.pg, out);
                        out.u8(m.from);
                        out.u64(m.repTid);
                        out.u32(m.minEpoch);
                        EVersion.CODEC.encode(m.lastCompleteOnDisk, out);
                    },
                    (in, head) ->
                            new MOSDPGUpdateLogMissingReply(
                                    in.u32(),
                                    SpgId.CODEC.decode(in),
                                    in.s8(),
                                    in.u64(),
                                    in.u32(),
                                    EVersion.CODEC.decode(in)));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
