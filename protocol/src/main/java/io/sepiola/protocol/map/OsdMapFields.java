package io.sepiola.protocol.map;

import io.sepiola.base.Bytes;
import io.sepiola.crush.CrushEditor;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;

import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The fields of an {@link OsdMap} while it is put together. Once inside a map nobody writes to
 * them. All arrays have the length {@code osdMax}, but {@code affinity}, which may be empty. A copy
 * shares all that it does not change: tree nodes, chunks, and the three arrays of ints whole.
 */
final class OsdMapFields {
    UUID fsid = MapCodecs.UUID_ZERO;
    int epoch = 0;
    Utime created = Utime.ZERO;
    Utime modified = Utime.ZERO;
    SharedMap<Long, PgPool> pools = new SharedMap<>();
    SharedMap<Long, String> poolNames = new SharedMap<>();
    int poolMax = 0;
    int flags = 0;
    int osdMax = 0;
    int[] state = new int[0];
    int[] weight = new int[0];
    SharedArray<EntityAddrVec> addrs = new SharedArray<>(EntityAddrVec.EMPTY);
    SharedMap<PgId, List<Integer>> pgTemp = new SharedMap<>();
    SharedMap<PgId, Integer> primaryTemp = new SharedMap<>();
    int[] affinity = new int[0];
    CrushMap crush = CrushEditor.empty();
    Bytes crushBytes = crush.toBytes();
    SharedMap<String, NavigableMap<String, String>> ecProfiles = new SharedMap<>();
    SharedMap<PgId, List<Integer>> upmap = new SharedMap<>();
    SharedMap<PgId, List<UpmapItem>> upmapItems = new SharedMap<>();
    int crushVersion = 1;
    NavigableMap<Long, List<SnapInterval>> newRemovedSnaps = new TreeMap<>();
    NavigableMap<Long, List<SnapInterval>> newPurgedSnaps = new TreeMap<>();
    Utime lastUpChange = Utime.ZERO;
    Utime lastInChange = Utime.ZERO;
    SharedArray<EntityAddrVec> heartbeatBackAddrs = new SharedArray<>(EntityAddrVec.EMPTY);
    SharedArray<OsdInfo> info = new SharedArray<>(OsdInfo.NONE);
    SharedMap<EntityAddr, Utime> blocklist = new SharedMap<>();
    SharedArray<EntityAddrVec> clusterAddrs = new SharedArray<>(EntityAddrVec.EMPTY);
    int snapshotEpoch = 0;
    String snapshot = "";
    SharedArray<UUID> uuid = new SharedArray<>(MapCodecs.UUID_ZERO);
    SharedArray<OsdXinfo> xinfo = new SharedArray<>(OsdXinfo.NONE);
    SharedArray<EntityAddrVec> heartbeatFrontAddrs = new SharedArray<>(EntityAddrVec.EMPTY);
    float nearfullRatio = 0;
    float fullRatio = 0;
    float backfillfullRatio = 0;
    int minCompatClient = 0;
    int requireOsdRelease = 0;
    SharedMap<Long, List<SnapInterval>> removedSnapsQueue = new SharedMap<>();
    SharedMap<Integer, Integer> crushNodeFlags = new SharedMap<>();
    SharedMap<Integer, Integer> deviceClassFlags = new SharedMap<>();
    boolean stretchMode = false;
    int stretchBucketCount = 0;
    int degradedStretchMode = 0;
    int recoveringStretchMode = 0;
    int stretchModeBucket = 0;

    private boolean ownsState = false; // nobody else has these arrays
    private boolean ownsWeight = false;
    private boolean ownsAffinity = false;

    OsdMapFields() {}

    OsdMapFields(OsdMapFields from) {
        fsid = from.fsid;
        epoch = from.epoch;
        created = from.created;
        modified = from.modified;
        pools = from.pools.copy();
        poolNames = from.poolNames.copy();
        poolMax = from.poolMax;
        flags = from.flags;
        osdMax = from.osdMax;
        state = from.state;
        weight = from.weight;
        addrs = from.addrs.copy();
        pgTemp = from.pgTemp.copy();
        primaryTemp = from.primaryTemp.copy();
        affinity = from.affinity;
        crush = from.crush;
        crushBytes = from.crushBytes;
        ecProfiles = from.ecProfiles.copy();
        upmap = from.upmap.copy();
        upmapItems = from.upmapItems.copy();
        crushVersion = from.crushVersion;
        newRemovedSnaps = from.newRemovedSnaps;
        newPurgedSnaps = from.newPurgedSnaps;
        lastUpChange = from.lastUpChange;
        lastInChange = from.lastInChange;
        heartbeatBackAddrs = from.heartbeatBackAddrs.copy();
        info = from.info.copy();
        blocklist = from.blocklist.copy();
        clusterAddrs = from.clusterAddrs.copy();
        snapshotEpoch = from.snapshotEpoch;
        snapshot = from.snapshot;
        uuid = from.uuid.copy();
        xinfo = from.xinfo.copy();
        heartbeatFrontAddrs = from.heartbeatFrontAddrs.copy();
        nearfullRatio = from.nearfullRatio;
        fullRatio = from.fullRatio;
        backfillfullRatio = from.backfillfullRatio;
        minCompatClient = from.minCompatClient;
        requireOsdRelease = from.requireOsdRelease;
        removedSnapsQueue = from.removedSnapsQueue.copy();
        crushNodeFlags = from.crushNodeFlags.copy();
        deviceClassFlags = from.deviceClassFlags.copy();
        stretchMode = from.stretchMode;
        stretchBucketCount = from.stretchBucketCount;
        degradedStretchMode = from.degradedStretchMode;
        recoveringStretchMode = from.recoveringStretchMode;
        stretchModeBucket = from.stretchModeBucket;
    }

    int[] stateToWrite() {
        state = ownsState ? state : state.clone();
        ownsState = true;
        return state;
    }

    int[] weightToWrite() {
        weight = ownsWeight ? weight : weight.clone();
        ownsWeight = true;
        return weight;
    }

    boolean has(int osd) {
        return osd >= 0 && osd < osdMax;
    }

    void resize(int newMax) {
        int before = osdMax;
        osdMax = newMax;
        state = Arrays.copyOf(state, newMax);
        ownsState = true;
        weight = Arrays.copyOf(weight, newMax);
        ownsWeight = true;
        info.resize(newMax);
        xinfo.resize(newMax);
        uuid.resize(newMax);
        addrs.resize(newMax);
        clusterAddrs.resize(newMax);
        heartbeatBackAddrs.resize(newMax);
        heartbeatFrontAddrs.resize(newMax);
        for (int osd = before; osd < newMax; osd++) {
            forget(osd);
        }
        if (affinity.length > 0) {
            affinity = Arrays.copyOf(affinity, newMax);
            ownsAffinity = true;
            for (int osd = before; osd < newMax; osd++) {
                affinity[osd] = OsdMap.AFFINITY_DEFAULT;
            }
        }
    }

    /** As if never seen; weight and affinity stay. */
    void forget(int osd) {
        stateToWrite()[osd] = 0;
        info.set(osd, OsdInfo.NONE);
        xinfo.set(osd, OsdXinfo.NONE);
        uuid.set(osd, MapCodecs.UUID_ZERO);
        addrs.set(osd, EntityAddrVec.EMPTY);
        clusterAddrs.set(osd, EntityAddrVec.EMPTY);
        heartbeatBackAddrs.set(osd, EntityAddrVec.EMPTY);
        heartbeatFrontAddrs.set(osd, EntityAddrVec.EMPTY);
    }

    void affinity(int osd, int value) {
        if (affinity.length == 0) {
            affinity = new int[osdMax];
            ownsAffinity = true;
            Arrays.fill(affinity, OsdMap.AFFINITY_DEFAULT);
        }
        if (!ownsAffinity) {
            affinity = affinity.clone();
            ownsAffinity = true;
        }
        affinity[osd] = value;
    }

    void crush(CrushMap map, Bytes encoded) {
        crush = map;
        crushBytes = encoded;
    }
}
