package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;

/**
 * Asks for the newest version of a map.
 *
 * <p>MMonGetVersion := handle:u64 what:string.
 *
 * @param handle comes back with the answer
 * @param what the name of the map
 */
public record MMonGetVersion(long handle, String what) implements Message {
    static final MessageCodec<MMonGetVersion> CODEC =
            MessageCodec.of(
                    19,
                    1,
                    1,
                    MMonGetVersion.class,
                    (m, out) -> {
                        out.u64(m.handle);
                        out.string(m.what);
                    },
                    (in, head) -> new MMonGetVersion(in.u64(), in.string()));
}
