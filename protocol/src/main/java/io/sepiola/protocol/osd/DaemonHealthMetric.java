package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * A number by which the manager judges a daemon (DaemonHealthMetric).
 *
 * <p>DaemonHealthMetric := S(1/1){kind:u8 value:u64}.
 *
 * @param kind 0 slow operations, 1 pending placement group creations
 * @param value of the latter: two times u32
 */
public record DaemonHealthMetric(int kind, long value) {
    /** As in the class comment. */
    public static final Codec<DaemonHealthMetric> CODEC =
            Primitives.of(DaemonHealthMetric::encode, DaemonHealthMetric::decode);

    private static void encode(Encoder out, DaemonHealthMetric value) {
        int begun = out.beginStruct(1, 1);
        out.u8(value.kind);
        out.u64(value.value);
        out.endSized(begun);
    }

    private static DaemonHealthMetric decode(Decoder in) {
        return in.struct(1, DaemonHealthMetric::decodeFields);
    }

    private static DaemonHealthMetric decodeFields(int layout, Decoder in) {
        int kind = in.u8();
        long value = in.u64();
        return new DaemonHealthMetric(kind, value);
    }
}
