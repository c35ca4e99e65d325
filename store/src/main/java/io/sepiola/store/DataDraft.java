package io.sepiola.store;

import io.sepiola.base.Bytes;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The data that one transaction changes. Short writes go into the log with the metadata, over the
 * blocks they change when no other object uses them; long writes go to blocks of their own. Both in
 * whole blocks: what surrounds a write in its first and last block is read and written again. What
 * lies beyond an object's size in its last block is zero.
 *
 * <p>Owned by its {@link BlockTransaction}.
 */
final class DataDraft implements Extents.Users {
    private final Packer packer;
    private final Space space;
    private final BlockReader reader;
    private final BlockReader.Newer pending;
    private final int directSizeMin;

    /** Blocks for the log, the last data of each. */
    final Map<Long, Bytes> deferred = new LinkedHashMap<>();

    /** Runs for the block file. */
    final TreeMap<Long, Bytes> direct = new TreeMap<>();

    private final List<Space.Run> allocated = new ArrayList<>();
    private final List<Space.Run> shared = new ArrayList<>();
    private final List<Space.Run> released = new ArrayList<>();
    private long allocatedCount;
    private long releasedCount;

    DataDraft(
            Packer packer,
            Space space,
            BlockReader reader,
            BlockReader.Newer pending,
            int directSizeMin) {
        this.packer = packer;
        this.space = space;
        this.reader = reader;
        this.pending = pending;
        this.directSizeMin = directSizeMin;
    }

    /** Blocks allocated, less those released. */
    long growth() {
        return allocatedCount - releasedCount;
    }

    /** Blocks allocated. */
    long allocatedCount() {
        return allocatedCount;
    }

    /** The transaction is not applied. */
    void cancel() {
        allocated.forEach(space::cancel);
        shared.forEach(space::unshare);
    }

    /** The transaction is applied, under this number. */
    void release(long sequence) {
        released.forEach(run -> space.release(run, sequence));
    }

    @Override
    public void released(Space.Run run) {
        released.add(run);
        releasedCount += run.count();
    }

    @Override
    public void shared(Space.Run run) {
        space.share(run);
        shared.add(run);
    }

    void write(ObjectName name, Draft draft, long offset, Bytes data) {
        long end = offset + data.size();
        long start = offset & -Extent.BLOCK_SIZE;
        long stop = roundUp(end);
        List<Bytes> parts = new ArrayList<>(3);
        if (start < offset) {
            parts.add(read(name, draft, start, (int) (offset - start)));
        }
        parts.add(data);
        if (end < stop) {
            parts.add(read(name, draft, end, (int) (stop - end)));
        }
        Bytes blocks = parts.size() == 1 ? data : Bytes.concat(parts);
        int block = (int) (start / Extent.BLOCK_SIZE);
        int count = blocks.size() / Extent.BLOCK_SIZE;
        int chunk = packer.chunk(name.collection(), draft.hints, count);
        if (chunk > 0) {
            writePacked(name, draft, block, blocks, chunk);
        } else {
            writePlain(draft, block, blocks);
        }
        unpack(name, draft, block, block + count);
        draft.size = Math.max(draft.size, end);
    }

    private void writePlain(Draft draft, int first, Bytes blocks) {
        if (blocks.size() >= directSizeMin) {
            writeDirect(draft, first, blocks);
        } else {
            writeDeferred(draft, first, blocks);
        }
    }

    /** Writes piece by piece, each compressed or, where that saves nothing, as it is. */
    private void writePacked(ObjectName name, Draft draft, int first, Bytes blocks, int chunk) {
        boolean direct = blocks.size() >= directSizeMin;
        int count = blocks.size() / Extent.BLOCK_SIZE;
        for (int done = 0; done < count; done += chunk) {
            Bytes raw = slice(blocks, done, Math.min(chunk, count - done));
            Packer.Packed packed = packer.packOrNull(name.collection(), raw);
            Space.Run run = packed == null ? null : allocateRunOrNull(packed.storedCount());
            if (packed == null || run == null) {
                writePlain(draft, first + done, raw);
                continue;
            }
            int block = first + done;
            draft.extents.punch(block, block + packed.packing().count(), this);
            if (direct) {
                direct(run, packed.blocks());
            } else {
                defer(run, packed.blocks());
            }
            int[] checksums = draft.seal.checksums(block, packed.blocks());
            draft.extents.add(new Extent(block, run.disk(), checksums, packed.packing()));
        }
    }

    private void direct(Space.Run run, Bytes blocks) {
        direct.put(run.disk(), blocks);
    }

    private void defer(Space.Run run, Bytes blocks) {
        for (int i = 0; i < run.count(); i++) {
            deferred.put(run.disk() + i, slice(blocks, i, 1).detach());
        }
    }

    /**
     * Writes as they are what is left of blocks that were compressed together, around a write, when
     * they are no more than they take: so an object that is overwritten piece by piece does not
     * keep what it no longer uses. What is damaged stays as it is, to be found and repaired.
     */
    private void unpack(ObjectName name, Draft draft, int first, int end) {
        int reach = CompressionOptions.BLOB_BLOCKS_MAX;
        Map<Long, List<Extent>> together = new TreeMap<>();
        for (Extent each : draft.extents.touching(Math.max(0, first - reach), end + reach)) {
            if (each.packingOrNull() != null) {
                together.computeIfAbsent(each.disk(), disk -> new ArrayList<>()).add(each);
            }
        }
        for (List<Extent> left : together.values()) {
            int count = left.stream().mapToInt(Extent::count).sum();
            if (count <= left.getFirst().stored().count()) {
                left.forEach(each -> unpack(name, draft, each));
            }
        }
    }

    private void unpack(ObjectName name, Draft draft, Extent packed) {
        Bytes raw;
        try {
            raw =
                    read(
                            name,
                            draft,
                            Extent.bytes(packed.block()),
                            (int) Extent.bytes(packed.count()));
        } catch (StoreException unreadable) {
            if (unreadable.kind() == StoreException.Kind.CORRUPT) {
                return;
            }
            throw unreadable;
        }
        writeFresh(draft, packed.block(), raw);
    }

    /** Reads as if the object had no end: zeros where nothing was written. */
    Bytes read(ObjectName name, Draft draft, long offset, int size) {
        return reader.plan(name, draft.nid, draft.extents, offset, size, this::newest).run();
    }

    private @Nullable Bytes newest(long disk) {
        Bytes mine = deferred.get(disk);
        if (mine != null) {
            return mine;
        }
        Map.Entry<Long, Bytes> run = direct.floorEntry(disk);
        if (run != null && disk - run.getKey() < run.getValue().size() / Extent.BLOCK_SIZE) {
            return run.getValue().slice((int) Extent.bytes(disk - run.getKey()), Extent.BLOCK_SIZE);
        }
        return pending.blockOrNull(disk);
    }

    private void writeDirect(Draft draft, int first, Bytes blocks) {
        int count = blocks.size() / Extent.BLOCK_SIZE;
        draft.extents.punch(first, first + count, this);
        int done = 0;
        for (Space.Run run : allocate(count)) {
            Bytes part = slice(blocks, done, run.count());
            direct(run, part);
            int[] checksums = draft.seal.checksums(first + done, part);
            draft.extents.add(new Extent(first + done, run.disk(), checksums));
            done += run.count();
        }
    }

    private void writeDeferred(Draft draft, int first, Bytes blocks) {
        int count = blocks.size() / Extent.BLOCK_SIZE;
        for (int i = 0; i < count; ) {
            if (ownDisk(draft, first + i) >= 0) {
                Bytes block = slice(blocks, i, 1).detach();
                deferred.put(ownDisk(draft, first + i), block);
                draft.extents.checksum(first + i, draft.seal.checksums(first + i, block)[0]);
                i++;
                continue;
            }
            int fresh = 1;
            while (i + fresh < count && ownDisk(draft, first + i + fresh) < 0) {
                fresh++;
            }
            writeFresh(draft, first + i, slice(blocks, i, fresh));
            i += fresh;
        }
    }

    /** Where the block lies, if it is this object's alone; else -1. */
    private long ownDisk(Draft draft, int block) {
        Extent extent = draft.extents.atOrNull(block);
        if (extent == null || extent.packingOrNull() != null) {
            return -1;
        }
        long disk = extent.disk() + (block - extent.block());
        return space.isShared(disk) ? -1 : disk;
    }

    private void writeFresh(Draft draft, int first, Bytes blocks) {
        int count = blocks.size() / Extent.BLOCK_SIZE;
        draft.extents.punch(first, first + count, this);
        int done = 0;
        for (Space.Run run : allocate(count)) {
            Bytes part = slice(blocks, done, run.count());
            defer(run, part);
            int[] checksums = draft.seal.checksums(first + done, part);
            draft.extents.add(new Extent(first + done, run.disk(), checksums));
            done += run.count();
        }
    }

    /** So many blocks together, or null when there are none. */
    private Space.@Nullable Run allocateRunOrNull(int count) {
        List<Space.Run> runs = space.allocate(count);
        if (runs.size() == 1) {
            allocated.addAll(runs);
            allocatedCount += count;
            return runs.getFirst();
        }
        runs.forEach(space::cancel);
        return null;
    }

    private List<Space.Run> allocate(int count) {
        List<Space.Run> runs = space.allocate(count);
        if (runs.isEmpty()) {
            throw new StoreException(
                    StoreException.Kind.FULL,
                    "the store has "
                            + space.freeCount()
                            + " of "
                            + space.blockCount()
                            + " blocks left, "
                            + count
                            + " are needed; remove objects or add OSDs");
        }
        allocated.addAll(runs);
        allocatedCount += count;
        return runs;
    }

    private static Bytes slice(Bytes blocks, int first, int count) {
        return blocks.slice(first * Extent.BLOCK_SIZE, count * Extent.BLOCK_SIZE);
    }

    void zero(ObjectName name, Draft draft, long offset, long length) {
        long end = offset + length;
        clear(name, draft, offset, end);
        draft.size = Math.max(draft.size, end);
    }

    void truncate(ObjectName name, Draft draft, long size) {
        if (size < draft.size) {
            clear(name, draft, size, roundUp(draft.size));
        }
        draft.size = size;
    }

    private void clear(ObjectName name, Draft draft, long offset, long end) {
        long firstWhole = roundUp(offset);
        long endWhole = end & -Extent.BLOCK_SIZE;
        if (firstWhole > endWhole) {
            clearWithin(name, draft, offset, end);
            return;
        }
        clearWithin(name, draft, offset, firstWhole);
        draft.extents.punch(
                (int) (firstWhole / Extent.BLOCK_SIZE), (int) (endWhole / Extent.BLOCK_SIZE), this);
        clearWithin(name, draft, endWhole, end);
    }

    /** Clears a part of one block. */
    private void clearWithin(ObjectName name, Draft draft, long offset, long end) {
        if (offset < end && draft.extents.atOrNull((int) (offset / Extent.BLOCK_SIZE)) != null) {
            long size = draft.size;
            write(name, draft, offset, Bytes.zeros((int) (end - offset)));
            draft.size = size;
        }
    }

    void remove(Draft draft) {
        draft.extents.punch(0, Integer.MAX_VALUE, this);
    }

    /** The extents are now those of one more object. */
    void share(Extents extents) {
        for (Extent extent : extents.all()) {
            shared(extent.stored());
        }
    }

    /**
     * Copies data; what was never written stays so. Whole blocks that keep their place within a
     * block are shared, the rest is read and written.
     */
    void copy(
            ObjectName name,
            Draft source,
            long offset,
            long length,
            Draft target,
            long targetOffset) {
        long end = offset + length;
        long shift = targetOffset - offset;
        long firstWhole = roundUp(offset);
        long endWhole = end & -Extent.BLOCK_SIZE;
        if (shift % Extent.BLOCK_SIZE != 0 || firstWhole >= endWhole) {
            firstWhole = end;
            endWhole = end;
        }
        Map<Long, Bytes> pieces = new TreeMap<>();
        readPieces(name, source, offset, firstWhole, pieces);
        readPieces(name, source, endWhole, end, pieces);
        Extents whole =
                source.extents
                        .part(
                                (int) (firstWhole / Extent.BLOCK_SIZE),
                                (int) (endWhole / Extent.BLOCK_SIZE))
                        .resealed(source.seal, target.seal, (int) (shift / Extent.BLOCK_SIZE));
        share(whole);
        zero(name, target, targetOffset, length);
        whole.all().forEach(target.extents::add);
        pieces.forEach((at, piece) -> write(name, target, at + shift, piece));
    }

    /** Reads what was written of a range. */
    private void readPieces(
            ObjectName name, Draft source, long offset, long end, Map<Long, Bytes> pieces) {
        if (offset >= end) {
            return;
        }
        int first = (int) (offset / Extent.BLOCK_SIZE);
        for (Extent extent :
                source.extents.touching(first, (int) (roundUp(end) / Extent.BLOCK_SIZE))) {
            long from = Math.max(offset, Extent.bytes(extent.block()));
            long to = Math.min(end, Extent.bytes(extent.end()));
            pieces.put(from, read(name, source, from, (int) (to - from)));
        }
    }

    private static long roundUp(long offset) {
        return (offset + Extent.BLOCK_SIZE - 1) & -Extent.BLOCK_SIZE;
    }
}
