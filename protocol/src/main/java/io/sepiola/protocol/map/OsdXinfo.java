package io.sepiola.protocol.map;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

/**
 * What more the map knows of an OSD (osd_xinfo_t).
 *
 * <p>OsdXinfo := S(4/1){down:utime laggy-probability:u32 laggy-interval:u32 features:u64
 * old-weight:u32 purged-snaps-scrub:utime dead-epoch:u32}.
 *
 * @param downStamp when it was last marked down
 * @param laggyProbability that it was slow rather than dead, times 2^32-1
 * @param laggyInterval the seconds for which it was slow
 * @param features of its connection
 * @param oldWeight before it was marked out automatically, 16.16
 * @param lastPurgedSnapsScrub when it last checked its removed snapshots
 * @param deadEpoch the epoch at which it certainly was dead
 */
public record OsdXinfo(
        Utime downStamp,
        int laggyProbability,
        int laggyInterval,
        long features,
        int oldWeight,
        Utime lastPurgedSnapsScrub,
        int deadEpoch) {
    /** An OSD never seen. */
    public static final OsdXinfo NONE = new OsdXinfo(Utime.ZERO, 0, 0, 0, 0, Utime.ZERO, 0);

    /** As in the class comment. */
    public static final Codec<OsdXinfo> CODEC =
            Primitives.of(
                    (out, xinfo) ->
                            out.struct(
                                    4,
                                    1,
                                    body -> {
                                        Utime.CODEC.encode(xinfo.downStamp, body);
                                        body.u32(xinfo.laggyProbability).u32(xinfo.laggyInterval);
                                        body.u64(xinfo.features).u32(xinfo.oldWeight);
                                        Utime.CODEC.encode(xinfo.lastPurgedSnapsScrub, body);
                                        body.u32(xinfo.deadEpoch);
                                    }),
                    in ->
                            in.struct(
                                    4,
                                    (v, body) ->
                                            new OsdXinfo(
                                                    Utime.CODEC.decode(body),
                                                    body.u32(),
                                                    body.u32(),
                                                    v >= 2 ? body.u64() : 0,
                                                    v >= 3 ? body.u32() : 0,
                                                    v >= 4 ? Utime.CODEC.decode(body) : Utime.ZERO,
                                                    v >= 4 ? body.u32() : 0)));

    /** The same with another time at which it was last marked down. */
    public OsdXinfo withDownStamp(Utime stamp) {
        return new OsdXinfo(
                stamp,
                laggyProbability,
                laggyInterval,
                features,
                oldWeight,
                lastPurgedSnapsScrub,
                deadEpoch);
    }

    /** The probability that it was slow rather than dead, 0 to 1. */
    public double laggyShare() {
        return Integer.toUnsignedLong(laggyProbability) / (double) 0xffffffffL;
    }

    /**
     * After one more start.
     *
     * @param share 1 if it had only been slow, 0 if not
     * @param seconds for which it was slow
     * @param weight of this against what was known, 0 to 1
     */
    public OsdXinfo laggy(double share, int seconds, double weight) {
        double probability = share * weight + laggyShare() * (1 - weight);
        double interval = seconds * weight + Integer.toUnsignedLong(laggyInterval) * (1 - weight);
        return new OsdXinfo(
                downStamp,
                (int) (long) (probability * 0xffffffffL),
                (int) interval,
                features,
                oldWeight,
                lastPurgedSnapsScrub,
                deadEpoch);
    }

    /** With another weight to return to. */
    public OsdXinfo withOldWeight(int weight) {
        return new OsdXinfo(
                downStamp,
                laggyProbability,
                laggyInterval,
                features,
                weight,
                lastPurgedSnapsScrub,
                deadEpoch);
    }

    /** With the features of a new connection. */
    public OsdXinfo withFeatures(long newFeatures) {
        return new OsdXinfo(
                downStamp,
                laggyProbability,
                laggyInterval,
                newFeatures,
                oldWeight,
                lastPurgedSnapsScrub,
                deadEpoch);
    }

    /** With the epoch at which it certainly was dead. */
    public OsdXinfo withDeadEpoch(int epoch) {
        return new OsdXinfo(
                downStamp,
                laggyProbability,
                laggyInterval,
                features,
                oldWeight,
                lastPurgedSnapsScrub,
                epoch);
    }

    /** With another last check of removed snapshots. */
    public OsdXinfo withLastPurgedSnapsScrub(Utime stamp) {
        return new OsdXinfo(
                downStamp, laggyProbability, laggyInterval, features, oldWeight, stamp, deadEpoch);
    }
}
