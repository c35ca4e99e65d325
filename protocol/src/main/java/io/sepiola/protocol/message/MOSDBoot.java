package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.osd.OsdSuperblock;

import java.util.Map;

/**
 * An OSD is ready to be up.
 *
 * <p>MOSDBoot := PaxosPrefix OsdSuperblock heartbeatBack:EntityAddrVec cluster:EntityAddrVec
 * bootEpoch:u32 heartbeatFront:EntityAddrVec metadata:map of string to string, features:u64.
 *
 * @param version of its map
 * @param bootEpoch of the last time it was up
 */
public record MOSDBoot(
        long version,
        OsdSuperblock superblock,
        EntityAddrVec heartbeatBack,
        EntityAddrVec cluster,
        int bootEpoch,
        EntityAddrVec heartbeatFront,
        Map<String, String> metadata,
        long features)
        implements Message {
    static final MessageCodec<MOSDBoot> CODEC =
            MessageCodec.of(
                    71,
                    7,
                    7,
                    MOSDBoot.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        OsdSuperblock.CODEC.encode(m.superblock, out);
                        EntityAddrVec.CODEC.encode(m.heartbeatBack, out);
                        EntityAddrVec.CODEC.encode(m.cluster, out);
                        out.u32(m.bootEpoch);
                        EntityAddrVec.CODEC.encode(m.heartbeatFront, out);
                        out.map(m.metadata, Primitives.STRING, Primitives.STRING);
                        out.u64(m.features);
                    },
                    (in, head) ->
                            new MOSDBoot(
                                    PaxosPrefix.decode(in),
                                    OsdSuperblock.CODEC.decode(in),
                                    EntityAddrVec.CODEC.decode(in),
                                    EntityAddrVec.CODEC.decode(in),
                                    in.u32(),
                                    EntityAddrVec.CODEC.decode(in),
                                    in.map(Primitives.STRING, Primitives.STRING),
                                    in.u64()));
}
