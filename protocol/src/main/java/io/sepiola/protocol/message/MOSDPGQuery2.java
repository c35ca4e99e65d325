package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.PgQuery;

/**
 * What a primary asks a member.
 *
 * <p>MOSDPGQuery2 := SpgId PgQuery.
 *
 * @param pg of the receiver
 */
public record MOSDPGQuery2(SpgId pg, PgQuery query) implements Message {
    static final MessageCodec<MOSDPGQuery2> CODEC =
            MessageCodec.of(
                    131,
                    1,
                    1,
                    MOSDPGQuery2.class,
                    (m, out) -> {
                        SpgId.CODEC.encode(m.pg, out);
                        PgQuery.CODEC.encode(m.query, out);
                    },
                    (in, head) ->
                            new MOSDPGQuery2(SpgId.CODEC.decode(in), PgQuery.CODEC.decode(in)));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
