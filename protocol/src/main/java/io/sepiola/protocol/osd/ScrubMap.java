package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;

import java.util.Map;

/**
 * What one member of a placement group has of a range of objects (ScrubMap).
 *
 * <p>ScrubMap := S(3/2){map of HObject to Entry, u32 0, blob of nothing, validThrough:EVersion
 * since:EVersion}.
 *
 * @param validThrough to which version of the log this is true; scrubs in chunks leave it zero
 * @param since when only changes are listed; no longer used
 */
public record ScrubMap(Map<HObject, Entry> objects, EVersion validThrough, EVersion since) {
    /** As in the class comment. */
    public static final Codec<ScrubMap> CODEC = Primitives.of(ScrubMap::encode, ScrubMap::decode);

    /** Of the objects as they are now. */
    public ScrubMap(Map<HObject, Entry> objects) {
        this(objects, EVersion.ZERO, EVersion.ZERO);
    }

    private static void encode(Encoder out, ScrubMap value) {
        int begun = out.beginStruct(3, 2);
        out.map(value.objects, HObject.CODEC, Entry.CODEC);
        out.u32(0).blob(Bytes.EMPTY); // were attributes and a log
        EVersion.CODEC.encode(value.validThrough, out);
        EVersion.CODEC.encode(value.since, out);
        out.endSized(begun);
    }

    private static ScrubMap decode(Decoder in) {
        return in.struct(3, ScrubMap::decodeFields);
    }

    private static ScrubMap decodeFields(int layout, Decoder in) {
        Map<HObject, Entry> objects = in.map(HObject.CODEC, Entry.CODEC);
        in.u32();
        in.blob();
        return new ScrubMap(objects, EVersion.CODEC.decode(in), EVersion.CODEC.decode(in));
    }

    /**
     * One object's copy (ScrubMap::object).
     *
     * <p>Entry := S(10/7){size:u64 negative:bool, map of attribute names to values, digest:u32
     * digestPresent:bool u32 0, u32 0, omapDigest:u32 omapDigestPresent:bool anyReadError:bool
     * statError:bool readError:bool ecHashMismatch:bool ecSizeMismatch:bool largeOmap:bool
     * largeOmapKeys:u64 largeOmapBytes:u64 omapBytes:u64 omapKeys:u64}.
     *
     * @param size of the data, in bytes
     * @param negative no longer used
     * @param attrs by the names that the store has
     * @param digest crc32c of the data, from -1
     * @param omapDigest crc32c of the header and the encoded entries, from -1
     * @param flags the constants
     * @param largeOmapKeys where {@link #LARGE_OMAP} is set
     * @param largeOmapBytes where {@link #LARGE_OMAP} is set
     * @param omapBytes of keys and values
     * @param omapKeys counted
     */
    public record Entry(
            long size,
            boolean negative,
            Map<String, Bytes> attrs,
            int digest,
            int omapDigest,
            int flags,
            long largeOmapKeys,
            long largeOmapBytes,
            long omapBytes,
            long omapKeys) {
        /** The data digest is known. */
        public static final int DIGEST = 1;

        /** The omap digest is known. */
        public static final int OMAP_DIGEST = 2;

        /** Size or attributes could not be read. */
        public static final int STAT_ERROR = 4;

        /** Data or omap could not be read, or a checksum is wrong. */
        public static final int READ_ERROR = 8;

        /** A shard's data do not match its hash. */
        public static final int EC_HASH_MISMATCH = 16;

        /** A shard's size is not what its hash speaks of. */
        public static final int EC_SIZE_MISMATCH = 32;

        /** The omap is larger than is good. */
        public static final int LARGE_OMAP = 64;

        /** As in the class comment. */
        public static final Codec<Entry> CODEC = Primitives.of(Entry::encode, Entry::decode);

        /** Whether that constant is set. */
        public boolean is(int flag) {
            return (flags & flag) != 0;
        }

        private static void encode(Encoder out, Entry value) {
            boolean unreadable = value.is(READ_ERROR | EC_HASH_MISMATCH | EC_SIZE_MISMATCH);
            int begun = out.beginStruct(10, 7);
            out.u64(value.size).bool(value.negative);
            out.map(value.attrs, Primitives.STRING, Primitives.BLOB);
            out.u32(value.digest).bool(value.is(DIGEST)).u32(0).u32(0);
            out.u32(value.omapDigest).bool(value.is(OMAP_DIGEST)).bool(unreadable);
            out.bool(value.is(STAT_ERROR)).bool(value.is(READ_ERROR));
            out.bool(value.is(EC_HASH_MISMATCH)).bool(value.is(EC_SIZE_MISMATCH));
            out.bool(value.is(LARGE_OMAP)).u64(value.largeOmapKeys).u64(value.largeOmapBytes);
            out.u64(value.omapBytes).u64(value.omapKeys);
            out.endSized(begun);
        }

        private static Entry decode(Decoder in) {
            return in.struct(10, Entry::decodeFields);
        }

        private static int flag(boolean set, int flag) {
            return set ? flag : 0;
        }

        private static Entry decodeFields(int layout, Decoder in) {
            long size = in.u64();
            boolean negative = in.bool();
            Map<String, Bytes> attrs = in.map(Primitives.STRING, Primitives.BLOB);
            int digest = in.u32();
            int flags = flag(in.bool(), DIGEST);
            in.u32(); // were links
            in.u32(); // and collections of snapshots
            int omapDigest = in.u32();
            flags |= flag(in.bool(), OMAP_DIGEST);
            flags |= flag(in.bool(), READ_ERROR);
            flags |= flag(in.bool(), STAT_ERROR);
            if (layout >= 8) {
                flags &= ~READ_ERROR; // what went wrong is told apart
                flags |= flag(in.bool(), READ_ERROR);
                flags |= flag(in.bool(), EC_HASH_MISMATCH);
                flags |= flag(in.bool(), EC_SIZE_MISMATCH);
            }
            flags |= flag(layout >= 9 && in.bool(), LARGE_OMAP);
            long largeOmapKeys = layout >= 9 ? in.u64() : 0;
            long largeOmapBytes = layout >= 9 ? in.u64() : 0;
            long omapBytes = layout >= 10 ? in.u64() : 0;
            long omapKeys = layout >= 10 ? in.u64() : 0;
            return new Entry(
                    size,
                    negative,
                    attrs,
                    digest,
                    omapDigest,
                    flags,
                    largeOmapKeys,
                    largeOmapBytes,
                    omapBytes,
                    omapKeys);
        }
    }
}
