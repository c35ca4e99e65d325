package io.sepiola.osd.daemon;

import io.sepiola.osd.pg.Pg;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MPGStats;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.StoreLatency;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/** What the manager is told, regularly, of an OSD and the groups that it leads. */
final class Statistics {
    private Statistics() {}

    /**
     * This moment's report.
     *
     * @param groups all of the OSD
     * @param latency of the store since the report before
     * @param repaired copies here that turned out damaged and were had anew
     * @param sequence one more than in the report before
     * @param peers the OSDs that it watches
     */
    static MPGStats of(
            int self,
            Collection<Pg> groups,
            OsdMap map,
            StoreRoom room,
            StoreLatency latency,
            long repaired,
            long sequence,
            SortedSet<Integer> peers) {
        Map<PgId, PgStat> stats = new TreeMap<>();
        for (Pg pg : groups) {
            if (pg.peering().isPrimary() && !pg.isRemoved()) {
                stats.put(pg.id().pg(), pg.stat());
            }
        }
        int upFrom = map.epoch() == 0 ? 0 : map.upFrom(self);
        return new MPGStats(
                map.epoch(),
                map.fsid(),
                room.stat(upFrom, sequence, groups.size(), latency, repaired, List.copyOf(peers)),
                stats,
                map.epoch(),
                Utime.ZERO,
                room.pools(map));
    }
}
