package io.sepiola.osd.op;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * An object while the operations of one message are worked off: what it will be, and the changes
 * that make it so. Thrown away when an operation fails. Owned by its execution.
 */
public final class ObjectDraft {
    private final CollectionId collection;
    private final GhObject object;
    private final List<Transaction.Op> changes = new ArrayList<>(4);
    private final boolean existedBefore;
    private final long sizeBefore;
    private boolean exists;
    private boolean remade;
    private long size;
    private int truncateSeq;
    private long truncateSize;
    private boolean omap;
    private long expectedObjectSize;
    private long expectedWriteSize;
    private int hintFlags;
    private boolean digested;
    private int digest = -1;
    private boolean modified;
    private long entriesAdded;
    private boolean entriesCleared;
    long bytesWritten;
    long bytesRead;

    /** Read so far. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Written so far. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Starts from what the object is. */
    public ObjectDraft(CollectionId collection, GhObject object, @Nullable ObjectInfo infoOrNull) {
        this.collection = collection;
        this.object = object;
        existedBefore = infoOrNull != null;
        exists = existedBefore;
        if (infoOrNull != null) {
            size = infoOrNull.size();
            truncateSeq = (int) infoOrNull.truncateSeq();
            truncateSize = infoOrNull.truncateSize();
            omap = (infoOrNull.flags() & ObjectInfo.OMAP) != 0;
            expectedObjectSize = infoOrNull.expectedObjectSize();
            expectedWriteSize = infoOrNull.expectedWriteSize();
            hintFlags = infoOrNull.hintFlags();
            digested = (infoOrNull.flags() & ObjectInfo.DATA_DIGEST) != 0;
            digest = infoOrNull.dataDigest();
        }
        sizeBefore = size;
    }

    /** Whether there is an object now. */
    public boolean exists() {
        return exists;
    }

    /** Whether there was one before. */
    public boolean existedBefore() {
        return existedBefore;
    }

    /** Whether the object is a new one, with a new history. */
    public boolean isNew() {
        return !existedBefore || remade;
    }

    /** Of its data now, in bytes. */
    public long size() {
        return size;
    }

    /** By how much the data grew, in bytes. */
    public long sizeDelta() {
        return size - sizeBefore;
    }

    /** Whether it was cut off under this or a later sequence number. */
    public int truncateSeq() {
        return truncateSeq;
    }

    /**
     * Whether more attributes and omap entries are set than removed: what moves or replaces a note,
     * as deletions do, is not growth.
     */
    public boolean growsIndex() {
        return entriesAdded > 0 && !entriesCleared;
    }

    /** To what it was last cut off by a client that numbers truncations. */
    public long truncateSize() {
        return truncateSize;
    }

    /** Whether it may have omap entries or a header. */
    public boolean hasOmap() {
        return omap;
    }

    /** Expected size of the object, or 0. */
    public long expectedObjectSize() {
        return expectedObjectSize;
    }

    /** Expected size of writes, or 0. */
    public long expectedWriteSize() {
        return expectedWriteSize;
    }

    /** Whether the digest of all data is known, since they were written as a whole. */
    public boolean isDigested() {
        return digested;
    }

    /** The crc32c of all data, from -1, where it is known; else -1. */
    public int digest() {
        return digested ? digest : -1;
    }

    private void digest(long offset, Bytes data) {
        if (offset == 0 && data.size() >= size) {
            digest = data.crc32c(-1);
            digested = true;
        } else if (offset == size && digested) {
            digest = data.crc32c(digest);
        } else {
            digested = false;
        }
    }

    /** Advice about allocation. */
    public int hintFlags() {
        return hintFlags;
    }

    /** Whether there is anything to write. */
    public boolean isModified() {
        return modified;
    }

    /** The changes so far. */
    public List<Transaction.Op> changes() {
        return changes;
    }

    private void change(Transaction.Op op) {
        changes.add(op);
        modified = true;
    }

    void create() {
        if (!exists) {
            appear();
            change(new Transaction.Touch(collection, object));
        }
    }

    private void appear() {
        exists = true;
        digested = false;
        remade = existedBefore;
        size = 0;
        truncateSeq = 0;
        truncateSize = 0;
        omap = false;
        expectedObjectSize = 0;
        expectedWriteSize = 0;
        hintFlags = 0;
    }

    void write(long offset, Bytes data, int adviceFlags) {
        if (data.isEmpty()) {
            create();
            if (offset > size) {
                truncate(offset);
            }
            modified = true;
            return;
        }
        if (!exists) {
            appear();
        }
        change(new Transaction.Write(collection, object, offset, data, adviceFlags));
        digest(offset, data);
        size = Math.max(size, offset + data.size());
        bytesWritten += data.size();
    }

    void replace(Bytes data, int adviceFlags) {
        if (!exists) {
            create();
        } else if (size > 0) {
            change(new Transaction.Truncate(collection, object, 0));
            size = 0;
            digested = false;
        }
        write(0, data, adviceFlags);
    }

    void truncate(long newSize) {
        change(new Transaction.Truncate(collection, object, newSize));
        digested &= newSize == size;
        size = newSize;
    }

    void noteTruncation(int sequence, long newSize) {
        truncateSeq = sequence;
        truncateSize = newSize;
        modified = true;
    }

    void zero(long offset, long length) {
        change(new Transaction.Zero(collection, object, offset, length));
        digested = false;
        bytesWritten += length;
    }

    void delete() {
        change(new Transaction.Remove(collection, object));
        entriesCleared = true;
        exists = false;
        size = 0;
        omap = false;
    }

    void setUserAttr(String name, Bytes value) {
        create();
        SortedMap<String, Bytes> attrs = new java.util.TreeMap<>();
        attrs.put(StoredObject.USER_PREFIX + name, value);
        change(new Transaction.SetAttrs(collection, object, attrs));
        entriesAdded++;
    }

    void removeUserAttr(String name) {
        change(new Transaction.RemoveAttr(collection, object, StoredObject.USER_PREFIX + name));
        entriesAdded--;
    }

    void setOmap(SortedMap<String, Bytes> entries) {
        create();
        omap = true;
        change(new Transaction.OmapSet(collection, object, entries));
        entriesAdded += entries.size();
    }

    void setOmapHeader(Bytes header) {
        create();
        omap = true;
        change(new Transaction.OmapSetHeader(collection, object, header));
        entriesAdded++;
    }

    void clearOmap() {
        omap = false;
        change(new Transaction.OmapClear(collection, object));
    }

    void removeOmap(java.util.SortedSet<String> keys) {
        change(new Transaction.OmapRemove(collection, object, keys));
        entriesAdded -= keys.size();
    }

    void removeOmapRange(String first, String end) {
        change(new Transaction.OmapRemoveRange(collection, object, first, end));
    }

    void setHint(long objectSize, long writeSize, int flags) {
        create();
        expectedObjectSize = objectSize;
        expectedWriteSize = writeSize;
        hintFlags = flags;
        change(new Transaction.SetAllocationHint(collection, object, objectSize, writeSize, flags));
    }

    void touchModified() {
        modified = true;
    }
}
