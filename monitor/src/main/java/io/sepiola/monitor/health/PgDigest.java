package io.sepiola.monitor.health;

import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgMapDigest;
import io.sepiola.protocol.osd.PgState;
import io.sepiola.protocol.osd.PoolStat;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the manager makes of the OSDs' reports (the parts of PGMapDigest that are shown). Sizes are
 * in bytes.
 *
 * @param byState how many placement groups are in each state
 * @param pools by id
 * @param all pools together
 * @param availByRule what each CRUSH rule could still store, raw
 * @param lastReports the number of each OSD's last report, by the OSD; 0 when there is none
 */
public record PgDigest(
        long pgCount,
        long osdCount,
        SortedMap<Long, Integer> byState,
        SortedMap<Long, Usage> pools,
        Usage all,
        Storage storage,
        SortedMap<String, Storage> storageByClass,
        SortedMap<Integer, Long> availByRule,
        Rates rates,
        List<Long> lastReports) {
    /** Nothing is known yet. */
    public static final PgDigest UNKNOWN =
            new PgDigest(
                    0,
                    0,
                    Collections.emptySortedMap(),
                    Collections.emptySortedMap(),
                    Usage.NONE,
                    Storage.NONE,
                    Collections.emptySortedMap(),
                    Collections.emptySortedMap(),
                    Rates.NONE,
                    List.of());

    /**
     * What pools hold.
     *
     * @param copies objects times copies, of which the next three are parts
     * @param allocated on the OSDs
     * @param stored on the OSDs, before allocation
     * @param compressedAllocated on the OSDs, for what they compressed
     * @param compressedOriginal on the OSDs, what that was before
     */
    public record Usage(
            long bytes,
            long objects,
            long copies,
            long degraded,
            long misplaced,
            long unfound,
            long reads,
            long readBytes,
            long writes,
            long writeBytes,
            long omapBytes,
            long allocated,
            long stored,
            long compressedAllocated,
            long compressedOriginal) {
        /** Nothing. */
        public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** What OSDs have. */
    public record Storage(long total, long used, long avail) {
        /** Nothing. */
        public static final Storage NONE = new Storage(0, 0, 0);
    }

    /** What goes on in a second. */
    public record Rates(
            long readBytes,
            long writeBytes,
            long reads,
            long writes,
            long recoveredBytes,
            long recoveredObjects) {
        /** Nothing. */
        public static final Rates NONE = new Rates(0, 0, 0, 0, 0, 0);
    }

    /** From the manager's report. */
    public static PgDigest of(PgMapDigest report) {
        SortedMap<Long, Usage> pools = new TreeMap<>();
        report.pools().forEach((id, stat) -> pools.put((long) id, usage(stat)));
        SortedMap<String, Storage> classes = new TreeMap<>();
        report.osdSumByClass().forEach((name, stat) -> classes.put(name, storage(stat)));
        SortedMap<Long, Integer> states = new TreeMap<>();
        report.pgCountByState().forEach((state, count) -> states.merge(state, count, Integer::sum));
        return new PgDigest(
                report.pgCount(),
                report.osdCount(),
                states,
                pools,
                usage(report.pgSum()),
                storage(report.osdSum()),
                classes,
                new TreeMap<>(report.availableByRule()),
                rates(report),
                List.copyOf(report.lastSequences()));
    }

    private static Usage usage(PoolStat stat) {
        ObjectStatSum sum = stat.stats().sum();
        return new Usage(
                sum.bytes(),
                sum.objects(),
                sum.copies(),
                sum.degraded(),
                sum.misplaced(),
                sum.unfound(),
                sum.reads(),
                sum.readKib() << 10,
                sum.writes(),
                sum.writeKib() << 10,
                sum.omapBytes(),
                stat.store().allocated(),
                stat.store().dataStored(),
                stat.store().compressedAllocated(),
                stat.store().compressedOriginal());
    }

    private static Storage storage(OsdStat stat) {
        return new Storage(stat.kib() << 10, stat.kibUsed() << 10, stat.kibAvailable() << 10);
    }

    private static Rates rates(PgMapDigest report) {
        double seconds = report.stampDelta().seconds() + report.stampDelta().nanos() / 1e9;
        if (seconds <= 0) {
            return Rates.NONE;
        }
        ObjectStatSum sum = report.pgSumDelta().stats().sum();
        return new Rates(
                rate(sum.readKib() << 10, seconds),
                rate(sum.writeKib() << 10, seconds),
                rate(sum.reads(), seconds),
                rate(sum.writes(), seconds),
                rate(sum.bytesRecovered(), seconds),
                rate(sum.objectsRecovered(), seconds));
    }

    private static long rate(long amount, double seconds) {
        return Math.max(0, (long) (amount / seconds));
    }

    /** Copies the maps. */
    public PgDigest {
        byState = Collections.unmodifiableSortedMap(new TreeMap<>(byState));
        pools = Collections.unmodifiableSortedMap(new TreeMap<>(pools));
        storageByClass = Collections.unmodifiableSortedMap(new TreeMap<>(storageByClass));
        availByRule = Collections.unmodifiableSortedMap(new TreeMap<>(availByRule));
    }

    /** What a pool holds. */
    public Usage pool(long id) {
        return pools.getOrDefault(id, Usage.NONE);
    }

    /** How many groups are not active, those in no known state aside. */
    public long inactiveCount() {
        return byState.entrySet().stream()
                .filter(entry -> entry.getKey() != 0 && !PgState.ACTIVE.isIn(entry.getKey()))
                .mapToLong(entry -> entry.getValue())
                .sum();
    }

    /** How many groups nobody has reported. */
    public long unknownCount() {
        return byState.getOrDefault(0L, 0);
    }

    /** States and counts, most frequent first. */
    public List<java.util.Map.Entry<Long, Integer>> statesByCount() {
        return byState.entrySet().stream()
                .sorted(
                        java.util.Map.Entry.<Long, Integer>comparingByValue()
                                .reversed()
                                .thenComparing(java.util.Map.Entry.comparingByKey()))
                .toList();
    }
}
