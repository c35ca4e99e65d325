package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * Asks whether the other end lives. A monitor answers with the same type and a text.
 *
 * <p>MPing := text:rest.
 *
 * @param text empty, or u32 length and a JSON text
 */
public record MPing(Bytes text) implements Message {
    static final MessageCodec<MPing> CODEC =
            MessageCodec.of(
                    2,
                    1,
                    1,
                    MPing.class,
                    (m, out) -> {
                        out.raw(m.text);
                    },
                    (in, head) -> new MPing(in.rest()));
}
