package io.sepiola.osd.daemon;

import io.sepiola.base.Clock;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.Pow2Histogram;
import io.sepiola.protocol.osd.StoreLatency;
import io.sepiola.protocol.osd.StoreStat;
import io.sepiola.store.ObjectStore;

import java.util.List;
import java.util.TreeMap;

/** How much room the store has; asked of it at most every so often. Owned by the OSD's shard. */
final class StoreRoom {
    private static final long FRESH_NANOS = 200_000_000;
    private static final long LEAST_BYTES = 64 << 20;
    private static final long INDEX_LEAST_BYTES = 8 << 20;

    private final ObjectStore store;
    private final Clock clock;
    private final double fullRatio;
    private ObjectStore.Usage usage;
    private long askedNanos;

    StoreRoom(ObjectStore store, Clock clock, double fullRatio) {
        this.store = store;
        this.clock = clock;
        this.fullRatio = fullRatio;
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

    /**
     * Whether so little is left that a client's write must not grow anything. A small store keeps
     * more than the ratio says: writes that other primaries have admitted are still on their way.
     */
    boolean isFull() {
        long total = usage().totalBytes();
        long least = Math.max((long) (total * (1 - fullRatio)), Math.min(LEAST_BYTES, total / 8));
        return store.availableBytes() < least;
    }

    /** Whether so little is left that a client's write must not add attributes or omap entries. */
    boolean isIndexFull() {
        return store.indexAvailableBytes() < Math.min(INDEX_LEAST_BYTES, usage().totalBytes() / 8);
    }

    OsdStat stat(int upFrom, long sequence, int groupCount, List<Integer> peers) {
        ObjectStore.Usage now = usage();
        long used = now.totalBytes() - now.availableBytes();
        return new OsdStat(
                now.totalBytes() >> 10,
                used >> 10,
                now.availableBytes() >> 10,
                0,
                0,
                peers,
                new Pow2Histogram(List.of()),
                new StoreLatency(0, 0),
                upFrom,
                (long) upFrom << 32 | sequence & 0xffffffffL,
                groupCount,
                now.dataBytes() >> 10,
                now.omapBytes() >> 10,
                now.metadataBytes() >> 10,
                new StoreStat(
                        now.totalBytes(),
                        now.availableBytes(),
                        0,
                        used,
                        now.dataBytes(),
                        0,
                        0,
                        0,
                        now.omapBytes(),
                        now.metadataBytes()),
                new TreeMap<>(),
                0,
                1,
                0,
                0,
                new TreeMap<>());
    }
}
