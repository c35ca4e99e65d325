package io.sepiola.protocol.map;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.protocol.Utime;

import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.function.Consumer;

/**
 * A pool (pg_pool_t). Immutable; {@link #with} makes changed ones. The layout is in {@link
 * PgPoolCodec}.
 *
 * @param type {@link #REPLICATED} or {@link #ERASURE}
 * @param size how many copies or chunks
 * @param crushRule the id of the rule that spreads it
 * @param objectHash how names are hashed; 2 is rjenkins
 * @param pgNum how many placement groups
 * @param pgpNum how many are placed apart
 * @param lastChange the epoch of the last change
 * @param snapSeq the newest snapshot id
 * @param snapEpoch the epoch of the last snapshot
 * @param snaps the pool's own snapshots, by id
 * @param removedSnaps removed snapshots, as old releases kept them
 * @param auid an owner, of old
 * @param flags of the FLAG constants
 * @param minSize fewest copies with which it serves
 * @param quotaBytesMax 0 is no quota
 * @param quotaObjectsMax 0 is no quota
 * @param tiers cache pools above this one
 * @param tierOf the pool that this one caches, or -1
 * @param cacheMode 0 none
 * @param readTier where reads go instead, or -1
 * @param writeTier where writes go instead, or -1
 * @param properties of old
 * @param hitSetParams hit_set_params_t, encoded
 * @param hitSetPeriod in seconds
 * @param hitSetCount how many are kept
 * @param stripeWidth of erasure coding, in bytes
 * @param targetBytesMax for cache pools
 * @param targetObjectsMax for cache pools
 * @param cacheTargetDirtyRatioMicro for cache pools
 * @param cacheTargetFullRatioMicro for cache pools
 * @param cacheFlushAgeMin in seconds
 * @param cacheEvictAgeMin in seconds
 * @param erasureCodeProfile empty for replicated pools
 * @param forcedResendPreluminous like {@code forcedResend}, for old clients
 * @param readRecencyMin for cache pools
 * @param expectedObjects 0 is unknown
 * @param cacheTargetDirtyHighRatioMicro for cache pools
 * @param writeRecencyMin for cache pools
 * @param gmtHitSet whether hit sets are named by GMT
 * @param fastRead whether erasure-coded reads ask every shard
 * @param hitSetGradeDecayRate in percent
 * @param hitSetSearchLast how many hit sets a search looks at
 * @param options pool_opts_t, by key
 * @param forcedResendPrenautilus like {@code forcedResend}, for old clients
 * @param applications what the pool is for, with each application's notes
 * @param created when
 * @param pgNumTarget where pgNum shall go
 * @param pgpNumTarget where pgpNum shall go
 * @param pgNumPending where pgNum goes next, when merging
 * @param forcedResend clients resend operations older than this epoch
 * @param autoscaleMode 0 off, 1 warn, 2 on
 * @param lastMerge the last merge of groups
 * @param stretchBucketCount fewest buckets in a peering set; 0 but in stretch mode, and then
 *     version 30 is written
 * @param stretchBucketTarget as above, wanted
 * @param stretchBucketBarrier the type of those buckets
 * @param stretchBucketMandatory a bucket that must take part
 */
public record PgPool(
        int type,
        int size,
        int crushRule,
        int objectHash,
        int pgNum,
        int pgpNum,
        int lastChange,
        long snapSeq,
        int snapEpoch,
        NavigableMap<Long, PoolSnap> snaps,
        List<SnapInterval> removedSnaps,
        long auid,
        long flags,
        int minSize,
        long quotaBytesMax,
        long quotaObjectsMax,
        NavigableSet<Long> tiers,
        long tierOf,
        int cacheMode,
        long readTier,
        long writeTier,
        NavigableMap<String, String> properties,
        Bytes hitSetParams,
        int hitSetPeriod,
        int hitSetCount,
        int stripeWidth,
        long targetBytesMax,
        long targetObjectsMax,
        int cacheTargetDirtyRatioMicro,
        int cacheTargetFullRatioMicro,
        int cacheFlushAgeMin,
        int cacheEvictAgeMin,
        String erasureCodeProfile,
        int forcedResendPreluminous,
        int readRecencyMin,
        long expectedObjects,
        int cacheTargetDirtyHighRatioMicro,
        int writeRecencyMin,
        boolean gmtHitSet,
        boolean fastRead,
        int hitSetGradeDecayRate,
        int hitSetSearchLast,
        NavigableMap<Integer, PoolOption> options,
        int forcedResendPrenautilus,
        NavigableMap<String, NavigableMap<String, String>> applications,
        Utime created,
        int pgNumTarget,
        int pgpNumTarget,
        int pgNumPending,
        int forcedResend,
        int autoscaleMode,
        PgMerge lastMerge,
        int stretchBucketCount,
        int stretchBucketTarget,
        int stretchBucketBarrier,
        int stretchBucketMandatory) {
    /** Copies. */
    public static final int REPLICATED = 1;

    /** Chunks and parity. */
    public static final int ERASURE = 3;

    /** The pool's id takes part in the placement seed. */
    public static final long FLAG_HASHPSPOOL = 1;

    /** The pool is full. */
    public static final long FLAG_FULL = 2;

    /** Erasure-coded objects may be overwritten. */
    public static final long FLAG_EC_OVERWRITES = 4;

    /** The pool may not be deleted. */
    public static final long FLAG_NODELETE = 0x10;

    /** The number of groups may not change. */
    public static final long FLAG_NOPGCHANGE = 0x20;

    /** The size may not change. */
    public static final long FLAG_NOSIZECHANGE = 0x40;

    /** No scheduled scrub. */
    public static final long FLAG_NOSCRUB = 0x100;

    /** No scheduled deep scrub. */
    public static final long FLAG_NODEEP_SCRUB = 0x200;

    /** The pool is full because of its quota. */
    public static final long FLAG_FULL_QUOTA = 0x400;

    /** An OSD that serves the pool is nearly full. */
    public static final long FLAG_NEARFULL = 0x800;

    /** An OSD that serves the pool takes no backfill any more. */
    public static final long FLAG_BACKFILLFULL = 0x1000;

    /** Clients make the snapshots. */
    public static final long FLAG_SELFMANAGED_SNAPS = 0x2000;

    /** The pool makes the snapshots. */
    public static final long FLAG_POOL_SNAPS = 0x4000;

    /** Placement groups are still being made. */
    public static final long FLAG_CREATING = 0x8000;

    /** pg_pool_t; see {@link PgPoolCodec}. */
    public static final Codec<PgPool> CODEC = new PgPoolCodec();

    /** Starts from a replicated pool of size 3 without groups. */
    public static PgPoolBuilder builder() {
        return new PgPoolBuilder();
    }

    /** A changed copy. */
    public PgPool with(Consumer<PgPoolBuilder> change) {
        PgPoolBuilder builder = new PgPoolBuilder(this);
        change.accept(builder);
        return builder.build();
    }

    /** Whether it keeps copies. */
    public boolean isReplicated() {
        return type == REPLICATED;
    }

    /** Whether it keeps chunks and parity. */
    public boolean isErasure() {
        return type == ERASURE;
    }

    /** Whether all of {@code flag}'s bits are set. */
    public boolean hasFlag(long flag) {
        return (flags & flag) == flag;
    }

    /** Whether a gap in an acting set keeps its place, which erasure coding needs. */
    public boolean keepsPositions() {
        return type == ERASURE;
    }

    /** The group among {@code pgNum} that a full hash falls into (ceph_stable_mod). */
    public int pgSeed(int hash) {
        return stableMod(hash, pgNum);
    }

    static int stableMod(int hash, int count) {
        int mask = count <= 1 ? 0 : -1 >>> Integer.numberOfLeadingZeros(count - 1);
        int low = hash & mask;
        return Integer.compareUnsigned(low, count) < 0 ? low : hash & (mask >>> 1);
    }

    /** The text value of an option, such as compression_mode; see {@link PoolOption}. */
    public java.util.Optional<PoolOption> option(int key) {
        return java.util.Optional.ofNullable(options.get(key));
    }
}
