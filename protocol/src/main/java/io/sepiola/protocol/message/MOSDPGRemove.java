package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;

import java.util.List;

/**
 * Groups that are stray: to be removed.
 *
 * <p>MOSDPGRemove := epoch:u32 list of SpgId.
 */
public record MOSDPGRemove(int epoch, List<SpgId> pgs) implements Message {
    static final MessageCodec<MOSDPGRemove> CODEC =
            MessageCodec.of(
                    84,
                    3,
                    3,
                    MOSDPGRemove.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        out.list(m.pgs, SpgId.CODEC);
                    },
                    (in, head) -> new MOSDPGRemove(in.u32(), in.list(SpgId.CODEC)));
}
