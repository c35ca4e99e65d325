package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;

/**
 * Asks for, grants or gives back a member's slot for scrubbing.
 *
 * <p>MOSDScrubReserve := SpgId epoch:u32 op:s32 from:PgShard.
 *
 * @param op 0 request, 1 grant, 2 release, 3 reject
 */
public record MOSDScrubReserve(SpgId pg, int epoch, int op, PgShard from) implements Message {
    static final MessageCodec<MOSDScrubReserve> CODEC =
            MessageCodec.of(
                    92,
                    1,
                    1,
                    MOSDScrubReserve.class,
                    (m, out) -> {
                        SpgId.CODEC.encode(m.pg, out);
                        out.u32(m.epoch);
                        out.u32(m.op);
                        PgShard.CODEC.encode(m.from, out);
                    },
                    (in, head) ->
                            new MOSDScrubReserve(
                                    SpgId.CODEC.decode(in),
                                    in.u32(),
                                    in.u32(),
                                    PgShard.CODEC.decode(in)));
}
