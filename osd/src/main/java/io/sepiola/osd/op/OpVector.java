package io.sepiola.osd.op;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.base.Utf8;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.OsdOp;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Works off the operations of one message on one object (PrimaryLogPG::do_osd_ops). Reads see the
 * object as it was before the message, but for its existence and size; nothing changes before the
 * whole vector has succeeded.
 */
public final class OpVector {
    private final OpLimits limits;
    private final StoredObject stored;
    private final @Nullable ObjectInfo infoOrNull;
    private final ObjectDraft draft;
    private final OpReads reads;

    private OpVector(OpLimits limits, StoredObject stored, @Nullable ObjectInfo infoOrNull) {
        this.limits = limits;
        this.stored = stored;
        this.infoOrNull = infoOrNull;
        this.draft = new ObjectDraft(stored.collection(), stored.object(), infoOrNull);
        this.reads = new OpReads(limits, stored, draft);
    }

    /**
     * Executes.
     *
     * @param infoOrNull of the object as it is; null when there is none
     */
    public static OpOutcome execute(
            OpLimits limits,
            StoredObject stored,
            @Nullable ObjectInfo infoOrNull,
            List<OsdOp> ops) {
        return new OpVector(limits, stored, infoOrNull).run(ops);
    }

    private OpOutcome run(List<OsdOp> ops) {
        int count = ops.size();
        int[] results = new int[count];
        Bytes[] outputs = new Bytes[count];
        Arrays.fill(outputs, Bytes.EMPTY);
        int result = 0;
        for (int i = 0; i < count; i++) {
            OsdOp op = ops.get(i);
            reads.output = Bytes.EMPTY;
            try {
                result = apply(op);
            } catch (Malformed malformed) {
                result = Results.EINVAL;
            }
            results[i] = result;
            if (result < 0 && (op.flags() & OsdOp.FAIL_OK) != 0) {
                result = 0;
                continue;
            }
            if (result < 0) {
                break;
            }
            outputs[i] = reads.output;
        }
        return new OpOutcome(result, results, outputs, draft);
    }

    private int apply(OsdOp op) {
        return switch (op) {
            case OsdOp.Read read -> reads.read(read);
            case OsdOp.SparseRead read -> reads.sparseRead(read);
            case OsdOp.MapExtents map -> reads.mapExtents(map);
            case OsdOp.CompareExtent compare -> reads.compareExtent(compare);
            case OsdOp.Stat _ -> reads.stat(infoOrNull);
            case OsdOp.GetXattr get -> reads.getXattr(get.name());
            case OsdOp.GetXattrs _ -> reads.getXattrs();
            case OsdOp.CompareXattr compare -> reads.compareXattr(compare);
            case OsdOp.OmapGetKeys get -> reads.omapKeys(get);
            case OsdOp.OmapGetVals get -> reads.omapVals(get);
            case OsdOp.OmapGetHeader _ -> reads.omapHeader();
            case OsdOp.OmapGetValsByKeys get -> reads.omapValsByKeys(get);
            case OsdOp.OmapCompare compare -> reads.omapCompare(compare);
            case OsdOp.AssertVersion version -> assertVersion(version.version());
            case OsdOp.ListWatchers _ -> reads.listWatchers(infoOrNull);
            case OsdOp.ListSnaps _ -> reads.listSnaps();
            case OsdOp.IsDirty _ -> reads.isDirty();
            case OsdOp.Write write -> write(write);
            case OsdOp.WriteFull write -> writeFull(write);
            case OsdOp.WriteSame write -> writeSame(write);
            case OsdOp.Append append -> append(append);
            case OsdOp.Zero zero -> zero(zero);
            case OsdOp.Truncate truncate -> truncate(truncate);
            case OsdOp.Create create -> create(create);
            case OsdOp.Delete _ -> delete();
            case OsdOp.SetXattr set -> setXattr(set);
            case OsdOp.RemoveXattr remove -> removeXattr(remove.name());
            case OsdOp.OmapSetVals set -> setOmap(set);
            case OsdOp.OmapSetHeader set -> setOmapHeader(set.header());
            case OsdOp.OmapClear _ -> clearOmap();
            case OsdOp.OmapRemoveKeys remove -> removeOmap(remove.keys());
            case OsdOp.OmapRemoveRange remove -> removeOmapRange(remove.first(), remove.end());
            case OsdOp.SetAllocationHint hint -> setHint(hint);
            case OsdOp.Call _ -> Results.EPERM; // as Ceph answers for a class that is not loaded
            case OsdOp.Checksum _, OsdOp.Notify _, OsdOp.NotifyAck _, OsdOp.CopyGet _ ->
                    Results.EOPNOTSUPP;
            case OsdOp.Watch _, OsdOp.Rollback _, OsdOp.CopyFrom _, OsdOp.CopyFrom2 _ ->
                    Results.EOPNOTSUPP;
            case OsdOp.PgList _, OsdOp.PgNamespaceList _, OsdOp.ListInconsistent _ ->
                    Results.EINVAL; // they name no object
            case OsdOp.Unknown _ -> Results.EOPNOTSUPP;
        };
    }

    private int assertVersion(long version) {
        long actual = infoOrNull == null ? 0 : infoOrNull.userVersion();
        if (version == 0) {
            return Results.EINVAL;
        }
        int order = Long.compareUnsigned(version, actual);
        return order == 0 ? 0 : order < 0 ? Results.ERANGE : Results.EOVERFLOW;
    }

    private int checkRange(long offset, long length) {
        long max = limits.objectSizeMax();
        boolean fits =
                Long.compareUnsigned(offset, max) < 0
                        && Long.compareUnsigned(length, max) <= 0
                        && offset + length <= max;
        return fits ? 0 : Results.EFBIG;
    }

    private int write(OsdOp.Write op) {
        Bytes data = op.data();
        int result = checkRange(op.offset(), data.size());
        if (result < 0) {
            return result;
        }
        int sequence = draft.truncateSeq();
        boolean older = Integer.compareUnsigned(op.truncateSeq(), sequence) < 0;
        if (sequence != 0 && older && op.offset() + data.size() > draft.size()) {
            // An old write that arrived after a truncation: what lies behind the end is void.
            long keep = Math.max(0, draft.size() - op.offset());
            data = data.slice(0, (int) keep);
        }
        if (Integer.compareUnsigned(op.truncateSeq(), sequence) > 0) {
            result = truncateAhead(op.truncateSeq(), op.truncateSize());
            if (result < 0) {
                return result;
            }
        }
        draft.write(op.offset(), data, op.flags());
        return 0;
    }

    /** A write that arrives before the truncation it follows brings the truncation along. */
    private int truncateAhead(int sequence, long size) {
        if (draft.exists() && draft.size() != size) {
            if (Long.compareUnsigned(size, limits.objectSizeMax()) > 0) {
                return Results.EFBIG;
            }
            draft.truncate(size);
        }
        if (draft.exists()) {
            draft.noteTruncation(sequence, size);
        }
        return 0;
    }

    private int writeFull(OsdOp.WriteFull op) {
        int result = checkRange(0, op.data().size());
        if (result == 0) {
            draft.replace(op.data(), op.flags());
        }
        return result;
    }

    private int writeSame(OsdOp.WriteSame op) {
        int size = op.data().size();
        if (size == 0 || op.length() < size || op.length() % size != 0) {
            return Results.EINVAL;
        }
        int result = checkRange(op.offset(), op.length());
        if (result < 0) {
            return result;
        }
        int repeats = (int) (op.length() / size);
        byte[] pattern = op.data().toArray();
        byte[] all = new byte[(int) op.length()];
        for (int i = 0; i < repeats; i++) {
            System.arraycopy(pattern, 0, all, i * size, size);
        }
        draft.write(op.offset(), Bytes.of(all), op.flags());
        return 0;
    }

    private int append(OsdOp.Append op) {
        int result = checkRange(draft.size(), op.data().size());
        if (result == 0) {
            draft.write(draft.size(), op.data(), op.flags());
        }
        return result;
    }

    private int zero(OsdOp.Zero op) {
        int result = checkRange(op.offset(), op.length());
        if (result < 0 || op.length() == 0 || !draft.exists() || op.offset() >= draft.size()) {
            return result;
        }
        if (op.offset() + op.length() >= draft.size()) {
            draft.truncate(op.offset()); // as Ceph does: nothing but zeros would follow
        } else {
            draft.zero(op.offset(), op.length());
        }
        return 0;
    }

    private int truncate(OsdOp.Truncate op) {
        if (!draft.exists()) {
            return 0;
        }
        if (checkRange(op.size(), 0) < 0) { // as Ceph: the limit itself is beyond
            return Results.EFBIG;
        }
        if (op.truncateSeq() != 0) {
            if (Integer.compareUnsigned(op.truncateSeq(), draft.truncateSeq()) <= 0) {
                return 0; // a truncation that came late
            }
            draft.noteTruncation(op.truncateSeq(), op.truncateSize());
        }
        draft.truncate(op.size());
        return 0;
    }

    private int create(OsdOp.Create op) {
        if (draft.exists() && (op.flags() & OsdOp.EXCLUSIVE) != 0) {
            return Results.EEXIST;
        }
        draft.create();
        draft.touchModified();
        return 0;
    }

    private int delete() {
        if (!draft.exists()) {
            return Results.ENOENT;
        }
        draft.delete();
        return 0;
    }

    private int setXattr(OsdOp.SetXattr op) {
        if (Utf8.encode(op.name()).length > limits.attrNameSizeMax()) {
            return Results.ENAMETOOLONG;
        }
        if (op.value().size() > limits.attrSizeMax()) {
            return Results.EFBIG;
        }
        draft.setUserAttr(op.name(), op.value());
        return 0;
    }

    private int removeXattr(String name) {
        if (!draft.exists()) {
            return Results.ENOENT;
        }
        if (name.isEmpty()) {
            return Results.EINVAL; // the empty name is the object's own information
        }
        draft.removeUserAttr(name);
        return 0;
    }

    private int setOmap(OsdOp.OmapSetVals op) {
        SortedMap<String, Bytes> entries = new TreeMap<>(Utf8::compare);
        entries.putAll(op.entries());
        draft.setOmap(entries);
        return 0;
    }

    private int setOmapHeader(Bytes header) {
        draft.setOmapHeader(header);
        return 0;
    }

    private int clearOmap() {
        if (!draft.exists()) {
            return Results.ENOENT;
        }
        if (draft.hasOmap()) {
            draft.clearOmap();
        }
        return 0;
    }

    private int removeOmap(List<String> keys) {
        if (!draft.exists()) {
            return Results.ENOENT;
        }
        SortedSet<String> sorted = new TreeSet<>(Utf8::compare);
        sorted.addAll(keys);
        draft.removeOmap(sorted);
        return 0;
    }

    private int removeOmapRange(String first, String end) {
        if (!draft.exists()) {
            return Results.ENOENT;
        }
        if (Utf8.compare(first, end) < 0) {
            draft.removeOmapRange(first, end);
        }
        return 0;
    }

    private int setHint(OsdOp.SetAllocationHint op) {
        draft.setHint(op.expectedObjectSize(), op.expectedWriteSize(), op.hintFlags());
        return 0;
    }

    StoredObject stored() {
        return stored;
    }
}
