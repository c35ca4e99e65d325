package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.osd.PgNotify;

import java.util.List;

/**
 * What members tell the primary of groups that they do not have; the old form of {@link
 * MOSDPGNotify2}.
 *
 * <p>MOSDPGNotify := epoch:u32, list of PgNotify.
 */
public record MOSDPGNotify(int epoch, List<PgNotify> notifies) implements Message {
    static final MessageCodec<MOSDPGNotify> CODEC =
            MessageCodec.of(
                    80,
                    7,
                    6,
                    MOSDPGNotify.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        out.list(m.notifies, PgNotify.CODEC);
                    },
                    (in, head) -> new MOSDPGNotify(in.u32(), in.list(PgNotify.CODEC)));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
