package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdOpCodec;
import io.sepiola.protocol.osd.OsdOpResult;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.SnapContext;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Operations on one object, from a client to the primary of its placement group.
 *
 * <p>MOSDOp := pg:SpgId hash:u32 epoch:u32 flags:u32 OsdReqId, trace of 24 zero bytes,
 * incarnation:u32 time:Utime ObjectLocator object:string count:u16, heads of the operations,
 * snap:u64 SnapContext attempt:s32 features:u64. Data is the operations' payloads, one after the
 * other.
 *
 * @param pg with the raw hash already folded to the pool's number of groups
 * @param hash of the object's name, unfolded
 * @param epoch of the client's OSD map
 * @param flags the constants here
 * @param reqId {@link OsdReqId#NONE} from clients: they are known by their connection, and by tid
 * @param incarnation of the client; 0
 * @param time at the client
 * @param snap to read from; {@link HObject#HEAD} otherwise
 * @param snapContext of a write
 * @param attempt counts resends; -1 means unknown
 * @param features of the client
 */
public record MOSDOp(
        long tid,
        SpgId pg,
        int hash,
        int epoch,
        int flags,
        OsdReqId reqId,
        int incarnation,
        Utime time,
        ObjectLocator locator,
        String object,
        List<OsdOp> ops,
        long snap,
        SnapContext snapContext,
        int attempt,
        long features)
        implements Message {
    /** Answer when applied; old. */
    public static final int ACK = 1;

    /** Answer when it is on disk. */
    public static final int ON_DISK = 4;

    /** Sent again. */
    public static final int RETRY = 8;

    /** Reads something. */
    public static final int READ = 0x10;

    /** Writes something. */
    public static final int WRITE = 0x20;

    /** Fails with EOLDSNAPC when the snapshot context is older than the object's. */
    public static final int ORDER_SNAPS = 0x40;

    /** Any member may answer. */
    public static final int BALANCE_READS = 0x100;

    /** On the placement group rather than an object. */
    public static final int PG_OP = 0x400;

    /** Calls a method of a class. */
    public static final int EXEC = 0x800;

    /** The nearest member may answer. */
    public static final int LOCALIZE_READS = 0x2000;

    /** Reads are ordered with writes. */
    public static final int READ_WRITE_ORDERED = 0x4000;

    /** Ignores a cache pool. */
    public static final int IGNORE_CACHE = 0x8000;

    /** Ignores a pool that overlays this one. */
    public static final int IGNORE_OVERLAY = 0x20000;

    /** Writes even where the pool is full, or fails. */
    public static final int FULL_TRY = 0x800000;

    /** Writes even where the pool is full. */
    public static final int FULL_FORCE = 0x1000000;

    /** Knows answers that send elsewhere. */
    public static final int KNOWN_REDIRECT = 0x400000;

    /** Writes may return data. */
    public static final int RETURN_VECTOR = 0x4000000;

    private static final int OPS_MAX = 10_000;
    private static final int TRACE_SIZE = 24;

    static final MessageCodec<MOSDOp> CODEC =
            new MessageCodec<>(42, 8, 3, MOSDOp.class, MOSDOp::encode, MOSDOp::decode);

    @Override
    public int priority() {
        return 63;
    }

    /** The object with its place in the hash space, at the snapshot asked for. */
    public HObject target() {
        return new HObject(
                locator.namespace(), object, locator.key(), snap, hash, pg.pg().pool(), false);
    }

    private void encode(MessageCodec.Parts parts) {
        Encoder out = parts.front;
        SpgId.CODEC.encode(pg, out);
        out.u32(hash).u32(epoch).u32(flags);
        OsdReqId.CODEC.encode(reqId, out);
        out.zeros(TRACE_SIZE).u32(incarnation);
        Utime.CODEC.encode(time, out);
        ObjectLocator.CODEC.encode(locator, out);
        out.string(object).u16(ops.size());
        List<Bytes> payloads = new ArrayList<>(ops.size());
        for (OsdOp op : ops) {
            Bytes payload = OsdOpCodec.encode(op, out);
            if (!payload.isEmpty()) {
                payloads.add(payload);
            }
            if (op instanceof OsdOp.Write write) {
                parts.dataOffset = (int) write.offset() & 4095;
            }
        }
        out.u64(snap);
        SnapContext.CODEC.encode(snapContext, out);
        out.u32(attempt).u64(features);
        parts.data = payloads.size() == 1 ? payloads.getFirst() : Bytes.concat(payloads);
    }

    private static MOSDOp decode(Decoder in, EncodedMessage head) {
        if (head.version() < 8) {
            throw new Malformed(
                    "MOSDOp of version " + head.version() + ": the client is older than Ceph 12");
        }
        SpgId pg = SpgId.CODEC.decode(in);
        int hash = in.u32();
        int epoch = in.u32();
        int flags = in.u32();
        OsdReqId reqId = OsdReqId.CODEC.decode(in);
        in.skip(TRACE_SIZE);
        int incarnation = in.u32();
        Utime time = Utime.CODEC.decode(in);
        ObjectLocator locator = ObjectLocator.CODEC.decode(in);
        String object = in.string();
        List<OsdOp> ops = decodeOps(in, new Decoder(head.data()));
        long snap = in.u64();
        SnapContext snapContext = SnapContext.CODEC.decode(in);
        return new MOSDOp(
                head.tid(),
                pg,
                hash,
                epoch,
                flags,
                reqId,
                incarnation,
                time,
                locator,
                object,
                ops,
                snap,
                snapContext,
                in.u32(),
                in.u64());
    }

    private static List<OsdOp> decodeOps(Decoder in, Decoder data) {
        int count = in.u16();
        if (count > OPS_MAX || (long) count * OsdOpCodec.HEAD_SIZE > in.remaining()) {
            throw new Malformed(count + " operations, but " + in.remaining() + " bytes remain");
        }
        List<OsdOp> ops = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            OsdOpResult.Head head = OsdOpResult.Head.decode(in);
            Bytes payload = data.raw(head.outputSize());
            ops.add(
                    OsdOpCodec.fromRaw(
                            new OsdOp.Unknown(head.code(), head.args(), payload, head.flags())));
        }
        return Collections.unmodifiableList(ops);
    }
}
