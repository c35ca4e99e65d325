package io.sepiola.store;

import java.io.IOException;

/**
 * How much objects may still grow. Two things bound it: the free blocks of the store, and the disk
 * behind those that were never used, which others fill too.
 *
 * <p>There are two marks. At the first, {@link #availableBytes} is 0, and whoever asks before he
 * writes refuses. What was admitted until then, by this OSD or by another, and what the OSD notes
 * for itself goes on into the reserve; at the second mark the store refuses whatever grows, so that
 * what shrinks objects has room to work in.
 *
 * <p>Guarded by the store's lock.
 */
final class Room {
    private static final int FRESH_CHECKS = 64;
    private static final int BLOCK_RESERVE_MAX = 1024;
    private static final int BLOCK_RESERVE_MIN = 8;
    private static final int HARD_PART = 4; // of the disk's reserve lies behind the second mark

    private static final int INDEX_PARTS = 4; // one of them is what the index may grow into

    private static final long INDEX_SHORT_BYTES = 128 << 20;

    private final Disk disk;
    private final BlockState state;
    private final Committer committer;
    private final long diskReserveBytes;
    private long diskFreeBytes;
    private int age = FRESH_CHECKS;

    Room(Disk disk, BlockState state, Committer committer, long diskReserveBytes) {
        this.disk = disk;
        this.state = state;
        this.committer = committer;
        this.diskReserveBytes = diskReserveBytes;
    }

    /**
     * Refuses a change that grows behind the second mark.
     *
     * @param reachBefore of the space, before the change took its blocks
     */
    void check(DataDraft data, int reachBefore) {
        Space space = state.space;
        int reached = space.reach() - reachBefore;
        long diskFree = diskFreeBytes() - Extent.bytes(reached);
        diskFreeBytes = diskFree;
        if (data.growth() <= 0) {
            return;
        }
        int reserve = Math.min(BLOCK_RESERVE_MAX, BLOCK_RESERVE_MIN + space.blockCount() / 64);
        if (space.freeCount() < reserve) {
            throw full(space.freeCount() + " of " + space.blockCount() + " blocks are left");
        }
        if (reached > 0 && diskFree < diskReserveBytes / HARD_PART) {
            throw full("the disk has " + diskFree + " bytes left");
        }
    }

    /** What objects may grow by before the first mark. */
    long availableBytes() {
        Space space = state.space;
        long fresh = Extent.bytes(space.blockCount() - space.reach());
        long backed = Extent.bytes(space.backedFreeCount() + space.freedCount());
        return backed + Math.clamp(diskFreeBytes() - diskReserveBytes, 0, fresh);
    }

    /**
     * What the index may grow by. It has a quarter of the disk's reserve to itself; the rest is
     * left for what it holds in memory still and for its rewriting of its own files.
     */
    long indexAvailableBytes() {
        return Math.max(0, diskFreeBytes() - diskReserveBytes / INDEX_PARTS * (INDEX_PARTS - 1));
    }

    /** Whether the index should give back what it can. */
    boolean isIndexShort() {
        return indexAvailableBytes() < INDEX_SHORT_BYTES;
    }

    /** Asked of the disk when little is left, and every so often; less what is on its way there. */
    private long diskFreeBytes() {
        if (++age >= FRESH_CHECKS || diskFreeBytes < 2 * diskReserveBytes) {
            age = 0;
            try {
                diskFreeBytes =
                        disk.freeBytes() - committer.queueBytes() - state.pending.deferredBytes();
            } catch (IOException failure) {
                throw new StoreException(
                        StoreException.Kind.IO, "cannot ask the disk for its space", failure);
            }
        }
        return diskFreeBytes;
    }

    private static StoreException full(String why) {
        return new StoreException(
                StoreException.Kind.FULL,
                why + "; remove objects, add OSDs, or make room on the disk");
    }
}
