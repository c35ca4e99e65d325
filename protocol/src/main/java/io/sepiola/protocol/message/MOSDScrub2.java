package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.UuidCodec;

import java.util.List;
import java.util.UUID;

/**
 * The manager wants groups to be scrubbed.
 *
 * <p>MOSDScrub2 := fsid epoch:u32 list of SpgId, repair:bool deep:bool.
 */
public record MOSDScrub2(UUID fsid, int epoch, List<SpgId> pgs, boolean repair, boolean deep)
        implements Message {
    static final MessageCodec<MOSDScrub2> CODEC =
            MessageCodec.of(
                    121,
                    1,
                    1,
                    MOSDScrub2.class,
                    (m, out) -> {
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.u32(m.epoch);
                        out.list(m.pgs, SpgId.CODEC);
                        out.bool(m.repair);
                        out.bool(m.deep);
                    },
                    (in, head) ->
                            new MOSDScrub2(
                                    UuidCodec.CODEC.decode(in),
                                    in.u32(),
                                    in.list(SpgId.CODEC),
                                    in.bool(),
                                    in.bool()));
}
