package io.sepiola.cluster.pgexport;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.base.Utf8;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.OsdSuperblock;
import io.sepiola.protocol.osd.PastIntervals;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLog;
import io.sepiola.protocol.osd.PgMissing;

import org.jspecify.annotations.Nullable;

import java.util.SortedMap;
import java.util.TreeMap;

/** One section of an exported group; the package has the grammar. */
public sealed interface Section {
    /**
     * Which group, and whose it was.
     *
     * @param superblock of the OSD that exported it
     */
    record Begin(SpgId pg, OsdSuperblock superblock) implements Section {
        static final Codec<Begin> CODEC =
                Primitives.of(
                        (out, begin) -> {
                            int begun = out.beginStruct(3, 2);
                            PgId.CODEC.encode(begin.pg.pg(), out);
                            OsdSuperblock.CODEC.encode(begin.superblock, out);
                            out.u8(begin.pg.shard()).endSized(begun);
                        },
                        in -> in.struct(3, Begin::decode));

        private static Begin decode(int version, Decoder in) {
            if (version < 2) {
                throw new Malformed("an export of Ceph 0.80 or older");
            }
            PgId pg = PgId.CODEC.decode(in);
            OsdSuperblock superblock = OsdSuperblock.CODEC.decode(in);
            return new Begin(new SpgId(pg, version > 2 ? in.s8() : SpgId.NO_SHARD), superblock);
        }
    }

    /**
     * What the group's member knew of it.
     *
     * @param structVersion of the group on the disk that it comes from
     * @param mapEpoch the map that the group had reached
     * @param osdMap that map, encoded as it was
     */
    record Metadata(
            int structVersion,
            int mapEpoch,
            PgInfo info,
            PgLog log,
            PastIntervals pastIntervals,
            Bytes osdMap,
            PgMissing missing)
            implements Section {
        static final Codec<Metadata> CODEC =
                Primitives.of(Metadata::encode, in -> in.struct(6, Metadata::decode));

        private static void encode(Encoder out, Metadata value) {
            int begun = out.beginStruct(6, 6);
            out.u8(value.structVersion).u32(value.mapEpoch);
            PgInfo.CODEC.encode(value.info, out);
            PgLog.CODEC.encode(value.log, out);
            PastIntervals.CODEC.encode(value.pastIntervals, out);
            out.raw(value.osdMap).u32(0); // divergent priors are of old formats
            PgMissing.CODEC.encode(value.missing, out);
            out.endSized(begun);
        }

        private static Metadata decode(int version, Decoder in) {
            if (version < 6) {
                throw new Malformed(
                        "an export of Ceph 11 or older; import it with its own release first");
            }
            int structVersion = in.u8();
            int mapEpoch = in.u32();
            PgInfo info = PgInfo.CODEC.decode(in);
            PgLog log = PgLog.CODEC.decode(in);
            PastIntervals past = PastIntervals.CODEC.decode(in);
            Bytes osdMap = struct(in);
            if (!in.map(EVersion.CODEC, HObject.CODEC).isEmpty()) {
                throw new Malformed("divergent priors, which no release since Ceph 12 writes");
            }
            return new Metadata(
                    structVersion, mapEpoch, info, log, past, osdMap, PgMissing.CODEC.decode(in));
        }

        /** A struct as it stands, with its head. */
        private static Bytes struct(Decoder in) {
            Encoder head = new Encoder(6);
            head.u8(in.u8()).u8(in.u8());
            int size = in.u32();
            head.u32(size);
            return Bytes.concat(head.toBytes(), in.raw(size));
        }
    }

    /**
     * Of an object.
     *
     * @param infoOrNull as in its attribute; older exports leave it out
     */
    record ObjectBegin(GhObject object, @Nullable ObjectInfo infoOrNull) implements Section {
        static final Codec<ObjectBegin> CODEC =
                Primitives.of(ObjectBegin::encode, in -> in.struct(3, ObjectBegin::decode));

        private static void encode(Encoder out, ObjectBegin value) {
            int begun = out.beginStruct(value.infoOrNull == null ? 2 : 3, 1);
            HObject.CODEC.encode(value.object.object(), out);
            out.u64(value.object.generation()).u8(value.object.shard());
            if (value.infoOrNull != null) {
                ObjectInfo.CODEC.encode(value.infoOrNull, out);
            }
            out.endSized(begun);
        }

        private static ObjectBegin decode(int version, Decoder in) {
            HObject object = HObject.CODEC.decode(in);
            GhObject whole =
                    version > 1 ? new GhObject(object, in.u64(), in.s8()) : GhObject.of(object);
            return new ObjectBegin(whole, version > 2 ? ObjectInfo.CODEC.decode(in) : null);
        }
    }

    /** Bytes of the object from {@code offset} on. */
    record Data(long offset, Bytes data) implements Section {
        static final Codec<Data> CODEC =
                Primitives.of(
                        (out, value) -> {
                            int begun = out.beginStruct(1, 1);
                            out.u64(value.offset).u64(value.data.size()).blob(value.data);
                            out.endSized(begun);
                        },
                        in -> in.struct(1, Data::decode));

        private static Data decode(int version, Decoder in) {
            long offset = in.u64();
            long length = in.u64();
            Bytes data = in.blob();
            if (offset < 0 || length != data.size() || offset > Long.MAX_VALUE - length) {
                throw new Malformed(
                        "%d bytes from %d on, and %d are there"
                                .formatted(length, offset, data.size()));
            }
            return new Data(offset, data);
        }
    }

    /** All attributes of the object. */
    record Attrs(SortedMap<String, Bytes> attrs) implements Section {
        static final Codec<Attrs> CODEC =
                Primitives.of((out, value) -> named(value.attrs, out), in -> new Attrs(named(in)));
    }

    /** The object's omap header. */
    record OmapHeader(Bytes header) implements Section {
        static final Codec<OmapHeader> CODEC =
                Primitives.of(
                        (out, value) -> out.struct(1, 1, body -> body.blob(value.header)),
                        in -> in.struct(1, (version, body) -> new OmapHeader(body.blob())));
    }

    /** Some of the object's omap entries. */
    record Omap(SortedMap<String, Bytes> entries) implements Section {
        static final Codec<Omap> CODEC =
                Primitives.of((out, value) -> named(value.entries, out), in -> new Omap(named(in)));
    }

    /** The object is whole. */
    record ObjectEnd() implements Section {}

    /** The group is whole. */
    record End() implements Section {}

    private static void named(SortedMap<String, Bytes> values, Encoder out) {
        int begun = out.beginStruct(1, 1);
        out.map(values, Primitives.STRING, Primitives.BLOB).endSized(begun);
    }

    private static SortedMap<String, Bytes> named(Decoder in) {
        return in.struct(
                1,
                (version, body) -> {
                    SortedMap<String, Bytes> values = new TreeMap<>(Utf8::compare);
                    values.putAll(body.map(Primitives.STRING, Primitives.BLOB));
                    return values;
                });
    }
}
