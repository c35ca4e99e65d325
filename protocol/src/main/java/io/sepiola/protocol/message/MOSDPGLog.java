package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.osd.PastIntervals;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLease;
import io.sepiola.protocol.osd.PgLog;
import io.sepiola.protocol.osd.PgMissing;

import java.util.Optional;

/**
 * A part of the log: the answer to a query, or the activation of a member.
 *
 * <p>MOSDPGLog := epoch:u32 PgInfo PgLog PgMissing queryEpoch:u32 PastIntervals to:s8 from:s8,
 * optional PgLease.
 *
 * @param to shard
 * @param from shard
 */
public record MOSDPGLog(
        int epoch,
        PgInfo info,
        PgLog log,
        PgMissing missing,
        int queryEpoch,
        PastIntervals pastIntervals,
        int to,
        int from,
        Optional<PgLease> lease)
        implements Message {
    static final MessageCodec<MOSDPGLog> CODEC =
            MessageCodec.of(
                    83,
                    6,
                    5,
                    MOSDPGLog.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        PgInfo.CODEC.encode(m.info, out);
                        PgLog.CODEC.encode(m.log, out);
                        PgMissing.CODEC.encode(m.missing, out);
                        out.u32(m.queryEpoch);
                        PastIntervals.CODEC.encode(m.pastIntervals, out);
                        out.u8(m.to);
                        out.u8(m.from);
                        Primitives.optional(PgLease.CODEC).encode(m.lease, out);
                    },
                    (in, head) ->
                            new MOSDPGLog(
                                    in.u32(),
                                    PgInfo.CODEC.decode(in),
                                    PgLog.CODEC.decode(in),
                                    PgMissing.CODEC.decode(in),
                                    in.u32(),
                                    PastIntervals.CODEC.decode(in),
                                    in.s8(),
                                    in.s8(),
                                    Primitives.optional(PgLease.CODEC).decode(in)));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
