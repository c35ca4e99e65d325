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
 * them. All arrays have the length {@code osdMax}, but {@code affinity}, which may be empty.
 */
final class OsdMapFields {
    UUID fsid = MapCodecs.UUID_ZERO;
    int epoch = 0;
    Utime created = Utime.ZERO;
    Utime modified = Utime.ZERO;
    NavigableMap<Long, PgPool> pools = new TreeMap<>();
    NavigableMap<Long, String> poolNames = new TreeMap<>();
    int poolMax = 0;
    int flags = 0;
    int osdMax = 0;
    int[] state = new int[0];
    int[] weight = new int[0];
    EntityAddrVec[] addrs = new EntityAddrVec[0];
    NavigableMap<PgId, List<Integer>> pgTemp = new TreeMap<>();
    NavigableMap<PgId, Integer> primaryTemp = new TreeMap<>();
    int[] affinity = new int[0];
    CrushMap crush = CrushEditor.empty();
    Bytes crushBytes = crush.toBytes();
    NavigableMap<String, NavigableMap<String, String>> ecProfiles = new TreeMap<>();
    NavigableMap<PgId, List<Integer>> upmap = new TreeMap<>();
    NavigableMap<PgId, List<UpmapItem>> upmapItems = new TreeMap<>();
    int crushVersion = 1;
    NavigableMap<Long, List<SnapInterval>> newRemovedSnaps = new TreeMap<>();
    NavigableMap<Long, List<SnapInterval>> newPurgedSnaps = new TreeMap<>();
    Utime lastUpChange = Utime.ZERO;
    Utime lastInChange = Utime.ZERO;
    EntityAddrVec[] heartbeatBackAddrs = new EntityAddrVec[0];
    OsdInfo[] info = new OsdInfo[0];
    NavigableMap<EntityAddr, Utime> blocklist = new TreeMap<>();
    EntityAddrVec[] clusterAddrs = new EntityAddrVec[0];
    int snapshotEpoch = 0;
    String snapshot = "";
    UUID[] uuid = new UUID[0];
    OsdXinfo[] xinfo = new OsdXinfo[0];
    EntityAddrVec[] heartbeatFrontAddrs = new EntityAddrVec[0];
    float nearfullRatio = 0;
    float fullRatio = 0;
    float backfillfullRatio = 0;
    int minCompatClient = 0;
    int requireOsdRelease = 0;
    NavigableMap<Long, List<SnapInterval>> removedSnapsQueue = new TreeMap<>();
    NavigableMap<Integer, Integer> crushNodeFlags = new TreeMap<>();
    NavigableMap<Integer, Integer> deviceClassFlags = new TreeMap<>();
    boolean stretchMode = false;
    int stretchBucketCount = 0;
    int degradedStretchMode = 0;
    int recoveringStretchMode = 0;
    int stretchModeBucket = 0;

    OsdMapFields() {}

    OsdMapFields(OsdMapFields from) {
        fsid = from.fsid;
        epoch = from.epoch;
        created = from.created;
        modified = from.modified;
        pools = new TreeMap<>(from.pools);
        poolNames = new TreeMap<>(from.poolNames);
        poolMax = from.poolMax;
        flags = from.flags;
        osdMax = from.osdMax;
        state = from.state.clone();
        weight = from.weight.clone();
        addrs = from.addrs.clone();
        pgTemp = new TreeMap<>(from.pgTemp);
        primaryTemp = new TreeMap<>(from.primaryTemp);
        affinity = from.affinity.clone();
        crush = from.crush;
        crushBytes = from.crushBytes;
        ecProfiles = new TreeMap<>(from.ecProfiles);
        upmap = new TreeMap<>(from.upmap);
        upmapItems = new TreeMap<>(from.upmapItems);
        crushVersion = from.crushVersion;
        newRemovedSnaps = new TreeMap<>(from.newRemovedSnaps);
        newPurgedSnaps = new TreeMap<>(from.newPurgedSnaps);
        lastUpChange = from.lastUpChange;
        lastInChange = from.lastInChange;
        heartbeatBackAddrs = from.heartbeatBackAddrs.clone();
        info = from.info.clone();
        blocklist = new TreeMap<>(from.blocklist);
        clusterAddrs = from.clusterAddrs.clone();
        snapshotEpoch = from.snapshotEpoch;
        snapshot = from.snapshot;
        uuid = from.uuid.clone();
        xinfo = from.xinfo.clone();
        heartbeatFrontAddrs = from.heartbeatFrontAddrs.clone();
        nearfullRatio = from.nearfullRatio;
        fullRatio = from.fullRatio;
        backfillfullRatio = from.backfillfullRatio;
        minCompatClient = from.minCompatClient;
        requireOsdRelease = from.requireOsdRelease;
        removedSnapsQueue = new TreeMap<>(from.removedSnapsQueue);
        crushNodeFlags = new TreeMap<>(from.crushNodeFlags);
        deviceClassFlags = new TreeMap<>(from.deviceClassFlags);
        stretchMode = from.stretchMode;
        stretchBucketCount = from.stretchBucketCount;
        degradedStretchMode = from.degradedStretchMode;
        recoveringStretchMode = from.recoveringStretchMode;
        stretchModeBucket = from.stretchModeBucket;
    }

    boolean has(int osd) {
        return osd >= 0 && osd < osdMax;
    }

    void resize(int newMax) {
        int before = osdMax;
        osdMax = newMax;
        state = Arrays.copyOf(state, newMax);
        weight = Arrays.copyOf(weight, newMax);
        info = Arrays.copyOf(info, newMax);
        xinfo = Arrays.copyOf(xinfo, newMax);
        uuid = Arrays.copyOf(uuid, newMax);
        addrs = Arrays.copyOf(addrs, newMax);
        clusterAddrs = Arrays.copyOf(clusterAddrs, newMax);
        heartbeatBackAddrs = Arrays.copyOf(heartbeatBackAddrs, newMax);
        heartbeatFrontAddrs = Arrays.copyOf(heartbeatFrontAddrs, newMax);
        for (int osd = before; osd < newMax; osd++) {
            forget(osd);
        }
        if (affinity.length > 0) {
            affinity = Arrays.copyOf(affinity, newMax);
            for (int osd = before; osd < newMax; osd++) {
                affinity[osd] = OsdMap.AFFINITY_DEFAULT;
            }
        }
    }

    /** As if never seen; weight and affinity stay. */
    void forget(int osd) {
        state[osd] = 0;
        info[osd] = OsdInfo.NONE;
        xinfo[osd] = OsdXinfo.NONE;
        uuid[osd] = MapCodecs.UUID_ZERO;
        addrs[osd] = EntityAddrVec.EMPTY;
        clusterAddrs[osd] = EntityAddrVec.EMPTY;
        heartbeatBackAddrs[osd] = EntityAddrVec.EMPTY;
        heartbeatFrontAddrs[osd] = EntityAddrVec.EMPTY;
    }

    void affinity(int osd, int value) {
        if (affinity.length == 0) {
            affinity = new int[osdMax];
            Arrays.fill(affinity, OsdMap.AFFINITY_DEFAULT);
        }
        affinity[osd] = value;
    }

    void crush(CrushMap map, Bytes encoded) {
        crush = map;
        crushBytes = encoded;
    }
}
