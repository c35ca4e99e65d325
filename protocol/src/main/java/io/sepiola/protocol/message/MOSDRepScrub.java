package io.sepiola.protocol.message;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.HObject;

/**
 * Asks a member for the digest of a range of objects.
 *
 * <p>MOSDRepScrub := PgId from:EVersion to:EVersion epoch:u32 chunky:bool start:HObject end:HObject
 * deep:bool shard:s8 u32 -1, minEpoch:u32 allowPreemption:bool priority:s32 highPriority:bool.
 *
 * @param pg of the receiver
 */
public record MOSDRepScrub(
        SpgId pg,
        EVersion scrubFrom,
        EVersion scrubTo,
        int epoch,
        boolean chunky,
        HObject start,
        HObject end,
        boolean deep,
        int minEpoch,
        boolean allowPreemption,
        int scrubPriority,
        boolean highPriority)
        implements Message {
    static final MessageCodec<MOSDRepScrub> CODEC =
            MessageCodec.of(
                    93,
                    9,
                    6,
                    MOSDRepScrub.class,
                    (m, out) -> {
                        PgId.CODEC.encode(m.pg.pg(), out);
                        EVersion.CODEC.encode(m.scrubFrom, out);
                        EVersion.CODEC.encode(m.scrubTo, out);
                        out.u32(m.epoch);
                        out.bool(m.chunky);
                        HObject.CODEC.encode(m.start, out);
                        HObject.CODEC.encode(m.end, out);
                        out.bool(m.deep);
                        out.u8(m.pg.shard());
                        out.u32(-1);
                        out.u32(m.minEpoch);
                        out.bool(m.allowPreemption);
                        out.u32(m.scrubPriority);
                        out.bool(m.highPriority);
                    },
                    (in, head) -> {
                        PgId id = PgId.CODEC.decode(in);
                        EVersion scrubFrom = EVersion.CODEC.decode(in);
                        EVersion scrubTo = EVersion.CODEC.decode(in);
                        int epoch = in.u32();
                        boolean chunky = in.bool();
                        HObject start = HObject.CODEC.decode(in);
                        HObject end = HObject.CODEC.decode(in);
                        boolean deep = in.bool();
                        SpgId pg = new SpgId(id, in.s8());
                        in.u32(); // seed
                        int minEpoch = in.u32();
                        boolean allowPreemption = in.bool();
                        int scrubPriority = in.u32();
                        boolean highPriority = in.bool();
                        return new MOSDRepScrub(
                                pg,
                                scrubFrom,
                                scrubTo,
                                epoch,
                                chunky,
                                start,
                                end,
                                deep,
                                minEpoch,
                                allowPreemption,
                                scrubPriority,
                                highPriority);
                    });
}
