package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * The monitor map, to everybody who subscribed to it or asked.
 *
 * <p>MMonMap := map:blob.
 *
 * @param map MonMap's encoding
 */
public record MMonMap(Bytes map) implements Message {
    static final MessageCodec<MMonMap> CODEC =
            MessageCodec.of(
                    4,
                    1,
                    1,
                    MMonMap.class,
                    (m, out) -> {
                        out.blob(m.map);
                    },
                    (in, head) -> new MMonMap(in.blob()));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
