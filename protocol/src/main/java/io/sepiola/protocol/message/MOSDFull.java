package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;

/**
 * An OSD tells how full it is, when the map says otherwise.
 *
 * <p>MOSDFull := PaxosPrefix epoch:u32 state:u32.
 *
 * @param version of its map
 * @param epoch of its map
 * @param state one of the map's bits FULL, BACKFILLFULL and NEARFULL, or 0
 */
public record MOSDFull(long version, int epoch, int state) implements Message {
    static final MessageCodec<MOSDFull> CODEC =
            MessageCodec.of(
                    75,
                    1,
                    0,
                    MOSDFull.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        out.u32(m.epoch).u32(m.state);
                    },
                    (in, head) -> new MOSDFull(PaxosPrefix.decode(in), in.u32(), in.u32()));
}
