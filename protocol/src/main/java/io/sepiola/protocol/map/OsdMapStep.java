package io.sepiola.protocol.map;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Applies an incremental, in the order of Ceph's OSDMap::apply_incremental: all peers must come to
 * the same bytes.
 */
final class OsdMapStep {
    private static final int LUMINOUS = 12;

    private final OsdMapFields to;
    private final OsdMapIncremental change;

    private OsdMapStep(OsdMapFields to, OsdMapIncremental change) {
        this.to = to;
        this.change = change;
    }

    static OsdMap apply(OsdMapFields before, OsdMapIncremental change) {
        if (before.epoch != 0 && change.epoch() != before.epoch + 1) {
            throw new Malformed(
                    "OSD map incremental to epoch "
                            + change.epoch()
                            + " does not follow "
                            + before.epoch);
        }
        if (before.epoch != 0 && !change.fsid().equals(before.fsid)) {
            throw new Malformed("OSD map incremental of another cluster " + change.fsid());
        }
        if (!change.fullMap().isEmpty()) {
            return OsdMap.CODEC.fromBytes(change.fullMap());
        }
        OsdMapFields to = new OsdMapFields(before);
        new OsdMapStep(to, change).run();
        return new OsdMap(to);
    }

    private void run() {
        to.fsid = change.fsid();
        to.epoch = change.epoch();
        to.modified = change.modified();
        if (change.flags() != -1) {
            to.flags = change.flags();
        }
        if (change.osdMax() >= 0) {
            if (change.osdMax() > OsdMapCodec.OSDS_MAX) {
                throw new Malformed("OSD map of " + change.osdMax() + " OSDs");
            }
            to.resize(change.osdMax());
        }
        pools();
        refuseUnknownOsds();
        weights();
        change.oldEcProfiles().forEach(to.ecProfiles::remove);
        to.ecProfiles.putAll(change.newEcProfiles());
        states();
        arrivals();
        lives();
        exceptions();
        settings();
        snapshots();
        if (!change.crush().isEmpty()) {
            hierarchy(change.crush());
        }
        stretch();
    }

    /** Flags of classes that the new hierarchy does not know go with them. */
    private void hierarchy(Bytes crush) {
        to.crush(OsdMapCodec.hierarchy(crush), crush.detach());
        if (to.requireOsdRelease >= LUMINOUS) {
            to.crushVersion++; // the versions before have no place for it
        }
        Set<Integer> classes = to.crush.classNames().keySet();
        List.copyOf(to.deviceClassFlags.keySet()).stream()
                .filter(id -> !classes.contains(id))
                .forEach(to.deviceClassFlags::remove);
    }

    private void pools() {
        if (change.poolMax() != -1) {
            to.poolMax = (int) change.poolMax();
        }
        change.newPools()
                .forEach((id, pool) -> to.pools.put(id, pool.with(p -> p.lastChange(to.epoch))));
        to.poolNames.putAll(change.newPoolNames());
        for (long id : change.oldPools()) {
            to.pools.remove(id);
            to.poolNames.remove(id);
        }
    }

    private void refuseUnknownOsds() {
        for (Map<Integer, ?> byOsd :
                List.of(
                        change.newWeight(),
                        change.newAffinity(),
                        change.newState(),
                        change.newUp(),
                        change.newUpCluster(),
                        change.newHeartbeatBack(),
                        change.newHeartbeatFront(),
                        change.newUpThru(),
                        change.newLastClean(),
                        change.newLost(),
                        change.newUuid(),
                        change.newXinfo())) {
            for (int osd : byOsd.keySet()) {
                if (!to.has(osd)) {
                    throw new Malformed(
                            "OSD map incremental names osd." + osd + " of " + to.osdMax);
                }
            }
        }
    }

    private void weights() {
        change.newWeight()
                .forEach((osd, weight) -> {
                    to.weightToWrite()[osd] = weight;
                    if (weight != 0) {
                        to.stateToWrite()[osd] |= OsdMap.STATE_EXISTS;
                        to.stateToWrite()[osd] &= ~(OsdMap.STATE_AUTOOUT | OsdMap.STATE_NEW);
                        to.xinfo.set(osd, to.xinfo.get(osd).withOldWeight(0));
                    }
                });
        change.newAffinity().forEach(to::affinity);
    }

    private void states() {
        change.newState()
                .forEach((osd, flip) -> {
                    int bits = flip != 0 ? flip : OsdMap.STATE_UP;
                    int both = to.state[osd] & bits;
                    if ((both & OsdMap.STATE_UP) != 0) {
                        to.info.set(osd, to.info.get(osd).withDownAt(to.epoch));
                        to.xinfo.set(osd, to.xinfo.get(osd).withDownStamp(to.modified));
                    }
                    if ((both & OsdMap.STATE_EXISTS) != 0) {
                        to.forget(osd);
                        to.affinity(osd, OsdMap.AFFINITY_DEFAULT);
                    } else {
                        to.stateToWrite()[osd] ^= bits;
                    }
                });
    }

    private void arrivals() {
        change.newUp()
                .forEach((osd, addrs) -> {
                    to.stateToWrite()[osd] |= OsdMap.STATE_EXISTS | OsdMap.STATE_UP;
                    to.stateToWrite()[osd] &= ~OsdMap.STATE_STOP; // it was started again
                    to.addrs.set(osd, addrs);
                    EntityAddrVec back = change.newHeartbeatBack().get(osd);
                    to.heartbeatBackAddrs.set(osd, back != null ? back : addrs);
                    EntityAddrVec front = change.newHeartbeatFront().get(osd);
                    if (front != null) {
                        to.heartbeatFrontAddrs.set(osd, front);
                    }
                    to.info.set(osd, to.info.get(osd).withUpFrom(to.epoch));
                });
        change.newUpCluster().forEach((osd, addrs) -> to.clusterAddrs.set(osd, addrs));
    }

    private void lives() {
        change.newUpThru()
                .forEach((osd, epoch) -> to.info.set(osd, to.info.get(osd).withUpThru(epoch)));
        change.newLastClean()
                .forEach((osd, run) ->
                        to.info.set(osd, to.info.get(osd).withLastClean(run.begin(), run.end())));
        change.newLost()
                .forEach((osd, epoch) -> to.info.set(osd, to.info.get(osd).withLostAt(epoch)));
        change.newXinfo().forEach((osd, xinfo) -> to.xinfo.set(osd, xinfo));
        change.newUuid().forEach((osd, uuid) -> to.uuid.set(osd, uuid));
    }

    private void exceptions() {
        putOrRemove(to.pgTemp, change.newPgTemp(), (pg, osds) -> osds.isEmpty());
        putOrRemove(to.primaryTemp, change.newPrimaryTemp(), (pg, osd) -> osd == -1);
        to.upmap.putAll(change.newUpmap());
        change.oldUpmap().forEach(to.upmap::remove);
        to.upmapItems.putAll(change.newUpmapItems());
        change.oldUpmapItems().forEach(to.upmapItems::remove);
        change.newBlocklist().forEach(to.blocklist::putIfAbsent);
        change.oldBlocklist().forEach(to.blocklist::remove);
        putOrRemove(to.crushNodeFlags, change.newCrushNodeFlags(), (node, flags) -> flags == 0);
        putOrRemove(to.deviceClassFlags, change.newDeviceClassFlags(), (id, flags) -> flags == 0);
    }

    private static <K, V> void putOrRemove(
            NavigableMap<K, V> into, Map<K, V> changed, BiPredicate<K, V> removes) {
        changed.forEach((key, value) -> {
            if (removes.test(key, value)) {
                into.remove(key);
            } else {
                into.put(key, value);
            }
        });
    }

    private void settings() {
        to.snapshot = change.snapshot();
        to.snapshotEpoch = change.snapshot().isEmpty() ? 0 : to.epoch;
        if (change.nearfullRatio() >= 0) {
            to.nearfullRatio = change.nearfullRatio();
        }
        if (change.backfillfullRatio() >= 0) {
            to.backfillfullRatio = change.backfillfullRatio();
        }
        if (change.fullRatio() >= 0) {
            to.fullRatio = change.fullRatio();
        }
        if (change.minCompatClient() != 0 && change.minCompatClient() != 255) {
            to.minCompatClient = change.minCompatClient();
        }
        if (change.requireOsdRelease() != 255) {
            to.requireOsdRelease = change.requireOsdRelease();
            if (to.requireOsdRelease >= LUMINOUS) {
                to.flags &= ~OsdMapFlags.LEGACY_REQUIRE;
                to.flags |= OsdMapFlags.RECOVERY_DELETES;
            }
        }
        if (change.lastUpChange().compareTo(Utime.ZERO) != 0) {
            to.lastUpChange = change.lastUpChange();
        }
        if (change.lastInChange().compareTo(Utime.ZERO) != 0) {
            to.lastInChange = change.lastInChange();
        }
    }

    private void snapshots() {
        to.newRemovedSnaps = change.newRemovedSnaps();
        to.newPurgedSnaps = change.newPurgedSnaps();
        change.newRemovedSnaps()
                .forEach((pool, snaps) ->
                        to.removedSnapsQueue.merge(pool, snaps, SnapInterval::union));
        change.newPurgedSnaps()
                .forEach((pool, snaps) ->
                        to.removedSnapsQueue.computeIfPresent(
                                pool,
                                (id, queued) -> {
                                    var rest = SnapInterval.subtract(queued, snaps);
                                    return rest.isEmpty() ? null : rest;
                                }));
    }

    private void stretch() {
        change.stretch()
                .filter(OsdMapIncremental.StretchChange::change)
                .ifPresent(stretch -> {
                    to.stretchMode = stretch.enabled();
                    to.stretchBucketCount = stretch.bucketCount();
                    to.degradedStretchMode = stretch.degradedMode();
                    to.recoveringStretchMode = stretch.recoveringMode();
                    to.stretchModeBucket = stretch.modeBucket();
                });
    }
}
