package io.sepiola.osd.op;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Utf8;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.OpOutputs;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The reading and comparing half of {@link OpVector}. */
final class OpReads {
    private static final int DIGEST_CHECK_MAX = 128 << 10;

    private final OpLimits limits;
    private final StoredObject stored;
    private final ObjectDraft draft;

    /** What the operation at hand puts out. */
    Bytes output = Bytes.EMPTY;

    OpReads(OpLimits limits, StoredObject stored, ObjectDraft draft) {
        this.limits = limits;
        this.stored = stored;
        this.draft = draft;
    }

    private long sizeSeen(long truncateSize, int truncateSeq) {
        boolean ahead = Integer.compareUnsigned(truncateSeq, draft.truncateSeq()) > 0;
        return truncateSeq != 0 && ahead && Long.compareUnsigned(draft.size(), truncateSize) > 0
                ? truncateSize
                : draft.size();
    }

    private static int within(long offset, long length, long size) {
        if (Long.compareUnsigned(offset, size) >= 0) {
            return 0;
        }
        long left = size - offset;
        return (int) (Long.compareUnsigned(length, left) < 0 ? length : left);
    }

    int read(OsdOp.Read op) {
        if (!draft.exists()) {
            return Results.ENOENT;
        }
        long size = sizeSeen(op.truncateSize(), op.truncateSeq());
        long wanted = op.length() == 0 ? size : op.length(); // 0 asks for the whole object
        int length = within(op.offset(), wanted, size);
        if (length > 0) {
            output = stored.read(op.offset(), length);
            checkRead(op.offset(), length);
            draft.bytesRead += output.size();
        }
        return 0;
    }

    /**
     * Of whole objects that are not large the digest is held against them, though the store has
     * checksums of its own: it is the only witness when a store has the wrong data.
     */
    private void checkRead(long offset, int length) {
        if (draft.isModified()) {
            return;
        }
        if (output.size() != length) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    "of " + length + " bytes at " + offset + " there are " + output.size());
        }
        boolean whole = offset == 0 && length == draft.size() && length <= DIGEST_CHECK_MAX;
        if (whole && draft.isDigested() && output.crc32c(-1) != draft.digest()) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    String.format(
                            "full-object read crc 0x%x != expected 0x%x",
                            output.crc32c(-1), draft.digest()));
        }
    }

    int sparseRead(OsdOp.SparseRead op) {
        if (!draft.exists()) {
            return Results.ENOENT;
        }
        long size = sizeSeen(op.truncateSize(), op.truncateSeq());
        int length = within(op.offset(), op.length(), size);
        SortedMap<Long, Long> extents =
                length == 0 ? new TreeMap<>() : stored.extents(op.offset(), length);
        List<Bytes> data = new ArrayList<>();
        SortedMap<Long, Long> found = new TreeMap<>();
        for (Map.Entry<Long, Long> extent : extents.entrySet()) {
            Bytes part = stored.read(extent.getKey(), (int) (long) extent.getValue());
            if (!part.isEmpty()) {
                found.put(extent.getKey(), (long) part.size());
                data.add(part);
            }
        }
        Bytes all = Bytes.concat(data);
        draft.bytesRead += all.size();
        output = OpOutputs.SparseRead.CODEC.toBytes(new OpOutputs.SparseRead(found, all));
        return 0;
    }

    int mapExtents(OsdOp.MapExtents op) {
        if (!draft.exists()) {
            return Results.ENOENT;
        }
        int length = within(op.offset(), op.length(), draft.size());
        SortedMap<Long, Long> extents =
                length == 0 ? new TreeMap<>() : stored.extents(op.offset(), length);
        Encoder out = new Encoder();
        out.map(extents, io.sepiola.base.Primitives.U64, io.sepiola.base.Primitives.U64);
        output = out.toBytes();
        return 0;
    }

    int compareExtent(OsdOp.CompareExtent op) {
        int size = op.data().size();
        long end = op.offset() + size;
        if (op.offset() < 0 || end < 0 || end > limits.objectSizeMax()) {
            return Results.EINVAL;
        }
        int length = draft.exists() ? within(op.offset(), size, draft.size()) : 0;
        byte[] actual = new byte[size]; // behind the end, zeros
        if (length > 0) {
            Bytes read = stored.read(op.offset(), length);
            read.copyTo(0, actual, 0, read.size());
            draft.bytesRead += read.size();
        }
        int differs = Arrays.mismatch(actual, op.data().toArray());
        return differs < 0 ? 0 : Results.DIFFERS_AT - differs;
    }

    int stat(@Nullable ObjectInfo infoOrNull) {
        if (!draft.exists()) {
            return Results.ENOENT;
        }
        Utime modified = infoOrNull == null ? Utime.ZERO : infoOrNull.time();
        output = OpOutputs.Stat.CODEC.toBytes(new OpOutputs.Stat(draft.size(), modified));
        return 0;
    }

    int getXattr(String name) {
        if (!draft.existedBefore()) {
            return draft.exists() ? Results.ENODATA : Results.ENOENT;
        }
        Optional<Bytes> value = name.isEmpty() ? Optional.empty() : stored.userAttr(name);
        if (value.isEmpty()) {
            return Results.ENODATA;
        }
        output = value.get();
        return 0;
    }

    int getXattrs() {
        if (!draft.existedBefore()) {
            return Results.ENOENT;
        }
        output = OpOutputs.ENTRIES.toBytes(stored.userAttrs());
        return 0;
    }

    int compareXattr(OsdOp.CompareXattr op) {
        if (!draft.existedBefore()) {
            return Results.ENOENT;
        }
        if (op.comparison() < 1 || op.comparison() > OsdOp.Comparison.values().length) {
            return Results.EINVAL;
        }
        Bytes actual =
                op.name().isEmpty() ? Bytes.EMPTY : stored.userAttr(op.name()).orElse(Bytes.EMPTY);
        int order;
        if (op.mode() == OsdOp.CompareMode.STRING.code()) {
            order = compare(op.value(), actual);
        } else if (op.mode() == OsdOp.CompareMode.U64.code()) {
            Decoder in = new Decoder(op.value());
            long wanted = in.u64();
            order = Long.compareUnsigned(wanted, decimal(actual));
        } else {
            return Results.EINVAL;
        }
        return holds(OsdOp.Comparison.of(op.comparison()), order) ? 1 : Results.ECANCELED;
    }

    private static long decimal(Bytes digits) {
        if (digits.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(digits.toUtf8().strip());
        } catch (NumberFormatException notDecimal) {
            throw new io.sepiola.base.Malformed("the attribute is no decimal number", notDecimal);
        }
    }

    private static int compare(Bytes a, Bytes b) {
        return Arrays.compareUnsigned(a.toArray(), b.toArray());
    }

    private static boolean holds(OsdOp.Comparison comparison, int order) {
        return switch (comparison) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
        };
    }

    private int countMax(long wanted) {
        return (int) Math.min(wanted < 0 ? Long.MAX_VALUE : wanted, limits.omapEntriesMax());
    }

    private ObjectStore.OmapPage page(String after, String prefix, long countWanted) {
        int count = countMax(countWanted);
        if (!draft.hasOmap() || !draft.existedBefore()) {
            return new ObjectStore.OmapPage(new TreeMap<>(), false);
        }
        return stored.omap(after, prefix, count);
    }

    int omapKeys(OsdOp.OmapGetKeys op) {
        if (!draft.existedBefore()) {
            return Results.ENOENT;
        }
        ObjectStore.OmapPage page = page(op.after(), "", op.countMax());
        output =
                OpOutputs.OmapKeys.CODEC.toBytes(
                        new OpOutputs.OmapKeys(List.copyOf(page.entries().keySet()), page.more()));
        return 0;
    }

    int omapVals(OsdOp.OmapGetVals op) {
        if (!draft.existedBefore()) {
            return Results.ENOENT;
        }
        ObjectStore.OmapPage page = page(op.after(), op.prefix(), op.countMax());
        output =
                OpOutputs.OmapVals.CODEC.toBytes(
                        new OpOutputs.OmapVals(page.entries(), page.more()));
        return 0;
    }

    int omapHeader() {
        if (!draft.existedBefore()) {
            return Results.ENOENT;
        }
        if (draft.hasOmap()) {
            output = stored.omapHeader();
        }
        return 0;
    }

    private SortedMap<String, Bytes> entries(Iterable<String> keys) {
        SortedSet<String> sorted = new TreeSet<>(Utf8::compare);
        keys.forEach(sorted::add);
        return draft.hasOmap() ? stored.omap(sorted) : new TreeMap<>();
    }

    int omapValsByKeys(OsdOp.OmapGetValsByKeys op) {
        if (!draft.existedBefore()) {
            return Results.ENOENT;
        }
        output = OpOutputs.ENTRIES.toBytes(entries(op.keys()));
        return 0;
    }

    int omapCompare(OsdOp.OmapCompare op) {
        if (!draft.existedBefore()) {
            return Results.ENOENT;
        }
        SortedMap<String, Bytes> actual = entries(op.assertions().keySet());
        for (Map.Entry<String, OsdOp.OmapAssertion> assertion : op.assertions().entrySet()) {
            Bytes value = actual.getOrDefault(assertion.getKey(), Bytes.EMPTY);
            OsdOp.Comparison comparison = assertion.getValue().comparison();
            switch (comparison) {
                case EQUAL, LESS, GREATER -> {
                    if (!holds(comparison, compare(value, assertion.getValue().value()))) {
                        return Results.ECANCELED;
                    }
                }
                case NOT_EQUAL, GREATER_OR_EQUAL, LESS_OR_EQUAL -> {
                    return Results.EINVAL; // Ceph knows only three
                }
            }
        }
        return 0;
    }

    int listWatchers(@Nullable ObjectInfo infoOrNull) {
        if (infoOrNull == null) {
            return Results.ENOENT;
        }
        output = OpOutputs.Watchers.CODEC.toBytes(new OpOutputs.Watchers(List.of()));
        return 0;
    }

    int listSnaps() {
        List<OpOutputs.Snaps.Clone> clones = new ArrayList<>();
        if (draft.exists()) {
            clones.add(
                    new OpOutputs.Snaps.Clone(
                            io.sepiola.protocol.osd.HObject.HEAD,
                            List.of(),
                            new TreeMap<>(),
                            draft.size()));
        }
        output = OpOutputs.Snaps.CODEC.toBytes(new OpOutputs.Snaps(clones, 0));
        return 0;
    }

    int isDirty() {
        if (!draft.exists()) {
            return Results.ENOENT;
        }
        output = new Encoder().u8(1).toBytes();
        return 0;
    }
}
