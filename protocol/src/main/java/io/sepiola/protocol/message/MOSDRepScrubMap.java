package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;

/**
 * The digest of a range of objects.
 *
 * <p>MOSDRepScrubMap := SpgId epoch:u32 from:PgShard preempted:bool; data ScrubMap.
 *
 * @param pg of the receiver
 * @param map of digests
 */
public record MOSDRepScrubMap(SpgId pg, int epoch, PgShard from, boolean preempted, Bytes map)
        implements Message {
    static final MessageCodec<MOSDRepScrubMap> CODEC =
            MessageCodec.of(
                    117,
                    2,
                    1,
                    MOSDRepScrubMap.class,
                    (m, out) -> {
                        SpgId.CODEC.encode(m.pg, out);
                        out.u32(m.epoch);
                        PgShard.CODEC.encode(m.from, out);
                        out.bool(m.preempted);
                    },
                    m -> m.map,
                    (in, head) ->
                            new MOSDRepScrubMap(
                                    SpgId.CODEC.decode(in),
                                    in.u32(),
                                    PgShard.CODEC.decode(in),
                                    in.bool(),
                                    head.data()));
}
