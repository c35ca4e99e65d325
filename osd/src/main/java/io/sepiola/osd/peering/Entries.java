package io.sepiola.osd.peering;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectCleanRegions;
import io.sepiola.protocol.osd.ObjectModDesc;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PgLogDup;
import io.sepiola.protocol.osd.PgLogEntry;

import java.util.List;
import java.util.Map;

/** What log entries say about their objects. */
public final class Entries {
    private Entries() {}

    /** Whether the entry changed its object; attempts that failed did not. */
    public static boolean changes(PgLogEntry entry) {
        return entry.op() != PgLogEntry.ERROR && entry.op() != PgLogEntry.CLEAN;
    }

    /** Whether the entry removed its object. */
    public static boolean deletes(PgLogEntry entry) {
        return entry.op() == PgLogEntry.DELETE || entry.op() == PgLogEntry.LOST_DELETE;
    }

    /** Whether by the entry its object was put back to an earlier version, or to none. */
    public static boolean givesUp(PgLogEntry entry) {
        return entry.op() == PgLogEntry.LOST_REVERT || entry.op() == PgLogEntry.LOST_DELETE;
    }

    /** What is remembered of the request when its entry is trimmed. */
    static PgLogDup dup(PgLogEntry entry) {
        return new PgLogDup(
                entry.reqId(), entry.version(), entry.userVersion(), entry.returnCode(), List.of());
    }

    /** The entry of a write that changed nothing, and what came of it. */
    public static PgLogEntry unchanged(
            HObject object,
            EVersion version,
            OsdReqId reqId,
            Utime time,
            long userVersion,
            int result) {
        return new PgLogEntry(
                PgLogEntry.ERROR,
                object,
                version,
                EVersion.ZERO,
                EVersion.ZERO,
                reqId,
                time,
                Bytes.EMPTY,
                userVersion,
                ObjectModDesc.NONE,
                List.of(),
                Map.of(),
                ObjectCleanRegions.DIRTY,
                result,
                List.of());
    }

    /**
     * The entry by which an object of which nobody has the version {@code lost} is given up.
     *
     * @param kept the version that it is put back to; {@link EVersion#ZERO} when it is gone
     */
    public static PgLogEntry givenUp(
            HObject object,
            EVersion version,
            EVersion lost,
            EVersion kept,
            Utime time,
            long userVersion) {
        return new PgLogEntry(
                kept.equals(EVersion.ZERO) ? PgLogEntry.LOST_DELETE : PgLogEntry.LOST_REVERT,
                object,
                version,
                lost,
                kept,
                OsdReqId.NONE,
                time,
                Bytes.EMPTY,
                userVersion,
                ObjectModDesc.NONE,
                List.of(),
                Map.of(),
                ObjectCleanRegions.DIRTY,
                0,
                List.of());
    }

    /** The entry of a write. */
    public static PgLogEntry of(
            int op,
            HObject object,
            EVersion version,
            EVersion prior,
            OsdReqId reqId,
            Utime time,
            long userVersion) {
        return new PgLogEntry(
                op,
                object,
                version,
                prior,
                EVersion.ZERO,
                reqId,
                time,
                Bytes.EMPTY,
                userVersion,
                ObjectModDesc.NONE,
                List.of(),
                Map.of(),
                ObjectCleanRegions.DIRTY,
                0,
                List.of());
    }
}
