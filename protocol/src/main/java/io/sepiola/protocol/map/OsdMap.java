package io.sepiola.protocol.map;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The OSDs, the pools, and where data belongs, at one epoch (OSDMap). Immutable; may be shared. A
 * newer one comes of {@link #apply}. Times, flags and weights are as Ceph keeps them.
 */
public final class OsdMap {
    /** As in {@link OsdMapCodec}; its checksum is verified. */
    public static final Codec<OsdMap> CODEC = new OsdMapCodec();

    /** A bit of an OSD's state: it exists. */
    public static final int STATE_EXISTS = 1;

    /** It is up. */
    public static final int STATE_UP = 2;

    /** It was marked out automatically. */
    public static final int STATE_AUTOOUT = 4;

    /** It never was in. */
    public static final int STATE_NEW = 8;

    /** It is full. */
    public static final int STATE_FULL = 16;

    /** It is nearly full. */
    public static final int STATE_NEARFULL = 32;

    /** It takes no backfill. */
    public static final int STATE_BACKFILLFULL = 64;

    /** It was destroyed, and its id waits for a new one. */
    public static final int STATE_DESTROYED = 128;

    /** It may not come up. */
    public static final int STATE_NOUP = 256;

    /** It may not be marked down. */
    public static final int STATE_NODOWN = 512;

    /** It may not be marked in. */
    public static final int STATE_NOIN = 1024;

    /** It may not be marked out. */
    public static final int STATE_NOOUT = 2048;

    /** What can be said of an OSD, of a bucket and of a device class. */
    public static final int STATES_OF_GROUPS = STATE_NOUP | STATE_NODOWN | STATE_NOIN | STATE_NOOUT;

    /** It is being stopped. */
    public static final int STATE_STOP = 4096;

    /** How full an OSD is: at most one of the three holds. */
    public static final int STATES_OF_ROOM = STATE_FULL | STATE_BACKFILLFULL | STATE_NEARFULL;

    /** The weight of an OSD that is in. */
    public static final int WEIGHT_IN = 0x10000;

    /** The affinity of an OSD that is as good a primary as any. */
    public static final int AFFINITY_DEFAULT = 0x10000;

    private static final NavigableMap<String, String> EC_PROFILE_DEFAULT =
            Collections.unmodifiableNavigableMap(
                    new TreeMap<>(
                            Map.of(
                                    "k", "2",
                                    "m", "2",
                                    "plugin", "jerasure",
                                    "technique", "reed_sol_van")));

    private final OsdMapFields f;
    private final Placement placement;
    private @Nullable Bytes encoded; // computed when first asked for; the same for all who race

    OsdMap(OsdMapFields fields) {
        this.f = fields;
        this.placement = new Placement(fields);
    }

    /** The map of no cluster, before the first epoch. */
    public static OsdMap blank(UUID fsid) {
        OsdMapFields fields = new OsdMapFields();
        fields.fsid = fsid;
        return new OsdMap(fields);
    }

    /**
     * A new cluster's map of epoch 1: no OSD, no pool, the given hierarchy, pacific's flags
     * (sortbitwise, recovery_deletes, purged_snapdirs, pglog_hardlimit), releases, ratios and
     * default erasure code profile.
     */
    public static OsdMap initial(UUID fsid, Utime now, CrushMap crush) {
        OsdMapFields fields = new OsdMapFields();
        fields.fsid = fsid;
        fields.epoch = 1;
        fields.created = now;
        fields.modified = now;
        fields.flags = OsdMapFlags.INITIAL;
        fields.crush(crush, crush.toBytes());
        fields.ecProfiles.put("default", EC_PROFILE_DEFAULT);
        fields.nearfullRatio = 0.85f;
        fields.fullRatio = 0.95f;
        fields.backfillfullRatio = 0.90f;
        fields.minCompatClient = 12;
        fields.requireOsdRelease = 16;
        return new OsdMap(fields);
    }

    /**
     * The map that follows.
     *
     * @throws io.sepiola.base.Malformed when the change is not the next, is another cluster's, or
     *     names an OSD beyond osdMax
     */
    public OsdMap apply(OsdMapIncremental change) {
        return OsdMapStep.apply(f, change);
    }

    /** Ceph's encoding with its checksum; computed once. */
    public Bytes encoded() {
        Bytes known = encoded;
        if (known == null) {
            known = OsdMapCodec.encode(f);
            encoded = known;
        }
        return known;
    }

    /** The checksum at the end of {@link #encoded}. */
    public int crc() {
        Bytes all = encoded();
        return new io.sepiola.base.Decoder(all.slice(all.size() - 4)).u32();
    }

    /** The group that an object belongs to, by its full hash ({@code pool.hash}). */
    public PgId rawPg(ObjectLocator locator, String name) {
        return placement.rawPg(locator, name);
    }

    /** The group with the seed cut to the pool's number of groups. */
    public PgId actualPg(PgId raw) {
        return placement.actualPg(raw);
    }

    /**
     * The group that an object belongs to.
     *
     * @param key empty when the object is placed by its name
     */
    public PgId pgOf(long pool, String namespace, String key, String name) {
        return actualPg(rawPg(new ObjectLocator(pool, key, namespace, -1), name));
    }

    /** The OSDs of a group, raw or actual; {@link UpActing#NONE} for an unknown pool. */
    public UpActing map(PgId pg) {
        return placement.map(pg);
    }

    /**
     * For mapping many groups of a pool.
     *
     * @throws IllegalArgumentException for an unknown pool
     */
    public PgRun run(long poolId) {
        PgPool pool = f.pools.get(poolId);
        if (pool == null) {
            throw new IllegalArgumentException("there is no pool " + poolId);
        }
        return PgRun.of(f, pool, poolId);
    }

    /** For changing the map by hand. */
    public OsdMapEditor edit() {
        return new OsdMapEditor(new OsdMapFields(f));
    }

    /** What CRUSH alone chooses for a group, existing OSDs only. */
    public int[] rawOsds(PgId pg) {
        return placement.rawOsds(pg);
    }

    /** The cluster. */
    public UUID fsid() {
        return f.fsid;
    }

    /** Counts from 1; 0 is none. Unsigned. */
    public int epoch() {
        return f.epoch;
    }

    /** When the cluster was made. */
    public Utime created() {
        return f.created;
    }

    /** When this epoch was made. */
    public Utime modified() {
        return f.modified;
    }

    /** When an OSD last came up or went down. */
    public Utime lastUpChange() {
        return f.lastUpChange;
    }

    /** When an OSD was last marked in or out. */
    public Utime lastInChange() {
        return f.lastInChange;
    }

    /** Pools by id. Unmodifiable, like all maps given out here. */
    public NavigableMap<Long, PgPool> pools() {
        return Collections.unmodifiableNavigableMap(f.pools);
    }

    /** The pool of that id. */
    public Optional<PgPool> pool(long id) {
        return Optional.ofNullable(f.pools.get(id));
    }

    /** Pool names by id. */
    public NavigableMap<Long, String> poolNames() {
        return Collections.unmodifiableNavigableMap(f.poolNames);
    }

    /** The pool of that name. */
    public OptionalLong poolId(String name) {
        for (var entry : f.poolNames.entrySet()) {
            if (entry.getValue().equals(name)) {
                return OptionalLong.of(entry.getKey());
            }
        }
        return OptionalLong.empty();
    }

    /** The name of that pool. */
    public Optional<String> poolName(long id) {
        return Optional.ofNullable(f.poolNames.get(id));
    }

    /** The highest pool id ever given. */
    public int poolMax() {
        return f.poolMax;
    }

    /** Of {@link OsdMapFlags}. */
    public int flags() {
        return f.flags;
    }

    /** Whether all of {@code flag}'s bits are set. */
    public boolean hasFlag(int flag) {
        return (f.flags & flag) == flag;
    }

    /** One more than the highest OSD. */
    public int osdMax() {
        return f.osdMax;
    }

    /** STATE bits; 0 for an unknown OSD. */
    public int state(int osd) {
        return f.has(osd) ? f.state[osd] : 0;
    }

    /**
     * Which of {@link #STATE_NOUP}, {@link #STATE_NODOWN}, {@link #STATE_NOIN} and {@link
     * #STATE_NOOUT} hold for an OSD: the cluster's, its own, its device class's, and those of the
     * buckets it lies in.
     */
    public int heldFlags(int osd) {
        int held = state(osd);
        held |= hasFlag(OsdMapFlags.NOUP) ? STATE_NOUP : 0;
        held |= hasFlag(OsdMapFlags.NODOWN) ? STATE_NODOWN : 0;
        held |= hasFlag(OsdMapFlags.NOIN) ? STATE_NOIN : 0;
        held |= hasFlag(OsdMapFlags.NOOUT) ? STATE_NOOUT : 0;
        Integer deviceClass = crush().itemClasses().get(osd);
        held |= deviceClass == null ? 0 : f.deviceClassFlags.getOrDefault(deviceClass, 0);
        if (!f.crushNodeFlags.isEmpty()) {
            Optional<CrushBucket> above = crush().parent(osd);
            while (above.isPresent()) {
                int bucket = above.get().id();
                held |= f.crushNodeFlags.getOrDefault(bucket, 0);
                above = crush().parent(bucket);
            }
        }
        return held & STATES_OF_GROUPS;
    }

    /** Whether the OSD exists. */
    public boolean exists(int osd) {
        return (state(osd) & STATE_EXISTS) != 0;
    }

    /** Whether it exists and is up. */
    public boolean isUp(int osd) {
        return (state(osd) & (STATE_EXISTS | STATE_UP)) == (STATE_EXISTS | STATE_UP);
    }

    /** Whether it exists and is not up. */
    public boolean isDown(int osd) {
        return exists(osd) && !isUp(osd);
    }

    /** Whether it exists and has weight. */
    public boolean isIn(int osd) {
        return exists(osd) && f.weight[osd] != 0;
    }

    /** Whether it does not exist or has no weight. */
    public boolean isOut(int osd) {
        return !isIn(osd);
    }

    /** 16.16; 0 for an unknown OSD. */
    public int weight(int osd) {
        return f.has(osd) ? f.weight[osd] : 0;
    }

    /** 16.16. */
    public int affinity(int osd) {
        return f.affinity.length > osd && osd >= 0 ? f.affinity[osd] : AFFINITY_DEFAULT;
    }

    /** How many OSDs exist. */
    public int osdCount() {
        return count(STATE_EXISTS);
    }

    /** How many are up. */
    public int upCount() {
        return count(STATE_EXISTS | STATE_UP);
    }

    /** How many are in. */
    public int inCount() {
        int count = 0;
        for (int osd = 0; osd < f.osdMax; osd++) {
            if (isIn(osd)) {
                count++;
            }
        }
        return count;
    }

    private int count(int bits) {
        int count = 0;
        for (int state : f.state) {
            if ((state & bits) == bits) {
                count++;
            }
        }
        return count;
    }

    /** Where clients reach it. */
    public EntityAddrVec addrs(int osd) {
        return addrOf(f.addrs, osd);
    }

    /** Where other OSDs reach it. */
    public EntityAddrVec clusterAddrs(int osd) {
        return addrOf(f.clusterAddrs, osd);
    }

    /** Where it takes heartbeats on the cluster network. */
    public EntityAddrVec heartbeatBackAddrs(int osd) {
        return addrOf(f.heartbeatBackAddrs, osd);
    }

    /** Where it takes heartbeats on the public network. */
    public EntityAddrVec heartbeatFrontAddrs(int osd) {
        return addrOf(f.heartbeatFrontAddrs, osd);
    }

    private EntityAddrVec addrOf(SharedArray<EntityAddrVec> all, int osd) {
        return f.has(osd) ? all.get(osd) : EntityAddrVec.EMPTY;
    }

    /** The epochs of its life. */
    public OsdInfo info(int osd) {
        return f.has(osd) ? f.info.get(osd) : OsdInfo.NONE;
    }

    /** More about it. */
    public OsdXinfo xinfo(int osd) {
        return f.has(osd) ? f.xinfo.get(osd) : OsdXinfo.NONE;
    }

    /** Its identity; all zero when unknown. */
    public UUID uuid(int osd) {
        return f.has(osd) ? f.uuid.get(osd) : MapCodecs.UUID_ZERO;
    }

    /** The epoch at which it last came up. */
    public int upFrom(int osd) {
        return info(osd).upFrom();
    }

    /** The epoch through which it certainly was up. */
    public int upThru(int osd) {
        return info(osd).upThru();
    }

    /** The epoch at which it last went down. */
    public int downAt(int osd) {
        return info(osd).downAt();
    }

    /** The OSD that reaches clients at that address, or -1. */
    public int osdAt(EntityAddrVec addrs) {
        for (int osd = 0; osd < f.osdMax; osd++) {
            if (exists(osd) && f.addrs.get(osd).equals(addrs)) {
                return osd;
            }
        }
        return -1;
    }

    /** Acting sets for the time being. */
    public NavigableMap<PgId, List<Integer>> pgTemp() {
        return Collections.unmodifiableNavigableMap(f.pgTemp);
    }

    /** Primaries for the time being. */
    public NavigableMap<PgId, Integer> primaryTemp() {
        return Collections.unmodifiableNavigableMap(f.primaryTemp);
    }

    /** Exceptions to CRUSH, whole. */
    public NavigableMap<PgId, List<Integer>> upmap() {
        return Collections.unmodifiableNavigableMap(f.upmap);
    }

    /** Exceptions to CRUSH, by OSD. */
    public NavigableMap<PgId, List<UpmapItem>> upmapItems() {
        return Collections.unmodifiableNavigableMap(f.upmapItems);
    }

    /** The hierarchy. */
    public CrushMap crush() {
        return f.crush;
    }

    /** Counts the hierarchy's changes. */
    public int crushVersion() {
        return f.crushVersion;
    }

    /** Erasure code profiles by name. */
    public NavigableMap<String, NavigableMap<String, String>> ecProfiles() {
        return Collections.unmodifiableNavigableMap(f.ecProfiles);
    }

    /** Addresses shut out, until when. */
    public NavigableMap<EntityAddr, Utime> blocklist() {
        return Collections.unmodifiableNavigableMap(f.blocklist);
    }

    /** Whether that very address is shut out. */
    public boolean isBlocklisted(EntityAddr addr) {
        return f.blocklist.containsKey(addr);
    }

    /** From when an OSD counts as nearly full. */
    public float nearfullRatio() {
        return f.nearfullRatio;
    }

    /** From when an OSD counts as full. */
    public float fullRatio() {
        return f.fullRatio;
    }

    /** From when an OSD takes no backfill. */
    public float backfillfullRatio() {
        return f.backfillfullRatio;
    }

    /** The oldest release of client that may connect. */
    public int minCompatClient() {
        return f.minCompatClient;
    }

    /** The oldest release of OSD that may boot; 16 is pacific. */
    public int requireOsdRelease() {
        return f.requireOsdRelease;
    }

    /** The name of a snapshot of the whole cluster, of old; empty for none. */
    public String snapshot() {
        return f.snapshot;
    }

    /** Whether the cluster is stretched over two sites. */
    public boolean stretchMode() {
        return f.stretchMode;
    }

    /** How many sites there are in stretch mode. */
    public int stretchBucketCount() {
        return f.stretchBucketCount;
    }

    /** How many sites are left when one is down; 0 for all. */
    public int degradedStretchMode() {
        return f.degradedStretchMode;
    }

    /** Not 0 while a site comes back. */
    public int recoveringStretchMode() {
        return f.recoveringStretchMode;
    }

    /** The number of the type of the sites' buckets. */
    public int stretchModeBucket() {
        return f.stretchModeBucket;
    }

    /** Snapshots removed in this epoch, by pool. */
    public NavigableMap<Long, List<SnapInterval>> newRemovedSnaps() {
        return Collections.unmodifiableNavigableMap(f.newRemovedSnaps);
    }

    /** Snapshots found purged in this epoch, by pool. */
    public NavigableMap<Long, List<SnapInterval>> newPurgedSnaps() {
        return Collections.unmodifiableNavigableMap(f.newPurgedSnaps);
    }

    /** Snapshots removed and not yet purged, by pool. */
    public NavigableMap<Long, List<SnapInterval>> removedSnapsQueue() {
        return Collections.unmodifiableNavigableMap(f.removedSnapsQueue);
    }

    /** State flags of CRUSH nodes. */
    public NavigableMap<Integer, Integer> crushNodeFlags() {
        return Collections.unmodifiableNavigableMap(f.crushNodeFlags);
    }

    /** State flags of device classes. */
    public NavigableMap<Integer, Integer> deviceClassFlags() {
        return Collections.unmodifiableNavigableMap(f.deviceClassFlags);
    }

    @Override
    public String toString() {
        return "e"
                + f.epoch
                + ": "
                + osdCount()
                + " osds: "
                + upCount()
                + " up, "
                + inCount()
                + " in";
    }
}
