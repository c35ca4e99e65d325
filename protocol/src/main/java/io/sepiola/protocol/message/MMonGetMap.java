package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;

/**
 * Asks for the monitor map.
 *
 * <p>MMonGetMap := nothing.
 */
public record MMonGetMap() implements Message {
    static final MessageCodec<MMonGetMap> CODEC =
            MessageCodec.of(
                    5, 1, 1, MMonGetMap.class, (m, out) -> {}, (in, head) -> new MMonGetMap());
}
