package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * A question of cephx within a session: rotating keys, or ticket renewal.
 *
 * <p>MAuth := PaxosPrefix protocol:u32 payload:blob monMapEpoch:u32.
 *
 * @param protocol 2 is cephx
 * @param payload see package io.sepiola.protocol.auth
 */
public record MAuth(long version, int protocol, Bytes payload, int monMapEpoch) implements Message {
    static final MessageCodec<MAuth> CODEC =
            MessageCodec.of(
                    17,
                    1,
                    1,
                    MAuth.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        out.u32(m.protocol);
                        out.blob(m.payload);
                        out.u32(m.monMapEpoch);
                    },
                    (in, head) -> new MAuth(PaxosPrefix.decode(in), in.u32(), in.blob(), in.u32()));
}
