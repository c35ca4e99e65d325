package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.UUID;

/**
 * Makes or removes a pool or a snapshot.
 *
 * <p>MPoolOp := PaxosPrefix fsid pool:u32 op:u32 u64 0, snap:u64 name:string u8 0, crushRule:s16.
 *
 * @param op one of the constants
 * @param snap the self-managed snapshot to remove
 * @param name of the pool or snapshot
 * @param crushRule -1 for the default
 */
public record MPoolOp(
        long tid, long version, UUID fsid, int pool, int op, long snap, String name, int crushRule)
        implements Message {
    /** Makes a pool. */
    public static final int CREATE = 1;

    /** Removes a pool. */
    public static final int DELETE = 2;

    /** Makes a snapshot of a pool. */
    public static final int CREATE_SNAP = 0x11;

    /** Removes a snapshot of a pool. */
    public static final int DELETE_SNAP = 0x12;

    /** Gives out the id of a self-managed snapshot. */
    public static final int CREATE_SELF_MANAGED_SNAP = 0x21;

    /** Removes a self-managed snapshot. */
    public static final int DELETE_SELF_MANAGED_SNAP = 0x22;

    static final MessageCodec<MPoolOp> CODEC =
            MessageCodec.of(
                    49,
                    4,
                    2,
                    MPoolOp.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.u32(m.pool);
                        out.u32(m.op);
                        out.u64(0); // was an owner
                        out.u64(m.snap);
                        out.string(m.name);
                        out.u8(0);
                        out.u16(m.crushRule);
                    },
                    (in, head) -> {
                        long version = PaxosPrefix.decode(in);
                        UUID fsid = UuidCodec.CODEC.decode(in);
                        int pool = in.u32();
                        int op = in.u32();
                        in.u64(); // was an owner
                        long snap = in.u64();
                        String name = in.string();
                        in.u8(); // pad
                        int crushRule = (short) in.u16();
                        return new MPoolOp(
                                head.tid(), version, fsid, pool, op, snap, name, crushRule);
                    });
}
