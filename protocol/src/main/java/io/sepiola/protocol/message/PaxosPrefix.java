package io.sepiola.protocol.message;

import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;

/**
 * What begins every message to a map service of the monitors.
 *
 * <p>PaxosPrefix := version:u64 s16 -1, u64 0. The version is that of the map the sender has, or
 * the answer is about.
 */
final class PaxosPrefix {
    private PaxosPrefix() {}

    static Encoder encode(Encoder out, long version) {
        return out.u64(version).u16(-1).u64(0);
    }

    static long decode(Decoder in) {
        long version = in.u64();
        in.u16(); // was the session's monitor
        in.u64(); // was the session's transaction
        return version;
    }
}
