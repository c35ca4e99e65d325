package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;

import java.util.Map;

/**
 * The options that the monitors keep for the receiver.
 *
 * <p>MConfig := map of name:string to value:string.
 */
public record MConfig(Map<String, String> options) implements Message {
    static final MessageCodec<MConfig> CODEC =
            MessageCodec.of(
                    62,
                    1,
                    1,
                    MConfig.class,
                    (m, out) -> {
                        out.map(m.options, Primitives.STRING, Primitives.STRING);
                    },
                    (in, head) -> new MConfig(in.map(Primitives.STRING, Primitives.STRING)));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
