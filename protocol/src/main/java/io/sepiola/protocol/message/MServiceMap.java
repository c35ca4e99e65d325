package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * Who serves what, to those who subscribed to it.
 *
 * <p>MServiceMap := ServiceMap.
 */
public record MServiceMap(Bytes map) implements Message {
    static final MessageCodec<MServiceMap> CODEC =
            MessageCodec.of(
                    1799,
                    1,
                    1,
                    MServiceMap.class,
                    (m, out) -> {
                        out.raw(m.map);
                    },
                    (in, head) -> new MServiceMap(in.rest()));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
