package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * The manager map, to those who subscribed to it.
 *
 * <p>MMgrMap := map:rest.
 *
 * @param map {@link io.sepiola.protocol.map.MgrMap}'s encoding
 */
public record MMgrMap(Bytes map) implements Message {
    static final MessageCodec<MMgrMap> CODEC =
            MessageCodec.of(
                    1796,
                    1,
                    1,
                    MMgrMap.class,
                    (m, out) -> {
                        out.raw(m.map);
                    },
                    (in, head) -> new MMgrMap(in.rest()));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
