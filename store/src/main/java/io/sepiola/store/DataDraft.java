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
final class DataDraft {
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

    DataDraft(Space space, BlockReader reader, BlockReader.Newer pending, int directSizeMin) {
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

    private void released(long disk, int count) {
        released.add(new Space.Run(disk, count));
        releasedCount += count;
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
        if (data.size() >= directSizeMin) {
            writeDirect(draft, block, blocks);
        } else {
            writeDeferred(draft, block, blocks);
        }
        draft.size = Math.max(draft.size, end);
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
        draft.extents.punch(first, first + count, this::released);
        int done = 0;
        for (Space.Run run : allocate(count)) {
            Bytes part = slice(blocks, done, run.count());
            direct.put(run.disk(), part);
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
        if (extent == null) {
            return -1;
        }
        long disk = extent.disk() + (block - extent.block());
        return space.isShared(disk) ? -1 : disk;
    }

    private void writeFresh(Draft draft, int first, Bytes blocks) {
        int count = blocks.size() / Extent.BLOCK_SIZE;
        draft.extents.punch(first, first + count, this::released);
        int done = 0;
        for (Space.Run run : allocate(count)) {
            Bytes part = slice(blocks, done, run.count());
            for (int i = 0; i < run.count(); i++) {
                deferred.put(run.disk() + i, slice(part, i, 1).detach());
            }
            int[] checksums = draft.seal.checksums(first + done, part);
            draft.extents.add(new Extent(first + done, run.disk(), checksums));
            done += run.count();
        }
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
                (int) (firstWhole / Extent.BLOCK_SIZE),
                (int) (endWhole / Extent.BLOCK_SIZE),
                this::released);
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
        draft.extents.punch(0, Integer.MAX_VALUE, this::released);
    }

    /** The extents are now those of one more object. */
    void share(Extents extents) {
        for (Extent extent : extents.all()) {
            Space.Run run = new Space.Run(extent.disk(), extent.count());
            space.share(run);
            shared.add(run);
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
