package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;

/**
 * A placement group is made.
 *
 * <p>MOSDPGCreated := PaxosPrefix PgId.
 */
public record MOSDPGCreated(long version, PgId pg) implements Message {
    static final MessageCodec<MOSDPGCreated> CODEC =
            MessageCodec.of(
                    116,
                    1,
                    1,
                    MOSDPGCreated.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        PgId.CODEC.encode(m.pg, out);
                    },
                    (in, head) -> new MOSDPGCreated(PaxosPrefix.decode(in), PgId.CODEC.decode(in)));
}
