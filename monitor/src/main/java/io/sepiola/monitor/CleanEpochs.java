package io.sepiola.monitor;

import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.message.MOSDBeacon;

import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * In which epoch each placement group was last known to be clean, by the beacons of those who lead
 * them. Whoever was away while a group changed hands works out from the maps since then whom it
 * must ask; so these maps are kept, however many they are. Owned by the monitor's shard.
 */
final class CleanEpochs {
    private final SortedMap<PgId, Integer> clean = new TreeMap<>();

    /** An OSD lives, and leads these groups. */
    void heard(MOSDBeacon beacon, OsdMap map) {
        for (PgId pg : beacon.pgs()) {
            PgPool pool = map.pool(pg.pool()).orElse(null);
            if (pool != null && Integer.compareUnsigned(pg.seed(), pool.pgNum()) < 0) {
                clean.put(pg, beacon.minLastEpochClean());
            }
        }
    }

    /** The oldest epoch that a group may need; nothing while there is one not heard of. */
    OptionalInt floor(OsdMap map) {
        clean.keySet().removeIf(pg -> map.pool(pg.pool()).isEmpty());
        int oldest = map.epoch();
        for (Map.Entry<Long, PgPool> pool : map.pools().entrySet()) {
            for (int seed = 0; seed < pool.getValue().pgNum(); seed++) {
                Integer epoch = clean.get(new PgId(pool.getKey(), seed));
                if (epoch == null) {
                    return OptionalInt.empty();
                }
                oldest = Integer.compareUnsigned(epoch, oldest) < 0 ? epoch : oldest;
            }
        }
        return OptionalInt.of(oldest);
    }
}
