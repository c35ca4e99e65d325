package io.sepiola.protocol.message;

import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.UUID;

/**
 * An OSD does not answer another one any more, or does again.
 *
 * <p>MOSDFailure := PaxosPrefix fsid osd:s32 EntityAddrVec epoch:u32 flags:u8 failedFor:u32.
 *
 * @param addrs of that OSD
 * @param flags {@link #FAILED} and {@link #IMMEDIATE}; 0: it lives
 */
public record MOSDFailure(
        long version,
        UUID fsid,
        int osd,
        EntityAddrVec addrs,
        int epoch,
        int flags,
        int failedForSeconds)
        implements Message {
    /** It does not answer. */
    public static final int FAILED = 1;

    /** Its address refuses connections: it is gone for certain. */
    public static final int IMMEDIATE = 2;

    static final MessageCodec<MOSDFailure> CODEC =
            MessageCodec.of(
                    72,
                    4,
                    4,
                    MOSDFailure.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.u32(m.osd);
                        EntityAddrVec.CODEC.encode(m.addrs, out);
                        out.u32(m.epoch);
                        out.u8(m.flags);
                        out.u32(m.failedForSeconds);
                    },
                    (in, head) ->
                            new MOSDFailure(
                                    PaxosPrefix.decode(in),
                                    UuidCodec.CODEC.decode(in),
                                    in.u32(),
                                    EntityAddrVec.CODEC.decode(in),
                                    in.u32(),
                                    in.u8(),
                                    in.u32()));
}
