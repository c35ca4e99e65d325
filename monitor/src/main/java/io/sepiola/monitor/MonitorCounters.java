package io.sepiola.monitor;

import io.sepiola.monitor.health.PgDigest;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.PerfCounterType;
import io.sepiola.protocol.osd.PgState;
import io.sepiola.protocol.perf.PerfCounters;

import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * What a monitor counts, under Ceph's names: its sessions, and what there is in the cluster. Owned
 * by the monitor's shard.
 */
final class MonitorCounters {
    private static final int BYTES = 0;
    private static final int NO_UNIT = 1;
    private static final int FOR_DEBUGGING = 0;

    private final Monitor monitor;
    private final PerfCounters shown = new PerfCounters();
    private final SessionCounters sessions;

    MonitorCounters(Monitor monitor) {
        this.monitor = monitor;
        sessions = new SessionCounters(shown, () -> monitor.sessions().size());
        maps();
        groups();
    }

    private void cluster(String name, String text, int unit, LongSupplier value) {
        PerfCounterType type =
                new PerfCounterType(
                        "cluster." + name, text, "", PerfCounters.NUMBER, FOR_DEBUGGING, unit);
        shown.add(PerfCounters.Counter.of(type, value));
    }

    private void maps() {
        cluster("num_mon", "Monitors", NO_UNIT, () -> monitor.state().monMap().size());
        cluster("num_mon_quorum", "Monitors in quorum", NO_UNIT, () -> monitor.present().size());
        cluster("num_osd", "OSDs", NO_UNIT, () -> osds(OsdMap::exists));
        cluster("num_osd_up", "OSDs that are up", NO_UNIT, () -> osds(OsdMap::isUp));
        cluster("num_osd_in", "OSDs that are in", NO_UNIT, () -> osds(OsdMap::isIn));
        cluster("osd_epoch", "Epoch of the OSD map", NO_UNIT, () -> monitor.osdMap().epoch());
    }

    private long osds(BiPredicate<OsdMap, Integer> which) {
        OsdMap map = monitor.osdMap();
        return IntStream.range(0, map.osdMax())
                .filter(osd -> map.exists(osd) && which.test(map, osd))
                .count();
    }

    private void groups() {
        digest("osd_bytes", "Total capacity", BYTES, digest -> digest.storage().total());
        digest("osd_bytes_used", "Used space", BYTES, digest -> digest.storage().used());
        digest("osd_bytes_avail", "Available space", BYTES, digest -> digest.storage().avail());
        cluster("num_pool", "Pools", NO_UNIT, () -> monitor.osdMap().pools().size());
        digest("num_pg", "Placement groups", NO_UNIT, PgDigest::pgCount);
        long active = PgState.ACTIVE.bit();
        long clean = PgState.CLEAN.bit();
        states("num_pg_active_clean", "Placement groups that are active+clean", active | clean);
        states("num_pg_active", "Placement groups that are active", active);
        states("num_pg_peering", "Placement groups that are peering", PgState.PEERING.bit());
        digest("num_object", "Objects", NO_UNIT, digest -> digest.all().objects());
        digest(
                "num_object_degraded",
                "Objects with missing copies",
                NO_UNIT,
                digest -> digest.all().degraded());
        digest(
                "num_object_misplaced",
                "Objects with misplaced copies",
                NO_UNIT,
                digest -> digest.all().misplaced());
        digest("num_object_unfound", "Unfound objects", NO_UNIT, digest -> digest.all().unfound());
        digest("num_bytes", "Size of all objects", BYTES, digest -> digest.all().bytes());
    }

    private void digest(String name, String text, int unit, ToLongFunction<PgDigest> value) {
        cluster(name, text, unit, () -> value.applyAsLong(monitor.mgrs().digest()));
    }

    private void states(String name, String text, long bits) {
        digest(
                name,
                text,
                NO_UNIT,
                digest ->
                        digest.byState().entrySet().stream()
                                .filter(entry -> (entry.getKey() & bits) == bits)
                                .mapToLong(entry -> entry.getValue())
                                .sum());
    }

    SessionCounters sessions() {
        return sessions;
    }

    PerfCounters shown() {
        return shown;
    }
}
