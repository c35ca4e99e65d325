package io.sepiola.protocol.message;

import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.UUID;

/**
 * An OSD stops and says so; the answer is the same message.
 *
 * <p>MOSDMarkMeDown := PaxosPrefix fsid osd:s32 EntityAddrVec epoch:u32 wantAnswer:bool
 * downAndDead:bool.
 *
 * @param downAndDead nothing of it runs on
 */
public record MOSDMarkMeDown(
        long version,
        UUID fsid,
        int osd,
        EntityAddrVec addrs,
        int epoch,
        boolean wantAnswer,
        boolean downAndDead)
        implements Message {
    static final MessageCodec<MOSDMarkMeDown> CODEC =
            MessageCodec.of(
                    74,
                    4,
                    3,
                    MOSDMarkMeDown.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.u32(m.osd);
                        EntityAddrVec.CODEC.encode(m.addrs, out);
                        out.u32(m.epoch);
                        out.bool(m.wantAnswer);
                        out.bool(m.downAndDead);
                    },
                    (in, head) ->
                            new MOSDMarkMeDown(
                                    PaxosPrefix.decode(in),
                                    UuidCodec.CODEC.decode(in),
                                    in.u32(),
                                    EntityAddrVec.CODEC.decode(in),
                                    in.u32(),
                                    in.bool(),
                                    in.bool()));
}
