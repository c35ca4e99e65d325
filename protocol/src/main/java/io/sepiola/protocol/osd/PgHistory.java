package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Utime;

/**
 * What the members of a placement group remember of its past (pg_history_t); numbers are epochs.
 *
 * <p>PgHistory := S(10/4){fields in order}.
 *
 * @param priorReadableUntil a span: for how long members of earlier intervals may still serve reads
 */
public record PgHistory(
        int epochCreated,
        int lastEpochStarted,
        int lastEpochClean,
        int lastEpochSplit,
        int sameIntervalSince,
        int sameUpSince,
        int samePrimarySince,
        EVersion lastScrub,
        Utime lastScrubStamp,
        EVersion lastDeepScrub,
        Utime lastDeepScrubStamp,
        Utime lastCleanScrubStamp,
        int lastEpochMarkedFull,
        int lastIntervalStarted,
        int lastIntervalClean,
        int epochPoolCreated,
        Utime priorReadableUntil) {
    /** As in the class comment. */
    public static final Codec<PgHistory> CODEC =
            Primitives.of(PgHistory::encode, PgHistory::decode);

    private static void encode(Encoder out, PgHistory value) {
        int begun = out.beginStruct(10, 4);
        out.u32(value.epochCreated);
        out.u32(value.lastEpochStarted);
        out.u32(value.lastEpochClean);
        out.u32(value.lastEpochSplit);
        out.u32(value.sameIntervalSince);
        out.u32(value.sameUpSince);
        out.u32(value.samePrimarySince);
        EVersion.CODEC.encode(value.lastScrub, out);
        Utime.CODEC.encode(value.lastScrubStamp, out);
        EVersion.CODEC.encode(value.lastDeepScrub, out);
        Utime.CODEC.encode(value.lastDeepScrubStamp, out);
        Utime.CODEC.encode(value.lastCleanScrubStamp, out);
        out.u32(value.lastEpochMarkedFull);
        out.u32(value.lastIntervalStarted);
        out.u32(value.lastIntervalClean);
        out.u32(value.epochPoolCreated);
        Utime.CODEC.encode(value.priorReadableUntil, out);
        out.endSized(begun);
    }

    private static PgHistory decode(Decoder in) {
        return in.struct(10, PgHistory::decodeFields);
    }

    private static PgHistory decodeFields(int layout, Decoder in) {
        int epochCreated = in.u32();
        int lastEpochStarted = in.u32();
        int lastEpochClean = in.u32();
        int lastEpochSplit = in.u32();
        int sameIntervalSince = in.u32();
        int sameUpSince = in.u32();
        int samePrimarySince = in.u32();
        EVersion lastScrub = EVersion.CODEC.decode(in);
        Utime lastScrubStamp = Utime.CODEC.decode(in);
        EVersion lastDeepScrub = EVersion.CODEC.decode(in);
        Utime lastDeepScrubStamp = Utime.CODEC.decode(in);
        Utime lastCleanScrubStamp = Utime.CODEC.decode(in);
        int lastEpochMarkedFull = layout >= 7 ? in.u32() : 0;
        int lastIntervalStarted = layout >= 8 ? in.u32() : lastEpochStarted;
        int lastIntervalClean = layout >= 8 ? in.u32() : lastEpochClean;
        int epochPoolCreated = layout >= 9 ? in.u32() : epochCreated;
        Utime priorReadableUntil = layout >= 10 ? Utime.CODEC.decode(in) : Utime.ZERO;
        return new PgHistory(
                epochCreated,
                lastEpochStarted,
                lastEpochClean,
                lastEpochSplit,
                sameIntervalSince,
                sameUpSince,
                samePrimarySince,
                lastScrub,
                lastScrubStamp,
                lastDeepScrub,
                lastDeepScrubStamp,
                lastCleanScrubStamp,
                lastEpochMarkedFull,
                lastIntervalStarted,
                lastIntervalClean,
                epochPoolCreated,
                priorReadableUntil);
    }
}
