package io.sepiola.protocol.map;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;

import java.util.List;
import java.util.NavigableMap;

/**
 * OSDMap := S(8/7){client:S(9/1) osd:S(9/1; 10 in stretch mode) crc:u32}, the sections being the
 * fields in the order in which they are written below.
 *
 * <p>crc is crc32c(ffffffff) of the whole encoding, header included, but for its own 4 bytes.
 */
final class OsdMapCodec implements Codec<OsdMap> {
    static final Codec<List<UpmapItem>> UPMAP_ITEMS =
            Primitives.of(
                    (out, items) -> out.list(items, UpmapItem.CODEC),
                    in -> in.list(UpmapItem.CODEC));

    static final int OSDS_MAX = 100_000;

    private static final Codec<NavigableMap<Long, PgPool>> POOLS =
            MapCodecs.sortedMap(Primitives.U64, PgPool.CODEC);
    private static final Codec<NavigableMap<Long, String>> POOL_NAMES =
            MapCodecs.sortedMap(Primitives.U64, Primitives.STRING);
    private static final Codec<NavigableMap<PgId, List<Integer>>> OSDS_BY_PG =
            MapCodecs.sortedMap(PgId.CODEC, MapCodecs.INTS);
    private static final Codec<NavigableMap<PgId, Integer>> OSD_BY_PG =
            MapCodecs.sortedMap(PgId.CODEC, Primitives.U32);
    private static final Codec<NavigableMap<String, NavigableMap<String, String>>> PROFILES =
            MapCodecs.sortedMap(Primitives.STRING, MapCodecs.TEXTS);
    private static final Codec<NavigableMap<PgId, List<UpmapItem>>> ITEMS_BY_PG =
            MapCodecs.sortedMap(PgId.CODEC, UPMAP_ITEMS);
    private static final Codec<NavigableMap<EntityAddr, Utime>> BLOCKLIST =
            MapCodecs.sortedMap(EntityAddr.CODEC, Utime.CODEC);
    private static final Codec<NavigableMap<Integer, Integer>> FLAGS =
            MapCodecs.sortedMap(Primitives.U32, Primitives.U32);

    @Override
    public void encode(OsdMap map, Encoder out) {
        out.raw(map.encoded());
    }

    /** The encoding; its last 4 bytes are the checksum. */
    static Bytes encode(OsdMapFields map) {
        Encoder body = new Encoder();
        body.struct(9, 1, client -> encodeClient(map, client));
        body.struct(map.stretchMode ? 10 : 9, 1, osd -> encodeOsd(map, osd));
        Bytes sections = body.toBytes();
        Bytes header = new Encoder(16).u8(8).u8(7).u32(sections.size() + 4).toBytes();
        Bytes front = Bytes.concat(header, sections);
        return Bytes.concat(front, new Encoder(16).u32(front.crc32c(-1)).toBytes()).compact();
    }

    @Override
    public OsdMap decode(Decoder in) {
        int version = in.u8();
        int compat = in.u8();
        Bytes body = in.blob();
        if (version < 8 || compat > 8) {
            throw new Malformed("OSD map of encoding " + version + "/" + compat);
        }
        OsdMapFields to = new OsdMapFields();
        Decoder inner = new Decoder(body);
        inner.struct(9, (v, section) -> decodeClient(to, v, section));
        inner.struct(10, (v, section) -> decodeOsd(to, v, section));
        int crcAt = inner.position();
        int crc = inner.u32();
        Bytes header = new Encoder(16).u8(version).u8(compat).u32(body.size()).toBytes();
        int computed = Bytes.concat(header, body.slice(0, crcAt), body.slice(crcAt + 4)).crc32c(-1);
        if (computed != crc) {
            throw new Malformed("wrong checksum of the OSD map of epoch " + to.epoch);
        }
        return new OsdMap(to);
    }

    private static void encodeClient(OsdMapFields map, Encoder out) {
        MapCodecs.UUID16.encode(map.fsid, out);
        out.u32(map.epoch);
        Utime.CODEC.encode(map.created, out);
        Utime.CODEC.encode(map.modified, out);
        POOLS.encode(map.pools, out);
        POOL_NAMES.encode(map.poolNames, out);
        out.u32(map.poolMax).u32(map.flags).u32(map.osdMax);
        MapCodecs.ints(out, map.state);
        MapCodecs.ints(out, map.weight);
        array(out, map.addrs, EntityAddrVec.CODEC);
        OSDS_BY_PG.encode(map.pgTemp, out);
        OSD_BY_PG.encode(map.primaryTemp, out);
        MapCodecs.ints(out, map.affinity);
        out.blob(map.crushBytes);
        PROFILES.encode(map.ecProfiles, out);
        OSDS_BY_PG.encode(map.upmap, out);
        ITEMS_BY_PG.encode(map.upmapItems, out);
        out.u32(map.crushVersion);
        SnapInterval.BY_POOL.encode(map.newRemovedSnaps, out);
        SnapInterval.BY_POOL.encode(map.newPurgedSnaps, out);
        Utime.CODEC.encode(map.lastUpChange, out);
        Utime.CODEC.encode(map.lastInChange, out);
    }

    private static OsdMapFields decodeClient(OsdMapFields to, int version, Decoder in) {
        if (version < 9) {
            throw new Malformed("OSD map of client encoding " + version + ", older than pacific");
        }
        to.fsid = MapCodecs.UUID16.decode(in);
        to.epoch = in.u32();
        to.created = Utime.CODEC.decode(in);
        to.modified = Utime.CODEC.decode(in);
        to.pools = SharedMap.of(POOLS.decode(in));
        to.poolNames = SharedMap.of(POOL_NAMES.decode(in));
        to.poolMax = in.u32();
        to.flags = in.u32();
        to.osdMax = in.u32();
        if (to.osdMax < 0 || to.osdMax > OSDS_MAX) {
            throw new Malformed("OSD map of " + to.osdMax + " OSDs");
        }
        to.state = perOsd(to, MapCodecs.ints(in));
        to.weight = perOsd(to, MapCodecs.ints(in));
        to.addrs.setAll(perOsd(to, in, EntityAddrVec.CODEC));
        to.pgTemp = SharedMap.of(OSDS_BY_PG.decode(in));
        to.primaryTemp = SharedMap.of(OSD_BY_PG.decode(in));
        to.affinity = MapCodecs.ints(in);
        if (to.affinity.length > 0) {
            perOsd(to, to.affinity);
        }
        to.crushBytes = in.blob().detach();
        to.crush = hierarchy(to.crushBytes);
        to.ecProfiles = SharedMap.of(PROFILES.decode(in));
        to.upmap = SharedMap.of(OSDS_BY_PG.decode(in));
        to.upmapItems = SharedMap.of(ITEMS_BY_PG.decode(in));
        to.crushVersion = in.u32();
        to.newRemovedSnaps = SnapInterval.BY_POOL.decode(in);
        to.newPurgedSnaps = SnapInterval.BY_POOL.decode(in);
        to.lastUpChange = Utime.CODEC.decode(in);
        to.lastInChange = Utime.CODEC.decode(in);
        return to;
    }

    /** Squid's hierarchies have more at their end, which is carried along unread. */
    static CrushMap hierarchy(Bytes encoded) {
        return CrushMap.CODEC.decode(new Decoder(encoded));
    }

    private static void encodeOsd(OsdMapFields map, Encoder out) {
        array(out, map.heartbeatBackAddrs, EntityAddrVec.CODEC);
        array(out, map.info, OsdInfo.CODEC);
        BLOCKLIST.encode(map.blocklist, out);
        array(out, map.clusterAddrs, EntityAddrVec.CODEC);
        out.u32(map.snapshotEpoch).string(map.snapshot);
        array(out, map.uuid, MapCodecs.UUID16);
        array(out, map.xinfo, OsdXinfo.CODEC);
        array(out, map.heartbeatFrontAddrs, EntityAddrVec.CODEC);
        out.f32(map.nearfullRatio).f32(map.fullRatio).f32(map.backfillfullRatio);
        out.u8(map.minCompatClient).u8(map.requireOsdRelease);
        SnapInterval.BY_POOL.encode(map.removedSnapsQueue, out);
        FLAGS.encode(map.crushNodeFlags, out);
        FLAGS.encode(map.deviceClassFlags, out);
        if (map.stretchMode) {
            out.bool(true).u32(map.stretchBucketCount).u32(map.degradedStretchMode);
            out.u32(map.recoveringStretchMode).u32(map.stretchModeBucket);
        }
    }

    private static OsdMapFields decodeOsd(OsdMapFields to, int version, Decoder in) {
        if (version < 9) {
            throw new Malformed("OSD map of OSD encoding " + version + ", older than pacific");
        }
        to.heartbeatBackAddrs.setAll(perOsd(to, in, EntityAddrVec.CODEC));
        to.info.setAll(perOsd(to, in, OsdInfo.CODEC));
        to.blocklist = SharedMap.of(BLOCKLIST.decode(in));
        to.clusterAddrs.setAll(perOsd(to, in, EntityAddrVec.CODEC));
        to.snapshotEpoch = in.u32();
        to.snapshot = in.string();
        to.uuid.setAll(perOsd(to, in, MapCodecs.UUID16));
        to.xinfo.setAll(perOsd(to, in, OsdXinfo.CODEC));
        to.heartbeatFrontAddrs.setAll(perOsd(to, in, EntityAddrVec.CODEC));
        to.nearfullRatio = in.f32();
        to.fullRatio = in.f32();
        to.backfillfullRatio = in.f32();
        to.minCompatClient = in.u8();
        to.requireOsdRelease = in.u8();
        to.removedSnapsQueue = SharedMap.of(SnapInterval.BY_POOL.decode(in));
        to.crushNodeFlags = SharedMap.of(FLAGS.decode(in));
        to.deviceClassFlags = SharedMap.of(FLAGS.decode(in));
        if (version >= 10) {
            to.stretchMode = in.bool();
            to.stretchBucketCount = in.u32();
            to.degradedStretchMode = in.u32();
            to.recoveringStretchMode = in.u32();
            to.stretchModeBucket = in.u32();
        }
        return to;
    }

    private static <T> void array(Encoder out, SharedArray<T> values, Codec<T> codec) {
        out.u32(values.size());
        for (int i = 0; i < values.size(); i++) {
            codec.encode(values.get(i), out);
        }
    }

    private static int[] perOsd(OsdMapFields map, int[] values) {
        requireCount(map, values.length);
        return values;
    }

    private static <T> List<T> perOsd(OsdMapFields map, Decoder in, Codec<T> codec) {
        List<T> values = in.list(codec);
        requireCount(map, values.size());
        return values;
    }

    private static void requireCount(OsdMapFields map, int count) {
        if (count != map.osdMax) {
            throw new Malformed("OSD map with state of " + count + " OSDs out of " + map.osdMax);
        }
    }
}
