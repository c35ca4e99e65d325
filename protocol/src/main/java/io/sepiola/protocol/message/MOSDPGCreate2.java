package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.PgCreate;
import io.sepiola.protocol.osd.PgPast;

import java.util.Map;

/**
 * Placement groups to be made.
 *
 * <p>MOSDPGCreate2 := epoch:u32, map of SpgId to PgCreate, map of SpgId to PgPast.
 */
public record MOSDPGCreate2(int epoch, Map<SpgId, PgCreate> created, Map<SpgId, PgPast> past)
        implements Message {
    static final MessageCodec<MOSDPGCreate2> CODEC =
            MessageCodec.of(
                    120,
                    2,
                    1,
                    MOSDPGCreate2.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        out.map(m.created, SpgId.CODEC, PgCreate.CODEC);
                        out.map(m.past, SpgId.CODEC, PgPast.CODEC);
                    },
                    (in, head) ->
                            new MOSDPGCreate2(
                                    in.u32(),
                                    in.map(SpgId.CODEC, PgCreate.CODEC),
                                    in.map(SpgId.CODEC, PgPast.CODEC)));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
