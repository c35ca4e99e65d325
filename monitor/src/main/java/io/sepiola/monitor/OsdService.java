package io.sepiola.monitor;

import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.Draft;
import io.sepiola.monitor.state.OsdMaps;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdInfo;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.OsdXinfo;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.message.MOSDAlive;
import io.sepiola.protocol.message.MOSDBeacon;
import io.sepiola.protocol.message.MOSDBoot;
import io.sepiola.protocol.message.MOSDFailure;
import io.sepiola.protocol.message.MOSDFull;
import io.sepiola.protocol.message.MOSDMarkMeDown;
import io.sepiola.protocol.message.MOSDPGCreated;
import io.sepiola.protocol.message.MOSDPGTemp;
import io.sepiola.protocol.osd.OsdSuperblock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/**
 * Decides which OSDs are up and in: boots, failures, and what primaries ask for. Every decision is
 * made against the draft. Owned by the monitor's shard.
 */
final class OsdService {
    private static final Logger LOG = LoggerFactory.getLogger(OsdService.class);
    private static final int PGS_MAX = 65_536;

    /** Trimming goes in steps, since each applies changes to the oldest map. */
    private static final int TRIM_STEP_MAX = 100;

    private final Draft draft;
    private final ClusterLog log;
    private final Function<String, String> settings;
    private final FailureReports failures;
    private final SortedMap<Integer, Instant> heard = new TreeMap<>();
    private final PoolRoom room;
    private final CleanEpochs clean = new CleanEpochs();

    OsdService(Draft draft, ClusterLog log, Function<String, String> settings) {
        this.draft = draft;
        this.log = log;
        this.settings = settings;
        this.room = new PoolRoom(draft, log);
        this.failures = new FailureReports(settings);
    }

    private OsdMapIncremental.Builder step(int osd) {
        return draft.osdStep(osd);
    }

    private Duration seconds(String option) {
        return Duration.ofSeconds(Long.parseLong(settings.apply(option)));
    }

    /**
     * An OSD is ready.
     *
     * @param addrs where it takes clients
     * @return whether it is, or will be, up
     */
    boolean boot(int osd, EntityAddrVec addrs, MOSDBoot boot, Instant now) {
        OsdSuperblock superblock = boot.superblock();
        OsdMap map = draft.osdMapFor(osd);
        String refusal = refusal(osd, addrs, boot, map);
        if (!refusal.isEmpty()) {
            LOG.warn("osd.{} may not boot: {}", osd, refusal);
            return false;
        }
        if (map.isUp(osd) && map.addrs(osd).equals(addrs)) {
            return true;
        }
        if (map.isUp(osd)) {
            // It was restarted before anybody noticed; the time between must be an interval of its
            // own.
            step(osd).down(osd).lastUpChange(Utime.of(now));
            map = draft.osdMapFor(osd);
        }
        boolean comesIn =
                OutDecision.comesIn(map.state(osd), settings)
                        && !map.isIn(osd)
                        && (map.heldFlags(osd) & OsdMap.STATE_NOIN) == 0;
        OsdXinfo laggy = laggy(map.xinfo(osd), boot, now);
        OsdMapIncremental.Builder step = step(osd);
        step.newUp(osd, addrs, boot.cluster(), boot.heartbeatBack(), boot.heartbeatFront());
        step.lastUpChange(Utime.of(now));
        if (!map.uuid(osd).equals(superblock.osdFsid())) {
            step.newUuid(osd, superblock.osdFsid());
        }
        lastClean(step, osd, map.info(osd), superblock);
        OsdXinfo xinfo =
                laggy.withFeatures(boot.features())
                        .withLastPurgedSnapsScrub(superblock.lastPurgedSnapsScrub());
        if (comesIn) {
            step.newWeight(osd, xinfo.oldWeight() > 0 ? xinfo.oldWeight() : OsdMap.WEIGHT_IN);
            step.lastInChange(Utime.of(now));
            xinfo = xinfo.withOldWeight(0);
        }
        step.newXinfo(osd, xinfo);
        failures.forget(osd);
        heard.put(osd, now);
        SortedMap<String, String> metadata = new TreeMap<>(boot.metadata());
        if (!metadata.equals(draft.settled().osdMetadata().get(osd))) {
            draft.propose(new Change.OsdDescribed(osd, metadata));
        }
        log.write(ClusterLog.INFO, "osd." + osd + " " + addrs + " boot", now);
        return true;
    }

    /** Who was marked down and lived on is slow at times; who starts anew is so less and less. */
    private OsdXinfo laggy(OsdXinfo xinfo, MOSDBoot boot, Instant now) {
        double weight = Double.parseDouble(settings.apply("mon_osd_laggy_weight"));
        if (boot.bootEpoch() == 0) {
            return xinfo.laggy(0, 0, weight);
        }
        if (xinfo.downStamp().equals(Utime.ZERO)) {
            return xinfo;
        }
        long away = Duration.between(xinfo.downStamp().toInstant(), now).toSeconds();
        long longest = seconds("mon_osd_laggy_max_interval").toSeconds();
        return xinfo.laggy(1, (int) Math.clamp(away, 0, longest), weight);
    }

    private String refusal(int osd, EntityAddrVec addrs, MOSDBoot boot, OsdMap map) {
        OsdSuperblock superblock = boot.superblock();
        if (superblock.osd() != osd) {
            return "its store is that of osd." + superblock.osd();
        }
        if (!superblock.clusterFsid().equals(map.fsid())) {
            return "its store belongs to cluster " + superblock.clusterFsid();
        }
        if (!map.exists(osd)) {
            return "it is not in the map; 'osd new' makes it known";
        }
        if ((map.state(osd) & OsdMap.STATE_DESTROYED) != 0) {
            return "it was destroyed; 'osd new' gives its id to a new one";
        }
        UUID known = map.uuid(osd);
        if (!known.equals(new UUID(0, 0)) && !known.equals(superblock.osdFsid())) {
            return "its store "
                    + superblock.osdFsid()
                    + " is not the one known by that id, "
                    + known;
        }
        if (addrs.addrs().isEmpty()) {
            return "it gave no address";
        }
        boolean noUp = (map.heldFlags(osd) & OsdMap.STATE_NOUP) != 0;
        if (noUp && !map.isUp(osd)) {
            return "noup is set";
        }
        for (int other = 0; other < map.osdMax(); other++) {
            if (other != osd && map.isUp(other) && map.addrs(other).equals(addrs)) {
                return "osd." + other + " has the same address";
            }
        }
        if (draft.isTaken(addrs, osd)) {
            return "another OSD that starts has the same address";
        }
        return "";
    }

    /**
     * Notes of the store when it was first started and when last, where Ceph counts orderly stops;
     * the OSDs go by both. Not before its namesake was down, however long ago it was made: it
     * cannot know what that one took part in.
     */
    private static void lastClean(
            OsdMapIncremental.Builder step, int osd, OsdInfo info, OsdSuperblock superblock) {
        int started = superblock.mounted();
        int first =
                info.lastCleanBegin() != 0
                        ? info.lastCleanBegin()
                        : Math.max(started, info.downAt());
        int last = Math.max(started, info.lastCleanEnd());
        if (first != info.lastCleanBegin() || last != info.lastCleanEnd()) {
            step.newLastClean(osd, first, last);
        }
    }

    /** An OSD reports another; the one reported is marked down when enough agree. */
    void failure(int reporter, MOSDFailure report, Instant now) {
        int osd = report.osd();
        if (draft.goesDown(reporter) || draft.goesDown(osd)) {
            return;
        }
        OsdMap map = draft.osdMapFor(osd);
        boolean relevant =
                report.fsid().equals(map.fsid())
                        && map.isUp(reporter)
                        && map.isUp(osd)
                        && map.addrs(osd).equals(report.addrs())
                        && Integer.compareUnsigned(report.epoch(), map.upFrom(osd)) >= 0;
        if (!relevant) {
            return;
        }
        if ((report.flags() & MOSDFailure.FAILED) == 0) {
            failures.withdraw(osd, reporter);
            return;
        }
        if ((report.flags() & MOSDFailure.IMMEDIATE) != 0) {
            markDown(
                    osd,
                    true,
                    "osd." + osd + " reported immediately failed by osd." + reporter,
                    now);
            return;
        }
        Instant since = now.minusSeconds(Math.max(0, report.failedForSeconds()));
        failures.add(osd, reporter, since, now);
        judge(osd, now);
    }

    private void judge(int osd, Instant now) {
        failures.judge(osd, draft.osdMapFor(osd), now)
                .ifPresent(why -> markDown(osd, false, why, now));
    }

    /** As {@link #takeDown}, unless so few are up that something else must be wrong. */
    private boolean markDown(int osd, boolean dead, String why, Instant now) {
        double ratioMin = Double.parseDouble(settings.apply("mon_osd_min_up_ratio"));
        if (!OutDecision.enoughUp(draft.upCount(), draft.osdMap().osdCount(), ratioMin)) {
            LOG.warn(
                    "osd.{} stays up: fewer than mon_osd_min_up_ratio {} would be left ({})",
                    osd,
                    ratioMin,
                    why);
            return false;
        }
        return takeDown(osd, dead, why, now);
    }

    /**
     * Marks an OSD down.
     *
     * @param dead whether its process is known to have ended, so that nobody need wait for its read
     *     leases to run out
     */
    private boolean takeDown(int osd, boolean dead, String why, Instant now) {
        OsdMap map = draft.osdMapFor(osd);
        boolean forbidden = (map.heldFlags(osd) & OsdMap.STATE_NODOWN) != 0;
        if (!map.isUp(osd) || forbidden) {
            return false;
        }
        OsdMapIncremental.Builder step = step(osd).down(osd).lastUpChange(Utime.of(now));
        if (dead) {
            OsdXinfo down = map.xinfo(osd).withDownStamp(Utime.of(now));
            step.newXinfo(osd, down.withDeadEpoch(map.epoch() + 1));
        }
        failures.forget(osd);
        heard.remove(osd);
        log.write(ClusterLog.INFO, why, now);
        return true;
    }

    /** An OSD stops. */
    void markMeDown(int osd, MOSDMarkMeDown message, Instant now) {
        OsdMap map = draft.osdMapFor(osd);
        boolean relevant =
                message.fsid().equals(map.fsid())
                        && message.osd() == osd
                        && map.isUp(osd)
                        && map.addrs(osd).equals(message.addrs());
        if (relevant) {
            String how = message.downAndDead() ? "down and dead" : "down";
            takeDown(osd, message.downAndDead(), "osd." + osd + " marked itself " + how, now);
        }
    }

    /** A primary wants to be known as up through its epoch. */
    void alive(int osd, MOSDAlive message) {
        OsdMap map = draft.osdMap();
        Integer asked = draft.groupStep().newUpThru().get(osd);
        int known = asked != null ? asked : map.upThru(osd);
        boolean news =
                map.isUp(osd)
                        && Integer.compareUnsigned(message.want(), known) > 0
                        && message.version() <= Integer.toUnsignedLong(map.epoch());
        if (news) {
            draft.groupStep().newUpThru(osd, (int) message.version());
        }
    }

    /** An OSD is fuller, or less full, than the map says. */
    void full(int osd, MOSDFull message, Instant now) {
        OsdMap map = draft.state().osdMaps().newest();
        int wanted = message.state() & OsdMap.STATES_OF_ROOM;
        int change = map.state(osd) & OsdMap.STATES_OF_ROOM ^ wanted;
        boolean current =
                map.isUp(osd) && Integer.compareUnsigned(message.epoch(), map.upFrom(osd)) >= 0;
        if (current && change != 0) {
            step(osd).newState(osd, change);
            room.update(now);
        }
    }

    /** A primary wants other acting sets for a while. */
    void pgTemp(int osd, MOSDPGTemp message) {
        OsdMap map = draft.osdMap();
        if (!map.isUp(osd) || message.acting().size() > PGS_MAX) {
            return;
        }
        for (Map.Entry<PgId, List<Integer>> entry : message.acting().entrySet()) {
            PgId pg = entry.getKey();
            PgPool pool = map.pool(pg.pool()).orElse(null);
            boolean fits =
                    pool != null
                            && Integer.compareUnsigned(pg.seed(), pool.pgNum()) < 0
                            && entry.getValue().size() <= pool.size() * 2
                            && entry.getValue().stream()
                                    .allMatch(member -> !pool.isReplicated() || map.exists(member));
            if (!fits) {
                continue;
            }
            List<Integer> before = map.pgTemp().getOrDefault(pg, List.of());
            if (message.forced() || !before.equals(entry.getValue())) {
                draft.groupStep().newPgTemp(pg, entry.getValue());
            } else if (draft.groupStep().newPgTemp().containsKey(pg)) {
                draft.groupStep().newPgTemp(pg, entry.getValue());
            }
        }
    }

    /** An OSD lives. */
    void beacon(int osd, MOSDBeacon message, Instant now) {
        if (draft.osdMap().isUp(osd)) {
            heard.put(osd, now);
            clean.heard(message, draft.osdMap());
        }
    }

    /** A group is made; with the last one the pool stops being new. */
    void created(MOSDPGCreated message) {
        PgId pg = message.pg();
        if (!draft.settled().creating().containsKey(pg)) {
            return;
        }
        draft.propose(new Change.PgsCreated(new TreeSet<>(List.of(pg))));
        boolean more =
                !draft.settled()
                        .creating()
                        .subMap(new PgId(pg.pool(), 0), new PgId(pg.pool() + 1, 0))
                        .isEmpty();
        if (more) {
            return;
        }
        PgPool pool = draft.state().osdMaps().newest().pool(pg.pool()).orElse(null);
        if (pool != null && pool.hasFlag(PgPool.FLAG_CREATING)) {
            draft.osdMapStep()
                    .newPool(pg.pool(), pool.with(next -> next.clearFlag(PgPool.FLAG_CREATING)));
        }
    }

    /** From time to time: who has been silent, or down, for too long. */
    void tick(Instant now) {
        for (int osd : failures.reported()) {
            judge(osd, now);
        }
        silent(now);
        downAndOut(now);
        expireBlocklist(now);
        room.update(now);
        trim();
    }

    /** Drops maps that no group needs, beyond those that are kept anyway. */
    private void trim() {
        OsdMaps maps = draft.state().osdMaps();
        int kept = Math.max(1, Integer.parseInt(settings.apply("mon_min_osdmap_epochs")));
        int step = Math.clamp(kept / 5, 1, TRIM_STEP_MAX);
        if (maps.newest().epoch() - maps.oldestEpoch() < kept + step) {
            return;
        }
        OptionalInt floor = clean.floor(maps.newest());
        int first = Math.min(floor.orElse(0), maps.newest().epoch() - kept);
        if (first - maps.oldestEpoch() >= step) {
            draft.propose(new Change.OsdMapsTrimmed(first));
        }
    }

    private void silent(Instant now) {
        OsdMap map = draft.osdMap();
        Duration patience = seconds("mon_osd_report_timeout");
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.isUp(osd)) {
                Instant last =
                        heard.computeIfAbsent(osd, key -> now); // up since before our own start
                if (now.isAfter(last.plus(patience))) {
                    markDown(
                            osd,
                            false,
                            "osd."
                                    + osd
                                    + " marked down after no beacon for "
                                    + patience.toSeconds()
                                    + " seconds",
                            now);
                }
            }
        }
    }

    private void downAndOut(Instant now) {
        OsdMap map = draft.state().osdMaps().newest();
        Duration patience = seconds("mon_osd_down_out_interval");
        if (patience.isZero()) {
            return;
        }
        double ratioMin = Double.parseDouble(settings.apply("mon_osd_min_in_ratio"));
        String limit = settings.apply("mon_osd_down_out_subtree_limit");
        int in = map.inCount();
        for (int osd = 0; osd < map.osdMax(); osd++) {
            Utime down = map.xinfo(osd).downStamp();
            boolean due =
                    map.isDown(osd)
                            && map.isIn(osd)
                            && (map.heldFlags(osd) & OsdMap.STATE_NOOUT) == 0
                            && !down.equals(Utime.ZERO)
                            && !now.isBefore(
                                    down.toInstant().plus(patience).plus(laggy(map, osd, now)))
                            && !OutDecision.largeSubtreeIsDown(map, osd, limit);
            if (due && (double) in / map.osdCount() >= ratioMin) {
                OsdMapIncremental.Builder step = step(osd);
                step.newWeight(osd, 0)
                        .newState(osd, OsdMap.STATE_AUTOOUT)
                        .lastInChange(Utime.of(now));
                step.newXinfo(osd, map.xinfo(osd).withOldWeight(map.weight(osd)));
                log.write(
                        ClusterLog.INFO,
                        "Marking osd."
                                + osd
                                + " out (has been down for "
                                + Duration.between(down.toInstant(), now).toSeconds()
                                + " seconds)",
                        now);
                in--;
            }
        }
    }

    /** More time for those who have come back before. */
    private Duration laggy(OsdMap map, int osd, Instant now) {
        if (!settings.apply("mon_osd_adjust_down_out_interval").equals("true")) {
            return Duration.ZERO;
        }
        Duration halflife = seconds("mon_osd_laggy_halflife");
        return Duration.ofSeconds((long) DownDecision.laggySeconds(map.xinfo(osd), halflife, now));
    }

    private void expireBlocklist(Instant now) {
        draft.state()
                .osdMaps()
                .newest()
                .blocklist()
                .forEach((addr, until) -> {
                    if (now.isAfter(until.toInstant())) {
                        draft.osdMapStep().oldBlocklist(addr);
                    }
                });
    }
}
