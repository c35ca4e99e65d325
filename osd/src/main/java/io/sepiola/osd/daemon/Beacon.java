package io.sepiola.osd.daemon;

import io.sepiola.osd.pg.Pg;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MOSDBeacon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * An OSD's sign of life. It names the groups that the OSD leads and an epoch in which, or after
 * which, all of these were clean: maps before it are needed for none of them, so the monitors may
 * drop them.
 */
final class Beacon {
    private Beacon() {}

    static MOSDBeacon of(Collection<Pg> groups, OsdMap newest, Duration interval) {
        List<PgId> led = new ArrayList<>();
        int oldest = newest.epoch();
        for (Pg pg : groups) {
            if (!pg.isRemoved() && pg.peering().isPrimary()) {
                led.add(pg.id().pg());
                int clean =
                        pg.peering().isClean() ? pg.epoch() : pg.ledger().history.lastEpochClean();
                oldest = Integer.compareUnsigned(clean, oldest) < 0 ? clean : oldest;
            }
        }
        return new MOSDBeacon(newest.epoch(), led, oldest, Utime.ZERO, (int) interval.toSeconds());
    }
}
