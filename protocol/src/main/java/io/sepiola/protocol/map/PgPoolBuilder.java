package io.sepiola.protocol.map;

import io.sepiola.base.Bytes;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.Utime;

import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts a {@link PgPool} together. Owned by one caller. */
public final class PgPoolBuilder {
    private static final int REPLICATED = PgPool.REPLICATED;
    private static final long FLAG_HASHPSPOOL = PgPool.FLAG_HASHPSPOOL;
    private static final Bytes HIT_SET_NONE = Bytes.of(new byte[] {1, 1, 1, 0, 0, 0, 0});

    int type = REPLICATED;
    int size = 3;
    int crushRule = 0;
    int objectHash = 2;
    int pgNum = 0;
    int pgpNum = 0;
    int lastChange = 0;
    long snapSeq = 0;
    int snapEpoch = 0;
    NavigableMap<Long, PoolSnap> snaps = new TreeMap<>();
    List<SnapInterval> removedSnaps = List.of();
    long auid = 0;
    long flags = FLAG_HASHPSPOOL;
    int minSize = 2;
    long quotaBytesMax = 0;
    long quotaObjectsMax = 0;
    NavigableSet<Long> tiers = new TreeSet<>();
    long tierOf = -1;
    int cacheMode = 0;
    long readTier = -1;
    long writeTier = -1;
    NavigableMap<String, String> properties = new TreeMap<>();
    Bytes hitSetParams = HIT_SET_NONE;
    int hitSetPeriod = 0;
    int hitSetCount = 0;
    int stripeWidth = 0;
    long targetBytesMax = 0;
    long targetObjectsMax = 0;
    int cacheTargetDirtyRatioMicro = 400000;
    int cacheTargetFullRatioMicro = 800000;
    int cacheFlushAgeMin = 0;
    int cacheEvictAgeMin = 0;
    String erasureCodeProfile = "";
    int forcedResendPreluminous = 0;
    int readRecencyMin = 0;
    long expectedObjects = 0;
    int cacheTargetDirtyHighRatioMicro = 600000;
    int writeRecencyMin = 0;
    boolean gmtHitSet = true;
    boolean fastRead = false;
    int hitSetGradeDecayRate = 0;
    int hitSetSearchLast = 0;
    NavigableMap<Integer, PoolOption> options = new TreeMap<>();
    int forcedResendPrenautilus = 0;
    NavigableMap<String, NavigableMap<String, String>> applications = new TreeMap<>();
    Utime created = Utime.ZERO;
    int pgNumTarget = 0;
    int pgpNumTarget = 0;
    int pgNumPending = 0;
    int forcedResend = 0;
    int autoscaleMode = 1;
    PgMerge lastMerge = PgMerge.NONE;
    int stretchBucketCount = 0;
    int stretchBucketTarget = 0;
    int stretchBucketBarrier = 0;
    int stretchBucketMandatory = CrushMap.ITEM_NONE;

    PgPoolBuilder() {}

    PgPoolBuilder(PgPool pool) {
        type = pool.type();
        size = pool.size();
        crushRule = pool.crushRule();
        objectHash = pool.objectHash();
        pgNum = pool.pgNum();
        pgpNum = pool.pgpNum();
        lastChange = pool.lastChange();
        snapSeq = pool.snapSeq();
        snapEpoch = pool.snapEpoch();
        snaps = new TreeMap<>(pool.snaps());
        removedSnaps = pool.removedSnaps();
        auid = pool.auid();
        flags = pool.flags();
        minSize = pool.minSize();
        quotaBytesMax = pool.quotaBytesMax();
        quotaObjectsMax = pool.quotaObjectsMax();
        tiers = new TreeSet<>(pool.tiers());
        tierOf = pool.tierOf();
        cacheMode = pool.cacheMode();
        readTier = pool.readTier();
        writeTier = pool.writeTier();
        properties = new TreeMap<>(pool.properties());
        hitSetParams = pool.hitSetParams();
        hitSetPeriod = pool.hitSetPeriod();
        hitSetCount = pool.hitSetCount();
        stripeWidth = pool.stripeWidth();
        targetBytesMax = pool.targetBytesMax();
        targetObjectsMax = pool.targetObjectsMax();
        cacheTargetDirtyRatioMicro = pool.cacheTargetDirtyRatioMicro();
        cacheTargetFullRatioMicro = pool.cacheTargetFullRatioMicro();
        cacheFlushAgeMin = pool.cacheFlushAgeMin();
        cacheEvictAgeMin = pool.cacheEvictAgeMin();
        erasureCodeProfile = pool.erasureCodeProfile();
        forcedResendPreluminous = pool.forcedResendPreluminous();
        readRecencyMin = pool.readRecencyMin();
        expectedObjects = pool.expectedObjects();
        cacheTargetDirtyHighRatioMicro = pool.cacheTargetDirtyHighRatioMicro();
        writeRecencyMin = pool.writeRecencyMin();
        gmtHitSet = pool.gmtHitSet();
        fastRead = pool.fastRead();
        hitSetGradeDecayRate = pool.hitSetGradeDecayRate();
        hitSetSearchLast = pool.hitSetSearchLast();
        options = new TreeMap<>(pool.options());
        forcedResendPrenautilus = pool.forcedResendPrenautilus();
        applications = new TreeMap<>(pool.applications());
        created = pool.created();
        pgNumTarget = pool.pgNumTarget();
        pgpNumTarget = pool.pgpNumTarget();
        pgNumPending = pool.pgNumPending();
        forcedResend = pool.forcedResend();
        autoscaleMode = pool.autoscaleMode();
        lastMerge = pool.lastMerge();
        stretchBucketCount = pool.stretchBucketCount();
        stretchBucketTarget = pool.stretchBucketTarget();
        stretchBucketBarrier = pool.stretchBucketBarrier();
        stretchBucketMandatory = pool.stretchBucketMandatory();
    }

    /** The pool as it stands. */
    public PgPool build() {
        return new PgPool(
                type,
                size,
                crushRule,
                objectHash,
                pgNum,
                pgpNum,
                lastChange,
                snapSeq,
                snapEpoch,
                Collections.unmodifiableNavigableMap(new TreeMap<>(snaps)),
                removedSnaps,
                auid,
                flags,
                minSize,
                quotaBytesMax,
                quotaObjectsMax,
                Collections.unmodifiableNavigableSet(new TreeSet<>(tiers)),
                tierOf,
                cacheMode,
                readTier,
                writeTier,
                Collections.unmodifiableNavigableMap(new TreeMap<>(properties)),
                hitSetParams,
                hitSetPeriod,
                hitSetCount,
                stripeWidth,
                targetBytesMax,
                targetObjectsMax,
                cacheTargetDirtyRatioMicro,
                cacheTargetFullRatioMicro,
                cacheFlushAgeMin,
                cacheEvictAgeMin,
                erasureCodeProfile,
                forcedResendPreluminous,
                readRecencyMin,
                expectedObjects,
                cacheTargetDirtyHighRatioMicro,
                writeRecencyMin,
                gmtHitSet,
                fastRead,
                hitSetGradeDecayRate,
                hitSetSearchLast,
                Collections.unmodifiableNavigableMap(new TreeMap<>(options)),
                forcedResendPrenautilus,
                Collections.unmodifiableNavigableMap(new TreeMap<>(applications)),
                created,
                pgNumTarget,
                pgpNumTarget,
                pgNumPending,
                forcedResend,
                autoscaleMode,
                lastMerge,
                stretchBucketCount,
                stretchBucketTarget,
                stretchBucketBarrier,
                stretchBucketMandatory);
    }

    /** Without the ratios that a cluster gives every pool, in case it becomes a cache. */
    public PgPoolBuilder withoutCacheTargets() {
        cacheTargetDirtyRatioMicro = 0;
        cacheTargetDirtyHighRatioMicro = 0;
        cacheTargetFullRatioMicro = 0;
        return this;
    }

    /** See {@link PgPool#type}. */
    public PgPoolBuilder type(int value) {
        type = value;
        return this;
    }

    /** See {@link PgPool#size}. */
    public PgPoolBuilder size(int value) {
        size = value;
        return this;
    }

    /** See {@link PgPool#crushRule}. */
    public PgPoolBuilder crushRule(int value) {
        crushRule = value;
        return this;
    }

    /** See {@link PgPool#pgNum}. */
    public PgPoolBuilder pgNum(int value) {
        pgNum = value;
        return this;
    }

    /** See {@link PgPool#pgpNum}. */
    public PgPoolBuilder pgpNum(int value) {
        pgpNum = value;
        return this;
    }

    /** See {@link PgPool#lastChange}. */
    public PgPoolBuilder lastChange(int value) {
        lastChange = value;
        return this;
    }

    /** See {@link PgPool#snapSeq}. */
    public PgPoolBuilder snapSeq(long value) {
        snapSeq = value;
        return this;
    }

    /** See {@link PgPool#snapEpoch}. */
    public PgPoolBuilder snapEpoch(int value) {
        snapEpoch = value;
        return this;
    }

    /** See {@link PgPool#flags}. */
    public PgPoolBuilder flags(long value) {
        flags = value;
        return this;
    }

    /** See {@link PgPool#minSize}. */
    public PgPoolBuilder minSize(int value) {
        minSize = value;
        return this;
    }

    /** See {@link PgPool#quotaBytesMax}. */
    public PgPoolBuilder quotaBytesMax(long value) {
        quotaBytesMax = value;
        return this;
    }

    /** See {@link PgPool#quotaObjectsMax}. */
    public PgPoolBuilder quotaObjectsMax(long value) {
        quotaObjectsMax = value;
        return this;
    }

    /** See {@link PgPool#stripeWidth}. */
    public PgPoolBuilder stripeWidth(int value) {
        stripeWidth = value;
        return this;
    }

    /** See {@link PgPool#erasureCodeProfile}. */
    public PgPoolBuilder erasureCodeProfile(String value) {
        erasureCodeProfile = value;
        return this;
    }

    /** See {@link PgPool#forcedResendPreluminous}. */
    public PgPoolBuilder forcedResendPreluminous(int value) {
        forcedResendPreluminous = value;
        return this;
    }

    /** See {@link PgPool#expectedObjects}. */
    public PgPoolBuilder expectedObjects(long value) {
        expectedObjects = value;
        return this;
    }

    /** See {@link PgPool#fastRead}. */
    public PgPoolBuilder fastRead(boolean value) {
        fastRead = value;
        return this;
    }

    /** See {@link PgPool#forcedResendPrenautilus}. */
    public PgPoolBuilder forcedResendPrenautilus(int value) {
        forcedResendPrenautilus = value;
        return this;
    }

    /** See {@link PgPool#created}. */
    public PgPoolBuilder created(Utime value) {
        created = value;
        return this;
    }

    /** See {@link PgPool#pgNumTarget}. */
    public PgPoolBuilder pgNumTarget(int value) {
        pgNumTarget = value;
        return this;
    }

    /** See {@link PgPool#pgpNumTarget}. */
    public PgPoolBuilder pgpNumTarget(int value) {
        pgpNumTarget = value;
        return this;
    }

    /** See {@link PgPool#pgNumPending}. */
    public PgPoolBuilder pgNumPending(int value) {
        pgNumPending = value;
        return this;
    }

    /** See {@link PgPool#forcedResend}. */
    public PgPoolBuilder forcedResend(int value) {
        forcedResend = value;
        return this;
    }

    /** See {@link PgPool#autoscaleMode}. */
    public PgPoolBuilder autoscaleMode(int value) {
        autoscaleMode = value;
        return this;
    }

    /** See {@link PgPool#lastMerge}. */
    public PgPoolBuilder lastMerge(PgMerge value) {
        lastMerge = value;
        return this;
    }

    /** Sets both pgNum and pgpNum, with their targets. */
    public PgPoolBuilder pgs(int count) {
        return pgNum(count)
                .pgpNum(count)
                .pgNumTarget(count)
                .pgpNumTarget(count)
                .pgNumPending(count);
    }

    /** Sets a flag's bits. */
    public PgPoolBuilder setFlag(long flag) {
        flags |= flag;
        return this;
    }

    /** Clears a flag's bits. */
    public PgPoolBuilder clearFlag(long flag) {
        flags &= ~flag;
        return this;
    }

    /** Adds or replaces a snapshot. */
    public PgPoolBuilder snap(PoolSnap snap) {
        snaps.put(snap.id(), snap);
        return this;
    }

    /** Forgets a snapshot. */
    public PgPoolBuilder removeSnap(long id) {
        snaps.remove(id);
        return this;
    }

    /** Sets an option; see {@link PoolOption}. */
    public PgPoolBuilder option(int key, PoolOption value) {
        options.put(key, value);
        return this;
    }

    /** Back to the option's default. */
    public PgPoolBuilder removeOption(int key) {
        options.remove(key);
        return this;
    }

    /** Adds or replaces an application with its notes. */
    public PgPoolBuilder application(String name, NavigableMap<String, String> notes) {
        applications.put(name, Collections.unmodifiableNavigableMap(new TreeMap<>(notes)));
        return this;
    }

    /** Forgets an application. */
    public PgPoolBuilder removeApplication(String name) {
        applications.remove(name);
        return this;
    }
}
