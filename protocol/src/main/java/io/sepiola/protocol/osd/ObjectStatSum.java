package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * Sums over objects (object_stat_sum_t); every one counts, sizes in bytes where nothing else is
 * said.
 *
 * <p>ObjectStatSum := S(20/14){fields in order; u64 each, but the four of evict and flush: s32}.
 */
public record ObjectStatSum(
        long bytes,
        long objects,
        long clones,
        long copies,
        long missingOnPrimary,
        long degraded,
        long unfound,
        long reads,
        long readKib,
        long writes,
        long writeKib,
        long scrubErrors,
        long objectsRecovered,
        long bytesRecovered,
        long keysRecovered,
        long shallowScrubErrors,
        long deepScrubErrors,
        long dirty,
        long whiteouts,
        long omapObjects,
        long hitSetArchives,
        long misplaced,
        long hitSetBytes,
        long flushes,
        long flushKib,
        long evicts,
        long evictKib,
        long promotes,
        int flushHigh,
        int flushLow,
        int evictSome,
        int evictFull,
        long pinned,
        long missing,
        long legacySnapSets,
        long largeOmapObjects,
        long manifests,
        long omapBytes,
        long omapKeys,
        long repaired) {
    /** As in the class comment. */
    public static final Codec<ObjectStatSum> CODEC =
            Primitives.of(ObjectStatSum::encode, ObjectStatSum::decode);

    private static void encode(Encoder out, ObjectStatSum value) {
        int begun = out.beginStruct(20, 14);
        out.u64(value.bytes);
        out.u64(value.objects);
        out.u64(value.clones);
        out.u64(value.copies);
        out.u64(value.missingOnPrimary);
        out.u64(value.degraded);
        out.u64(value.unfound);
        out.u64(value.reads);
        out.u64(value.readKib);
        out.u64(value.writes);
        out.u64(value.writeKib);
        out.u64(value.scrubErrors);
        out.u64(value.objectsRecovered);
        out.u64(value.bytesRecovered);
        out.u64(value.keysRecovered);
        out.u64(value.shallowScrubErrors);
        out.u64(value.deepScrubErrors);
        out.u64(value.dirty);
        out.u64(value.whiteouts);
        out.u64(value.omapObjects);
        out.u64(value.hitSetArchives);
        out.u64(value.misplaced);
        out.u64(value.hitSetBytes);
        out.u64(value.flushes);
        out.u64(value.flushKib);
        out.u64(value.evicts);
        out.u64(value.evictKib);
        out.u64(value.promotes);
        out.u32(value.flushHigh);
        out.u32(value.flushLow);
        out.u32(value.evictSome);
        out.u32(value.evictFull);
        out.u64(value.pinned);
        out.u64(value.missing);
        out.u64(value.legacySnapSets);
        out.u64(value.largeOmapObjects);
        out.u64(value.manifests);
        out.u64(value.omapBytes);
        out.u64(value.omapKeys);
        out.u64(value.repaired);
        out.endSized(begun);
    }

    private static ObjectStatSum decode(Decoder in) {
        return in.struct(20, ObjectStatSum::decodeFields);
    }

    private static ObjectStatSum decodeFields(int layout, Decoder in) {
        long bytes = in.u64();
        long objects = in.u64();
        long clones = in.u64();
        long copies = in.u64();
        long missingOnPrimary = in.u64();
        long degraded = in.u64();
        long unfound = in.u64();
        long reads = in.u64();
        long readKib = in.u64();
        long writes = in.u64();
        long writeKib = in.u64();
        long scrubErrors = in.u64();
        long objectsRecovered = in.u64();
        long bytesRecovered = in.u64();
        long keysRecovered = in.u64();
        long shallowScrubErrors = in.u64();
        long deepScrubErrors = in.u64();
        long dirty = in.u64();
        long whiteouts = in.u64();
        long omapObjects = in.u64();
        long hitSetArchives = in.u64();
        long misplaced = in.u64();
        long hitSetBytes = in.u64();
        long flushes = in.u64();
        long flushKib = in.u64();
        long evicts = in.u64();
        long evictKib = in.u64();
        long promotes = in.u64();
        int flushHigh = in.u32();
        int flushLow = in.u32();
        int evictSome = in.u32();
        int evictFull = in.u32();
        long pinned = in.u64();
        long missing = in.u64();
        long legacySnapSets = in.u64();
        long largeOmapObjects = in.u64();
        long manifests = in.u64();
        long omapBytes = in.u64();
        long omapKeys = in.u64();
        long repaired = in.u64();
        return new ObjectStatSum(
                bytes,
                objects,
                clones,
                copies,
                missingOnPrimary,
                degraded,
                unfound,
                reads,
                readKib,
                writes,
                writeKib,
                scrubErrors,
                objectsRecovered,
                bytesRecovered,
                keysRecovered,
                shallowScrubErrors,
                deepScrubErrors,
                dirty,
                whiteouts,
                omapObjects,
                hitSetArchives,
                misplaced,
                hitSetBytes,
                flushes,
                flushKib,
                evicts,
                evictKib,
                promotes,
                flushHigh,
                flushLow,
                evictSome,
                evictFull,
                pinned,
                missing,
                legacySnapSets,
                largeOmapObjects,
                manifests,
                omapBytes,
                omapKeys,
                repaired);
    }

    /** Of nothing. */
    public static final ObjectStatSum ZERO = Counters.sum(Counters.NONE);

    /** Both together. */
    public ObjectStatSum plus(ObjectStatSum other) {
        long[] all = Counters.of(this);
        long[] more = Counters.of(other);
        for (int i = 0; i < all.length; i++) {
            all[i] += more[i];
        }
        return Counters.sum(all);
    }

    /** This without {@code other}. */
    public ObjectStatSum minus(ObjectStatSum other) {
        long[] all = Counters.of(this);
        long[] less = Counters.of(other);
        for (int i = 0; i < all.length; i++) {
            all[i] -= less[i];
        }
        return Counters.sum(all);
    }

    /** The fields as an array, for arithmetic. */
    private static final class Counters {
        static final long[] NONE = new long[40];

        static long[] of(ObjectStatSum s) {
            return new long[] {
                s.bytes,
                s.objects,
                s.clones,
                s.copies,
                s.missingOnPrimary,
                s.degraded,
                s.unfound,
                s.reads,
                s.readKib,
                s.writes,
                s.writeKib,
                s.scrubErrors,
                s.objectsRecovered,
                s.bytesRecovered,
                s.keysRecovered,
                s.shallowScrubErrors,
                s.deepScrubErrors,
                s.dirty,
                s.whiteouts,
                s.omapObjects,
                s.hitSetArchives,
                s.misplaced,
                s.hitSetBytes,
                s.flushes,
                s.flushKib,
                s.evicts,
                s.evictKib,
                s.promotes,
                s.flushHigh,
                s.flushLow,
                s.evictSome,
                s.evictFull,
                s.pinned,
                s.missing,
                s.legacySnapSets,
                s.largeOmapObjects,
                s.manifests,
                s.omapBytes,
                s.omapKeys,
                s.repaired,
            };
        }

        static ObjectStatSum sum(long[] c) {
            return new ObjectStatSum(
                    c[0],
                    c[1],
                    c[2],
                    c[3],
                    c[4],
                    c[5],
                    c[6],
                    c[7],
                    c[8],
                    c[9],
                    c[10],
                    c[11],
                    c[12],
                    c[13],
                    c[14],
                    c[15],
                    c[16],
                    c[17],
                    c[18],
                    c[19],
                    c[20],
                    c[21],
                    c[22],
                    c[23],
                    c[24],
                    c[25],
                    c[26],
                    c[27],
                    (int) c[28],
                    (int) c[29],
                    (int) c[30],
                    (int) c[31],
                    c[32],
                    c[33],
                    c[34],
                    c[35],
                    c[36],
                    c[37],
                    c[38],
                    c[39]);
        }
    }
}
