package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;

/**
 * Asks for, grants or gives back a member's slot for backfill.
 *
 * <p>MBackfillReserve := PgId epoch:u32 op:u32 priority:u32 shard:s8 primaryBytes:s64
 * shardBytes:s64.
 *
 * @param op one of the constants
 */
public record MBackfillReserve(
        PgId pg,
        int epoch,
        int op,
        int priorityWanted,
        int shard,
        long primaryBytes,
        long shardBytes)
        implements Message {
    /** The primary asks. */
    public static final int REQUEST = 0;

    /** The member grants. */
    public static final int GRANT = 1;

    /** The member refuses. */
    public static final int REJECT_TOO_FULL = 2;

    /** The primary gives back. */
    public static final int RELEASE = 3;

    /** The member takes back: too full. */
    public static final int REVOKE_TOO_FULL = 4;

    /** The member takes back: another has a higher priority. */
    public static final int REVOKE = 5;

    static final MessageCodec<MBackfillReserve> CODEC =
            MessageCodec.of(
                    99,
                    5,
                    4,
                    MBackfillReserve.class,
                    (m, out) -> {
                        PgId.CODEC.encode(m.pg, out);
                        out.u32(m.epoch);
                        out.u32(m.op);
                        out.u32(m.priorityWanted);
                        out.u8(m.shard);
                        out.u64(m.primaryBytes);
                        out.u64(m.shardBytes);
                    },
                    (in, head) ->
                            new MBackfillReserve(
                                    PgId.CODEC.decode(in),
                                    in.u32(),
                                    in.u32(),
                                    in.u32(),
                                    in.s8(),
                                    in.u64(),
                                    in.u64()));
}
