package io.sepiola.monitor;

import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MOSDPGCreate2;
import io.sepiola.protocol.osd.PastIntervals;
import io.sepiola.protocol.osd.PgCreate;
import io.sepiola.protocol.osd.PgHistory;
import io.sepiola.protocol.osd.PgPast;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tells OSDs which placement groups of new pools to make.
 *
 * <p>The primary of a group that nobody has made yet is told, again whenever another OSD becomes
 * its primary. The history sent is that of the epoch in which the pool was made: an OSD goes
 * through the maps since then by itself.
 */
final class PgCreations {
    private static final int PGS_MAX = 1024; // in one message, as Ceph's mon_osd_max_creating_pgs

    /** Tells an OSD's session what it has not been told. */
    void tell(Session session, MonitorState state) {
        int osd = session.osd();
        Session.Wish wish = session.wishes.get("osd_pg_creates");
        if (osd < 0 || wish == null) {
            return;
        }
        OsdMap map = state.osdMaps().newest();
        SortedMap<SpgId, PgCreate> created = new TreeMap<>();
        SortedMap<SpgId, PgPast> past = new TreeMap<>();
        session.toldToCreate.removeIf(
                pg -> !leads(map, osd, pg) || !state.creating().containsKey(pg));
        for (var entry : state.creating().entrySet()) {
            PgId pg = entry.getKey();
            if (!leads(map, osd, pg) || !session.toldToCreate.add(pg)) {
                continue;
            }
            MonitorState.Creation begun = entry.getValue();
            SpgId id = SpgId.replicated(pg);
            created.put(id, new PgCreate(begun.epoch(), begun.stamp()));
            past.put(id, new PgPast(history(begun), PastIntervals.NONE));
            if (created.size() == PGS_MAX) {
                session.send(new MOSDPGCreate2(map.epoch(), created, past));
                created = new TreeMap<>();
                past = new TreeMap<>();
            }
        }
        if (!created.isEmpty()) {
            session.send(new MOSDPGCreate2(map.epoch(), created, past));
        }
    }

    private static boolean leads(OsdMap map, int osd, PgId pg) {
        return map.map(pg).actingPrimary() == osd;
    }

    private static PgHistory history(MonitorState.Creation begun) {
        int epoch = begun.epoch();
        return new PgHistory(
                epoch,
                0,
                0,
                0,
                epoch,
                epoch,
                epoch,
                EVersion.ZERO,
                begun.stamp(),
                EVersion.ZERO,
                begun.stamp(),
                begun.stamp(),
                0,
                0,
                0,
                epoch,
                Utime.ZERO);
    }
}
