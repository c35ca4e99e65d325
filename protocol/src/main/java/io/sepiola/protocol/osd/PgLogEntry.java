package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Utime;

import java.util.List;
import java.util.Map;

/**
 * One write, or one attempt, in the log of a placement group (pg_log_entry_t).
 *
 * <p>PgLogEntry := S(14/4){op:s32 object:HObject version:EVersion prior:EVersion OsdReqId Utime
 * snaps:blob userVersion:u64 ObjectModDesc, list of (OsdReqId u64), returnCode:s32 if op is ERROR,
 * map of u32 to s32 if there are extra requests, ObjectCleanRegions, returnCode:s32 if op is not
 * ERROR, list of OpReturn}; a LOST_REVERT has revertingTo in the place of prior, and prior after
 * the time.
 *
 * @param op one of the constants
 * @param prior of the object
 * @param revertingTo of {@link #LOST_REVERT}; zero otherwise
 * @param time at the client
 * @param snaps of {@link #CLONE}: list of u64
 * @param extraRequests of an object that was copied: those that made it
 * @param extraReturnCodes by index in that list
 */
public record PgLogEntry(
        int op,
        HObject object,
        EVersion version,
        EVersion prior,
        EVersion revertingTo,
        OsdReqId reqId,
        Utime time,
        Bytes snaps,
        long userVersion,
        ObjectModDesc undo,
        List<ExtraRequest> extraRequests,
        Map<Integer, Integer> extraReturnCodes,
        ObjectCleanRegions cleanRegions,
        int returnCode,
        List<OpReturn> returns) {
    /** Changed. */
    public static final int MODIFY = 1;

    /** A clone was made. */
    public static final int CLONE = 2;

    /** Removed. */
    public static final int DELETE = 3;

    /** Lost, and taken back to an earlier version. */
    public static final int LOST_REVERT = 5;

    /** Lost, and removed. */
    public static final int LOST_DELETE = 6;

    /** Lost, and marked so. */
    public static final int LOST_MARK = 7;

    /** Came into a cache pool. */
    public static final int PROMOTE = 8;

    /** Written back from a cache pool. */
    public static final int CLEAN = 9;

    /** Failed; nothing was changed, but a repetition shall fail in the same way. */
    public static final int ERROR = 10;

    /** A request that made the object from which this one was copied. */
    public record ExtraRequest(OsdReqId reqId, long userVersion) {
        /** OsdReqId userVersion:u64. */
        public static final Codec<ExtraRequest> CODEC =
                Primitives.of(
                        (out, extra) -> {
                            OsdReqId.CODEC.encode(extra.reqId, out);
                            out.u64(extra.userVersion);
                        },
                        in -> new ExtraRequest(OsdReqId.CODEC.decode(in), in.u64()));
    }

    /** As in the class comment. */
    public static final Codec<PgLogEntry> CODEC =
            Primitives.of(PgLogEntry::encode, PgLogEntry::decode);

    private static void encode(Encoder out, PgLogEntry value) {
        int begun = out.beginStruct(14, 4);
        out.u32(value.op);
        HObject.CODEC.encode(value.object, out);
        EVersion.CODEC.encode(value.version, out);
        EVersion.CODEC.encode(value.op == LOST_REVERT ? value.revertingTo : value.prior, out);
        OsdReqId.CODEC.encode(value.reqId, out);
        Utime.CODEC.encode(value.time, out);
        if (value.op == LOST_REVERT) {
            EVersion.CODEC.encode(value.prior, out);
        }
        out.blob(value.snaps);
        out.u64(value.userVersion);
        ObjectModDesc.CODEC.encode(value.undo, out);
        out.list(value.extraRequests, ExtraRequest.CODEC);
        if (value.op == ERROR) {
            out.u32(value.returnCode);
        }
        if (!value.extraRequests.isEmpty()) {
            out.map(value.extraReturnCodes, Primitives.U32, Primitives.U32);
        }
        ObjectCleanRegions.CODEC.encode(value.cleanRegions, out);
        if (value.op != ERROR) {
            out.u32(value.returnCode);
        }
        out.list(value.returns, OpReturn.CODEC);
        out.endSized(begun);
    }

    private static PgLogEntry decode(Decoder in) {
        return in.struct(14, PgLogEntry::decodeFields);
    }

    private static PgLogEntry decodeFields(int version, Decoder in) {
        if (version < 12) {
            throw new Malformed("a log entry of version " + version + ", older than Ceph 14");
        }
        int op = in.u32();
        HObject object = HObject.CODEC.decode(in);
        EVersion at = EVersion.CODEC.decode(in);
        EVersion prior = EVersion.CODEC.decode(in);
        OsdReqId reqId = OsdReqId.CODEC.decode(in);
        Utime time = Utime.CODEC.decode(in);
        EVersion revertingTo = EVersion.ZERO;
        if (op == LOST_REVERT) {
            revertingTo = prior;
            prior = EVersion.CODEC.decode(in);
        }
        Bytes snaps = in.blob();
        long userVersion = in.u64();
        ObjectModDesc undo = ObjectModDesc.CODEC.decode(in);
        List<ExtraRequest> extraRequests = in.list(ExtraRequest.CODEC);
        int returnCode = op == ERROR ? in.u32() : 0;
        Map<Integer, Integer> extraReturnCodes =
                extraRequests.isEmpty() ? Map.of() : in.map(Primitives.U32, Primitives.U32);
        ObjectCleanRegions cleanRegions =
                version >= 13 ? ObjectCleanRegions.CODEC.decode(in) : ObjectCleanRegions.DIRTY;
        if (version >= 14 && op != ERROR) {
            returnCode = in.u32();
        }
        List<OpReturn> returns = version >= 14 ? in.list(OpReturn.CODEC) : List.of();
        return new PgLogEntry(
                op,
                object,
                at,
                prior,
                revertingTo,
                reqId,
                time,
                snaps,
                userVersion,
                undo,
                extraRequests,
                extraReturnCodes,
                cleanRegions,
                returnCode,
                returns);
    }

    /** Whether the object is gone after this. */
    public boolean isDelete() {
        return op == DELETE || op == LOST_DELETE;
    }

    /** Whether nothing was changed. */
    public boolean isError() {
        return op == ERROR;
    }
}
