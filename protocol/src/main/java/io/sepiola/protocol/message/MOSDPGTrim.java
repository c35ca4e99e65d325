package io.sepiola.protocol.message;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;

/**
 * The log may be trimmed.
 *
 * <p>MOSDPGTrim := epoch:u32 PgId trimTo:EVersion shard:s8.
 *
 * @param pg of the receiver
 */
public record MOSDPGTrim(int epoch, SpgId pg, EVersion trimTo) implements Message {
    static final MessageCodec<MOSDPGTrim> CODEC =
            MessageCodec.of(
                    86,
                    2,
                    2,
                    MOSDPGTrim.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        PgId.CODEC.encode(m.pg.pg(), out);
                        EVersion.CODEC.encode(m.trimTo, out);
                        out.u8(m.pg.shard());
                    },
                    (in, head) -> {
                        int epoch = in.u32();
                        PgId id = PgId.CODEC.decode(in);
                        EVersion trimTo = EVersion.CODEC.decode(in);
                        SpgId pg = new SpgId(id, in.s8());
                        return new MOSDPGTrim(epoch, pg, trimTo);
                    });
}
