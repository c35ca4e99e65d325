package io.sepiola.monitor;

import io.sepiola.base.Malformed;
import io.sepiola.monitor.health.Health;
import io.sepiola.monitor.health.PgDigest;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.Draft;
import io.sepiola.monitor.state.ManagerSuccession;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.message.MMgrBeacon;
import io.sepiola.protocol.message.MMonMgrReport;
import io.sepiola.protocol.osd.HealthCheck;
import io.sepiola.protocol.osd.PgMapDigest;
import io.sepiola.protocol.osd.PoolStat;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Decides which manager is active, and keeps what it reports. Owned by the monitor's shard. */
final class MgrService {
    private static final int STANDBYS_MAX = 64;
    private static final int CHECKS_MAX = 256;

    private final Draft draft;
    private final ClusterLog log;
    private final Function<String, String> settings;
    private final SortedMap<Long, Instant> heard = new TreeMap<>();
    private PgDigest digest = PgDigest.UNKNOWN;
    private SortedMap<Long, PoolStat> poolStats = Collections.emptySortedMap();
    private SortedMap<String, Health.Check> checks = Collections.emptySortedMap();
    private ObjectNode progress = JsonText.object();

    MgrService(Draft draft, ClusterLog log, Function<String, String> settings) {
        this.draft = draft;
        this.log = log;
        this.settings = settings;
    }

    PgDigest digest() {
        return digest;
    }

    /** Of pools, as the manager reported them. */
    SortedMap<Long, PoolStat> poolStats() {
        return poolStats;
    }

    SortedMap<String, Health.Check> checks() {
        return checks;
    }

    ObjectNode progress() {
        return progress;
    }

    /** A manager lives: the first becomes active, later ones wait. */
    void beacon(MMgrBeacon beacon, Instant now) {
        MgrMap map = draft.state().mgrMap();
        if (!beacon.fsid().equals(draft.state().monMap().fsid()) || beacon.gid() <= 0) {
            return;
        }
        if (map.activeGid() == beacon.gid() || map.activeGid() == 0) {
            heard.put(beacon.gid(), now);
            active(map, beacon, now);
        } else if (map.activeName().equals(beacon.name())) {
            // The same manager came back before the old one was missed.
            heard.remove(map.activeGid());
            heard.put(beacon.gid(), now);
            active(map, beacon, now);
        } else {
            standby(map, beacon, now);
        }
        SortedMap<String, String> metadata = new TreeMap<>(beacon.metadata());
        if (!metadata.isEmpty()
                && !metadata.equals(draft.state().mgrMetadata().get(beacon.name()))) {
            draft.propose(new Change.MgrDescribed(beacon.name(), metadata));
        }
    }

    private void active(MgrMap map, MMgrBeacon beacon, Instant now) {
        MgrMap next = map;
        boolean other = map.activeGid() != beacon.gid();
        if (other
                || map.available() != beacon.available()
                || !map.activeAddrs().equals(beacon.addrs())) {
            Utime since = other ? Utime.of(now) : map.activeChange();
            next =
                    map.withActive(
                            beacon.gid(),
                            beacon.name(),
                            beacon.addrs(),
                            beacon.available(),
                            beacon.features(),
                            since);
        }
        NavigableMap<String, String> services = new TreeMap<>(beacon.services());
        if (!services.equals(next.services())) {
            next = next.withServices(services);
        }
        if (next.standbys().containsKey(beacon.gid())) {
            NavigableMap<Long, MgrMap.Standby> standbys = new TreeMap<>(next.standbys());
            standbys.remove(beacon.gid());
            next = next.withStandbys(standbys);
        }
        propose(map, next);
        if (other) {
            log.write(ClusterLog.INFO, "Activating manager daemon " + beacon.name(), now);
        } else if (beacon.available() && !map.available()) {
            log.write(
                    ClusterLog.INFO, "Manager daemon " + beacon.name() + " is now available", now);
        }
    }

    /** Several changes at once are one epoch. */
    private void propose(MgrMap before, MgrMap next) {
        if (next.epoch() == before.epoch()) {
            return;
        }
        draft.propose(
                new Change.MgrMapReplaced(
                        new MgrMap(
                                before.epoch() + 1,
                                next.activeAddrs(),
                                next.activeGid(),
                                next.available(),
                                next.activeName(),
                                next.standbys(),
                                next.modules(),
                                next.services(),
                                next.availableModules(),
                                next.activeChange(),
                                next.alwaysOnModules(),
                                next.activeFeatures(),
                                next.lastFailureOsdEpoch(),
                                next.clients(),
                                next.clientNames())));
    }

    private void standby(MgrMap map, MMgrBeacon beacon, Instant now) {
        if (!map.standbys().containsKey(beacon.gid()) && map.standbys().size() >= STANDBYS_MAX) {
            return;
        }
        heard.put(beacon.gid(), now);
        MgrMap.Standby standby =
                new MgrMap.Standby(
                        beacon.gid(),
                        beacon.name(),
                        new TreeSet<>(),
                        beacon.modules(),
                        beacon.features());
        if (!standby.equals(map.standbys().get(beacon.gid()))) {
            NavigableMap<Long, MgrMap.Standby> standbys = new TreeMap<>(map.standbys());
            standbys.values().removeIf(other -> other.name().equals(beacon.name()));
            standbys.put(beacon.gid(), standby);
            propose(map, map.withStandbys(standbys));
        }
    }

    /**
     * What the manager makes of the OSDs' reports.
     *
     * @throws Malformed when it cannot be read
     */
    void report(MMonMgrReport report) {
        if (report.gid() != draft.state().mgrMap().activeGid()) {
            return;
        }
        if (!report.digest().isEmpty()) {
            PgMapDigest decoded = PgMapDigest.CODEC.fromBytes(report.digest());
            digest = PgDigest.of(decoded);
            SortedMap<Long, PoolStat> stats = new TreeMap<>();
            decoded.pools().forEach((id, stat) -> stats.put((long) id, stat));
            poolStats = stats;
        }
        SortedMap<String, Health.Check> found = new TreeMap<>();
        report.checks()
                .checks()
                .forEach((code, check) -> {
                    if (found.size() < CHECKS_MAX) {
                        found.put(
                                code,
                                new Health.Check(
                                        severity(check.severity()),
                                        check.summary(),
                                        check.count(),
                                        check.detail()));
                    }
                });
        checks = found;
        ObjectNode events = JsonText.object();
        report.progress()
                .forEach((id, event) ->
                        events.putObject(id)
                                .put("message", event.message())
                                .put("progress", (double) event.progress())
                                .put("add_to_ceph_s", event.addToStatus()));
        progress = events;
    }

    static Health.Severity severity(int code) {
        return switch (code) {
            case HealthCheck.ERROR -> Health.Severity.ERR;
            case HealthCheck.WARNING -> Health.Severity.WARN;
            default -> Health.Severity.OK;
        };
    }

    /** From time to time: drops managers that have been silent for too long. */
    void tick(Instant now) {
        Duration patience =
                Duration.ofSeconds(Long.parseLong(settings.apply("mon_mgr_beacon_grace")));
        MgrMap map = draft.state().mgrMap();
        MgrMap next = map;
        NavigableMap<Long, MgrMap.Standby> standbys = new TreeMap<>(map.standbys());
        standbys.keySet().removeIf(gid -> late(gid, patience, now));
        if (standbys.size() != map.standbys().size()) {
            next = next.withStandbys(standbys);
        }
        if (map.activeGid() != 0 && late(map.activeGid(), patience, now)) {
            heard.remove(map.activeGid());
            log.write(
                    ClusterLog.WARN,
                    "Manager daemon "
                            + map.activeName()
                            + " is unresponsive"
                            + (standbys.isEmpty()
                                    ? ".  No standby daemons available."
                                    : ", replacing it with standby daemon "
                                            + standbys.firstEntry().getValue().name()),
                    now);
            checks = Collections.emptySortedMap();
            next = ManagerSuccession.withoutActive(next, now);
        } else if (next.activeGid() == 0) {
            next = ManagerSuccession.withoutActive(next, now);
        }
        propose(map, next);
    }

    private boolean late(long gid, Duration patience, Instant now) {
        return now.isAfter(heard.computeIfAbsent(gid, key -> now).plus(patience));
    }
}
