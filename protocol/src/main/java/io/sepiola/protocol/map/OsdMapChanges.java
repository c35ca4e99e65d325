package io.sepiola.protocol.map;

import io.sepiola.base.Bytes;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMapIncremental.Interval;
import io.sepiola.protocol.map.OsdMapIncremental.StretchChange;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The changes that an {@link OsdMapIncremental} is made of, while they are collected.
 *
 * @param <S> the builder
 */
public abstract sealed class OsdMapChanges<S extends OsdMapChanges<S>>
        permits OsdMapIncremental.Builder {
    UUID fsid = MapCodecs.UUID_ZERO;
    int epoch = 0;
    Utime modified = Utime.ZERO;
    long poolMax = -1;
    int flags = -1;
    Bytes fullMap = Bytes.EMPTY;
    Bytes crush = Bytes.EMPTY;
    int osdMax = -1;
    NavigableMap<Long, PgPool> newPools = new TreeMap<>();
    NavigableMap<Long, String> newPoolNames = new TreeMap<>();
    NavigableSet<Long> oldPools = new TreeSet<>();
    NavigableMap<Integer, EntityAddrVec> newUp = new TreeMap<>();
    NavigableMap<Integer, Integer> newState = new TreeMap<>();
    NavigableMap<Integer, Integer> newWeight = new TreeMap<>();
    NavigableMap<PgId, List<Integer>> newPgTemp = new TreeMap<>();
    NavigableMap<PgId, Integer> newPrimaryTemp = new TreeMap<>();
    NavigableMap<Integer, Integer> newAffinity = new TreeMap<>();
    NavigableMap<String, NavigableMap<String, String>> newEcProfiles = new TreeMap<>();
    List<String> oldEcProfiles = new ArrayList<>();
    NavigableMap<PgId, List<Integer>> newUpmap = new TreeMap<>();
    NavigableSet<PgId> oldUpmap = new TreeSet<>();
    NavigableMap<PgId, List<UpmapItem>> newUpmapItems = new TreeMap<>();
    NavigableSet<PgId> oldUpmapItems = new TreeSet<>();
    NavigableMap<Long, List<SnapInterval>> newRemovedSnaps = new TreeMap<>();
    NavigableMap<Long, List<SnapInterval>> newPurgedSnaps = new TreeMap<>();
    Utime lastUpChange = Utime.ZERO;
    Utime lastInChange = Utime.ZERO;
    NavigableMap<Integer, EntityAddrVec> newHeartbeatBack = new TreeMap<>();
    NavigableMap<Integer, Integer> newUpThru = new TreeMap<>();
    NavigableMap<Integer, Interval> newLastClean = new TreeMap<>();
    NavigableMap<Integer, Integer> newLost = new TreeMap<>();
    NavigableMap<EntityAddr, Utime> newBlocklist = new TreeMap<>();
    List<EntityAddr> oldBlocklist = new ArrayList<>();
    NavigableMap<Integer, EntityAddrVec> newUpCluster = new TreeMap<>();
    String snapshot = "";
    NavigableMap<Integer, UUID> newUuid = new TreeMap<>();
    NavigableMap<Integer, OsdXinfo> newXinfo = new TreeMap<>();
    NavigableMap<Integer, EntityAddrVec> newHeartbeatFront = new TreeMap<>();
    long encodeFeatures = OsdMapIncremental.ENCODE_FEATURES;
    float nearfullRatio = -1;
    float fullRatio = -1;
    float backfillfullRatio = -1;
    int minCompatClient = 255;
    int requireOsdRelease = 255;
    NavigableMap<Integer, Integer> newCrushNodeFlags = new TreeMap<>();
    NavigableMap<Integer, Integer> newDeviceClassFlags = new TreeMap<>();
    Optional<StretchChange> stretch = Optional.empty();
    int fullCrc;

    OsdMapChanges() {}

    abstract S self();

    /** The change so far; the builder may go on. */
    public OsdMapIncremental build() {
        return new OsdMapIncremental(
                fsid,
                epoch,
                modified,
                poolMax,
                flags,
                fullMap,
                crush,
                osdMax,
                Collections.unmodifiableNavigableMap(new TreeMap<>(newPools)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newPoolNames)),
                Collections.unmodifiableNavigableSet(new TreeSet<>(oldPools)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newUp)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newState)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newWeight)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newPgTemp)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newPrimaryTemp)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newAffinity)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newEcProfiles)),
                List.copyOf(oldEcProfiles),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newUpmap)),
                Collections.unmodifiableNavigableSet(new TreeSet<>(oldUpmap)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newUpmapItems)),
                Collections.unmodifiableNavigableSet(new TreeSet<>(oldUpmapItems)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newRemovedSnaps)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newPurgedSnaps)),
                lastUpChange,
                lastInChange,
                Collections.unmodifiableNavigableMap(new TreeMap<>(newHeartbeatBack)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newUpThru)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newLastClean)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newLost)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newBlocklist)),
                List.copyOf(oldBlocklist),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newUpCluster)),
                snapshot,
                Collections.unmodifiableNavigableMap(new TreeMap<>(newUuid)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newXinfo)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newHeartbeatFront)),
                encodeFeatures,
                nearfullRatio,
                fullRatio,
                backfillfullRatio,
                minCompatClient,
                requireOsdRelease,
                Collections.unmodifiableNavigableMap(new TreeMap<>(newCrushNodeFlags)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(newDeviceClassFlags)),
                stretch,
                fullCrc);
    }

    /** The epoch that this leads to. */
    public int epoch() {
        return epoch;
    }

    /** Whether nothing but the epoch and the time would change. */
    public boolean isEmpty() {
        OsdMapIncremental blank = OsdMapIncremental.builder(fsid, epoch).modified(modified).build();
        return build().equals(blank);
    }

    /** When. */
    public S modified(Utime now) {
        modified = now;
        return self();
    }

    /** The highest pool id ever given. */
    public S poolMax(long id) {
        poolMax = id;
        return self();
    }

    /** The cluster's flags, all of them. */
    public S flags(int all) {
        flags = all;
        return self();
    }

    /** One more than the highest OSD. */
    public S osdMax(int count) {
        osdMax = count;
        return self();
    }

    /** A new CRUSH map. */
    public S crush(CrushMap map) {
        crush = map.toBytes();
        return self();
    }

    /** Makes or changes a pool. */
    public S newPool(long id, PgPool pool) {
        newPools.put(id, pool);
        return self();
    }

    /** Names a pool. */
    public S newPoolName(long id, String name) {
        newPoolNames.put(id, name);
        return self();
    }

    /** Deletes a pool. */
    public S oldPool(long id) {
        oldPools.add(id);
        return self();
    }

    /** An OSD comes up, with the addresses of its four messengers. */
    public S newUp(
            int osd,
            EntityAddrVec publicAddrs,
            EntityAddrVec cluster,
            EntityAddrVec heartbeatBack,
            EntityAddrVec heartbeatFront) {
        newUp.put(osd, publicAddrs);
        newUpCluster.put(osd, cluster);
        newHeartbeatBack.put(osd, heartbeatBack);
        newHeartbeatFront.put(osd, heartbeatFront);
        return self();
    }

    /**
     * Flips bits of an OSD's state, beside those flipped already. Flipping the exists bit of an OSD
     * deletes it.
     */
    public S newState(int osd, int flip) {
        newState.merge(osd, flip, (a, b) -> a ^ b);
        return self();
    }

    /** An OSD goes down. */
    public S down(int osd) {
        return newState(osd, OsdMap.STATE_UP);
    }

    /** Whether an OSD of the map {@code before} is up after these changes. */
    public boolean isUpAfter(int osd, OsdMap before) {
        boolean flipped = (newState.getOrDefault(osd, 0) & OsdMap.STATE_UP) != 0;
        return newUp.containsKey(osd) || before.isUp(osd) != flipped;
    }

    /** An OSD's weight: 0x10000 in, 0 out. */
    public S newWeight(int osd, int weight) {
        newWeight.put(osd, weight);
        return self();
    }

    /** An acting set for the time being; empty removes it. */
    public S newPgTemp(PgId pg, List<Integer> osds) {
        newPgTemp.put(pg, List.copyOf(osds));
        return self();
    }

    /** A primary for the time being; -1 removes it. */
    public S newPrimaryTemp(PgId pg, int osd) {
        newPrimaryTemp.put(pg, osd);
        return self();
    }

    /** How readily an OSD becomes primary: 0x10000 is one. */
    public S newAffinity(int osd, int affinity) {
        newAffinity.put(osd, affinity);
        return self();
    }

    /** Makes or changes an erasure code profile. */
    public S newEcProfile(String name, NavigableMap<String, String> profile) {
        newEcProfiles.put(name, Collections.unmodifiableNavigableMap(new TreeMap<>(profile)));
        return self();
    }

    /** Deletes an erasure code profile. */
    public S oldEcProfile(String name) {
        oldEcProfiles.add(name);
        return self();
    }

    /** An exception to CRUSH. */
    public S newUpmap(PgId pg, List<Integer> osds) {
        newUpmap.put(pg, List.copyOf(osds));
        return self();
    }

    /** Deletes one. */
    public S oldUpmap(PgId pg) {
        oldUpmap.add(pg);
        return self();
    }

    /** Exceptions to CRUSH by OSD. */
    public S newUpmapItems(PgId pg, List<UpmapItem> items) {
        newUpmapItems.put(pg, List.copyOf(items));
        return self();
    }

    /** Deletes them. */
    public S oldUpmapItems(PgId pg) {
        oldUpmapItems.add(pg);
        return self();
    }

    /** Snapshots of a pool that were removed. */
    public S newRemovedSnaps(long pool, List<SnapInterval> snaps) {
        newRemovedSnaps.put(pool, List.copyOf(snaps));
        return self();
    }

    /** Snapshots of a pool that no OSD holds any longer. */
    public S newPurgedSnaps(long pool, List<SnapInterval> snaps) {
        newPurgedSnaps.put(pool, List.copyOf(snaps));
        return self();
    }

    /** When an OSD last came up or went down. */
    public S lastUpChange(Utime now) {
        lastUpChange = now;
        return self();
    }

    /** When an OSD was last marked in or out. */
    public S lastInChange(Utime now) {
        lastInChange = now;
        return self();
    }

    /** An OSD certainly was up through that epoch. */
    public S newUpThru(int osd, int through) {
        newUpThru.put(osd, through);
        return self();
    }

    /** An interval of an OSD that ended with a clean shutdown. */
    public S newLastClean(int osd, int begin, int end) {
        newLastClean.put(osd, new Interval(begin, end));
        return self();
    }

    /** An OSD's data are given up. */
    public S newLost(int osd, int at) {
        newLost.put(osd, at);
        return self();
    }

    /** Shuts an address out. */
    public S newBlocklist(EntityAddr addr, Utime until) {
        newBlocklist.put(addr, until);
        return self();
    }

    /** Lets an address in again. */
    public S oldBlocklist(EntityAddr addr) {
        oldBlocklist.add(addr);
        return self();
    }

    /** An OSD's identity. */
    public S newUuid(int osd, UUID id) {
        newUuid.put(osd, id);
        return self();
    }

    /** More about an OSD. */
    public S newXinfo(int osd, OsdXinfo xinfo) {
        newXinfo.put(osd, xinfo);
        return self();
    }

    /** From when an OSD counts as nearly full. */
    public S nearfullRatio(float ratio) {
        nearfullRatio = ratio;
        return self();
    }

    /** From when an OSD counts as full. */
    public S fullRatio(float ratio) {
        fullRatio = ratio;
        return self();
    }

    /** From when an OSD takes no backfill. */
    public S backfillfullRatio(float ratio) {
        backfillfullRatio = ratio;
        return self();
    }

    /** The oldest release of client. */
    public S minCompatClient(int release) {
        minCompatClient = release;
        return self();
    }

    /** The oldest release of OSD. */
    public S requireOsdRelease(int release) {
        requireOsdRelease = release;
        return self();
    }

    /** State flags of a CRUSH node; 0 removes. */
    public S newCrushNodeFlags(int node, int nodeFlags) {
        newCrushNodeFlags.put(node, nodeFlags);
        return self();
    }

    /** State flags of a device class; 0 removes. */
    public S newDeviceClassFlags(int deviceClass, int classFlags) {
        newDeviceClassFlags.put(deviceClass, classFlags);
        return self();
    }

    /** Pools made or changed so far; unmodifiable, like the other views. */
    public NavigableMap<Long, PgPool> newPools() {
        return Collections.unmodifiableNavigableMap(newPools);
    }

    /** Names given so far. */
    public NavigableMap<Long, String> newPoolNames() {
        return Collections.unmodifiableNavigableMap(newPoolNames);
    }

    /** Pools deleted so far. */
    public NavigableSet<Long> oldPools() {
        return Collections.unmodifiableNavigableSet(oldPools);
    }

    /** State bits flipped so far. */
    public NavigableMap<Integer, Integer> newState() {
        return Collections.unmodifiableNavigableMap(newState);
    }

    /** Weights set so far. */
    public NavigableMap<Integer, Integer> newWeight() {
        return Collections.unmodifiableNavigableMap(newWeight);
    }

    /** OSDs that came up so far. */
    public NavigableMap<Integer, EntityAddrVec> newUp() {
        return Collections.unmodifiableNavigableMap(newUp);
    }

    /** Acting sets given so far. */
    public NavigableMap<PgId, List<Integer>> newPgTemp() {
        return Collections.unmodifiableNavigableMap(newPgTemp);
    }

    /** Up-through epochs given so far. */
    public NavigableMap<Integer, Integer> newUpThru() {
        return Collections.unmodifiableNavigableMap(newUpThru);
    }
}
