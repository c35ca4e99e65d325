package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.PgNotify;

/**
 * What a member tells the primary about itself.
 *
 * <p>MOSDPGNotify2 := SpgId PgNotify.
 *
 * @param pg of the receiver
 */
public record MOSDPGNotify2(SpgId pg, PgNotify notification) implements Message {
    static final MessageCodec<MOSDPGNotify2> CODEC =
            MessageCodec.of(
                    130,
                    1,
                    1,
                    MOSDPGNotify2.class,
                    (m, out) -> {
                        SpgId.CODEC.encode(m.pg, out);
                        PgNotify.CODEC.encode(m.notification, out);
                    },
                    (in, head) ->
                            new MOSDPGNotify2(SpgId.CODEC.decode(in), PgNotify.CODEC.decode(in)));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
