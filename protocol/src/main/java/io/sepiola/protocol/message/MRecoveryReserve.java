package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;

/**
 * Asks for, grants or gives back a member's slot for recovery.
 *
 * <p>MRecoveryReserve := PgId queryEpoch:u32 op:u32 shard:s8 priority:u32.
 *
 * @param op {@link #REQUEST}, {@link #GRANT}, {@link #RELEASE} or {@link #REVOKE}
 */
public record MRecoveryReserve(PgId pg, int epoch, int op, int shard, int priorityWanted)
        implements Message {
    /** The primary asks. */
    public static final int REQUEST = 0;

    /** The member grants. */
    public static final int GRANT = 1;

    /** The primary gives back. */
    public static final int RELEASE = 2;

    /** The member takes back. */
    public static final int REVOKE = 3;

    static final MessageCodec<MRecoveryReserve> CODEC =
            MessageCodec.of(
                    150,
                    3,
                    2,
                    MRecoveryReserve.class,
                    (m, out) -> {
                        PgId.CODEC.encode(m.pg, out);
                        out.u32(m.epoch);
                        out.u32(m.op);
                        out.u8(m.shard);
                        out.u32(m.priorityWanted);
                    },
                    (in, head) ->
                            new MRecoveryReserve(
                                    PgId.CODEC.decode(in), in.u32(), in.u32(), in.s8(), in.u32()));
}
