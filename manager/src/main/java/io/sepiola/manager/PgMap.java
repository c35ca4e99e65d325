package io.sepiola.manager;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.message.MPGStats;
import io.sepiola.protocol.osd.ObjectStats;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;
import io.sepiola.protocol.osd.StoreStat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What is known of every placement group and OSD. Holds exactly the groups that the pools have:
 * those of which nothing was heard are unknown. Owned by the manager's shard.
 */
final class PgMap {
    private static final int EARLY_MAX = 100_000;

    private final NavigableMap<PgId, PgStat> groups = new TreeMap<>();
    private final NavigableMap<Integer, OsdStat> osds = new TreeMap<>();
    private final NavigableMap<Long, NavigableMap<Integer, StoreStat>> stores = new TreeMap<>();
    private final NavigableMap<PgId, PgStat> early = new TreeMap<>(); // of groups the map lacks yet
    private OsdMap map;
    private long version;
    private Utime stamp = Utime.ZERO;

    PgMap(OsdMap map) {
        this.map = map;
    }

    OsdMap osdMap() {
        return map;
    }

    NavigableMap<PgId, PgStat> groups() {
        return Collections.unmodifiableNavigableMap(groups);
    }

    NavigableMap<Integer, OsdStat> osds() {
        return Collections.unmodifiableNavigableMap(osds);
    }

    /** What each OSD's store holds of a pool. */
    Map<Integer, StoreStat> stores(long pool) {
        return Collections.unmodifiableMap(stores.getOrDefault(pool, new TreeMap<>()));
    }

    /** Counts the changes. */
    long version() {
        return version;
    }

    Utime stamp() {
        return stamp;
    }

    /** A newer map: pools come and go, and groups whose primary is down become stale. */
    void update(OsdMap newer, Utime now) {
        map = newer;
        version++;
        stamp = now;
        groups.keySet().removeIf(pg -> !isGroup(pg));
        map.pools()
                .forEach((id, pool) -> {
                    for (int seed = 0; seed < pool.pgNum(); seed++) {
                        groups.computeIfAbsent(new PgId(id, seed), pg -> unknown(map, pg));
                    }
                });
        early.entrySet()
                .removeIf(entry -> {
                    groups.computeIfPresent(
                            entry.getKey(),
                            (pg, known) ->
                                    isNewer(entry.getValue(), known) ? entry.getValue() : known);
                    return groups.containsKey(entry.getKey())
                            || entry.getValue().reportedEpoch() <= map.epoch();
                });
        stores.keySet().retainAll(map.pools().keySet());
        osds.keySet().removeIf(osd -> !map.exists(osd));
        stores.values().forEach(byOsd -> byOsd.keySet().removeIf(osd -> !map.exists(osd)));
        groups.replaceAll((pg, stat) -> isLost(stat) ? stale(stat, now) : stat);
    }

    private boolean isGroup(PgId pg) {
        PgPool pool = map.pools().get(pg.pool());
        return pool != null && pg.seed() >= 0 && pg.seed() < pool.pgNum();
    }

    private boolean isLost(PgStat stat) {
        return !PgState.STALE.isIn(stat.state())
                && stat.state() != 0
                && stat.actingPrimary() != -1
                && !map.isUp(stat.actingPrimary());
    }

    /**
     * An OSD's report. What is older than what is known is passed over.
     *
     * @return whether anything that people see has changed
     */
    boolean report(int osd, MPGStats report, Utime now) {
        if (!map.exists(osd)) {
            return false;
        }
        version++;
        stamp = now;
        OsdStat before = osds.put(osd, report.osd());
        boolean changed =
                before == null
                        || before.kib() != report.osd().kib()
                        || Math.abs(before.kibUsed() - report.osd().kibUsed()) > 1024;
        for (Map.Entry<PgId, PgStat> entry : report.pgs().entrySet()) {
            PgStat known = groups.get(entry.getKey());
            PgStat told = entry.getValue();
            if (known == null) {
                // The OSD may be ahead of us: the group counts once our map has it.
                if (told.reportedEpoch() > map.epoch() && early.size() < EARLY_MAX) {
                    early.put(entry.getKey(), told);
                }
                continue;
            }
            if (isNewer(told, known)) {
                groups.put(entry.getKey(), told);
                changed |=
                        told.state() != known.state()
                                || !told.stats().equals(known.stats())
                                || !told.acting().equals(known.acting());
            }
        }
        stores.values().forEach(byOsd -> byOsd.remove(osd));
        report.pools()
                .forEach((pool, store) -> {
                    if (map.pools().containsKey(pool)) {
                        stores.computeIfAbsent(pool, id -> new TreeMap<>()).put(osd, store);
                    }
                });
        return changed;
    }

    private static boolean isNewer(PgStat told, PgStat known) {
        int byEpoch = Integer.compareUnsigned(told.reportedEpoch(), known.reportedEpoch());
        return byEpoch > 0
                || byEpoch == 0
                        && Long.compareUnsigned(told.reportedSequence(), known.reportedSequence())
                                > 0;
    }

    private static PgStat unknown(OsdMap map, PgId pg) {
        var osds = map.map(pg);
        return with(
                blank(),
                0,
                Utime.ZERO,
                ints(osds.up()),
                ints(osds.acting()),
                osds.upPrimary(),
                osds.actingPrimary());
    }

    private static List<Integer> ints(int[] values) {
        return java.util.Arrays.stream(values).boxed().toList();
    }

    private static PgStat stale(PgStat stat, Utime now) {
        return with(
                stat,
                stat.state() | PgState.STALE.bit(),
                now,
                stat.up(),
                stat.acting(),
                stat.upPrimary(),
                stat.actingPrimary());
    }

    private static PgStat blank() {
        EVersion zero = EVersion.ZERO;
        Utime never = Utime.ZERO;
        return new PgStat(
                zero,
                0,
                0,
                0,
                zero,
                zero,
                0,
                0,
                new PgId(0, 0),
                0,
                zero,
                never,
                ObjectStats.ZERO,
                0,
                0,
                List.of(),
                List.of(),
                never,
                never,
                never,
                never,
                never,
                0,
                zero,
                never,
                false,
                never,
                never,
                false,
                -1,
                -1,
                false,
                false,
                List.of(),
                never,
                never,
                false,
                never,
                never,
                false,
                0,
                Map.of(),
                false,
                List.of(),
                Map.of());
    }

    private static PgStat with(
            PgStat s,
            long state,
            Utime changed,
            List<Integer> up,
            List<Integer> acting,
            int upPrimary,
            int actingPrimary) {
        return new PgStat(
                s.version(),
                s.reportedSequence(),
                s.reportedEpoch(),
                state,
                s.logStart(),
                s.logStartOnDisk(),
                s.created(),
                s.lastEpochClean(),
                s.parent(),
                s.parentSplitBits(),
                s.lastScrub(),
                s.lastScrubStamp(),
                s.stats(),
                s.logSize(),
                s.logSizeOnDisk(),
                up,
                acting,
                s.lastFresh(),
                changed,
                s.lastActive(),
                s.lastClean(),
                s.lastUnstale(),
                s.mappingEpoch(),
                s.lastDeepScrub(),
                s.lastDeepScrubStamp(),
                s.statsInvalid(),
                s.lastCleanScrubStamp(),
                s.lastBecameActive(),
                s.dirtyStatsInvalid(),
                upPrimary,
                actingPrimary,
                s.omapStatsInvalid(),
                s.hitSetStatsInvalid(),
                s.blockedBy(),
                s.lastUndegraded(),
                s.lastFullSized(),
                s.hitSetBytesStatsInvalid(),
                s.lastPeered(),
                s.lastBecamePeered(),
                s.pinStatsInvalid(),
                s.snapTrimQueue(),
                s.purgedSnaps(),
                s.manifestStatsInvalid(),
                s.availableNoMissing(),
                s.locations());
    }
}
