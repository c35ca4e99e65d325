package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;

import java.util.Map;

/**
 * What recovery is to bring about for one object (ObjectRecoveryInfo).
 *
 * <p>ObjectRecoveryInfo := S(3/1){object:HObject version:EVersion size:u64 ObjectInfo SnapSet
 * copy:map of u64 to u64, clones:map of HObject to map of u64 to u64, exists:bool}.
 *
 * @param size 2^64-1 when unknown
 * @param copy offset to length: to be copied from the source
 * @param clones to be taken from these, which the target has
 * @param exists the target has an older version to start from
 */
public record ObjectRecoveryInfo(
        HObject object,
        EVersion version,
        long size,
        ObjectInfo info,
        SnapSet snaps,
        Map<Long, Long> copy,
        Map<HObject, Map<Long, Long>> clones,
        boolean exists) {
    /** As in the class comment. */
    public static final Codec<ObjectRecoveryInfo> CODEC =
            Primitives.of(ObjectRecoveryInfo::encode, ObjectRecoveryInfo::decode);

    private static void encode(Encoder out, ObjectRecoveryInfo value) {
        int begun = out.beginStruct(3, 1);
        HObject.CODEC.encode(value.object, out);
        EVersion.CODEC.encode(value.version, out);
        out.u64(value.size);
        ObjectInfo.CODEC.encode(value.info, out);
        SnapSet.CODEC.encode(value.snaps, out);
        out.map(value.copy, Primitives.U64, Primitives.U64);
        out.map(value.clones, HObject.CODEC, Primitives.mapOf(Primitives.U64, Primitives.U64));
        out.bool(value.exists);
        out.endSized(begun);
    }

    private static ObjectRecoveryInfo decode(Decoder in) {
        return in.struct(3, ObjectRecoveryInfo::decodeFields);
    }

    private static ObjectRecoveryInfo decodeFields(int layout, Decoder in) {
        HObject object = HObject.CODEC.decode(in);
        EVersion version = EVersion.CODEC.decode(in);
        long size = in.u64();
        ObjectInfo info = ObjectInfo.CODEC.decode(in);
        SnapSet snaps = SnapSet.CODEC.decode(in);
        Map<Long, Long> copy = in.map(Primitives.U64, Primitives.U64);
        Map<HObject, Map<Long, Long>> clones =
                in.map(HObject.CODEC, Primitives.mapOf(Primitives.U64, Primitives.U64));
        boolean exists = layout >= 3 ? in.bool() : false;
        return new ObjectRecoveryInfo(object, version, size, info, snaps, copy, clones, exists);
    }
}
