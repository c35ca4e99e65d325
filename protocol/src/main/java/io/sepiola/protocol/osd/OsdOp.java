package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.map.ObjectLocator;

import java.util.List;
import java.util.Map;

/**
 * One operation on an object within a {@code MOSDOp}. The operations of one message take effect
 * together or not at all. {@link OsdOpCodec} has the layouts. Offsets, lengths and sizes are in
 * bytes; the numbers in the comments are Ceph's codes in hexadecimal.
 *
 * <p>{@code flags} are {@link #EXCLUSIVE}, {@link #FAIL_OK} and Ceph's advice about caching.
 */
public sealed interface OsdOp {
    /** Creation fails when there is an object. */
    int EXCLUSIVE = 1;

    /** The rest goes on when this operation fails. */
    int FAIL_OK = 2;

    /** The access is at random. */
    int ADVISE_RANDOM = 4;

    /** The access is in sequence. */
    int ADVISE_SEQUENTIAL = 8;

    /** The data will be wanted again soon. */
    int ADVISE_WILL_NEED = 0x10;

    /** The data will not be wanted again. */
    int ADVISE_DONT_NEED = 0x20;

    /** The data shall not be cached. */
    int ADVISE_NO_CACHE = 0x40;

    /** See the class comment. */
    int flags();

    /** Reads data (1201). */
    record Read(long offset, long length, long truncateSize, int truncateSeq, int flags)
            implements OsdOp {
        /** Without flags, on an object that was never truncated. */
        public Read(long offset, long length) {
            this(offset, length, 0, 0, 0);
        }
    }

    /** Reads data and tells where it is (1205); see {@link OpOutputs.SparseRead}. */
    record SparseRead(long offset, long length, long truncateSize, int truncateSeq, int flags)
            implements OsdOp {
        /** Without flags, on an object that was never truncated. */
        public SparseRead(long offset, long length) {
            this(offset, length, 0, 0, 0);
        }
    }

    /** Tells where data is (1203). */
    record MapExtents(long offset, long length, int flags) implements OsdOp {
        /** Without flags. */
        public MapExtents(long offset, long length) {
            this(offset, length, 0);
        }
    }

    /** Checksums data in chunks (121f). */
    record Checksum(
            long offset, long length, int chunkSize, int kind, Bytes initialValue, int flags)
            implements OsdOp {
        /** Without flags. */
        public Checksum(long offset, long length, int chunkSize, int kind, Bytes initialValue) {
            this(offset, length, chunkSize, kind, initialValue, 0);
        }
    }

    /** Fails unless the data is equal (1220). */
    record CompareExtent(long offset, Bytes data, int flags) implements OsdOp {
        /** Without flags. */
        public CompareExtent(long offset, Bytes data) {
            this(offset, data, 0);
        }
    }

    /** Size and time (1202); see {@link OpOutputs.Stat}. */
    record Stat(int flags) implements OsdOp {
        /** Without flags. */
        public Stat() {
            this(0);
        }
    }

    /** Writes data (2201). */
    record Write(long offset, long truncateSize, int truncateSeq, Bytes data, int flags)
            implements OsdOp {
        /** Without flags, on an object that was never truncated. */
        public Write(long offset, Bytes data) {
            this(offset, 0, 0, data, 0);
        }
    }

    /** Replaces the whole data (2202). */
    record WriteFull(Bytes data, int flags) implements OsdOp {
        /** Without flags. */
        public WriteFull(Bytes data) {
            this(data, 0);
        }
    }

    /** Writes the same data again and again (2226). */
    record WriteSame(long offset, long length, Bytes data, int flags) implements OsdOp {
        /** Without flags. */
        public WriteSame(long offset, long length, Bytes data) {
            this(offset, length, data, 0);
        }
    }

    /** Writes data at the end (2206). */
    record Append(Bytes data, int flags) implements OsdOp {
        /** Without flags. */
        public Append(Bytes data) {
            this(data, 0);
        }
    }

    /** Makes a range read as zeros (2204). */
    record Zero(long offset, long length, int flags) implements OsdOp {
        /** Without flags. */
        public Zero(long offset, long length) {
            this(offset, length, 0);
        }
    }

    /** Sets the size (2203). */
    record Truncate(long size, long truncateSize, int truncateSeq, int flags) implements OsdOp {
        /** Without flags, on an object that was never truncated. */
        public Truncate(long size) {
            this(size, 0, 0, 0);
        }
    }

    /** Makes the object (220d); {@link #EXCLUSIVE}: fails when there is one. */
    record Create(int flags) implements OsdOp {
        /** Without flags. */
        public Create() {
            this(0);
        }
    }

    /** Removes the object (2205). */
    record Delete(int flags) implements OsdOp {
        /** Without flags. */
        public Delete() {
            this(0);
        }
    }

    /** One attribute (1301). */
    record GetXattr(String name, int flags) implements OsdOp {
        /** Without flags. */
        public GetXattr(String name) {
            this(name, 0);
        }
    }

    /** All attributes (1302): a map of string to blob. */
    record GetXattrs(int flags) implements OsdOp {
        /** Without flags. */
        public GetXattrs() {
            this(0);
        }
    }

    /** Sets an attribute (2301). */
    record SetXattr(String name, Bytes value, int flags) implements OsdOp {
        /** Without flags. */
        public SetXattr(String name, Bytes value) {
            this(name, value, 0);
        }
    }

    /** Removes an attribute (2304). */
    record RemoveXattr(String name, int flags) implements OsdOp {
        /** Without flags. */
        public RemoveXattr(String name) {
            this(name, 0);
        }
    }

    /**
     * Fails unless the value, on the left, compares so with the attribute (1303); comparison and
     * mode as {@link Comparison} and {@link CompareMode} number them.
     */
    record CompareXattr(String name, Bytes value, int comparison, int mode, int flags)
            implements OsdOp {
        /** Without flags. */
        public CompareXattr(String name, Bytes value, int comparison, int mode) {
            this(name, value, comparison, mode, 0);
        }
    }

    /** Keys after one (1211); see {@link OpOutputs.OmapKeys}. */
    record OmapGetKeys(String after, long countMax, int flags) implements OsdOp {
        /** Without flags. */
        public OmapGetKeys(String after, long countMax) {
            this(after, countMax, 0);
        }
    }

    /** Entries after a key, with a prefix (1212); see {@link OpOutputs.OmapVals}. */
    record OmapGetVals(String after, long countMax, String prefix, int flags) implements OsdOp {
        /** Without flags. */
        public OmapGetVals(String after, long countMax, String prefix) {
            this(after, countMax, prefix, 0);
        }
    }

    /** The header (1213). */
    record OmapGetHeader(int flags) implements OsdOp {
        /** Without flags. */
        public OmapGetHeader() {
            this(0);
        }
    }

    /** The entries of some keys (1214): a map of string to blob. Keys in byte order. */
    record OmapGetValsByKeys(List<String> keys, int flags) implements OsdOp {
        /** Without flags. */
        public OmapGetValsByKeys(List<String> keys) {
            this(keys, 0);
        }
    }

    /** Sets entries (2215), in byte order of the keys. */
    record OmapSetVals(Map<String, Bytes> entries, int flags) implements OsdOp {
        /** Without flags. */
        public OmapSetVals(Map<String, Bytes> entries) {
            this(entries, 0);
        }
    }

    /** Sets the header (2216). */
    record OmapSetHeader(Bytes header, int flags) implements OsdOp {
        /** Without flags. */
        public OmapSetHeader(Bytes header) {
            this(header, 0);
        }
    }

    /** Removes all entries and the header (2217). */
    record OmapClear(int flags) implements OsdOp {
        /** Without flags. */
        public OmapClear() {
            this(0);
        }
    }

    /** Removes entries (2218), in byte order of the keys. */
    record OmapRemoveKeys(List<String> keys, int flags) implements OsdOp {
        /** Without flags. */
        public OmapRemoveKeys(List<String> keys) {
            this(keys, 0);
        }
    }

    /** Removes entries from a key up to, but without, another (222c). */
    record OmapRemoveRange(String first, String end, int flags) implements OsdOp {
        /** Without flags. */
        public OmapRemoveRange(String first, String end) {
            this(first, end, 0);
        }
    }

    /** Fails unless the entries, on the left, compare so with the values (1219). */
    record OmapCompare(Map<String, OmapAssertion> assertions, int flags) implements OsdOp {
        /** Without flags. */
        public OmapCompare(Map<String, OmapAssertion> assertions) {
            this(assertions, 0);
        }
    }

    /** Lists the objects of a group, in the old form (1501). */
    record PgList(long countMax, int startEpoch, HObject cursor, int flags) implements OsdOp {
        /** Without flags. */
        public PgList(long countMax, int startEpoch, HObject cursor) {
            this(countMax, startEpoch, cursor, 0);
        }
    }

    /** Lists the objects of a group, with namespaces (1505); see {@link OpOutputs.PgListing}. */
    record PgNamespaceList(long countMax, int startEpoch, HObject cursor, int flags)
            implements OsdOp {
        /** Without flags. */
        public PgNamespaceList(long countMax, int startEpoch, HObject cursor) {
            this(countMax, startEpoch, cursor, 0);
        }
    }

    /**
     * Lists what scrubs found in a group (1507).
     *
     * @param asked a {@link ScrubListing.Asked}
     */
    record ListInconsistent(Bytes asked, int flags) implements OsdOp {}

    /** Fails unless the object has that user version (1208). */
    record AssertVersion(long version, int flags) implements OsdOp {
        /** Without flags. */
        public AssertVersion(long version) {
            this(version, 0);
        }
    }

    /** Tells the expected sizes (2223). */
    record SetAllocationHint(
            long expectedObjectSize, long expectedWriteSize, int hintFlags, int flags)
            implements OsdOp {
        /** Without flags. */
        public SetAllocationHint(long expectedObjectSize, long expectedWriteSize, int hintFlags) {
            this(expectedObjectSize, expectedWriteSize, hintFlags, 0);
        }
    }

    /** Calls a method of a class (1401). */
    record Call(String objectClass, String method, Bytes input, int flags) implements OsdOp {
        /** Without flags. */
        public Call(String objectClass, String method, Bytes input) {
            this(objectClass, method, input, 0);
        }
    }

    /**
     * Begins, keeps or ends a watch (220f); the action is {@link #UNWATCH}, {@link #WATCH}, {@link
     * #RECONNECT} or {@link #PING}.
     */
    record Watch(long cookie, int action, int generation, int timeoutSeconds, int flags)
            implements OsdOp {
        /** Ends the watch. */
        public static final int UNWATCH = 0;

        /** Begins to watch. */
        public static final int WATCH = 3;

        /** Goes on after the connection was lost. */
        public static final int RECONNECT = 5;

        /** Keeps the watch alive. */
        public static final int PING = 7;

        /** Without flags. */
        public Watch(long cookie, int action, int generation, int timeoutSeconds) {
            this(cookie, action, generation, timeoutSeconds, 0);
        }
    }

    /** Notifies the watchers (1206): answers the id of the notification. */
    record Notify(long cookie, int timeoutSeconds, Bytes payload, int flags) implements OsdOp {
        /** Without flags. */
        public Notify(long cookie, int timeoutSeconds, Bytes payload) {
            this(cookie, timeoutSeconds, payload, 0);
        }
    }

    /** Answers a notification (1207). */
    record NotifyAck(long notifyId, long cookie, Bytes answer, int flags) implements OsdOp {
        /** Without flags. */
        public NotifyAck(long notifyId, long cookie, Bytes answer) {
            this(notifyId, cookie, answer, 0);
        }
    }

    /** Who watches (1209); see {@link OpOutputs.Watchers}. */
    record ListWatchers(int flags) implements OsdOp {
        /** Without flags. */
        public ListWatchers() {
            this(0);
        }
    }

    /** Which clones there are (120a); see {@link OpOutputs.Snaps}. */
    record ListSnaps(int flags) implements OsdOp {
        /** Without flags. */
        public ListSnaps() {
            this(0);
        }
    }

    /** Makes the head what it was at a snapshot (220e). */
    record Rollback(long snap, int flags) implements OsdOp {
        /** Without flags. */
        public Rollback(long snap) {
            this(snap, 0);
        }
    }

    /** Copies another object (221a). */
    record CopyFrom(
            String source,
            ObjectLocator sourceLocator,
            long snap,
            long version,
            int copyFlags,
            int sourceFlags,
            int flags)
            implements OsdOp {
        /** Without flags. */
        public CopyFrom(
                String source,
                ObjectLocator sourceLocator,
                long snap,
                long version,
                int copyFlags,
                int sourceFlags) {
            this(source, sourceLocator, snap, version, copyFlags, sourceFlags, 0);
        }
    }

    /** Copies another object, cut off (222d). */
    record CopyFrom2(
            String source,
            ObjectLocator sourceLocator,
            long snap,
            long version,
            int copyFlags,
            int sourceFlags,
            int truncateSeq,
            long truncateSize,
            int flags)
            implements OsdOp {
        /** Without flags. */
        public CopyFrom2(
                String source,
                ObjectLocator sourceLocator,
                long snap,
                long version,
                int copyFlags,
                int sourceFlags,
                int truncateSeq,
                long truncateSize) {
            this(
                    source,
                    sourceLocator,
                    snap,
                    version,
                    copyFlags,
                    sourceFlags,
                    truncateSeq,
                    truncateSize,
                    0);
        }
    }

    /** Hands out a part of an object to another OSD that copies it (121e). */
    record CopyGet(long sizeMax, Bytes cursor, int flags) implements OsdOp {
        /** Without flags. */
        public CopyGet(long sizeMax, Bytes cursor) {
            this(sizeMax, cursor, 0);
        }
    }

    /** Whether the object is dirty in a cache pool (121d). */
    record IsDirty(int flags) implements OsdOp {
        /** Without flags. */
        public IsDirty() {
            this(0);
        }
    }

    /**
     * An operation that this release does not know, or one whose arguments or payload are not what
     * its code asks for. The OSD refuses it; it survives a round trip.
     */
    record Unknown(int code, Args args, Bytes payload, int flags) implements OsdOp {}

    /** The 28 bytes of arguments as they are on the wire: three times 8 bytes, then 4. */
    record Args(long a, long b, long c, int d) {
        /** All zero. */
        public static final Args NONE = new Args(0, 0, 0, 0);
    }

    /** What {@link OmapCompare} wants of one entry. */
    record OmapAssertion(Bytes value, Comparison comparison) {}

    /** How two values must compare. Numbered from 1 on the wire. */
    enum Comparison {
        /** Equal. */
        EQUAL,
        /** Not equal. */
        NOT_EQUAL,
        /** Greater. */
        GREATER,
        /** Greater or equal. */
        GREATER_OR_EQUAL,
        /** Less. */
        LESS,
        /** Less or equal. */
        LESS_OR_EQUAL;

        /** The number on the wire. */
        public int code() {
            return ordinal() + 1;
        }

        /**
         * The comparison of that number.
         *
         * @throws Malformed when there is none
         */
        public static Comparison of(int code) {
            if (code < 1 || code > 6) {
                throw new Malformed("no comparison has the number " + code);
            }
            return values()[code - 1];
        }
    }

    /** As what attributes are compared. Numbered from 1 on the wire. */
    enum CompareMode {
        /** As bytes. */
        STRING,
        /** As numbers: the attribute is decimal, the value a u64. */
        U64;

        /** The number on the wire. */
        public int code() {
            return ordinal() + 1;
        }
    }
}
