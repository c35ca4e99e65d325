package io.sepiola.osd.pg;

import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;
import io.sepiola.osd.op.StoredObject;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.ObjectRecoveryInfo;
import io.sepiola.protocol.osd.ObjectRecoveryProgress;
import io.sepiola.protocol.osd.PushOp;
import io.sepiola.protocol.osd.SnapSet;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Cuts an object into parts for a member that lacks it, and puts the parts together there. What
 * does not fit into one part is gathered in an object of the temporary pool -2-pool, and renamed
 * when it is whole, so that a crash never leaves half an object in place.
 */
final class Transfers {
    private Transfers() {}

    /** Where the parts of an object are gathered. */
    static GhObject gathering(HObject object) {
        return GhObject.of(
                new HObject(
                        object.namespace(),
                        object.name(),
                        object.key(),
                        object.snap(),
                        object.hash(),
                        -2 - object.pool(),
                        false));
    }

    /** Whether the object is one of those in which parts are gathered. */
    static boolean isGathering(HObject object) {
        return object.pool() < -1 && !object.isMin();
    }

    /** What says that nothing is known of the object but its name. */
    static ObjectInfo infoOfNothing(HObject object) {
        return new ObjectInfo(
                object,
                EVersion.ZERO,
                EVersion.ZERO,
                io.sepiola.protocol.osd.OsdReqId.NONE,
                0,
                io.sepiola.protocol.Utime.ZERO,
                0,
                0,
                0,
                Map.of(),
                0,
                io.sepiola.protocol.Utime.ZERO,
                -1,
                -1,
                0,
                0,
                0,
                Bytes.EMPTY);
    }

    /** The same object at another version. */
    static ObjectInfo withVersion(ObjectInfo info, EVersion version) {
        return new ObjectInfo(
                info.object(),
                version,
                info.version(),
                info.lastReqId(),
                info.size(),
                info.time(),
                info.truncateSeq(),
                info.truncateSize(),
                info.userVersion(),
                info.watchers(),
                info.flags(),
                info.localTime(),
                info.dataDigest(),
                info.omapDigest(),
                info.expectedObjectSize(),
                info.expectedWriteSize(),
                info.hintFlags(),
                info.manifest());
    }

    /** The recovery of an object at that version. */
    static ObjectRecoveryInfo aim(HObject object, EVersion version, ObjectInfo info) {
        return new ObjectRecoveryInfo(
                object, version, info.size(), info, SnapSet.EMPTY, Map.of(), Map.of(), false);
    }

    /**
     * The next part of an object that is on this disk; null when it is not.
     *
     * @param sizeMax of its data, in bytes
     */
    static @Nullable PushOp partOrNull(
            ObjectStore store,
            CollectionId collection,
            HObject object,
            ObjectRecoveryProgress before,
            int sizeMax,
            int omapCountMax) {
        ObjectInfo info = ObjectContexts.load(store, collection, object);
        if (info == null) {
            return null;
        }
        GhObject stored = GhObject.of(object);
        long size = info.size();
        long from = before.dataTo();
        int length = (int) Math.min(Math.max(0, size - from), sizeMax);
        Bytes data = length == 0 ? Bytes.EMPTY : store.read(collection, stored, from, length);
        if (data.size() != length) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    object + " is shorter than the " + size + " bytes that it should have");
        }
        Map<Long, Long> included = new TreeMap<>();
        if (!data.isEmpty()) {
            included.put(from, (long) data.size());
        }
        boolean dataComplete = from + length >= size;
        SortedMap<String, Bytes> entries = new TreeMap<>(Utf8::compare);
        boolean omapComplete = before.omapComplete();
        String omapTo = before.omapTo();
        if (!omapComplete) {
            ObjectStore.OmapPage page = store.omap(collection, stored, omapTo, "", omapCountMax);
            entries.putAll(page.entries());
            omapComplete = !page.more();
            omapTo = entries.isEmpty() ? omapTo : entries.lastKey();
        }
        return new PushOp(
                object,
                info.version(),
                data,
                included,
                before.first() ? store.omapHeader(collection, stored) : Bytes.EMPTY,
                entries,
                before.first() ? store.attrs(collection, stored) : Map.of(),
                aim(object, info.version(), info),
                new ObjectRecoveryProgress(
                        false, dataComplete, from + length, omapTo, omapComplete),
                before);
    }

    /** Whether this part is the last one. */
    static boolean isLast(PushOp part) {
        return part.after().dataComplete() && part.after().omapComplete();
    }

    /** The changes that put a part in place. */
    static List<Transaction.Op> place(CollectionId collection, PushOp part) {
        GhObject target = GhObject.of(part.object());
        boolean single = part.before().first() && isLast(part);
        GhObject at = single ? target : gathering(part.object());
        List<Transaction.Op> ops = new ArrayList<>();
        if (part.before().first()) {
            ops.add(new Transaction.Remove(collection, at));
            ops.add(new Transaction.Touch(collection, at));
            if (part.info().size() > 0) {
                ops.add(new Transaction.Truncate(collection, at, part.info().size()));
            }
            SortedMap<String, Bytes> attrs = new TreeMap<>(part.attrs());
            ObjectInfo info = part.info().info();
            if (info.hintFlags() != 0) { // the store forgets it with the copy that is replaced
                ops.add(
                        new Transaction.SetAllocationHint(
                                collection,
                                at,
                                info.expectedObjectSize(),
                                info.expectedWriteSize(),
                                info.hintFlags()));
            }
            ops.add(new Transaction.SetAttrs(collection, at, attrs));
            if (!part.omapHeader().isEmpty()) {
                ops.add(new Transaction.OmapSetHeader(collection, at, part.omapHeader()));
            }
        }
        int dataAt = 0;
        for (Map.Entry<Long, Long> extent : part.dataIncluded().entrySet()) {
            int length = Math.toIntExact(extent.getValue());
            ops.add(
                    new Transaction.Write(
                            collection, at, extent.getKey(), part.data().slice(dataAt, length), 0));
            dataAt += length;
        }
        if (!part.omapEntries().isEmpty()) {
            SortedMap<String, Bytes> entries = new TreeMap<>(Utf8::compare);
            entries.putAll(part.omapEntries());
            ops.add(new Transaction.OmapSet(collection, at, entries));
        }
        if (!single && isLast(part)) {
            ops.add(new Transaction.Remove(collection, target));
            ops.add(new Transaction.MoveRename(collection, at, collection, target));
        }
        return ops;
    }

    /** The version that the object has on this disk. */
    static EVersion versionOf(ObjectStore store, CollectionId collection, HObject object) {
        try {
            ObjectInfo info = ObjectContexts.load(store, collection, object);
            return info == null ? EVersion.ZERO : info.version();
        } catch (StoreException damaged) {
            return EVersion.ZERO; // as good as none
        }
    }

    static String infoAttr() {
        return StoredObject.INFO_ATTR;
    }
}
