package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * What a performance counter is called and counts.
 *
 * <p>PerfCounterType := S(3/1){path description nick: string, kind:u8 priority:u8 unit:u8}.
 *
 * @param kind bits: 1 time, 2 u64, 4 average, 8 counter, 16 histogram
 */
public record PerfCounterType(
        String path, String description, String nick, int kind, int priority, int unit) {
    /** As in the class comment. */
    public static final Codec<PerfCounterType> CODEC =
            Primitives.of(PerfCounterType::encode, PerfCounterType::decode);

    private static void encode(Encoder out, PerfCounterType value) {
        int begun = out.beginStruct(3, 1);
        out.string(value.path);
        out.string(value.description);
        out.string(value.nick);
        out.u8(value.kind);
        out.u8(value.priority);
        out.u8(value.unit);
        out.endSized(begun);
    }

    private static PerfCounterType decode(Decoder in) {
        return in.struct(3, PerfCounterType::decodeFields);
    }

    private static PerfCounterType decodeFields(int layout, Decoder in) {
        String path = in.string();
        String description = in.string();
        String nick = in.string();
        int kind = in.u8();
        int priority = layout >= 2 ? in.u8() : 0;
        int unit = layout >= 3 ? in.u8() : 0;
        return new PerfCounterType(path, description, nick, kind, priority, unit);
    }
}
