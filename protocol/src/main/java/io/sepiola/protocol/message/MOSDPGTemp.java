package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;

import java.util.List;
import java.util.Map;

/**
 * A primary wants another acting set for a while.
 *
 * <p>MOSDPGTemp := PaxosPrefix epoch:u32, map of PgId to list of s32, forced:bool.
 *
 * @param acting an empty list takes it back
 */
public record MOSDPGTemp(long version, int epoch, Map<PgId, List<Integer>> acting, boolean forced)
        implements Message {
    static final MessageCodec<MOSDPGTemp> CODEC =
            MessageCodec.of(
                    78,
                    2,
                    1,
                    MOSDPGTemp.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        out.u32(m.epoch);
                        out.map(m.acting, PgId.CODEC, Primitives.listOf(Primitives.U32));
                        out.bool(m.forced);
                    },
                    (in, head) ->
                            new MOSDPGTemp(
                                    PaxosPrefix.decode(in),
                                    in.u32(),
                                    in.map(PgId.CODEC, Primitives.listOf(Primitives.U32)),
                                    in.bool()));
}
