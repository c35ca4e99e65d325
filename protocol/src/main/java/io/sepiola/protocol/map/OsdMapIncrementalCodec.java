package io.sepiola.protocol.map;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMapIncremental.Interval;
import io.sepiola.protocol.map.OsdMapIncremental.StretchChange;

import java.util.Optional;

/**
 * OSDMap::Incremental := S(8/7){S(8/1){components to lastInChange} S(9/1){components to
 * newDeviceClassFlags; in version 10 the stretch change too} crc:u32 full-crc:u32}.
 *
 * <p>crc is crc32c(ffffffff) of the whole encoding, header included, but for its own 4 bytes.
 */
final class OsdMapIncrementalCodec implements Codec<OsdMapIncremental> {
    @Override
    public void encode(OsdMapIncremental change, Encoder out) {
        Encoder body = new Encoder();
        body.struct(8, 1, client -> encodeClient(change, client));
        body.struct(change.stretch().isPresent() ? 10 : 9, 1, osd -> encodeOsd(change, osd));
        Bytes sections = body.toBytes();
        Encoder start = new Encoder(16);
        start.u8(8).u8(7).u32(sections.size() + 8);
        Bytes front = Bytes.concat(start.toBytes(), sections);
        Bytes tail = new Encoder(16).u32(change.fullCrc()).toBytes();
        out.raw(front).u32(tail.crc32c(front.crc32c(-1))).raw(tail);
    }

    @Override
    public OsdMapIncremental decode(Decoder in) {
        int version = in.u8();
        int compat = in.u8();
        Bytes body = in.blob();
        if (version < 8 || compat > 8) {
            throw new Malformed("OSD map incremental of encoding " + version + "/" + compat);
        }
        Decoder inner = new Decoder(body);
        OsdMapIncremental.Builder to = new OsdMapIncremental.Builder(MapCodecs.UUID_ZERO, 0);
        inner.struct(8, (v, section) -> decodeClient(to, v, section));
        inner.struct(10, (v, section) -> decodeOsd(to, v, section));
        int crcAt = inner.position();
        int crc = inner.u32();
        to.fullCrc = inner.u32();
        Bytes header = new Encoder(16).u8(version).u8(compat).u32(body.size()).toBytes();
        int computed = Bytes.concat(header, body.slice(0, crcAt), body.slice(crcAt + 4)).crc32c(-1);
        if (computed != crc) {
            throw new Malformed("wrong checksum of the OSD map incremental to epoch " + to.epoch);
        }
        return to.build();
    }

    private static void encodeClient(OsdMapIncremental change, Encoder out) {
        MapCodecs.UUID16.encode(change.fsid(), out);
        out.u32(change.epoch());
        Utime.CODEC.encode(change.modified(), out);
        out.u64(change.poolMax());
        out.u32(change.flags());
        out.blob(change.fullMap());
        out.blob(change.crush());
        out.u32(change.osdMax());
        out.map(change.newPools(), Primitives.U64, PgPool.CODEC);
        out.map(change.newPoolNames(), Primitives.U64, Primitives.STRING);
        out.list(change.oldPools(), Primitives.U64);
        out.map(change.newUp(), Primitives.U32, EntityAddrVec.CODEC);
        out.map(change.newState(), Primitives.U32, Primitives.U32);
        out.map(change.newWeight(), Primitives.U32, Primitives.U32);
        out.map(change.newPgTemp(), PgId.CODEC, MapCodecs.INTS);
        out.map(change.newPrimaryTemp(), PgId.CODEC, Primitives.U32);
        out.map(change.newAffinity(), Primitives.U32, Primitives.U32);
        out.map(change.newEcProfiles(), Primitives.STRING, MapCodecs.TEXTS);
        out.list(change.oldEcProfiles(), Primitives.STRING);
        out.map(change.newUpmap(), PgId.CODEC, MapCodecs.INTS);
        out.list(change.oldUpmap(), PgId.CODEC);
        out.map(change.newUpmapItems(), PgId.CODEC, OsdMapCodec.UPMAP_ITEMS);
        out.list(change.oldUpmapItems(), PgId.CODEC);
        SnapInterval.BY_POOL.encode(change.newRemovedSnaps(), out);
        SnapInterval.BY_POOL.encode(change.newPurgedSnaps(), out);
        Utime.CODEC.encode(change.lastUpChange(), out);
        Utime.CODEC.encode(change.lastInChange(), out);
    }

    private static OsdMapIncremental.Builder decodeClient(
            OsdMapIncremental.Builder to, int version, Decoder in) {
        if (version < 8) {
            throw new Malformed("OSD map incremental of client encoding " + version);
        }
        to.fsid = MapCodecs.UUID16.decode(in);
        to.epoch = in.u32();
        to.modified = Utime.CODEC.decode(in);
        to.poolMax = in.u64();
        to.flags = in.u32();
        to.fullMap = in.blob();
        to.crush = in.blob();
        to.osdMax = in.u32();
        to.newPools = MapCodecs.sortedMap(Primitives.U64, PgPool.CODEC).decode(in);
        to.newPoolNames = MapCodecs.sortedMap(Primitives.U64, Primitives.STRING).decode(in);
        to.oldPools = MapCodecs.sortedSet(Primitives.U64).decode(in);
        to.newUp = MapCodecs.sortedMap(Primitives.U32, EntityAddrVec.CODEC).decode(in);
        to.newState = MapCodecs.sortedMap(Primitives.U32, Primitives.U32).decode(in);
        to.newWeight = MapCodecs.sortedMap(Primitives.U32, Primitives.U32).decode(in);
        to.newPgTemp = MapCodecs.sortedMap(PgId.CODEC, MapCodecs.INTS).decode(in);
        to.newPrimaryTemp = MapCodecs.sortedMap(PgId.CODEC, Primitives.U32).decode(in);
        to.newAffinity = MapCodecs.sortedMap(Primitives.U32, Primitives.U32).decode(in);
        to.newEcProfiles = MapCodecs.sortedMap(Primitives.STRING, MapCodecs.TEXTS).decode(in);
        to.oldEcProfiles = in.list(Primitives.STRING);
        to.newUpmap = MapCodecs.sortedMap(PgId.CODEC, MapCodecs.INTS).decode(in);
        to.oldUpmap = MapCodecs.sortedSet(PgId.CODEC).decode(in);
        to.newUpmapItems = MapCodecs.sortedMap(PgId.CODEC, OsdMapCodec.UPMAP_ITEMS).decode(in);
        to.oldUpmapItems = MapCodecs.sortedSet(PgId.CODEC).decode(in);
        to.newRemovedSnaps = SnapInterval.BY_POOL.decode(in);
        to.newPurgedSnaps = SnapInterval.BY_POOL.decode(in);
        to.lastUpChange = Utime.CODEC.decode(in);
        to.lastInChange = Utime.CODEC.decode(in);
        return to;
    }

    private static void encodeOsd(OsdMapIncremental change, Encoder out) {
        out.map(change.newHeartbeatBack(), Primitives.U32, EntityAddrVec.CODEC);
        out.map(change.newUpThru(), Primitives.U32, Primitives.U32);
        out.map(change.newLastClean(), Primitives.U32, Interval.CODEC);
        out.map(change.newLost(), Primitives.U32, Primitives.U32);
        out.map(change.newBlocklist(), EntityAddr.CODEC, Utime.CODEC);
        out.list(change.oldBlocklist(), EntityAddr.CODEC);
        out.map(change.newUpCluster(), Primitives.U32, EntityAddrVec.CODEC);
        out.string(change.snapshot());
        out.map(change.newUuid(), Primitives.U32, MapCodecs.UUID16);
        out.map(change.newXinfo(), Primitives.U32, OsdXinfo.CODEC);
        out.map(change.newHeartbeatFront(), Primitives.U32, EntityAddrVec.CODEC);
        out.u64(change.encodeFeatures());
        out.f32(change.nearfullRatio());
        out.f32(change.fullRatio());
        out.f32(change.backfillfullRatio());
        out.u8(change.minCompatClient());
        out.u8(change.requireOsdRelease());
        out.map(change.newCrushNodeFlags(), Primitives.U32, Primitives.U32);
        out.map(change.newDeviceClassFlags(), Primitives.U32, Primitives.U32);
        change.stretch()
                .ifPresent(s -> {
                    out.bool(s.change()).u32(s.bucketCount()).u32(s.degradedMode());
                    out.u32(s.recoveringMode()).u32(s.modeBucket()).bool(s.enabled());
                });
    }

    private static OsdMapIncremental.Builder decodeOsd(
            OsdMapIncremental.Builder to, int version, Decoder in) {
        if (version < 9) {
            throw new Malformed("OSD map incremental of OSD encoding " + version);
        }
        to.newHeartbeatBack = MapCodecs.sortedMap(Primitives.U32, EntityAddrVec.CODEC).decode(in);
        to.newUpThru = MapCodecs.sortedMap(Primitives.U32, Primitives.U32).decode(in);
        to.newLastClean = MapCodecs.sortedMap(Primitives.U32, Interval.CODEC).decode(in);
        to.newLost = MapCodecs.sortedMap(Primitives.U32, Primitives.U32).decode(in);
        to.newBlocklist = MapCodecs.sortedMap(EntityAddr.CODEC, Utime.CODEC).decode(in);
        to.oldBlocklist = in.list(EntityAddr.CODEC);
        to.newUpCluster = MapCodecs.sortedMap(Primitives.U32, EntityAddrVec.CODEC).decode(in);
        to.snapshot = in.string();
        to.newUuid = MapCodecs.sortedMap(Primitives.U32, MapCodecs.UUID16).decode(in);
        to.newXinfo = MapCodecs.sortedMap(Primitives.U32, OsdXinfo.CODEC).decode(in);
        to.newHeartbeatFront = MapCodecs.sortedMap(Primitives.U32, EntityAddrVec.CODEC).decode(in);
        to.encodeFeatures = in.u64();
        to.nearfullRatio = in.f32();
        to.fullRatio = in.f32();
        to.backfillfullRatio = in.f32();
        to.minCompatClient = in.u8();
        to.requireOsdRelease = in.u8();
        to.newCrushNodeFlags = MapCodecs.sortedMap(Primitives.U32, Primitives.U32).decode(in);
        to.newDeviceClassFlags = MapCodecs.sortedMap(Primitives.U32, Primitives.U32).decode(in);
        if (version >= 10) {
            to.stretch =
                    Optional.of(
                            new StretchChange(
                                    in.bool(), in.u32(), in.u32(), in.u32(), in.u32(), in.bool()));
        }
        return to;
    }
}
