package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;

/**
 * An OSD that leads a placement group wants to be known as alive through an epoch.
 *
 * <p>MOSDAlive := PaxosPrefix want:u32.
 *
 * @param version of its map
 * @param want epoch
 */
public record MOSDAlive(long version, int want) implements Message {
    static final MessageCodec<MOSDAlive> CODEC =
            MessageCodec.of(
                    73,
                    1,
                    1,
                    MOSDAlive.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        out.u32(m.want);
                    },
                    (in, head) -> new MOSDAlive(PaxosPrefix.decode(in), in.u32()));
}
