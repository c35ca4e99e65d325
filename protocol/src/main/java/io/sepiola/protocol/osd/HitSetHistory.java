package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Utime;

import java.util.List;

/**
 * The hit sets of a placement group in a cache pool (pg_hit_set_history_t).
 *
 * <p>HitSetHistory := S(1/1){lastUpdate:EVersion lastStamp:Utime HitSetInfo, list of HitSetInfo}.
 */
public record HitSetHistory(
        EVersion lastUpdate, Utime lastStamp, HitSetInfo current, List<HitSetInfo> history) {
    /** As in the class comment. */
    public static final Codec<HitSetHistory> CODEC =
            Primitives.of(HitSetHistory::encode, HitSetHistory::decode);

    private static void encode(Encoder out, HitSetHistory value) {
        int begun = out.beginStruct(1, 1);
        EVersion.CODEC.encode(value.lastUpdate, out);
        Utime.CODEC.encode(value.lastStamp, out);
        HitSetInfo.CODEC.encode(value.current, out);
        out.list(value.history, HitSetInfo.CODEC);
        out.endSized(begun);
    }

    private static HitSetHistory decode(Decoder in) {
        return in.struct(1, HitSetHistory::decodeFields);
    }

    private static HitSetHistory decodeFields(int layout, Decoder in) {
        EVersion lastUpdate = EVersion.CODEC.decode(in);
        Utime lastStamp = Utime.CODEC.decode(in);
        HitSetInfo current = HitSetInfo.CODEC.decode(in);
        List<HitSetInfo> history = in.list(HitSetInfo.CODEC);
        return new HitSetHistory(lastUpdate, lastStamp, current, history);
    }

    /** None. */
    public static final HitSetHistory NONE =
            new HitSetHistory(EVersion.ZERO, Utime.ZERO, HitSetInfo.NONE, List.of());
}
