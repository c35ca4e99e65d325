package io.sepiola.osd.daemon;

import io.sepiola.base.Clock;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.Pow2Histogram;
import io.sepiola.protocol.osd.StoreLatency;
import io.sepiola.protocol.osd.StoreStat;
import io.sepiola.store.ObjectStore;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much room the store has; asked of it at most every so often. Owned by the OSD's shard.
 *
 * <p>Nothing may grow once less than a floor is left: what the failsafe ratio leaves, and more of a
 * small store, since writes that other primaries have admitted are still on their way. Everybody is
 * told a capacity of which the floor is just what that ratio leaves, so that a small store, too, is
 * near full, backfill full, full and beyond in this order.
 */
final class StoreRoom {
    private static final long FRESH_NANOS = 200_000_000;
    private static final long LEAST_BYTES = 64 << 20;
    private static final long INDEX_LEAST_BYTES = 8 << 20;

    private final ObjectStore store;
    private final Clock clock;
    private final double failsafeRatio;
    private ObjectStore.Usage usage;
    private long askedNanos;

    StoreRoom(ObjectStore store, Clock clock, double failsafeRatio) {
        this.store = store;
        this.clock = clock;
        this.failsafeRatio = failsafeRatio;
        this.usage = store.usage();
        this.askedNanos = clock.nanos();
    }

    private ObjectStore.Usage usage() {
        if (clock.nanos() - askedNanos > FRESH_NANOS) {
            usage = store.usage();
            askedNanos = clock.nanos();
        }
        return usage;
    }

    private long leastBytes() {
        long total = usage().totalBytes();
        return Math.max((long) (total * (1 - failsafeRatio)), Math.min(LEAST_BYTES, total / 8));
    }

    /** What everybody is told that the store can hold. */
    private long capacity() {
        long total = usage().totalBytes();
        return Math.min(total, (long) ((total - leastBytes()) / failsafeRatio));
    }

    private long usedBytes() {
        return usage().totalBytes() - usage().availableBytes();
    }

    /** Whether so little is left that a client's write must not grow anything. */
    boolean isFull() {
        return store.availableBytes() < leastBytes();
    }

    /** Whether so little is left that a client's write must not add attributes or omap entries. */
    boolean isIndexFull() {
        return store.indexAvailableBytes() < Math.min(INDEX_LEAST_BYTES, usage().totalBytes() / 8);
    }

    /**
     * The bit of the OSD map that says how full the store is by the map's ratios: FULL,
     * BACKFILLFULL, NEARFULL, or 0. Ratios out of order count as raised to the one before.
     */
    int state(OsdMap map) {
        if (isFull() || isIndexFull()) {
            return OsdMap.STATE_FULL;
        }
        return state((double) usedBytes() / Math.max(1, capacity()), map);
    }

    static int state(double ratio, OsdMap map) {
        double near = map.nearfullRatio();
        double backfill = Math.max(near, map.backfillfullRatio());
        double full = Math.max(backfill, map.fullRatio());
        if (full <= 0) {
            return 0; // no map yet
        }
        return ratio > full
                ? OsdMap.STATE_FULL
                : ratio > backfill
                        ? OsdMap.STATE_BACKFILLFULL
                        : ratio > near ? OsdMap.STATE_NEARFULL : 0;
    }

    /** What the store holds of each pool of the map; nothing when it does not know. */
    SortedMap<Long, StoreStat> pools(OsdMap map) {
        SortedMap<Long, StoreStat> stats = new TreeMap<>();
        SortedMap<Long, ObjectStore.PoolUsage> held = store.pools();
        if (!held.isEmpty()) {
            map.pools()
                    .keySet()
                    .forEach(id ->
                            stats.put(id, stat(held.getOrDefault(id, ObjectStore.PoolUsage.NONE))));
        }
        return stats;
    }

    private static StoreStat stat(ObjectStore.PoolUsage held) {
        return new StoreStat(
                0,
                0,
                0,
                held.allocated(),
                held.stored(),
                held.compressed(),
                held.compressedAllocated(),
                held.compressedOriginal(),
                0,
                0);
    }

    /**
     * What the manager is told.
     *
     * @param repaired copies here that turned out damaged and were had anew
     */
    OsdStat stat(
            int upFrom,
            long sequence,
            int groupCount,
            StoreLatency latency,
            long repaired,
            List<Integer> peers) {
        ObjectStore.Usage now = usage();
        ObjectStore.PoolUsage held = store.allPools();
        long used = usedBytes();
        long total = Math.max(capacity(), used);
        long available = total - used;
        return new OsdStat(
                total >> 10,
                used >> 10,
                available >> 10,
                0,
                0,
                peers,
                new Pow2Histogram(List.of()),
                latency,
                upFrom,
                (long) upFrom << 32 | sequence & 0xffffffffL,
                groupCount,
                now.dataBytes() >> 10,
                now.omapBytes() >> 10,
                now.metadataBytes() >> 10,
                new StoreStat(
                        total,
                        available,
                        0,
                        used,
                        held.equals(ObjectStore.PoolUsage.NONE) ? now.dataBytes() : held.stored(),
                        held.compressed(),
                        held.compressedAllocated(),
                        held.compressedOriginal(),
                        now.omapBytes(),
                        now.metadataBytes()),
                new TreeMap<>(),
                repaired,
                1,
                0,
                0,
                new TreeMap<>());
    }
}
