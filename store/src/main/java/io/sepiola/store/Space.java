package io.sepiola.store;

import io.sepiola.base.Invariant;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which blocks of the block file are used, and which by more than one object. Kept in memory only:
 * the onodes say it all, and it is made from them when a store opens.
 *
 * <p>The lowest free blocks are given first, so the disk has room behind every block below {@link
 * #reach}, the end of all that were ever given; blocks beyond it take room of the disk.
 *
 * <p>Not shared: guarded by the store's lock. Invariant: a block that {@link #allocate} gives was
 * in use by no onode of the index as it would be found after a crash.
 */
final class Space {
    /** Blocks that lie together. */
    record Run(long disk, int count) {}

    private record Freed(long sequence, Run run) {}

    private static final int WHOLE_TRIES_MAX = 256;

    private final int blockCount;
    private final BitSet used = new BitSet();
    // How many users beyond the first; blocks with one user are not in it.
    private final Map<Long, Integer> sharers = new HashMap<>();
    private final Deque<Freed> freed = new ArrayDeque<>();
    private int freeCount;
    private int freedCount;
    private int hint;
    private int reach;

    Space(int blockCount) {
        this.blockCount = blockCount;
        this.freeCount = blockCount;
    }

    int blockCount() {
        return blockCount;
    }

    /** Blocks that can be allocated now. */
    int freeCount() {
        return freeCount;
    }

    /** Blocks that will be free after the next checkpoint. */
    int freedCount() {
        return freedCount;
    }

    /** The end of all blocks that were ever given. */
    int reach() {
        return reach;
    }

    /** Sets it to what is known from elsewhere: a note of earlier times, or before a refusal. */
    void reach(int end) {
        reach = Math.max(Math.min(end, blockCount), used.length());
    }

    /** Blocks that can be allocated now and take nothing more from the disk. */
    int backedFreeCount() {
        return reach - (blockCount - freeCount);
    }

    /** Blocks that objects use. */
    int usedCount() {
        return blockCount - freeCount - freedCount;
    }

    /**
     * Takes {@code count} blocks, in one run if one is found soon; empty when there are not as
     * many.
     */
    List<Run> allocate(int count) {
        if (count > freeCount) {
            return List.of();
        }
        hint = used.nextClearBit(hint);
        int start = hint;
        for (int tries = 0; tries < WHOLE_TRIES_MAX && start < blockCount; tries++) {
            int end = endOfFree(start, count);
            if (end - start == count) {
                take(start, count);
                return List.of(new Run(start, count));
            }
            start = used.nextClearBit(end);
        }
        return allocatePieces(count);
    }

    private int endOfFree(int start, int count) {
        int next = used.nextSetBit(start);
        int limit = (int) Math.min((long) start + count, blockCount);
        return next < 0 ? limit : Math.min(next, limit);
    }

    private List<Run> allocatePieces(int count) {
        List<Run> runs = new ArrayList<>();
        int rest = count;
        int start = hint;
        while (rest > 0) {
            start = used.nextClearBit(start);
            Invariant.that(start < blockCount, "%s free blocks counted, not found", freeCount);
            int length = endOfFree(start, rest) - start;
            take(start, length);
            runs.add(new Run(start, length));
            rest -= length;
        }
        return runs;
    }

    private void take(int start, int count) {
        used.set(start, start + count);
        freeCount -= count;
        reach = Math.max(reach, start + count);
    }

    /** Gives back what a transaction allocated that is not applied. */
    void cancel(Run run) {
        clear(run);
    }

    private void clear(Run run) {
        used.clear((int) run.disk, (int) run.disk + run.count);
        freeCount += run.count;
        hint = Math.min(hint, (int) run.disk);
    }

    /** One more object uses these blocks. */
    void share(Run run) {
        for (long block = run.disk; block < run.disk + run.count; block++) {
            sharers.merge(block, 1, Integer::sum);
        }
    }

    /** One object less uses these blocks, as of the transaction {@code sequence}. */
    void release(Run run, long sequence) {
        long start = run.disk;
        long end = run.disk + run.count;
        for (long block = start; block < end && !sharers.isEmpty(); block++) {
            if (unshare(block)) {
                free(start, block, sequence);
                start = block + 1;
            }
        }
        free(start, end, sequence);
    }

    /** Takes back a {@link #share}. */
    void unshare(Run run) {
        for (long block = run.disk; block < run.disk + run.count; block++) {
            unshare(block);
        }
    }

    private boolean unshare(long block) {
        Integer more = sharers.get(block);
        if (more == null) {
            return false;
        }
        if (more == 1) {
            sharers.remove(block);
        } else {
            sharers.put(block, more - 1);
        }
        return true;
    }

    private void free(long start, long end, long sequence) {
        if (start < end) {
            freed.add(new Freed(sequence, new Run(start, (int) (end - start))));
            freedCount += (int) (end - start);
        }
    }

    /** What transactions up to {@code sequence} freed may be allocated from now on. */
    void checkpoint(long sequence) {
        while (!freed.isEmpty() && freed.element().sequence <= sequence) {
            Run run = freed.remove().run;
            freedCount -= run.count;
            clear(run);
        }
    }

    /** Whether another object uses the block too. */
    boolean isShared(long disk) {
        return !sharers.isEmpty() && sharers.containsKey(disk);
    }

    /** Marks what an onode uses, when a store opens. */
    void use(Run run) {
        for (long block = run.disk; block < run.disk + run.count; block++) {
            if (used.get((int) block)) {
                sharers.merge(block, 1, Integer::sum);
            } else {
                used.set((int) block);
                freeCount--;
                reach = Math.max(reach, (int) block + 1);
            }
        }
    }

    /** What differs from the space that the onodes would give; for checks. */
    List<String> differences(Space fromOnodes) {
        List<String> found = new ArrayList<>();
        BitSet mine = (BitSet) used.clone();
        for (Freed each : freed) {
            mine.clear((int) each.run.disk, (int) each.run.disk + each.run.count);
        }
        BitSet leaked = (BitSet) mine.clone();
        leaked.andNot(fromOnodes.used);
        BitSet lost = (BitSet) fromOnodes.used.clone();
        lost.andNot(mine);
        leaked.stream().forEach(block -> found.add("block " + block + " is used by no object"));
        lost.stream().forEach(block -> found.add("block " + block + " is used but counted free"));
        if (!sharers.equals(fromOnodes.sharers)) {
            found.add("blocks shared: " + sharers + ", by the objects " + fromOnodes.sharers);
        }
        return found;
    }
}
