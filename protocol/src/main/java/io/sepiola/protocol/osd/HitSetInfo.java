package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Utime;

/**
 * A hit set of a cache pool (pg_hit_set_info_t).
 *
 * <p>HitSetInfo := S(2/1){begin:Utime end:Utime version:EVersion gmt:bool}.
 */
public record HitSetInfo(Utime begin, Utime end, EVersion version, boolean gmt) {
    /** As in the class comment. */
    public static final Codec<HitSetInfo> CODEC =
            Primitives.of(HitSetInfo::encode, HitSetInfo::decode);

    private static void encode(Encoder out, HitSetInfo value) {
        int begun = out.beginStruct(2, 1);
        Utime.CODEC.encode(value.begin, out);
        Utime.CODEC.encode(value.end, out);
        EVersion.CODEC.encode(value.version, out);
        out.bool(value.gmt);
        out.endSized(begun);
    }

    private static HitSetInfo decode(Decoder in) {
        return in.struct(2, HitSetInfo::decodeFields);
    }

    private static HitSetInfo decodeFields(int layout, Decoder in) {
        Utime begin = Utime.CODEC.decode(in);
        Utime end = Utime.CODEC.decode(in);
        EVersion version = EVersion.CODEC.decode(in);
        boolean gmt = layout >= 2 ? in.bool() : false;
        return new HitSetInfo(begin, end, version, gmt);
    }

    /** None. */
    public static final HitSetInfo NONE =
            new HitSetInfo(Utime.ZERO, Utime.ZERO, EVersion.ZERO, true);
}
