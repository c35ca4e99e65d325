package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.PgShard;

import java.util.Map;

/**
 * An object whose copies differ, or are damaged (inconsistent_obj_t), as {@code rados
 * list-inconsistent-obj} shows it.
 *
 * <p>InconsistentObject := S(2/2){errors:u64 Id version:u64, map of S(1/1){osd:s32 shard:s8} to
 * Copy, errors of any copy:u64}; Id := S(1/1){name:string namespace:string key:string snap:u64}.
 *
 * @param errors in which copies differ from each other: the constants
 * @param version for users, of the copy that was taken for the right one; 0 when there is none
 */
public record InconsistentObject(
        long errors, HObject object, long version, Map<PgShard, Copy> copies) {
    /** Copies differ in their information. */
    public static final long INFO_INCONSISTENCY = 1 << 1;

    /** Copies differ in their data. */
    public static final long DATA_DIGEST_MISMATCH = 1 << 4;

    /** Copies differ in their omap. */
    public static final long OMAP_DIGEST_MISMATCH = 1 << 5;

    /** Copies differ in size. */
    public static final long SIZE_MISMATCH = 1 << 6;

    /** Copies differ in an attribute's value. */
    public static final long ATTR_VALUE_MISMATCH = 1 << 7;

    /** A copy has an attribute that another has not. */
    public static final long ATTR_NAME_MISMATCH = 1 << 8;

    /** Copies differ in their snapshots. */
    public static final long SNAPSET_INCONSISTENCY = 1 << 9;

    /** Those that only a deep scrub finds. */
    public static final long DEEP = DATA_DIGEST_MISMATCH | OMAP_DIGEST_MISMATCH;

    /** As in the class comment. */
    public static final Codec<InconsistentObject> CODEC =
            Primitives.of(InconsistentObject::encode, InconsistentObject::decode);

    private static final Codec<PgShard> SHARD =
            Primitives.of(
                    (out, shard) ->
                            out.struct(1, 1, body -> body.u32(shard.osd()).u8(shard.shard())),
                    in -> in.struct(1, (v, body) -> new PgShard(body.u32(), body.s8())));

    /** What is wrong with any copy. */
    public long copyErrors() {
        long all = 0;
        for (Copy copy : copies.values()) {
            all |= copy.errors;
        }
        return all;
    }

    private static void encode(Encoder out, InconsistentObject value) {
        int begun = out.beginStruct(2, 2);
        out.u64(value.errors);
        HObject o = value.object;
        out.struct(
                1,
                1,
                body -> body.string(o.name()).string(o.namespace()).string(o.key()).u64(o.snap()));
        out.u64(value.version).map(value.copies, SHARD, Copy.CODEC).u64(value.copyErrors());
        out.endSized(begun);
    }

    private static InconsistentObject decode(Decoder in) {
        return in.struct(2, InconsistentObject::decodeFields);
    }

    private static InconsistentObject decodeFields(int layout, Decoder in) {
        long errors = in.u64();
        HObject object =
                in.struct(
                        1,
                        (v, body) -> {
                            String name = body.string();
                            String namespace = body.string();
                            String key = body.string();
                            return new HObject(namespace, name, key, body.u64(), 0, 0, false);
                        });
        long version = in.u64();
        Map<PgShard, Copy> copies = in.map(SHARD, Copy.CODEC);
        in.u64(); // follows from the copies
        return new InconsistentObject(errors, object, version, copies);
    }

    /**
     * One copy (shard_info_t).
     *
     * <p>Copy := S(3/3){errors:u64 primary:bool, and unless it is missing: map of attribute names
     * to values, size:u64 omapDigestPresent:bool omapDigest:u32 dataDigestPresent:bool
     * dataDigest:u32 selected:bool}.
     *
     * @param errors the constants
     * @param selected whether the object's information was taken from it
     * @param seen what was found; empty for a copy that is missing
     */
    public record Copy(long errors, boolean primary, boolean selected, Seen seen) {
        /** There is no such copy. */
        public static final long MISSING = 1 << 1;

        /** Its size or attributes cannot be read. */
        public static final long STAT_ERROR = 1 << 2;

        /** Its data or omap cannot be read. */
        public static final long READ_ERROR = 1 << 3;

        /** Its data are not those that the object's information speaks of. */
        public static final long DATA_DIGEST_MISMATCH_INFO = 1 << 9;

        /** Its omap is not the one that the object's information speaks of. */
        public static final long OMAP_DIGEST_MISMATCH_INFO = 1 << 10;

        /** Its size is not the one that the right copy's information speaks of. */
        public static final long SIZE_MISMATCH_INFO = 1 << 11;

        /** It has no information. */
        public static final long INFO_MISSING = 1 << 14;

        /** Its information cannot be read. */
        public static final long INFO_CORRUPTED = 1 << 15;

        /** It has no set of snapshots. */
        public static final long SNAPSET_MISSING = 1 << 16;

        /** Its set of snapshots cannot be read. */
        public static final long SNAPSET_CORRUPTED = 1 << 17;

        /** Its size is not the one that its own information speaks of. */
        public static final long OBJECT_SIZE_INFO_MISMATCH = 1 << 18;

        /** Those that only a deep scrub finds. */
        public static final long DEEP =
                READ_ERROR | DATA_DIGEST_MISMATCH_INFO | OMAP_DIGEST_MISMATCH_INFO;

        static final Codec<Copy> CODEC = Primitives.of(Copy::encode, Copy::decode);

        private static void encode(Encoder out, Copy value) {
            int begun = out.beginStruct(3, 3);
            out.u64(value.errors).bool(value.primary);
            if ((value.errors & MISSING) == 0) {
                Seen seen = value.seen;
                out.map(seen.attrs, Primitives.STRING, Primitives.BLOB).u64(seen.size);
                out.bool(seen.omapDigestPresent).u32(seen.omapDigest);
                out.bool(seen.dataDigestPresent).u32(seen.dataDigest).bool(value.selected);
            }
            out.endSized(begun);
        }

        private static Copy decode(Decoder in) {
            return in.struct(3, Copy::decodeFields);
        }

        private static Copy decodeFields(int layout, Decoder in) {
            long errors = in.u64();
            boolean primary = in.bool();
            if ((errors & MISSING) != 0) {
                return new Copy(errors, primary, false, Seen.NOTHING);
            }
            Map<String, Bytes> attrs = in.map(Primitives.STRING, Primitives.BLOB);
            long size = in.u64();
            boolean omapDigestPresent = in.bool();
            int omapDigest = in.u32();
            boolean dataDigestPresent = in.bool();
            int dataDigest = in.u32();
            return new Copy(
                    errors,
                    primary,
                    in.bool(),
                    new Seen(
                            attrs,
                            size,
                            omapDigestPresent,
                            omapDigest,
                            dataDigestPresent,
                            dataDigest));
        }
    }

    /** What was found of a copy; digests of 0 where they are not known. */
    public record Seen(
            Map<String, Bytes> attrs,
            long size,
            boolean omapDigestPresent,
            int omapDigest,
            boolean dataDigestPresent,
            int dataDigest) {
        /** Of a copy that is missing. */
        public static final Seen NOTHING = new Seen(Map.of(), -1, false, 0, false, 0);

        /** Of a copy as its member tells of it. */
        public static Seen of(ScrubMap.Entry entry) {
            boolean data = entry.is(ScrubMap.Entry.DIGEST);
            boolean omap = entry.is(ScrubMap.Entry.OMAP_DIGEST);
            return new Seen(
                    entry.attrs(),
                    entry.size(),
                    omap,
                    omap ? entry.omapDigest() : 0,
                    data,
                    data ? entry.digest() : 0);
        }
    }
}
