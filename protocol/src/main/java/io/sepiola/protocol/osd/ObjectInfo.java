package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.ObjectLocator;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a store keeps of an object beside its data (object_info_t), in the attribute {@code _}.
 *
 * <p>ObjectInfo := S(17/8){object:HObject ObjectLocator u32 0, version:EVersion prior:EVersion
 * lastReqId:OsdReqId size:u64 Utime, OsdReqId of nobody for a head or u32 0 for a clone,
 * truncateSeq:u64 truncateSize:u64 lost:bool, map of EntityName to WatchInfo, EVersion of
 * userVersion, usesTmap:bool, map of (cookie:u64 EntityName) to WatchInfo, flags:u32
 * localTime:Utime dataDigest:u32 omapDigest:u32 expectedObjectSize:u64 expectedWriteSize:u64
 * hintFlags:u32, manifest if there is one}.
 *
 * @param prior of the object
 * @param time at the client
 * @param flags the constants
 * @param localTime at the OSD
 * @param dataDigest crc32c, where the flag is set
 * @param omapDigest crc32c, where the flag is set
 * @param manifest kept as it came
 */
public record ObjectInfo(
        HObject object,
        EVersion version,
        EVersion prior,
        OsdReqId lastReqId,
        long size,
        Utime time,
        long truncateSeq,
        long truncateSize,
        long userVersion,
        Map<WatcherKey, WatchInfo> watchers,
        int flags,
        Utime localTime,
        int dataDigest,
        int omapDigest,
        long expectedObjectSize,
        long expectedWriteSize,
        int hintFlags,
        Bytes manifest) {
    /** Lost. */
    public static final int LOST = 1;

    /** Removed in a cache pool. */
    public static final int WHITEOUT = 2;

    /** To be written back from a cache pool. */
    public static final int DIRTY = 4;

    /** Has omap entries. */
    public static final int OMAP = 8;

    /** The data digest is valid. */
    public static final int DATA_DIGEST = 0x10;

    /** The omap digest is valid. */
    public static final int OMAP_DIGEST = 0x20;

    /** Stays in a cache pool. */
    public static final int CACHE_PIN = 0x40;

    /** Has a manifest. */
    public static final int MANIFEST = 0x80;

    /** Was written with tmap operations. */
    public static final int USES_TMAP = 0x100;

    private static final Comparator<EntityName> BY_TYPE_AND_NUMBER =
            Comparator.comparingInt((EntityName name) -> name.type().code())
                    .thenComparingLong(EntityName::number);

    /** Who watches: cookie:u64 EntityName. */
    public record WatcherKey(long cookie, EntityName name) {
        /** As in the comment. */
        public static final Codec<WatcherKey> CODEC =
                Primitives.of(
                        (out, key) -> EntityName.CODEC.encode(key.name, out.u64(key.cookie)),
                        in -> new WatcherKey(in.u64(), EntityName.CODEC.decode(in)));
    }

    /** As in the class comment. */
    public static final Codec<ObjectInfo> CODEC =
            Primitives.of(ObjectInfo::encode, ObjectInfo::decode);

    private static void encode(Encoder out, ObjectInfo value) {
        int begun = out.beginStruct(17, 8);
        HObject.CODEC.encode(value.object, out);
        ObjectLocator.CODEC.encode(locator(value.object), out);
        out.u32(0); // was a category
        EVersion.CODEC.encode(value.version, out);
        EVersion.CODEC.encode(value.prior, out);
        OsdReqId.CODEC.encode(value.lastReqId, out);
        out.u64(value.size);
        Utime.CODEC.encode(value.time, out);
        if (value.object.isHead()) {
            OsdReqId.CODEC.encode(OsdReqId.NONE, out); // was a lock
        } else {
            out.u32(0); // was the clone's snapshots
        }
        out.u64(value.truncateSeq).u64(value.truncateSize).bool((value.flags & LOST) != 0);
        encodeOldWatchers(value, out);
        EVersion.CODEC.encode(new EVersion(0, value.userVersion), out);
        out.bool((value.flags & USES_TMAP) != 0);
        out.map(value.watchers, WatcherKey.CODEC, WatchInfo.CODEC);
        out.u32(value.flags);
        Utime.CODEC.encode(value.localTime, out);
        out.u32(value.dataDigest).u32(value.omapDigest);
        out.u64(value.expectedObjectSize).u64(value.expectedWriteSize).u32(value.hintFlags);
        out.raw(value.manifest).endSized(begun);
    }

    // The same watchers by name, for readers that know one watch of a client only.
    private static void encodeOldWatchers(ObjectInfo value, Encoder out) {
        if (value.watchers.isEmpty()) {
            out.u32(0);
            return;
        }
        Map<EntityName, WatchInfo> byName = new TreeMap<>(BY_TYPE_AND_NUMBER);
        value.watchers.forEach((key, watch) -> byName.putIfAbsent(key.name, watch));
        out.map(byName, EntityName.CODEC, WatchInfo.CODEC);
    }

    private static ObjectLocator locator(HObject object) {
        return new ObjectLocator(object.pool(), object.key(), object.namespace(), -1);
    }

    private static ObjectInfo decode(Decoder in) {
        return in.struct(17, ObjectInfo::decodeFields);
    }

    private static ObjectInfo decodeFields(int layout, Decoder in) {
        if (layout < 15) {
            throw new Malformed("object_info_t of version " + layout + ", older than Ceph 10");
        }
        HObject object = HObject.CODEC.decode(in);
        ObjectLocator.CODEC.decode(in);
        in.u32(); // was a category
        EVersion version = EVersion.CODEC.decode(in);
        EVersion prior = EVersion.CODEC.decode(in);
        OsdReqId lastReqId = OsdReqId.CODEC.decode(in);
        long size = in.u64();
        Utime time = Utime.CODEC.decode(in);
        if (object.isHead()) {
            OsdReqId.CODEC.decode(in);
        } else {
            in.list(Primitives.U64);
        }
        long truncateSeq = in.u64();
        long truncateSize = in.u64();
        in.bool(); // lost: a flag as well
        in.map(EntityName.CODEC, WatchInfo.CODEC); // the watchers once more
        long userVersion = EVersion.CODEC.decode(in).version();
        in.bool(); // uses tmap: a flag as well
        Map<WatcherKey, WatchInfo> watchers = in.map(WatcherKey.CODEC, WatchInfo.CODEC);
        int flags = in.u32();
        Utime localTime = Utime.CODEC.decode(in);
        int dataDigest = in.u32();
        int omapDigest = in.u32();
        boolean hints = layout >= 16;
        long expectedObjectSize = hints ? in.u64() : 0;
        long expectedWriteSize = hints ? in.u64() : 0;
        int hintFlags = hints ? in.u32() : 0;
        Bytes manifest = (flags & MANIFEST) != 0 ? in.rest() : Bytes.EMPTY;
        return new ObjectInfo(
                object,
                version,
                prior,
                lastReqId,
                size,
                time,
                truncateSeq,
                truncateSize,
                userVersion,
                watchers,
                flags,
                localTime,
                dataDigest,
                omapDigest,
                expectedObjectSize,
                expectedWriteSize,
                hintFlags,
                manifest);
    }
}
