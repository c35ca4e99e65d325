package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;

import java.util.Map;

/**
 * A part of an object for a member that lacks it (PushOp).
 *
 * <p>PushOp := S(1/1){object:HObject version:EVersion data:blob dataIncluded:map of u64 to u64,
 * omapHeader:blob omapEntries attrs: map of string to blob, ObjectRecoveryInfo
 * after:ObjectRecoveryProgress before:ObjectRecoveryProgress}.
 *
 * @param data of the extents, one after the other
 * @param dataIncluded offset to length
 */
public record PushOp(
        HObject object,
        EVersion version,
        Bytes data,
        Map<Long, Long> dataIncluded,
        Bytes omapHeader,
        Map<String, Bytes> omapEntries,
        Map<String, Bytes> attrs,
        ObjectRecoveryInfo info,
        ObjectRecoveryProgress after,
        ObjectRecoveryProgress before) {
    /** As in the class comment. */
    public static final Codec<PushOp> CODEC = Primitives.of(PushOp::encode, PushOp::decode);

    private static void encode(Encoder out, PushOp value) {
        int begun = out.beginStruct(1, 1);
        HObject.CODEC.encode(value.object, out);
        EVersion.CODEC.encode(value.version, out);
        out.blob(value.data);
        out.map(value.dataIncluded, Primitives.U64, Primitives.U64);
        out.blob(value.omapHeader);
        out.map(value.omapEntries, Primitives.STRING, Primitives.BLOB);
        out.map(value.attrs, Primitives.STRING, Primitives.BLOB);
        ObjectRecoveryInfo.CODEC.encode(value.info, out);
        ObjectRecoveryProgress.CODEC.encode(value.after, out);
        ObjectRecoveryProgress.CODEC.encode(value.before, out);
        out.endSized(begun);
    }

    private static PushOp decode(Decoder in) {
        return in.struct(1, PushOp::decodeFields);
    }

    private static PushOp decodeFields(int layout, Decoder in) {
        HObject object = HObject.CODEC.decode(in);
        EVersion version = EVersion.CODEC.decode(in);
        Bytes data = in.blob();
        Map<Long, Long> dataIncluded = in.map(Primitives.U64, Primitives.U64);
        Bytes omapHeader = in.blob();
        Map<String, Bytes> omapEntries = in.map(Primitives.STRING, Primitives.BLOB);
        Map<String, Bytes> attrs = in.map(Primitives.STRING, Primitives.BLOB);
        ObjectRecoveryInfo info = ObjectRecoveryInfo.CODEC.decode(in);
        ObjectRecoveryProgress after = ObjectRecoveryProgress.CODEC.decode(in);
        ObjectRecoveryProgress before = ObjectRecoveryProgress.CODEC.decode(in);
        return new PushOp(
                object,
                version,
                data,
                dataIncluded,
                omapHeader,
                omapEntries,
                attrs,
                info,
                after,
                before);
    }
}
