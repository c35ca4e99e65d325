package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.Map;
import java.util.UUID;

/**
 * OSD maps, full and as changes.
 *
 * <p>MOSDMap := fsid incrementals full oldest:u32 newest:u32 gapRemovedSnaps, where both are map of
 * epoch:u32 to blob.
 *
 * @param incrementals changes, by the epoch to which they lead
 * @param full whole maps, by epoch
 * @param oldest the oldest epoch the cluster keeps
 * @param newest the newest epoch the sender has
 * @param gapRemovedSnaps by pool: snapshots removed in epochs that are left out, as first to count
 */
public record MOSDMap(
        UUID fsid,
        Map<Integer, Bytes> incrementals,
        Map<Integer, Bytes> full,
        int oldest,
        int newest,
        Map<Long, Map<Long, Long>> gapRemovedSnaps)
        implements Message {
    static final MessageCodec<MOSDMap> CODEC =
            MessageCodec.of(
                    41,
                    4,
                    3,
                    MOSDMap.class,
                    (m, out) -> {
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.map(m.incrementals, Primitives.U32, Primitives.BLOB);
                        out.map(m.full, Primitives.U32, Primitives.BLOB);
                        out.u32(m.oldest);
                        out.u32(m.newest);
                        out.map(
                                m.gapRemovedSnaps,
                                Primitives.U64,
                                Primitives.mapOf(Primitives.U64, Primitives.U64));
                    },
                    (in, head) ->
                            new MOSDMap(
                                    UuidCodec.CODEC.decode(in),
                                    in.map(Primitives.U32, Primitives.BLOB),
                                    in.map(Primitives.U32, Primitives.BLOB),
                                    in.u32(),
                                    in.u32(),
                                    in.map(
                                            Primitives.U64,
                                            Primitives.mapOf(Primitives.U64, Primitives.U64))));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
