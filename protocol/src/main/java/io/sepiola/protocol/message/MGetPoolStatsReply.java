package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;
import io.sepiola.protocol.osd.PoolStat;

import java.util.Map;
import java.util.UUID;

/**
 * Answers {@link MGetPoolStats}.
 *
 * <p>MGetPoolStatsReply := PaxosPrefix fsid, map of pool:string to PoolStat, perPool:bool.
 *
 * @param stats by the pool's name
 * @param perPool whether usage is counted by pool
 */
public record MGetPoolStatsReply(
        long tid, long version, UUID fsid, Map<String, PoolStat> stats, boolean perPool)
        implements Message {
    static final MessageCodec<MGetPoolStatsReply> CODEC =
            MessageCodec.of(
                    59,
                    2,
                    1,
                    MGetPoolStatsReply.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.map(m.stats, Primitives.STRING, PoolStat.CODEC);
                        out.bool(m.perPool);
                    },
                    (in, head) ->
                            new MGetPoolStatsReply(
                                    head.tid(),
                                    PaxosPrefix.decode(in),
                                    UuidCodec.CODEC.decode(in),
                                    in.map(Primitives.STRING, PoolStat.CODEC),
                                    in.bool()));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
